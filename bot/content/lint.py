"""How long every text is, what it costs and how hard it reads, alone and put together, and what is over its limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.content.checks import keys_needed
from bot.content.grading import GRADES
from bot.content.messages import GSM_7, Messages, fold_for_sms, segments, septets
from bot.content.whole import ClinicContent
from bot.vocabulary import LanguageCode

# What stands in braces when lengths are counted: as long as it is likely to get.
SAMPLE = {
    "name": "Guadalupe", "patient": "Guadalupe", "names": "Guadalupe R. or Maximiliano R.", "date": "12/31",
    "minutes": "30", "when": "12:30 pm", "seen": "12:30 pm", "staff": "Nurse Montgomery", "number": "4", "total": "4",
    "words": "", "check_in": "", "short": "",
}  # by rows, not an item a line  # fmt: skip
LEADS = ("faq_", "routine_", "normal_", "question_", "number_noted", "language_changed", "thanks_short", "reminder_")
"""Answers after which the open question may follow in the same text."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One text in one language. `length` in septets, or in UCS-2 units where a letter is dear.

    `grade` is None where the language is not graded. `together`: put together from several texts. `sent`: as it
    leaves, with samples for what is filled in.
    """

    key: str
    language: LanguageCode
    length: int
    segments: int
    grade: float | None
    together: bool = False
    sent: str = ""


def measure(content: ClinicContent) -> Iterator[Measured]:
    """Every text and question alone, then every check-in's texts as they are put together."""
    for code, messages in content.messages.items():
        fill = SAMPLE | {"clinic": content.clinic.name, "phone": content.clinic.phone_shown}
        for key in sorted(messages.texts):
            if key != "said_before":
                yield _measured(key, code, messages.texts[key], fill)
        for key in sorted(messages.questions):
            yield _measured(f"question {key}", code, messages.questions[key], fill)
        yield from _together(content, code, messages, fill)


def _measured(key: str, code: LanguageCode, words: str, fill: dict[str, str], *, together: bool = False) -> Measured:
    """Names and numbers that are filled in cost length; how hard they read is not ours to change."""
    sent, grade = fold_for_sms(words.format_map(fill)), GRADES.get(code)
    own = words.format_map(dict.fromkeys(fill, ""))
    return Measured(key, code, septets(sent), segments(sent), None if grade is None else grade(own), together, sent)


def _together(
    content: ClinicContent, code: LanguageCode, messages: Messages, fill: dict[str, str]
) -> Iterator[Measured]:
    leads = [messages.texts[key] for key in sorted(set(keys_needed(content))) if key.startswith(LEADS)]
    longest = max(leads, key=len)
    for protocol in content.protocols.values():
        for name, (questions, afterwards) in protocol.asked_by().items():
            here = fill | {"check_in": messages.check_ins.get(name, ""), "short": messages.short.get(name, "")}
            for number, question in enumerate((*questions, *afterwards)):
                asked = messages.questions[question.value]
                first, again = messages.texts["greeting_proxy"], messages.texts["ask_again"]
                if number == 0:
                    yield _measured(f"{name} opens", code, f"{first} {asked}", here, together=True)
                words = f"{longest} {again} {messages.texts['counter']} {asked}"
                yield _measured(f"{name} {question} asked again", code, words, here, together=True)


def find_excess(content: ClinicContent, measured: list[Measured]) -> Iterator[str]:
    """What is longer or harder to read than the clinic allows (clinic.yaml, texting)."""
    limits = content.clinic.texting
    for one in measured:
        where = f"languages/{one.language}: {one.key}"
        most = limits.most_segments_together if one.together else limits.most_segments
        if one.segments > most:
            yield f"{where}: costs {one.segments} segments, more than {most}"
        if one.grade is not None and one.grade > limits.highest_grade:
            yield f"{where}: reads at grade {one.grade:.1f}, above {limits.highest_grade:.1f}"
    for code, messages in content.messages.items():
        for key, words in (messages.texts | messages.questions).items():
            dear = sorted(set(fold_for_sms(words)) - GSM_7)
            if dear:
                yield f"languages/{code}: {key}: {dear[0]!r} doubles the price of the text (PLATFORM.md 0.7)"
