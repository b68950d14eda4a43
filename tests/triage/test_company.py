"""A red flag keeps its level in any company: with thanks, worries, other people and good news around it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.triage.sort import Lexicon, sort_reply
from bot.vocabulary import Asked, PatientFacts

FOLDER = Path(__file__).resolve().parents[1] / "corpus" / "company"
FACTS = PatientFacts(day=2, baseline=6)
JOINTS = {
    "en": (
        "{flag}. {company}",
        "{flag}, {low}",
        "{flag} and {low}",
        "{company}. {flag}",
        "{low}, {flag}",
        "{low} but {flag}",
    ),
    "es": (
        "{flag}. {company}",
        "{flag}, {low}",
        "{flag} y {low}",
        "{company}. {flag}",
        "{low}, {flag}",
        "{low} pero {flag}",
    ),
}
RUN_TOGETHER = "{flag} {low}"  # without any sign even a person may be in doubt
FEW = 0.002  # of all pairings; what is lost, by ear and by rule: docs/triage.md, "Known limits"
FEW_RUN_TOGETHER = 0.01


def lines(name: str) -> list[str]:
    return [line for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if line]


def lowered(lang: str, joints: tuple[str, ...], lexicon: Lexicon) -> tuple[int, Counter[str]]:
    """How many pairings there are, and the company that lowered a red flag."""
    tried = 0
    lost: Counter[str] = Counter()
    for flag in lines(f"red_flags_{lang}.txt"):
        alone = sort_reply(flag, asked=Asked.ANY, facts=FACTS, lexicon=lexicon).level
        assert alone.pages, flag
        for company in lines(f"company_{lang}.txt"):
            low = company if company.startswith("I") else company[0].lower() + company[1:]
            for joint in joints:
                text = joint.format(flag=flag, company=company, low=low)
                tried += 1
                if sort_reply(text, asked=Asked.ANY, facts=FACTS, lexicon=lexicon).level.rank < alone.rank:
                    lost[text] += 1
    return tried, lost


@pytest.mark.parametrize("lang", ["en", "es"])
def test_no_company_lowers_a_red_flag(lang: str, lexicon: Lexicon) -> None:
    tried, lost = lowered(lang, JOINTS[lang], lexicon)
    assert len(lost) <= FEW * tried, sorted(lost)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_nor_does_company_without_any_sign_between(lang: str, lexicon: Lexicon) -> None:
    tried, lost = lowered(lang, (RUN_TOGETHER,), lexicon)
    assert len(lost) <= FEW_RUN_TOGETHER * tried, sorted(lost)
