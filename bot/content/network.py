"""config/network.npz: the small network that scripts/train_network.py learnt from labelled replies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.content.reading import ContentError

NetworkWeights = Mapping[str, NDArray[np.float32]]

BUCKETS = {"words": 1 << 14, "pieces": 1 << 14, "concepts": 1 << 11, "marks": 1 << 11}
_STEPS = "_steps"  # a table is kept in whole steps, of its own size in each row
_DENSE = (
    *("mix_words", "mix_concepts", "mix_bias", "layers", "layers_bias", "attend"),
    *("hidden", "hidden_bias", "out", "out_bias"),
)


def load_network(config_dir: Path) -> NetworkWeights:
    """Tables of vectors by bucket, and the matrices that follow them.

    :raises ContentError: the file is missing or wrong.
    """
    path = config_dir / "network.npz"
    try:
        with np.load(path, allow_pickle=False) as held:
            tables = {name: held[name] * held[name + _STEPS][:, None] for name in BUCKETS}
            weights = {name: held[name] for name in _DENSE}
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise ContentError(f"{path}: {error}; run scripts/train_network.py again") from error
    if wrong := [name for name, count in BUCKETS.items() if len(tables[name]) != count]:
        raise ContentError(f"{path}: {wrong[0]} has {len(tables[wrong[0]])} rows; run scripts/train_network.py again")
    return {name: np.asarray(array, np.float32, order="C") for name, array in (tables | weights).items()}


def save_network(config_dir: Path, weights: NetworkWeights) -> None:
    """The tables in 127 steps either way, the matrices in half precision."""
    held: dict[str, Any] = {name: weights[name].astype(np.float16) for name in _DENSE}
    for name in BUCKETS:
        steps = np.maximum(np.abs(weights[name]).max(1), 1e-6) / 127
        held[name] = np.round(weights[name] / steps[:, None]).astype(np.int8)
        held[name + _STEPS] = steps.astype(np.float32)
    np.savez_compressed(config_dir / "network.npz", **held)
