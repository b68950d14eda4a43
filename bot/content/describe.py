"""What the bot says to patients, written down for those who must approve it; made from config/ alone."""

from __future__ import annotations

from collections.abc import Iterator

from bot.content.messages import Messages
from bot.content.protocols import CheckInRules, DiaryRules, NoticeRules, Protocol, Question, Reminder
from bot.content.whole import ClinicContent
from bot.vocabulary import Clarify, Flag, Level

HEAD = """# What it says to my patients

Made from `config/` by `python -m bot describe-texts --to docs/patients.md`; change the files there, not this page.
Words in braces are filled in. Spanish is sent without the accents of a, i, o and u, which would double the price.
"""
OTHERS = (
    ("When they answer", ("thanks_short", "ask_again", "ask_again_later", "said_before", "normal_", "routine_")),
    ("When nobody answers", ("reminder_", "clarify_timeout")),
    ("About an alert", ("acknowledged", "still_waiting", "nobody_reached", "closed_")),
    ("Several patients on one phone, other numbers", ("which_patient", "whose_noted", "number_noted", "unknown_number",
                                                    "wrong_number")),
    ("Stop, start, help, language", ("stopped", "started", "help", "language_changed", "not_now")),
    ("Everything else", ("patient_died", "unreadable", "plain", "many_texts", "question_for_staff", "diary_",
                         "from_staff")),
)  # by rows, not an item a line  # fmt: skip


