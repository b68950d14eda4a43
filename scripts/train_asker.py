"""Learns config/asker.yaml from labelled replies: python scripts/train_asker.py CORPUS.jsonl ...

Logistic regression over hashed words and marks, by AdaGrad; nothing but the standard library. The threshold is chosen
on whole rounds that were left out, so that at most SHARE of their quiet replies that must not page are asked about."""

from __future__ import annotations

import base64
import json
import random
import re
import sys
from math import exp, sqrt
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.content.asker import BUCKETS
from bot.content.red_flags import load_red_flags
from bot.content.words import load_words
from bot.services.sorting import ContextIn, context_of, sort_one
from bot.triage.asker import features
from bot.triage.sort import Lexicon, compile_lexicon, heard_in

CONFIG = Path(__file__).resolve().parents[1] / "config"
TARGET = CONFIG / "asker.yaml"
SHARE = 0.05
EPOCHS, RATE, DECAY, FOLDS = 12, 0.25, 2e-4, 5
ROUND = re.compile(r"[rt]\d+\w*")


class Example(NamedTuple):
    """One reply: its buckets, whether it must page, whether triage is quiet about it, and the file that it is from."""

    buckets: list[int]
    pages: bool
    quiet: bool
    source: str


def read_examples(paths: list[str], lexicon: Lexicon) -> list[Example]:
    """Every reply that has one right answer."""
    found = []
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["must_page"] is None or row.get("trap") == "yesno":
                continue
            asked, facts = context_of(ContextIn.model_validate(row["context"]))
            heard = heard_in(row["text"], asked=asked, facts=facts, lexicon=lexicon)
            quiet = sort_one(row, lexicon)["level"] in ("normal", "routine")
            found.append(Example(sorted(set(features(heard))), bool(row["must_page"]), quiet, Path(path).stem))
    return found


def learn(examples: list[Example]) -> tuple[list[float], float]:
    """Weights and bias."""
    weights, seen = [0.0] * BUCKETS, [1e-6] * BUCKETS
    bias, bias_seen = 0.0, 1e-6
    order = list(examples)
    shuffler = random.Random(7)
    for _ in range(EPOCHS):
        shuffler.shuffle(order)
        for buckets, pages, _quiet, _source in order:
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
    """From replies of rounds that the weights have not learnt from."""
    scores: list[float] = []
    caught: list[float] = []
    rounds = sorted({e.source for e in examples if ROUND.fullmatch(e.source)})
    for fold in range(FOLDS):
        out = set(rounds[fold::FOLDS])
        weights, bias = learn([e for e in examples if e.source not in out])
        for e in examples:
            if e.source in out and e.quiet:
                (caught if e.pages else scores).append(suspicion(e.buckets, weights, bias))
    scores.sort(reverse=True)
    threshold = scores[int(SHARE * len(scores))]
    print(f"left out: {sum(s > threshold for s in caught)} of {len(caught)} silent ones are asked about")
    return threshold


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
