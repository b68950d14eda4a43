"""Every labelled reply of the project's own corpus is sorted as triage.md says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.services.laboratory import judge
from bot.triage.sort import Lexicon, sort_reply
from bot.vocabulary import Asked, PastScore, PatientFacts

REPLIES = Path(__file__).resolve().parents[1] / "corpus" / "replies.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in REPLIES.read_text(encoding="utf-8").splitlines()]


def facts_of(context: dict[str, Any]) -> PatientFacts:
    history = tuple(PastScore(past["day"], past["pain"]) for past in context.get("history") or ())
    return PatientFacts(context.get("day"), context.get("hours"), context.get("baseline"), history)


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_a_labelled_reply_is_sorted_as_its_label_says(row: dict[str, Any], lexicon: Lexicon) -> None:
    asked = Asked(row["context"]["asked"])
    finding = sort_reply(row["text"], asked=asked, facts=facts_of(row["context"]), lexicon=lexicon)
    assert finding.level in row["accept"], finding
    assert set(row["flags"]) <= set(finding.flags), finding
    assert finding.pain == row["pain"], finding
    assert set(row["intents"]) <= set(finding.intents), finding


def test_the_corpus_holds_every_paging_flag_in_both_languages_or_as_a_rule(lexicon: Lexicon) -> None:
    paging = {flag for flag, rule in lexicon.red_flags.flags.items() if rule.level.pages}
    assert paging <= {flag for row in ROWS for flag in row["flags"]}


def test_ids_are_unique_and_a_page_is_marked_where_only_pages_are_accepted() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    for row in ROWS:
        pages = {level in ("urgent", "emergency") for level in row["accept"]}
        assert row["must_page"] is (pages.pop() if len(pages) == 1 else None), row["id"]


ROUNDS = [
    json.loads(line)
    for path in sorted((REPLIES.parent / "rounds").glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]


def test_the_rounds_once_blind_stay_learnt(lexicon: Lexicon) -> None:
    """Hardly a red flag of theirs is silent (the ear asks from a score up); of the others few page. Tuned figures: a
    floor against going back, no goal."""
    judged = judge(ROUNDS, lexicon)
    must = [j for j in judged if j.must_page is True]
    must_not = [j for j in judged if j.must_page is False]
    assert sum(j.is_silent for j in must) <= 0.002 * len(must)
    assert sum(j.page for j in must) >= 0.93 * len(must)
    assert sum(j.page for j in must_not) <= 0.03 * len(must_not)


def test_probes_of_guards_and_of_everyday_talk_are_sorted_right(lexicon: Lexicon) -> None:
    """Sentences that try one guard or everyday phrase each: fears that are facts, other people, idioms."""
    lines = (REPLIES.parent / "probes.jsonl").read_text(encoding="utf-8").splitlines()
    judged = judge([json.loads(line) for line in lines], lexicon)
    must = [j for j in judged if j.must_page is True]
    must_not = [j for j in judged if j.must_page is False]
    assert sum(j.is_silent for j in must) <= 0.02 * len(must)
    assert sum(j.page for j in must) >= 0.95 * len(must)
    assert sum(j.page for j in must_not) <= 0.02 * len(must_not)
    assert sum(j.level == "unclear" for j in must_not) <= 0.05 * len(must_not)
