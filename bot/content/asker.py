"""config/asker.yaml and network.npz: what the scripts learnt from labelled replies; they know no words."""

from __future__ import annotations

import base64
import sys
from array import array
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, model_validator

from bot.content.network import NetworkWeights, load_network
from bot.content.reading import Content, read_model

BUCKETS = 1 << 16


class AskerWeights(Content):
    """Logistic weights: two bytes a bucket, in steps of 1/`scale`; the thresholds are probabilities.

    A quiet text from `ask` up becomes a question; so does a page under `doubt` of which no piece by itself reaches
    `doubt_alone`, or under `doubt_whole` whatever its pieces. One that leaves hardly a doubt (`doubted: hardly` in
    red_flags.yaml, a temperature, a sugar, two findings that agree) has to stay under `doubt_grave`; an emergency,
    and what stands behind a "but", `emergency_margin` below each. A symptom that no frame names, or the head of an
    unfinished frame, pages from `agree` up, or if a piece around it reaches `agree_alone`; at 1 none does. The
    network has `network_share` of the word; at 0 it has none.
    """

    learnt_from: int
    bias: float
    scale: float = Field(gt=0)
    doubt: float = Field(ge=0, lt=1)
    doubt_alone: float = Field(ge=0, lt=1)
    doubt_whole: float = Field(ge=0, lt=1)
    doubt_grave: float = Field(ge=0, lt=1)
    emergency_margin: float = Field(ge=0, lt=1)
    ask: float = Field(gt=0, le=1)
    agree: float = Field(gt=0, le=1)
    agree_alone: float = Field(gt=0, le=1)
    network_share: float = Field(ge=0, le=1)
    weights: str

    @property
    def unpacked(self) -> array[int]:
        packed = base64.b64decode(self.weights)
        weights = array("h", packed[: len(packed) // 2 * 2])
        if sys.byteorder == "big":
            weights.byteswap()
        return weights

    @model_validator(mode="after")
    def _is_whole(self) -> AskerWeights:
        if len(self.unpacked) != BUCKETS:
            raise ValueError(f"weights: {len(self.unpacked)} of {BUCKETS}; run scripts/train_asker.py again")
        return self


@dataclass(frozen=True, slots=True)
class Ear:
    """The weights and the network beside them."""

    asker: AskerWeights
    network: NetworkWeights


def load_ear(config_dir: Path) -> Ear:
    """config/asker.yaml and network.npz.

    :raises ContentError: a file is missing or wrong.
    """
    return Ear(read_model(AskerWeights, config_dir / "asker.yaml"), load_network(config_dir))
