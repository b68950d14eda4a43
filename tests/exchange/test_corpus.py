"""A corrected text as a line of the corpus: what it teaches, and what it does not tell."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.exchange.corpus import Corrected, corpus_line
from bot.services.laboratory import judge, read_labels
from bot.triage.sort import Lexicon
from bot.vocabulary import Asked, Finding, Flag, Level, Role

NUMB, FEVER, RELIEF = Flag("new_numbness"), Flag("fever"), Flag("good_relief")
LEVELS = {NUMB: Level.URGENT, FEVER: Level.URGENT, RELIEF: Level.NORMAL}
ONE = Corrected(
    key="k1",
    words="Amy here, my foot drags, call me at (913) 555-0111",
    finding=Finding(Level.ROUTINE, flags=(RELIEF,), language="en", pain=4),
    level=Level.URGENT,
    flag=Flag("new_weakness"),
    reason="Amy said it is new",
    by=Role.NURSE,
    asked=Asked.PAIN,
    day=3,
    hours=70.5,
    baseline=7,
    names=("Amy Stone", "Bo Stone"),
)


def test_a_missed_red_flag_is_a_line_that_must_page() -> None:
    line = corpus_line(ONE, LEVELS)
    assert line["text"] == "Alex here, my foot drags, call me at 555-0100"
    assert (line["accept"], line["must_page"]) == (["urgent"], True)
    assert (line["flags"], line["flags_optional"]) == (["new_weakness"], ["good_relief"])
    assert line["context"] == {"day": 3, "asked": "pain", "baseline": 7, "hours": 70.5}
    assert (line["label_by"], line["note"]) == ("nurse", "the bot said routine: Alex said it is new")


def test_a_false_alarm_leaves_no_flag_that_is_too_high() -> None:
    finding = Finding(Level.URGENT, flags=(NUMB, RELIEF), language="mix")
    line = corpus_line(replace(ONE, finding=finding, level=Level.NORMAL, flag=None), LEVELS)
    assert (line["flags"], line["flags_optional"], line["must_page"], line["lang"]) == (
        ["good_relief"],
        [],
        False,
        "mix",
    )


def test_what_is_not_known_is_left_out() -> None:
    finding = Finding(Level.UNCLEAR)
    line = corpus_line(replace(ONE, finding=finding, asked=None, day=None, hours=None, baseline=None), LEVELS)
    assert (line["context"], line["lang"], line["pain"]) == ({}, None, None)


def test_the_laboratory_reads_it(lexicon: Lexicon) -> None:
    labels = read_labels(json.dumps(corpus_line(ONE, LEVELS)) + "\n")
    (judged,) = judge(labels, lexicon)
    assert judged.must_page is True


def test_a_record_number_of_theirs_is_not_told() -> None:
    line = corpus_line(replace(ONE, words="mrn m0111, foot drags", reason="see M-0111", records=("M-0111",)), LEVELS)
    assert (line["text"], line["note"]) == ("mrn M-0000, foot drags", "the bot said routine: see M-0000")
