"""Learns config/asker.yaml from labelled replies:
python scripts/train_asker.py CORPUS.jsonl ... [--fresh CORPUS.jsonl ...]

Logistic regression over hashed words, pieces of words, concepts and marks. The network beside it:
scripts/train_network.py."""

from __future__ import annotations

import base64
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.content.asker import BUCKETS, load_ear
from bot.content.red_flags import load_red_flags
from bot.content.words import load_words
from bot.services.sorting import ContextIn, context_of, sort_one
from bot.triage.asker import Heard, features
from bot.triage.hearing import counted
from bot.triage.reading import read
from bot.triage.sentences import runs_of
from bot.triage.sort import Lexicon, compile_lexicon, heard_in

CONFIG = Path(__file__).resolve().parents[1] / "config"
TARGET = CONFIG / "asker.yaml"
STEPS, DECAY, COSTLY, FRESH, LARGEST = 80, 3e-6, 3, 3, 32_767
UNMARKED = ("long ", "asked ")  # marks that no rule leaves
COUNTED = ("found ", "long ", "asked ")
SHORT = 9  # words
JOINTS: list[list[str]] = [["."], ["."], [], [], ["and"], ["but"], ["y"], ["pero"]]
# Thresholds are chosen on replies that nothing had learnt: docs/triage.md.
THRESHOLDS = {
    "doubt": 0.45,
    "doubt_alone": 0.8,
    "doubt_whole": 0.02,
    "doubt_grave": 0.1,
    "emergency_margin": 0.05,
    "ask": 0.25,
    "agree": 0.85,
    "agree_alone": 0.97,
    "network_share": 0.4,
}


class Example(NamedTuple):
    """One reply: what is heard of it, whether it must page, whether the rules page, ask or are quiet, its file, and
    whether the rules have learnt from it lately or not at all (named behind `--fresh`)."""

    heard: Heard
    pages: bool
    found: str
    source: str
    is_fresh: bool


class Lexicons(NamedTuple):
    """The words with an ear, for what it hears, and without one, for what the rules find."""

    hearing: Lexicon
    deaf: Lexicon


def read_examples(paths: list[str], lexicons: Lexicons, *, fresh: bool = False) -> Iterator[Example]:
    """Every reply that has one right answer, and its sentences."""
    for path in paths:
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["must_page"] is None:
                continue
            whole = _example(row, lexicons, Path(path).stem, is_fresh=fresh)
            yield whole
            yield from _sentences(row, whole, lexicons)


def _example(row: dict[str, Any], lexicons: Lexicons, source: str, *, is_fresh: bool) -> Example:
    asked, facts = context_of(ContextIn.model_validate(row["context"]))
    heard = heard_in(row["text"], asked=asked, facts=facts, lexicon=lexicons.hearing)
    done = sort_one(row, lexicons.deaf)
    kind = "page" if done["page"] else "ask" if done["level"] == "unclear" else "quiet"
    return Example(heard, bool(row["must_page"]), kind, source, is_fresh)


def _sentences(row: dict[str, Any], whole: Example, lexicons: Lexicons) -> Iterator[Example]:
    """Sentences of a harmless reply are harmless, unless they say by themselves what the rest takes back; of a red flag
    those that page are one."""
    for start, end in runs_of(read(row["text"], lexicons.deaf), longest=1):
        part = _example({**row, "text": row["text"][start:end]}, lexicons, whole.source, is_fresh=whole.is_fresh)
        if (part.found == "page") if whole.pages else (part.found != "page" or whole.found == "page"):
            yield part


def read_corpora(arguments: list[str]) -> list[Example]:
    """The replies of every named file, in an order that the files do not tell."""
    words, red_flags = load_words(CONFIG), load_red_flags(CONFIG)
    lexicons = Lexicons(compile_lexicon(words, red_flags, load_ear(CONFIG)), compile_lexicon(words, red_flags))
    at = arguments.index("--fresh") if "--fresh" in arguments else len(arguments)
    examples = [*read_examples(arguments[:at], lexicons), *read_examples(arguments[at + 1 :], lexicons, fresh=True)]
    random.Random(3).shuffle(examples)
    return examples


def in_company(examples: list[Example], share: float) -> list[Example]:
    """Pairs of replies as one text, as many as a share of the replies: it must page if one of them must. Half of them
    hold one that is short: a plain statement in a story."""
    chance = random.Random(4)
    short = [each for each in examples if 0 < len(each.heard.words) < SHORT]
    count = int(share * len(examples)) // 2
    pairs = [*zip(chance.choices(examples, k=count), chance.choices(examples, k=count), strict=True)]
    pairs += zip(chance.choices(examples, k=count), chance.choices(short or examples, k=count), strict=True)
    ordered = (chance.sample(pair, 2) for pair in pairs)
    return [_joined(first, second, chance.choice(JOINTS)) for first, second in ordered]


def _joined(first: Example, second: Example, joint: list[str]) -> Example:
    words = [*first.heard.words, *joint, *second.heard.words]
    after = len(words) - len(second.heard.words)
    concepts = [*first.heard.concepts, *((name, a + after, b + after) for name, a, b in second.heard.concepts)]
    told = {mark for each in (first, second) for mark in each.heard.marks if not mark.startswith(COUNTED)}
    length = len(words) - words.count(".")
    marks = {*told, *(mark for mark in first.heard.marks if mark.startswith("asked ")), *counted(told, length)}
    found = next(kind for kind in ("page", "ask", "quiet") if kind in (first.found, second.found))
    return Example(
        Heard(words, concepts, marks),
        first.pages or second.pages,
        found,
        first.source,
        is_fresh=first.is_fresh and second.is_fresh,
    )


def learn(examples: list[Example]) -> tuple[Any, float]:
    """Weights by bucket and the bias; a false page and a silent red flag count more.

    Every reply is heard twice, once without what the rules found in it: what they have learnt by heart they find better
    than anything new.
    """
    told = examples + [each._replace(heard=_unmarked(each.heard)) for each in examples]
    rows = _table([sorted(features(each.heard)) for each in told])
    pages = np.array([each.pages for each in told], float)
    costs = np.array([cost(each) for each in told])

    def loss(point: Any) -> tuple[float, Any]:
        heard = rows @ point[:-1] + point[-1]
        wrong = np.logaddexp(0, np.where(pages == 1, -heard, heard))
        slope = costs * (1 / (1 + np.exp(-heard)) - pages) / len(told)
        size = DECAY * float(point[:-1] @ point[:-1]) / 2
        return float(costs @ wrong) / len(told) + size, np.append(rows.T @ slope + DECAY * point[:-1], slope.sum())

    found = minimize(loss, np.zeros(BUCKETS + 1), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return found[:-1], float(found[-1])


def _unmarked(heard: Heard) -> Heard:
    return replace(heard, marks=[mark for mark in heard.marks if mark.startswith(UNMARKED)])


def cost(example: Example) -> float:
    """Where the rules fail, and where they have hardly learnt from the reply, they show the ear what it is for."""
    fails = example.found == ("quiet" if example.pages else "page")
    return (COSTLY if fails else 1.0) * (FRESH if example.is_fresh else 1.0)


def _table(replies: list[list[int]]) -> Any:
    """One row a reply: 1 over the root of how many features it has, in the bucket of each."""
    ends = np.cumsum([0] + [len(each) for each in replies])
    values = np.concatenate([np.full(len(each), max(len(each), 1) ** -0.5) for each in replies])
    return csr_array((values, np.concatenate(replies), ends), shape=(len(replies), BUCKETS))


def main() -> None:
    """Learn and write."""
    examples = read_corpora(sys.argv[1:])
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
