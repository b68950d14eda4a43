"""Learns config/asker.yaml from labelled replies:
python scripts/train_asker.py CORPUS.jsonl ... [--fresh CORPUS.jsonl ...]

Logistic regression over hashed words, pieces of words, concepts and marks. `--left-out` shows what the thresholds do to
whole rounds that were left out."""

from __future__ import annotations

import base64
import json
import random
import re
import sys
from collections import Counter
from dataclasses import replace
from math import exp
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.content.asker import BUCKETS
from bot.content.red_flags import load_red_flags
from bot.content.words import load_words
from bot.services.sorting import ContextIn, context_of, sort_one
from bot.triage.asker import features
from bot.triage.sort import Lexicon, compile_lexicon, heard_in

CONFIG = Path(__file__).resolve().parents[1] / "config"
TARGET = CONFIG / "asker.yaml"
STEPS, DECAY, FOLDS, COSTLY, FRESH, LARGEST = 80, 3e-6, 4, 3, 3, 32_767
UNMARKED = ("long ", "asked ")  # marks that no rule leaves
# Thresholds are chosen on replies that nothing had learnt: docs/triage.md.
THRESHOLDS = {
    "doubt": 0.3,
    "doubt_alone": 0.75,
    "emergency_margin": 0.15,
    "ask": 0.3,
    "agree": 0.7,
    "agree_alone": 0.95,
}
ROUND = re.compile(r"[bprt]\d+\w*")


class Example(NamedTuple):
    """One reply: its buckets, those without what the rules found, whether it must page, whether the rules page, ask or
    are quiet, its file, and whether the rules have learnt from it lately or not at all (named behind `--fresh`)."""

    buckets: list[int]
    bare: list[int]
    pages: bool
    found: str
    source: str
    is_fresh: bool


def read_examples(paths: list[str], lexicon: Lexicon, *, fresh: bool = False) -> list[Example]:
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
            name = Path(path).stem
            bare = replace(heard, marks=[mark for mark in heard.marks if mark.startswith(UNMARKED)])
            buckets = sorted(features(heard)), sorted(features(bare))
            found.append(Example(*buckets, bool(row["must_page"]), kind, name, fresh))
    return found


def learn(examples: list[Example]) -> tuple[Any, float]:
    """Weights by bucket and the bias; a false page and a silent red flag count more.

    Every reply is heard twice, once without what the rules found in it: what they have learnt by heart they find better
    than anything new.
    """
    told = [each for each in examples if each.buckets]
    told += [each._replace(buckets=each.bare) for each in told if each.bare]
    rows = _table(told)
    pages = np.array([each.pages for each in told], float)
    costs = np.array([_cost(each) for each in told])

    def loss(point: Any) -> tuple[float, Any]:
        heard = rows @ point[:-1] + point[-1]
        wrong = np.logaddexp(0, np.where(pages == 1, -heard, heard))
        slope = costs * (1 / (1 + np.exp(-heard)) - pages) / len(told)
        size = DECAY * float(point[:-1] @ point[:-1]) / 2
        return float(costs @ wrong) / len(told) + size, np.append(rows.T @ slope + DECAY * point[:-1], slope.sum())

    found = minimize(loss, np.zeros(BUCKETS + 1), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return found[:-1], float(found[-1])


def _cost(example: Example) -> float:
    """Where the rules fail, and where they have hardly learnt from the reply, they show the ear what it is for."""
    fails = example.found == ("quiet" if example.pages else "page")
    return (COSTLY if fails else 1.0) * (FRESH if example.is_fresh else 1.0)


def _table(examples: list[Example]) -> Any:
    """One row a reply: 1 over the root of how many features it has, in the bucket of each."""
    ends = np.cumsum([0] + [len(each.buckets) for each in examples])
    columns = np.concatenate([each.buckets for each in examples])
    values = np.concatenate([np.full(len(each.buckets), len(each.buckets) ** -0.5) for each in examples])
    return csr_array((values, columns, ends), shape=(len(examples), BUCKETS))


def suspicion(buckets: list[int], weights: Any, bias: float) -> float:
    """As `Asker.suspicion`, before rounding."""
    if not buckets:
        return 0.0
    total = float(weights[buckets].sum()) / len(buckets) ** 0.5 + bias
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
                asked = {"page": heard < THRESHOLDS["doubt"], "quiet": heard >= THRESHOLDS["ask"]}.get(e.found, False)
                name = f"{e.found}, {'red flag' if e.pages else 'harmless'}"
                done.update([f"{name}: all"] + [f"{name}: asked about by ear"] * asked)
    for name, count in sorted(done.items()):
        print(name, count)


def main() -> None:
    """Learn and write."""
    lexicon = compile_lexicon(load_words(CONFIG), load_red_flags(CONFIG))
    given = [path for path in sys.argv[1:] if path != "--left-out"]
    at = given.index("--fresh") if "--fresh" in given else len(given)
    known, fresh = given[:at], given[at + 1 :]
    examples = [*read_examples(known, lexicon), *read_examples(fresh, lexicon, fresh=True)]
    random.Random(3).shuffle(examples)
    if "--left-out" in sys.argv:
        print_left_out(examples)
    weights, bias = learn(examples)
    scale = LARGEST / max(float(np.abs(weights).max()), 1e-9)
    packed = base64.b64encode(np.round(weights * scale).astype("<i2").tobytes()).decode()
    thresholds = "".join(f"{name}: {value}\n" for name, value in THRESHOLDS.items())
    TARGET.write_text(
        "# Learnt by scripts/train_asker.py; no hand edits. What each threshold does: bot/content/asker.py.\n"
        f"learnt_from: {len(examples)}\nbias: {bias:.5f}\nscale: {scale:.5f}\n"
        f"{thresholds}"
        f"weights: {packed}\n",
        encoding="utf-8",
    )
    print(f"{len(examples)} replies, {TARGET}")


if __name__ == "__main__":
    main()
