"""A protocol as a strip of days: what is sent on which day, when, what it asks, and what happens in silence. It plans
nothing: `planning` does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.content.messages import Messages
from bot.content.protocols import CheckInRules, DiaryRules, NoticeRules, Protocol, Question, Reminder
from bot.content.whole import ClinicContent


@dataclass(frozen=True, slots=True)
class Sent:
    """One check-in, notice or diary entry. `asks` are (name, words), `says` likewise."""

    name: str
    label: str
    kind: str
    times: tuple[str, ...]
    asks: tuple[tuple[str, str], ...] = ()
    afterwards: tuple[tuple[str, str], ...] = ()
    says: tuple[tuple[str, str], ...] = ()
    unsedated: tuple[tuple[str, str], ...] = ()
    silence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """One day with what it brings; day 0 is the procedure's."""

    number: int
    sent: tuple[Sent, ...]

    @property
    def title(self) -> str:
        if self.number < 0:
            return f"{-self.number} {'day' if self.number == -1 else 'days'} before"
        if self.number == 0:
            return "The day itself"
        weeks, rest = divmod(self.number, 7)
        return f"Day {self.number}" if rest else f"Day {self.number}, week {weeks}"


def strip_of(content: ClinicContent, protocol: Protocol) -> list[Day]:
    """The days on which something is sent, in order."""
    words = next(iter(content.messages.values()))
    found: dict[int, list[Sent]] = {}
    for rules in (*protocol.before, *protocol.check_ins):
        found.setdefault(rules.day, []).append(_check_in(words, protocol, rules))
    for notice in protocol.notices:
        found.setdefault(notice.day, []).append(_notice(words, protocol, notice))
    for entry in protocol.diary:
        found.setdefault(0, []).append(_entry(words, entry))
    return [Day(number, tuple(sent)) for number, sent in sorted(found.items())]


def _check_in(words: Messages, protocol: Protocol, rules: CheckInRules) -> Sent:
    times = [f"at {rules.at:%H:%M} on the patient’s clock"]
    if rules.minors_at:
        times.append(f"at {rules.minors_at:%H:%M} for a minor with a phone of their own, on a weekday")
    late = " and goes on the work list" if rules.name in protocol.follow_up else ""
    times.append(f"may leave until {protocol.until:%H:%M} that day; later it is not sent{late}")
    return Sent(
        rules.name,
        words.short.get(rules.name, rules.name),
        "check-in",
        tuple(times),
        asks=tuple(_asked(words, rules.questions)),
        afterwards=tuple(_asked(words, rules.afterwards)),
        silence=tuple(_silence(rules)),
    )


def _silence(rules: CheckInRules) -> Iterator[str]:
    yield from (said_reminder(reminder) for reminder in rules.reminders)
    calls = "missed, and staff are asked to call" if rules.call_if_silent else "missed"
    yield f"{rules.answer_hours} hours after the text without an answer: {calls}"


def said_reminder(reminder: Reminder) -> str:
    """When a silent patient is asked again, as people say it."""
    if reminder.after_hours is not None:
        return f"asked again {reminder.after_hours:g} hours later"
    days = "the next day" if reminder.day == 1 else f"{reminder.day} days later"
    return f"asked again {days} at {reminder.at:%H:%M}"


def _notice(words: Messages, protocol: Protocol, notice: NoticeRules) -> Sent:
    if notice.after_hours is None:
        times = f"at {notice.at:%H:%M} on the patient’s clock; may leave until {protocol.until:%H:%M} that day"
    else:
        hours = f"{notice.after_hours:g} {'hour' if notice.after_hours == 1 else 'hours'}"
        times = f"{hours} after the procedure, unless that is in quiet hours"
    said = tuple((key, words.texts[key]) for key in notice.says)
    unsedated = tuple((key, words.texts[key]) for key in notice.says_unsedated or ())
    label = notice.name.rsplit("_", 1)[0].capitalize()
    return Sent(notice.name, label, "notice", (times,), says=said, unsedated=unsedated)


def _entry(words: Messages, entry: DiaryRules) -> Sent:
    times = (f"{entry.after_hours:g} hours after the procedure", "only for those who answered DIARY")
    silence = ("nothing: it is the patient’s own choice",)
    label = words.short.get(entry.name, entry.name)
    return Sent(entry.name, label, "diary", times, asks=tuple(_asked(words, entry.questions)), silence=silence)


def _asked(words: Messages, questions: tuple[Question, ...]) -> Iterator[tuple[str, str]]:
    yield from ((question.value, words.questions[question.value]) for question in questions)
