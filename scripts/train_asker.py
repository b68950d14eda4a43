"""Learns config/asker.yaml from labelled replies: python scripts/train_asker.py CORPUS.jsonl ...

Logistic regression over hashed words, by AdaGrad; nothing but the standard library. The threshold is chosen on
folds that were left out, so that at most SHARE of the quiet replies that must not page would be asked about."""

from __future__ import annotations

import base64
import json
import random
import sys
from math import exp, sqrt
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.content.asker import BUCKETS
from bot.content.red_flags import load_red_flags
from bot.content.words import load_words
from bot.services.sorting import sort_one
from bot.triage.asker import features
from bot.triage.sort import Lexicon, compile_lexicon, words_heard

CONFIG = Path(__file__).resolve().parents[1] / "config"
TARGET = CONFIG / "asker.yaml"
SHARE = 0.07
EPOCHS, RATE, DECAY, FOLDS = 12, 0.25, 2e-4, 5


class Example(NamedTuple):
    """One reply: its buckets, whether it must page, and whether triage is quiet about it."""

    buckets: list[int]
    pages: bool
    quiet: bool


def read_examples(paths: list[str], lexicon: Lexicon) -> list[Example]:
    """Every reply that has one right answer."""
    found = []
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["must_page"] is None or row.get("trap") == "yesno":
                continue
            words = words_heard(row["text"], lexicon)
            level = sort_one(row | {"context": row["context"] | {"asked": "none"}}, lexicon)["level"]
            found.append(Example(sorted(set(features(words))), bool(row["must_page"]), level in ("normal", "routine")))
    return found


def learn(examples: list[Example]) -> tuple[list[float], float]:
    """Weights and bias."""
    weights, seen = [0.0] * BUCKETS, [1e-6] * BUCKETS
    bias, bias_seen = 0.0, 1e-6
    order = list(examples)
    shuffler = random.Random(7)
    for _ in range(EPOCHS):
        shuffler.shuffle(order)
        for buckets, pages, _quiet in order:
            if not buckets:
                continue
            root = sqrt(len(buckets))
            total = sum(weights[b] for b in buckets) / root + bias
            error = 1 / (1 + exp(-max(-30.0, min(30.0, total)))) - pages
            bias_seen += error * error
            bias -= RATE * error / sqrt(bias_seen)
            step = error / root
            for b in buckets:
                slope = step + DECAY * weights[b]
                seen[b] += slope * slope
                weights[b] -= RATE * slope / sqrt(seen[b])
    return weights, bias


def suspicion(buckets: list[int], weights: list[float], bias: float) -> float:
    """As `Asker.suspicion`, before rounding."""
    if not buckets:
        return 0.0
    total = sum(weights[b] for b in buckets) / sqrt(len(buckets)) + bias
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def choose_threshold(examples: list[Example]) -> float:
    """From replies that the fold's weights have not learnt from."""
    scores: list[float] = []
    for fold in range(FOLDS):
        weights, bias = learn([e for n, e in enumerate(examples) if n % FOLDS != fold])
        left_out = [e for n, e in enumerate(examples) if n % FOLDS == fold]
        scores += [suspicion(e.buckets, weights, bias) for e in left_out if e.quiet and not e.pages]
    scores.sort(reverse=True)
    return scores[int(SHARE * len(scores))]


def main() -> None:
    """Learn and write."""
    examples = read_examples(sys.argv[1:], compile_lexicon(load_words(CONFIG), load_red_flags(CONFIG)))
    random.Random(3).shuffle(examples)
    threshold = choose_threshold(examples)
    weights, bias = learn(examples)
    scale = 127 / max(*map(abs, weights), 1e-9)
    packed = base64.b85encode(bytes(128 + round(w * scale) for w in weights)).decode()
    TARGET.write_text(
        "# Learnt by scripts/train_asker.py; no hand edits. It may only turn normal or routine into a question.\n"
        f"learnt_from: {len(examples)}\nbias: {bias:.5f}\nscale: {scale:.5f}\nthreshold: {threshold:.4f}\n"
        f"weights: '{packed.replace(chr(39), chr(39) * 2)}'\n",
        encoding="utf-8",
    )
    print(f"{len(examples)} replies, threshold {threshold:.3f}, {TARGET}")


if __name__ == "__main__":
    main()
