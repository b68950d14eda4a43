"""Why a text was sorted as it was, in plain words."""

from __future__ import annotations

import re
from pathlib import Path

from bot.content.load import ClinicContent
from bot.triage.sort import Lexicon, sort_reply
from bot.vocabulary import Answer, Asked, Evidence, Finding, Flag, Level, PatientFacts
from bot.web.reasons import GUARDS, RULES, Reason, in_words, marked, reasons, telling

ROOT = Path(__file__).resolve().parents[2]
NUMB = Flag("new_numbness")


def read(content: ClinicContent, lexicon: Lexicon, words: str) -> list[Reason]:
    finding = sort_reply(words, asked=Asked.NONE, facts=PatientFacts(day=1), lexicon=lexicon)
    return given(content, finding)


def given(content: ClinicContent, finding: Finding) -> list[Reason]:
    flags = content.red_flags.flags
    levels = {flag: rule.level for flag, rule in flags.items()}
    return reasons(finding, lambda flag: flags[Flag(flag)].label if flag in flags else flag, levels)


def test_the_gravest_comes_first_and_what_was_taken_back_last(content: ClinicContent, lexicon: Lexicon) -> None:
    first, *_, last = read(content, lexicon, "I can't feel when I wipe, no fever, pain 4")
    assert (first.what, first.level, first.taken_back) == ("Numb groin, genitals or buttocks", "emergency", False)
    assert first.quotes == ("can't feel when I wipe",)
    assert (last.what, last.quotes, last.how, last.taken_back) == ("Fever", ("no",), (GUARDS["negated"],), True)


def test_what_nobody_said_in_words_is_explained_too(content: ClinicContent) -> None:
    finding = Finding(Level.URGENT, flags=(NUMB,), answer=Answer.YES)
    (only,) = given(content, finding)
    assert (only.what, only.quotes, only.how) == ("New numbness or tingling", (), ("a yes to our question",))


def test_every_rule_of_triage_has_plain_words() -> None:
    """A rule is named in the code as `pain.late`; each must say something to a nurse."""
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "triage").glob("*.py"))
    named = set(re.findall(r'"((?:pain|temperature|sugar|relief|answer|asker)\.[a-z_]+)"', source))
    assert len(named) >= 15
    assert named <= set(RULES)
    bare = set(re.findall(r'(?:note|raise_flag|_mark)\(.*"([a-z_]+)"\)', source))
    assert bare >= {"exception", "unexplained", "place_and_change", "place_and_sign", "net", "asker"}
    assert bare - {"said"} <= set(RULES)
    assert in_words("wiping_unaware") == "rule “wiping unaware”"


def test_every_guard_has_plain_words(lexicon: Lexicon) -> None:
    from bot.content.red_flags import ALL_GUARDS

    assert set(GUARDS) == set(ALL_GUARDS)


def test_what_was_read_with_the_text_before_marks_only_what_stands_here() -> None:
    """A text sent in two halves is sorted as one: the places then count from the first half's beginning."""
    evidence = [Evidence("fever", "fever", 40, 45, "fever"), Evidence("chills", "shaking", 3, 10, "x")]
    assert marked("and fever <b>", evidence) == "and <mark>fever</mark> &lt;b&gt;"


def test_a_no_is_not_marked() -> None:
    finding = Finding(Level.NORMAL, evidence=(Evidence("fever", "no", 0, 2, "guard.negated"),))
    assert telling(finding) == []


def test_the_second_reader_weighs_the_whole_text_and_marks_none_of_it(content: ClinicContent) -> None:
    finding = Finding(Level.UNCLEAR, evidence=(Evidence("asker", "my leg, hm", 0, 10, "asker.doubt"),))
    assert telling(finding) == []
    (only,) = given(content, finding)
    assert (only.what, only.quotes, only.how) == ("The second reader", (), (RULES["asker.doubt"],))
