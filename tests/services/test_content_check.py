"""A question is only as good as the answers that the bot understands."""

from __future__ import annotations

from dataclasses import replace

from bot.content.load import ClinicContent
from bot.services.content_check import find_unanswerable, invited_by
from bot.vocabulary import LanguageCode

EN = LanguageCode("en")


def test_every_answer_that_a_question_invites_is_understood(content: ClinicContent) -> None:
    assert list(find_unanswerable(content)) == []


def test_a_question_that_nothing_answers_is_named(content: ClinicContent) -> None:
    old = content.messages[EN]
    questions = old.questions | {"pain_now": "How is your back?", "sport": "Back in sport? Reply 7 to 9."}
    messages = dict(content.messages) | {EN: old.model_copy(update={"questions": questions})}
    problems = list(find_unanswerable(replace(content, messages=messages)))
    assert any("question pain_now: says no answer" in problem for problem in problems)
    assert any("question sport: nothing understands the answer '7'" in problem for problem in problems)


def test_the_answers_are_read_from_the_words() -> None:
    assert list(invited_by("Any fever? Reply YES or NO.")) == ["YES", "NO"]
    assert list(invited_by("¿Fiebre? Responda SI o NO.")) == ["SI", "NO"]
    assert list(invited_by("Reply 0 to 10 (0 = none).")) == ["0", "10"]
    assert list(invited_by("Responda NO, o díganos qué.")) == ["NO"]
