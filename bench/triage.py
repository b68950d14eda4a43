"""Triage beside the naive way to look for the same words: one alternation of them all (PERFORMANCE.md, "Goals")."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

from bot.services.sorting import read_lexicon
from bot.triage.sort import sort_reply
from bot.vocabulary import Asked, PatientFacts

CORPUS = Path(__file__).resolve().parents[1] / "tests" / "corpus" / "replies.jsonl"
ROUNDS = 7
HOSTILE = ("no " * 533, "my leg and " * 145, "9/10" * 400, "((((" * 400, "fever but not " * 114, "a" * 1600)


def measure_triage() -> Iterator[str]:
    """Rows of the table: replies a second, start, hostile texts."""
    start = time.perf_counter()
    lexicon = read_lexicon()
    ready_s = time.perf_counter() - start
    texts = [json.loads(line)["text"] for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    facts = PatientFacts(day=3, baseline=6)

    def ours() -> None:
        for text in texts:
            sort_reply(text, asked=Asked.RED_FLAGS, facts=facts, lexicon=lexicon)

    words = sorted({re.escape(word) for text in texts for word in text.lower().split()})
    naive = re.compile(r"\b(?:" + "|".join(words) + r")\b", re.IGNORECASE)

    def limit() -> None:
        for text in texts:
            for _ in naive.finditer(text):
                pass

    mine, theirs = _alternately(ours, limit)
    a, b = len(texts) / mine, len(texts) / theirs
    yield f"{'replies sorted a second (naive alternation)':44} {a:12.0f}/s {b:12.0f}/s {a / b:7.2f}  5,000/s"
    yield f"{'lexicon ready':44} {ready_s:12.2f} s {'':>14} {'':>7}  0.5 s"
    for text in HOSTILE:
        worst, _ = _alternately(partial(sort_reply, text, asked=Asked.ANY, facts=facts, lexicon=lexicon), limit)
        yield f"{'hostile: ' + text[:14] + ' ...':44} {worst * 1000:11.1f} ms {'':>14} {'':>7}  10 ms"


def _alternately(ours: Callable[[], object], limit: Callable[[], object]) -> tuple[float, float]:
    """Seconds of each, medians of rounds that take turns."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for one, times in zip((ours, limit), taken, strict=True):
            start = time.perf_counter()
            one()
            times.append(time.perf_counter() - start)
    return median(taken[0]), median(taken[1])
