"""What one file of config/ asks of another and does not find, a line each; it reads nothing itself."""

from __future__ import annotations

from collections.abc import Iterator

from bot.content import phrases
from bot.content.clarifying import Meaning
from bot.content.messages import Messages, parameters_of
from bot.content.protocols import Protocol, Question
from bot.content.whole import ClinicContent
from bot.vocabulary import Clarify, Level

# Messages that the code itself names; those that content names are added by `keys_needed`.
ALWAYS_NEEDED = (
    "greeting", "greeting_proxy", "counter", "counter_extra", "thanks_short", "ask_again", "ask_again_later",
    "emergency_cauda", "urgent_general", "urgent_safety", "urgent_which_one", "acknowledged", "acknowledged_by",
    "still_waiting", "nobody_reached", "question_for_staff", "normal_good", "normal_clear", "normal_thanks",
    "normal_heard", "clarify_timeout", "unreadable", "plain", "unknown_number", "stopped", "stopped_red_flag",
    "started", "help", "wrong_number", "patient_died", "not_now", "said_before", "or", "from_staff", "which_patient",
    "whose_noted",
    "number_noted", "many_texts", "language_changed", "diary_on", "diary_late", "routine_photo",
)  # by rows, not an item a line  # fmt: skip
# Texts that reach somebody who may be in danger name the way to help themselves.
CARRY_911 = (
    "emergency_",
    "urgent_",
    "clarify_",
    "unreadable",
    "plain",
    "unknown_number",
    "stopped",
    "help",
    "still_waiting",
    "which_patient",
    "many_texts",
    "nobody_reached",
    "acknowledged",
    "closed_",
    "notice_call_list",
    "faq_when_call",
)


def find_problems(content: ClinicContent) -> Iterator[str]:
    """What is missing, or points at nothing."""
    if not content.protocols:
        yield "protocols: there is none"
    yield from _meaningless(content)
    yield from _at_night(content)
    yield from _no_trifle(content)
    if not set(content.words) == set(content.messages) == set(content.phrases):
        yield "languages: every language needs words.yaml, messages.yaml and phrases.yaml"
    yield from phrases.find_problems(content.faq, content.page, content.phrases)
    for code in sorted(set(content.messages) - set(content.consent.wordings[content.consent.current].words)):
        yield f"consent.yaml: wording {content.consent.current} has no words in {code}"
    for code, messages in content.messages.items():
        yield from (f"languages/{code}/messages.yaml: {p}" for p in _problems_of(content, messages))
    for code, spoken in content.phrases.items():
        for question in (q for q in Question if q.is_choice and q.value not in spoken.choices):
            yield f"languages/{code}/phrases.yaml: choices: {question} is missing, so that nothing answers it"


def _at_night(content: ClinicContent) -> Iterator[str]:
    """What a protocol would send outside the hours in which the bot may begin to talk."""
    texting = content.clinic.texting
    for protocol in content.protocols.values():
        times = [(r.name, r.at) for r in (*protocol.check_ins, *protocol.before)]
        times += [(r.name, r.minors_at) for r in protocol.check_ins if r.minors_at is not None]
        times += [(n.name, n.at) for n in protocol.notices if n.at is not None]
        for name, at in times:
            if not texting.opens <= at < texting.closes:
                yield f"protocols/{protocol.id}: {name} at {at:%H:%M} is in quiet hours (clinic.yaml, texting)"


def _no_trifle(content: ClinicContent) -> Iterator[str]:
    """A flag that pages is never quiet and never closed together with others."""
    named = content.work_list.quiet | content.work_list.in_bulk
    for flag, rule in content.red_flags.flags.items():
        if flag in named and rule.level is not Level.ROUTINE:
            yield f"work_list.yaml: {flag} is {rule.level}: only a routine flag may be quiet or closed in bulk"


def _meaningless(content: ClinicContent) -> Iterator[str]:
    clarifying = content.clarifying
    meant: list[tuple[str, Meaning | None]] = []
    for topic, rule in clarifying.topics.items():
        meant += [(topic, rule.yes), (topic, rule.no)]
    for question, rule in clarifying.questions.items():
        meant += [(question, rule.yes), (question, rule.no)]
    for question, choices in clarifying.choices.items():
        meant += [(question, meaning) for meaning in choices.values()]
    for name, meaning in meant:
        if meaning and meaning.flag and meaning.flag not in content.red_flags.flags:
            yield f"clarifying.yaml: {name}: {meaning.flag} is no flag"


def _problems_of(content: ClinicContent, messages: Messages) -> Iterator[str]:
    needed = set(keys_needed(content))
    yield from (f"{key} is missing" for key in sorted(needed - set(messages.texts)))
    yield from (f"{key} is said by nothing" for key in sorted(set(messages.texts) - needed))
    for key, words in messages.texts.items():
        if key.startswith(CARRY_911) and "911" not in words:
            yield f"{key} must say 911"
        if key.startswith("clarify_") and "{phone}" not in words:
            yield f"{key} must carry the clinic's number"
    for question in Question:
        if question.value not in messages.questions:
            yield f"question {question} is missing"
    for name in sorted(_asking(content)):
        if name not in messages.check_ins or name not in messages.short:
            yield f"check-in {name} has no name in this language"
    reference = next(iter(content.messages.values()))
    for key in sorted(set(messages.texts) & set(reference.texts)):
        if "{name}" in parameters_of(messages.texts[key]) - parameters_of(reference.texts[key]):
            yield f"{key} names somebody whom {reference.name} does not"


def _asking(content: ClinicContent) -> set[str]:
    """Every check-in and diary entry that asks something."""
    return {name for (_, name), (questions, _) in content.questions().items() if questions}


def keys_needed(content: ClinicContent) -> Iterator[str]:
    """Every text that somebody may be sent."""
    yield from ALWAYS_NEEDED
    yield from (f"clarify_{topic}" for topic in Clarify)
    yield from (f"closing_{name}" for name in _asking(content))
    yield from (f"faq_{topic}" for topic in content.faq.topics)
    for protocol in content.protocols.values():
        yield from _said_by(protocol)
    yield from dict.fromkeys(rule.told for rule in content.red_flags.flags.values())
    yield from dict.fromkeys(outcome.told for outcome in content.outcomes.outcomes.values())


def _said_by(protocol: Protocol) -> Iterator[str]:
    for notice in protocol.notices:
        yield from (*notice.says, *(notice.says_unsedated or ()))
    most = max((len(rules.reminders) for rules in (*protocol.check_ins, *protocol.before)), default=0)
    yield from (f"reminder_{number}" for number in range(1, most + 1))
