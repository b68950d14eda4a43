"""The lexicon of the real config/, compiled once for all triage tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.content.asker import load_ear
from bot.content.red_flags import load_red_flags
from bot.content.words import load_words
from bot.triage.sort import Lexicon, compile_lexicon, sort_reply
from bot.vocabulary import Asked, Finding, PatientFacts

CONFIG = Path(__file__).resolve().parents[2] / "config"

Sort = Callable[..., Finding]


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return compile_lexicon(load_words(CONFIG), load_red_flags(CONFIG), load_ear(CONFIG))


@pytest.fixture(scope="session")
def sort(lexicon: Lexicon) -> Sort:
    """`sort("text", asked=..., day=..., baseline=...)` with a quiet patient as default."""

    def sorted_reply(text: str, *, asked: Asked = Asked.ANY, facts: PatientFacts | None = None) -> Finding:
        return sort_reply(text, asked=asked, facts=facts or PatientFacts(day=2, baseline=6), lexicon=lexicon)

    return sorted_reply
