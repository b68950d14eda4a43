"""Learns config/asker.yaml from labelled replies: python scripts/train_asker.py CORPUS.jsonl ...

Logistic regression over hashed words, concepts and marks, by AdaGrad; nothing but the standard library. `--left-out`
shows what the thresholds do to whole rounds that were left out."""

from __future__ import annotations

import base64
import json
import random
import re
import sys
from collections import Counter
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
EPOCHS, FIRST_COUNTED, RATE, DECAY, FOLDS, FALSE_PAGE = 6, 2, 0.25, 5e-3, 4, 3
CALM, DOUBT, DOUBT_ALONE, ASK, PAGE, PAGE_QUIET = 0.38, 0.6, 0.74, 0.53, 0.5, 0.66  # from first runs: docs/triage.md
ROUND = re.compile(r"[rt]\d+\w*")


class Example(NamedTuple):
    """One reply: its buckets, whether it must page, whether the rules page, ask or are quiet, and its file."""

    buckets: list[int]
    pages: bool
    found: str
    source: str


def read_examples(paths: list[str], lexicon: Lexicon) -> list[Example]:
    """Every reply that has one right answer."""
    found = []
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["must_page"] is None:
                continue
            asked, facts = context_of(ContextIn.model_validate(row["context"]))
            heard = heard_in(row["text"], asked=asked, facts=facts, lexicon=lexicon)
            done = sort_one(row, lexicon)
            kind = "page" if done["page"] else "ask" if done["level"] == "unclear" else "quiet"
            found.append(Example(sorted(set(features(heard))), bool(row["must_page"]), kind, Path(path).stem))
    return found


def learn(examples: list[Example]) -> tuple[list[float], float]:
    """Weights and bias, the mean of the later rounds through the examples; a false page counts more."""
    weights, seen, mean = [0.0] * BUCKETS, [1e-6] * BUCKETS, [0.0] * BUCKETS
    bias, bias_seen, bias_mean = 0.0, 1e-6, 0.0
    order = [each for each in examples if each.buckets]
    shuffler = random.Random(7)
    for epoch in range(EPOCHS):
        shuffler.shuffle(order)
        for buckets, pages, found, _source in order:
            root = sqrt(len(buckets))
            total = sum([weights[b] for b in buckets]) / root + bias
            error = 1 / (1 + exp(-max(-30.0, min(30.0, total)))) - pages
            if found == "page" and not pages:
                error *= FALSE_PAGE
            bias_seen += error * error
            bias -= RATE * error / sqrt(bias_seen)
            step = error / root
            for b in buckets:
                slope = step + DECAY * weights[b]
                seen[b] += slope * slope
                weights[b] -= RATE * slope / sqrt(seen[b])
        if epoch >= FIRST_COUNTED:
            mean = [a + b for a, b in zip(mean, weights, strict=True)]
            bias_mean += bias
    counted = EPOCHS - FIRST_COUNTED
    return [each / counted for each in mean], bias_mean / counted


def suspicion(buckets: list[int], weights: list[float], bias: float) -> float:
    """As `Asker.suspicion`, before rounding."""
    if not buckets:
        return 0.0
    total = sum(weights[b] for b in buckets) / sqrt(len(buckets)) + bias
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def print_left_out(examples: list[Example]) -> None:
    """What the thresholds would do to rounds that the weights have not learnt from (the rules have)."""
    rounds = sorted({e.source for e in examples if ROUND.fullmatch(e.source)})
    done: Counter[str] = Counter()
    for fold in range(FOLDS):
        out = set(rounds[fold::FOLDS])
        weights, bias = learn([e for e in examples if e.source not in out])
        for e in examples:
            if e.source in out:
                heard = suspicion(e.buckets, weights, bias)
                low = {"page": heard < DOUBT, "ask": heard < CALM}.get(e.found, False)
                high = {"ask": heard >= PAGE, "quiet": heard >= ASK}.get(e.found, False)
                name = f"{e.found}, {'red flag' if e.pages else 'harmless'}"
                done.update([f"{name}: all"] + [f"{name}: lowered"] * low + [f"{name}: raised"] * high)
    for name, count in sorted(done.items()):
        print(name, count)


def main() -> None:
    """Learn and write."""
    examples = read_examples(
        [path for path in sys.argv[1:] if not path.startswith("--")],
        compile_lexicon(load_words(CONFIG), load_red_flags(CONFIG)),
    )
    random.Random(3).shuffle(examples)
    if "--left-out" in sys.argv:
        print_left_out(examples)
    weights, bias = learn(examples)
    scale = 127 / max(*map(abs, weights), 1e-9)
    packed = base64.b85encode(bytes(128 + round(w * scale) for w in weights)).decode()
    TARGET.write_text(
        "# Learnt by scripts/train_asker.py; no hand edits. What each threshold does: bot/content/asker.py.\n"
        f"learnt_from: {len(examples)}\nbias: {bias:.5f}\nscale: {scale:.5f}\n"
        f"calm: {CALM}\ndoubt: {DOUBT}\ndoubt_alone: {DOUBT_ALONE}\n"
        f"ask: {ASK}\npage: {PAGE}\npage_quiet: {PAGE_QUIET}\n"
        f"weights: '{packed.replace(chr(39), chr(39) * 2)}'\n",
        encoding="utf-8",
    )
    print(f"{len(examples)} replies, {TARGET}")


if __name__ == "__main__":
    main()