def describe(content: ClinicContent) -> str:
    """The whole page, in Markdown."""
    lines = [HEAD]
    for protocol in content.protocols.values():
        lines += [*_protocol(content, protocol)]
    lines += [*_red_flags(content), *_clarifying(content), *_faq(content)]
    for title, keys in OTHERS:
        lines += [f"## {title}", "", *_table(content, _keys(content, keys)), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _keys(content: ClinicContent, wanted: tuple[str, ...]) -> list[str]:
    texts = next(iter(content.messages.values())).texts
    return [key for key in texts if any(key == one or (one.endswith("_") and key.startswith(one)) for one in wanted)
            or (key.startswith("acknowledged") and "acknowledged" in wanted)
            or (key.startswith("stopped") and "stopped" in wanted)]  # by rows, not an item a line  # fmt: skip


def _table(content: ClinicContent, keys: list[str]) -> Iterator[str]:
    languages = list(content.messages.values())
    yield f"| text | {' | '.join(m.name for m in languages)} |"
    yield f"| --- | {' | '.join('---' for _ in languages)} |"
    for key in keys:
        yield f"| `{key}` | {' | '.join(_words(m, key) for m in languages)} |"


def _words(messages: Messages, key: str) -> str:
    return (messages.texts.get(key) or messages.questions[key]).replace("|", "\\|")


def _protocol(content: ClinicContent, protocol: Protocol) -> Iterator[str]:
    yield f"## {protocol.label}: when and what"
    yield ""
    for rules in protocol.before:
        yield from _check_in(content, protocol, rules)
    for notice in protocol.notices:
        yield from _notice(content, notice)
    for entry in protocol.diary:
        yield from _entry(content, entry)
    for rules in protocol.check_ins:
        yield from _check_in(content, protocol, rules)


def _check_in(content: ClinicContent, protocol: Protocol, rules: CheckInRules) -> Iterator[str]:
    when = f"{abs(rules.day)} days before" if rules.day < 0 else f"day {rules.day} after"
    pupils = f", {rules.minors_at:%H:%M} for minors on school days" if rules.minors_at else ""
    yield f"### {rules.name}: {when} the procedure at {rules.at:%H:%M}{pupils}, until {protocol.until:%H:%M}"
    yield ""
    yield from _table(content, [q.value for q in (*rules.questions, *rules.afterwards)] + [f"closing_{rules.name}"])
    yield ""
    if rules.afterwards:
        yield f"Asked afterwards, and may stay unanswered: {_list(rules.afterwards)}."
    if rules.reminders:
        yield f"If nobody answers: {'; '.join(_reminder(r) for r in rules.reminders)}."
    calls = ", and staff are asked to call" if rules.call_if_silent else ""
    yield f"After {rules.answer_hours} hours without an answer it counts as missed{calls}."
    yield ""


def _list(questions: tuple[Question, ...]) -> str:
    return ", ".join(f"`{question}`" for question in questions)


def _reminder(reminder: Reminder) -> str:
    if reminder.after_hours is not None:
        return f"asked again {reminder.after_hours:g} hours later"
    days = "the next day" if reminder.day == 1 else f"{reminder.day} days later"
    return f"{days} at {reminder.at:%H:%M}"


def _notice(content: ClinicContent, notice: NoticeRules) -> Iterator[str]:
    if notice.after_hours is not None:
        when = f"{notice.after_hours:g} hour(s) after the procedure"
    else:
        when = f"{abs(notice.day)} day(s) before it at {notice.at:%H:%M}"
    yield f"### {notice.name}: {when}, nothing is asked"
    yield ""
    yield from _table(content, [*notice.says, *(notice.says_unsedated or ())])
    yield ""
    if notice.says_unsedated:
        unsedated = ", ".join(f"`{key}`" for key in notice.says_unsedated)
        yield f"Where no sedation is planned: {unsedated}."
        yield ""


def _entry(content: ClinicContent, entry: DiaryRules) -> Iterator[str]:
    yield f"### {entry.name}: {entry.after_hours:g} hours after the procedure, only for those who answered DIARY"
    yield ""
    yield from _table(content, [q.value for q in entry.questions] + [f"closing_{entry.name}"])
    yield ""


def _red_flags(content: ClinicContent) -> Iterator[str]:
    """What is told with every flag that pages."""
    yield "## When something may be wrong"
    yield ""
    for level in (Level.EMERGENCY, Level.URGENT):
        flags = [flag for flag, rule in content.red_flags.flags.items() if rule.level is level]
        told = dict.fromkeys(content.red_flags.flags[flag].told for flag in flags)
        yield f"### {level.value.capitalize()}: on-call staff are paged at once"
        yield ""
        yield from _table(content, list(told))
        yield ""
        for key in told:
            yield f"- `{key}`: {', '.join(_labels(content, flags, key))}"
        yield ""
    yield from _table(content, ["urgent_which_one", "stopped_red_flag"])
    yield ""


def _labels(content: ClinicContent, flags: list[Flag], key: str) -> Iterator[str]:
    """The flags that are answered with that text, as staff read them."""
    rules = content.red_flags.flags
    yield from (rules[flag].label for flag in flags if rules[flag].told == key)


def _clarifying(content: ClinicContent) -> Iterator[str]:
    unclear = content.escalation.unclear
    yield "## When a text is unclear: one question"
    yield ""
    yield (
        f"Without an answer a person looks: after {unclear.flag_word_minutes} minutes where the text holds a word that "
        f"may be a red flag, else after {unclear.other_minutes}."
    )
    yield ""
    yield from _table(content, [f"clarify_{topic}" for topic in Clarify])
    yield ""


def _faq(content: ClinicContent) -> Iterator[str]:
    yield "## Questions that it answers itself, and the words of the clinic's page behind each answer"
    yield ""
    languages = list(content.messages.values())
    yield f"| text | {' | '.join(m.name for m in languages)} | the page says |"
    yield f"| --- | {' | '.join('---' for _ in languages)} | --- |"
    for topic, rule in content.faq.topics.items():
        said = " | ".join(_words(m, f"faq_{topic}") for m in languages)
        to_staff = " (staff get the question too)" if rule.to_staff else ""
        yield f"| `faq_{topic}`{to_staff} | {said} | {'; '.join(rule.page) or 'about the bot itself'} |"
    yield ""
    yield "Every other question goes to staff:"
    yield ""
    yield from _table(content, ["question_for_staff"])
    yield ""
