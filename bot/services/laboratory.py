"""Measures triage on labelled replies: what is missed, what cries wolf, how sure we can be; it changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Any

from bot.exchange.enrolment import InputError
from bot.services.sorting import sort_one
from bot.triage.sort import Lexicon

_Z = 1.96  # 95 %


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled reply and what triage made of it."""

    label: dict[str, Any]
    level: str
    page: bool
    flags: tuple[str, ...]
    pain: int | None

    @property
    def must_page(self) -> bool | None:
        found = self.label["must_page"]
        return None if found is None else bool(found)

    @property
    def is_silent(self) -> bool:
        """The worst: it must page, and nobody pages or asks."""
        return self.must_page is True and self.level in ("normal", "routine")

    @property
    def is_false(self) -> bool:
        return self.must_page is False and self.page


def judge(labels: Iterable[dict[str, Any]], lexicon: Lexicon) -> list[Judged]:
    """Every label beside its finding, in order."""
    judged = []
    for label in labels:
        done = sort_one(label, lexicon)
        judged.append(Judged(label, done["level"], done["page"], tuple(done["flags"]), done["pain"]))
    return judged


def read_labels(text: str) -> list[dict[str, Any]]:
    """A corpus: one JSON object a line.

    :raises InputError: names the first line that is no labelled reply.
    """
    labels = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            label = json.loads(line)
            missing = {"id", "text", "accept", "must_page", "flags", "pain"} - set(label)
        except (ValueError, TypeError) as error:
            raise InputError(f"line {number}: is not JSON: {error}") from None
        if missing:
            raise InputError(f"line {number}: {min(missing)}: is missing, so it is no labelled reply")
        labels.append(label)
    return labels


def report(judged: list[Judged]) -> Iterator[str]:
    """The tables: the whole, then by language, trap and paging flag."""
    heads = ("replies", "silent", "paged", "told 911", "false pages", "unclear", "pain")
    yield f"{'':24}" + "".join(f"{head:>19}" for head in heads)
    yield _row("all", judged)
    for field in ("lang", "trap"):
        for name in sorted({str(j.label.get(field)) for j in judged}):
            yield _row(f"{field} {name}", [j for j in judged if str(j.label.get(field)) == name])
    yield ""
    yield f"{'flag':24}{'labelled':>10}{'paged':>8}{'silent':>8}{'named':>8}"
    for flag in sorted({flag for j in judged if j.must_page for flag in j.label["flags"]}):
        some = [j for j in judged if j.must_page and flag in j.label["flags"]]
        named = sum(flag in j.flags for j in some)
        yield f"{flag:24}{len(some):>10}{_count(some, _page):>8}{_count(some, _silent):>8}{named:>8}"
    yield ""
    yield f"{'accepted level':24}" + "".join(f"{name:>11}" for name in LEVELS)
    for level in LEVELS:
        some = [j for j in judged if j.label["accept"] == [level]]
        yield f"{level:24}" + "".join(f"{sum(j.level == name for j in some):>11}" for name in LEVELS)


LEVELS = ("normal", "routine", "unclear", "urgent", "emergency")


def _row(name: str, judged: list[Judged]) -> str:
    must = [j for j in judged if j.must_page is True]
    must_not = [j for j in judged if j.must_page is False]
    emergencies = [j for j in must if j.label["accept"] == ["emergency"] and j.page]
    cells = (
        f"{len(judged):>6} ({len(must)}/{len(must_not)})",
        _share(_count(must, _silent), len(must)),
        _share(_count(must, _page), len(must)),
        _share(_count(emergencies, lambda j: j.level == "emergency"), len(emergencies)),
        _share(_count(must_not, _page), len(must_not)),
        _share(_count(must_not, lambda j: j.level == "unclear"), len(must_not)),
        _share(_count(judged, lambda j: j.pain == j.label["pain"]), len(judged)),
    )
    return f"{name:24}" + "".join(f"{cell:>19}" for cell in cells)


def _page(judged: Judged) -> bool:
    return judged.page


def _silent(judged: Judged) -> bool:
    return judged.is_silent


def _count(judged: list[Judged], wanted: Callable[[Judged], bool]) -> int:
    return sum(1 for one in judged if wanted(one))


def _share(found: int, of: int) -> str:
    """A percentage with its 95 % Wilson interval."""
    if not of:
        return "-"
    share = found / of
    middle = (share + _Z**2 / (2 * of)) / (1 + _Z**2 / of)
    reach = _Z * sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2)) / (1 + _Z**2 / of)
    return f"{100 * share:.1f} ({100 * max(0, middle - reach):.0f}-{100 * min(1, middle + reach):.0f})"


def misses(judged: Iterable[Judged]) -> Iterator[str]:
    """What to learn from, worst first: a line each."""
    kinds: tuple[tuple[str, Callable[[Judged], bool]], ...] = (
        ("SILENT", lambda j: j.is_silent),
        ("asked, not paged", lambda j: j.must_page is True and j.level == "unclear"),
        ("told less", lambda j: j.label["accept"] == ["emergency"] and j.level == "urgent"),
        ("FALSE PAGE", lambda j: j.is_false),
        ("unclear", lambda j: j.must_page is False and j.level == "unclear" and "unclear" not in j.label["accept"]),
        ("pain", lambda j: j.pain != j.label["pain"]),
    )
    every = list(judged)
    for name, wanted in kinds:
        for j in every:
            if wanted(j):
                context = j.label.get("context", {})
                where = f"{context.get('asked')} d{context.get('day')} b{context.get('baseline')}"
                told = f"{'/'.join(j.label['accept'])} {','.join(j.label['flags'])} p{j.label['pain']}"
                got = f"{j.level} {','.join(j.flags)} p{j.pain}"
                yield f"{name:17} {j.label['id']} [{where}] want {told}; got {got}\n    {j.label['text']}"


def changes(labels: list[dict[str, Any]], before: Lexicon, after: Lexicon) -> Iterator[str]:
    """Every text whose level two versions of the words disagree about."""
    for old, new in zip(judge(labels, before), judge(labels, after), strict=True):
        if old.level != new.level:
            right = "" if new.level in new.label["accept"] else "   (not accepted by its label)"
            yield f"{old.level:9} -> {new.level:9} {new.label['id']}{right}\n    {new.label['text']}"
