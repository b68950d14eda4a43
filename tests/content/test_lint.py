"""What check-content counts and refuses: length, price, grade, translations, the clinic's page, the written page."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.content.checks import find_problems
from bot.content.clinic import Texting
from bot.content.describe import describe
from bot.content.describe_rules import describe_rules
from bot.content.grading import grade_en, grade_es, syllables_en, syllables_es
from bot.content.lint import find_excess, measure
from bot.content.load import ClinicContent
from bot.content.phrases import Faq
from bot.vocabulary import LanguageCode

ROOT = Path(__file__).resolve().parents[2]
EN, ES = LanguageCode("en"), LanguageCode("es")


def saying(content: ClinicContent, code: LanguageCode, **texts: str | None) -> ClinicContent:
    """The content with other words in one language; None takes the text away."""
    old = content.messages[code]
    new = {key: words for key, words in (old.texts | texts).items() if words is not None}
    return replace(content, messages=dict(content.messages) | {code: old.model_copy(update={"texts": new})})


def test_every_text_in_every_language_is_measured_and_within_its_limits(content: ClinicContent) -> None:
    measured = list(measure(content))
    for code, messages in content.messages.items():
        seen = {one.key for one in measured if one.language == code}
        assert set(messages.texts) - {"said_before"} <= seen
        assert {f"question {key}" for key in messages.questions} <= seen
    assert all(one.length > 0 and one.grade is not None for one in measured)
    assert list(find_excess(content, measured)) == []
    assert list(find_problems(content)) == []


LONG = "Please call us now and tell us more about it. " * 8
HARD = "Anticoagulation discontinuation necessitates individualised multidisciplinary reconsideration."


@pytest.mark.parametrize(
    ("words", "complaint"),
    [(LONG, "segments, more than 2"), (HARD, "reads at grade"), ("Llame – ya.", "doubles the price")],
)
def test_a_text_over_a_limit_is_named(content: ClinicContent, words: str, complaint: str) -> None:
    changed = saying(content, ES, normal_thanks=words)
    problems = list(find_excess(changed, list(measure(changed))))
    assert any("normal_thanks" in problem and complaint in problem for problem in problems)


@pytest.mark.parametrize(
    ("texts", "complaint"),
    [
        ({"faq_wear": None}, "faq_wear is missing"),
        ({"somewhat": "Hello."}, "somewhat is said by nothing"),
        ({"clarify_who": "Is it you? Reply YES or NO. {phone}"}, "clarify_who must say 911"),
        ({"clarify_who": "Is it you? Reply YES or NO. Call 911."}, "clarify_who must carry the clinic's number"),
    ],
)
def test_a_missing_translation_or_a_text_without_help_is_refused(
    content: ClinicContent, texts: dict[str, Any], complaint: str
) -> None:
    assert any(complaint in problem for problem in find_problems(saying(content, ES, **texts)))


def test_an_answer_rests_on_words_of_the_clinics_page(content: ClinicContent) -> None:
    topics = {topic: rule.model_dump() for topic, rule in content.faq.topics.items()}
    topics["wear"]["page"] = ["Ice helps after the shot"]
    invented = replace(content, faq=Faq.model_validate({"topics": topics}, strict=False))
    assert any("the clinic's page does not say 'Ice helps" in problem for problem in find_problems(invented))


def test_an_answer_names_no_number_that_the_page_does_not_hold(content: ClinicContent) -> None:
    """Hours, days and minutes are the easiest thing to get wrong; 911 is our safety rule."""
    for code, messages in content.messages.items():
        for topic in content.faq.topics:
            words = messages.texts[f"faq_{topic}"].split()
            numbers = {word.strip(".,:;") for word in words if word[0].isdigit()} - {"911"}
            assert all(number in content.page for number in numbers), (code, topic, numbers)


def test_nothing_is_planned_for_the_night(content: ClinicContent) -> None:
    early = content.clinic.texting.model_copy(update={"closes": time(14)})
    clinic = content.clinic.model_copy(update={"texting": early})
    assert any("week_2 at 15:00 is in quiet hours" in p for p in find_problems(replace(content, clinic=clinic)))
    with pytest.raises(ValidationError, match="between 08:00 and 21:00"):
        Texting(opens=time(7), closes=time(20))


def test_the_written_page_is_up_to_date(content: ClinicContent) -> None:
    """python -m bot describe-texts --to docs/patients.md"""
    assert (ROOT / "docs" / "patients.md").read_text(encoding="utf-8") == describe(content)


def test_the_written_rules_are_up_to_date(content: ClinicContent) -> None:
    """python -m bot describe-rules --to docs/rules.md"""
    written = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert written == describe_rules(content.red_flags)
    assert all(
        f"`{flag}`" in written and f"`{frame.name}`" in written
        for flag, rule in content.red_flags.flags.items()
        for frame in rule.frames
    )


def test_the_written_page_holds_every_text(content: ClinicContent) -> None:
    page = describe(content)
    shared = {"or", "greeting", "greeting_proxy", "counter", "counter_extra"}  # parts, not texts
    for messages in content.messages.values():
        assert [key for key in messages.texts if f"`{key}`" not in page and key not in shared] == []


@pytest.mark.parametrize(
    ("word", "wanted"), [("shot", 1), ("fever", 2), ("numbness", 2), ("emergency", 4), ("take", 1)]
)
def test_english_syllables(word: str, wanted: int) -> None:
    assert syllables_en(word) == wanted


@pytest.mark.parametrize(
    ("word", "wanted"),
    [("día", 2), ("fiebre", 2), ("inyección", 3), ("que", 1), ("espalda", 3), ("país", 2)],
)
def test_spanish_syllables(word: str, wanted: int) -> None:
    assert syllables_es(word) == wanted


def test_plain_words_read_easier_than_hard_ones() -> None:
    assert grade_en("Call us now.") < 3 < 12 < grade_en(HARD)
    assert grade_es("Llame ya.") < 3 < grade_es("La consideración individualizada discontinua requerida")
    assert grade_en("911") == 0.0 == grade_es("")
