"""The laboratory counts what the issue of triage is about: silence, pages, false pages, questions."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.exchange.enrolment import InputError
from bot.services import laboratory
from bot.services.sorting import explain, read_lexicon
from bot.triage.sort import Lexicon

CONFIG = Path(__file__).resolve().parents[2] / "config"


def label(name: str, text: str, must_page: bool | None, accept: str, **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"id": name, "lang": "en", "trap": "none", "text": text, "must_page": must_page}
    context = {"day": 2, "asked": "any", "baseline": 6}
    return row | {"accept": [accept], "flags": [], "pain": None, "context": context} | more


LABELS = [
    label("a", "I can't pee", True, "emergency", flags=["bladder_bowel"]),
    label("b", "thanks!", True, "urgent"),
    label("c", "fever of 103", False, "normal"),
    label("d", "pain is 3", False, "normal", pain=3),
]


def test_it_tells_silence_from_false_pages(lexicon: Lexicon) -> None:
    judged = laboratory.judge(LABELS, lexicon)
    assert [j.is_silent for j in judged] == [False, True, False, False]
    assert [j.is_false for j in judged] == [False, False, True, False]
    table = "\n".join(laboratory.report(judged))
    assert "50.0 (9-91)" in table  # one of two, Wilson
    told = "\n".join(laboratory.misses(judged))
    assert "SILENT            b" in told
    assert "FALSE PAGE        c" in told


def test_two_versions_of_the_words_are_compared_reply_by_reply(lexicon: Lexicon, tmp_path: Path) -> None:
    shutil.copytree(CONFIG, tmp_path / "config")
    rules = tmp_path / "config" / "red_flags.yaml"
    text = rules.read_text(encoding="utf-8")
    assert "fever_c: 38.0" in text
    rules.write_text(text.replace("fever_c: 38.0", "fever_c: 40.0"), encoding="utf-8")
    labels = [*LABELS, label("e", "thermometer says 101.5", True, "urgent")]
    changed = list(laboratory.changes(labels, lexicon, read_lexicon(tmp_path / "config")))
    assert len(changed) == 1
    assert changed[0].startswith("urgent    -> ")


@pytest.mark.parametrize(
    ("text", "words"), [("{", "line 1: is not JSON"), (json.dumps({"id": 1}), "is missing, so it is no labelled reply")]
)
def test_a_file_that_is_no_corpus_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        laboratory.read_labels(text)


def test_explaining_shows_how_each_word_was_read(lexicon: Lexicon) -> None:
    lines = list(explain("my leg is numb", lexicon))
    assert len(lines) == 4
    assert "leg" in lines[1]
    assert "lost" in lines[3]
