"""Every text that the bot can send, for people to read: what it says in each language, when, and what it costs. It
decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.content.lint import SAMPLE, Measured, measure
from bot.content.messages import GSM_7, fold_for_sms, segments, septets
from bot.content.protocols import Question, Review
from bot.content.whole import ClinicContent
from bot.vocabulary import LanguageCode

OTHER = "Everything else"
STAFF = "To staff, as a text"
SPOKEN = "To staff, spoken in a call"
TOGETHER = "Put together, at their longest"
GROUPS: Mapping[str, tuple[str, ...]] = {
    "Questions of a check-in": ("question ",),
    "Around a question": ("greeting", "counter", "ask_again", "not_now", "thanks_short", "said_before", "or"),
    "When nobody answers": ("reminder_", "clarify_timeout"),
    "When a check-in ends": ("closing_",),
    "Before and after the procedure": ("notice_", "diary_"),
    "Red flags": ("emergency_", "urgent_", "stopped_red_flag"),
    "While an alert is open, and after": ("acknowledged", "still_waiting", "nobody_reached", "closed_"),
    "When a text is unclear": ("clarify_",),
    "Troubles that can wait": ("routine_", "question_for_staff"),
    "Good news": ("normal_",),
    "Questions that it answers itself": ("faq_",),
    "Stop, start, help, language": ("stopped", "started", "help", "language_changed"),
    "Phones and persons": ("which_patient", "whose_noted", "number_noted", "unknown_number", "wrong_number",
                           "patient_died", "from_staff", "many_texts"),
    "When the machine fails": ("unreadable", "plain"),
}  # by rows, not an item a line  # fmt: skip
# As long as what is filled into a text for staff is likely to get.
STAFF_SAMPLE = {"level": "EMERGENCY", "code": "K7M4", "link": "https://console.example.org/a/K7M4",
                "console": "https://console.example.org", "refs": "K7M4, P2QX", "by": "Nurse Montgomery", "count": "12",
                "minutes": "15", "pin": "123456"}  # by rows, not an item a line  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One text in one language: its words, with what is filled in still in braces, and its measures as it would leave.

    `grade` is None where nobody grades it; `length` is 0 for what is spoken.
    """

    language: LanguageCode
    words: str
    length: int
    segments: int
    encoding: str
    grade: float | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One text in every language, and when it is sent."""

    key: str
    group: str
    when: str
    said: tuple[Said, ...]

    @property
    def segments(self) -> int:
        return max(one.segments for one in self.said)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: words of a text or of its name, a group, and how many segments it costs at least."""

    words: str = ""
    group: str = ""
    segments: int = 0

    def takes(self, entry: Entry) -> bool:
        """Whether the entry has all of it."""
        whole = " ".join([entry.key, entry.when, *(one.words for one in entry.said)]).casefold()
        fits = all(word in whole for word in self.words.casefold().split())
        return fits and self.group in ("", entry.group) and entry.segments >= self.segments


def list_entries(content: ClinicContent) -> list[Entry]:
    """Every text, in the order of its group."""
    when = dict(_when(content))
    found: dict[tuple[str, str], list[Said]] = {}
    for one in measure(content):
        group = TOGETHER if one.together else _group(one.key)
        found.setdefault((group, one.key), []).append(_said(content, one))
    again = [_plain(code, m.texts["said_before"], {}) for code, m in content.messages.items()]
    found[_group("said_before"), "said_before"] = again
    entries = [Entry(key, group, when.get(key, ""), tuple(said)) for (group, key), said in found.items()]
    entries += _for_staff(content)
    order = [*GROUPS, OTHER, STAFF, SPOKEN, TOGETHER]
    return sorted(entries, key=lambda entry: order.index(entry.group))


def groups_of(entries: list[Entry]) -> list[str]:
    """The groups that there are, in their order."""
    return list(dict.fromkeys(entry.group for entry in entries))


def _group(key: str) -> str:
    for group, beginnings in GROUPS.items():
        if any(key == one or (key.startswith(one) and one != "or") for one in beginnings):
            return group
    return OTHER


def _said(content: ClinicContent, one: Measured) -> Said:
    messages = content.messages[one.language]
    name = one.key.removeprefix("question ")
    words = one.sent if one.together else (messages.questions[name] if name != one.key else messages.texts[name])
    encoding = "GSM-7" if set(one.sent) <= GSM_7 else "UCS-2"
    return Said(one.language, words, one.length, one.segments, encoding, one.grade)


def _plain(code: LanguageCode, words: str, fill: Mapping[str, str]) -> Said:
    sent = fold_for_sms(words.format_map({**SAMPLE, **fill}))
    return Said(code, words, septets(sent), segments(sent), "GSM-7" if set(sent) <= GSM_7 else "UCS-2", None)


def _for_staff(content: ClinicContent) -> Iterator[Entry]:
    english, fill = LanguageCode("en"), STAFF_SAMPLE | {"clinic": content.clinic.name}
    for key, words in content.staff.texts.items():
        yield Entry(f"staff {key}", STAFF, "", (_plain(english, words, fill),))
    for key, words in content.staff.voice.items():
        yield Entry(f"spoken {key}", SPOKEN, "", (Said(english, words, 0, 0, "spoken", None),))


def _when(content: ClinicContent) -> Iterator[tuple[str, str]]:
    """What brings a text about, where one rule does."""
    told: dict[str, list[str]] = {}
    for rule in content.red_flags.flags.values():
        told.setdefault(rule.told, []).append(rule.label)
    yield from ((key, f"after: {', '.join(labels)}") for key, labels in told.items())
    for outcome in content.outcomes.outcomes.values():
        yield outcome.told, f"when an alert is closed as: {outcome.label}"
    for topic, faq in content.faq.topics.items():
        also = "; staff get the question too" if faq.to_staff else ""
        yield f"faq_{topic}", f"the clinic’s page says: {'; '.join(faq.page) or 'nothing, it is about the bot'}{also}"
    english = next(iter(content.messages.values()))
    asked_in: dict[Question, list[str]] = {}
    for (_, name), (questions, more) in content.questions().items():
        if questions:
            yield f"closing_{name}", f"after the last answer of {english.short.get(name, name)}"
        for question in (*questions, *more):
            asked_in.setdefault(question, []).append(english.short.get(name, name))
    for question, names in asked_in.items():
        yield f"question {question.value}", f"asked: {', '.join(dict.fromkeys(names))}"


@dataclass(frozen=True, slots=True)
class Approval:
    """One file of config/, and who approved it."""

    what: str
    file: str
    review: Review


def list_approvals(content: ClinicContent) -> list[Approval]:
    """Everything that a person must approve before patients get it."""
    found = [
        Approval(f"Protocol: {protocol.label}", f"protocols/{name}.yaml", protocol.reviewed)
        for name, protocol in content.protocols.items()
    ]
    found.append(Approval("Flags, levels and thresholds", "red_flags.yaml", content.red_flags.reviewed))
    found += [
        Approval(f"Texts: {messages.name}", f"languages/{code}/messages.yaml", messages.reviewed)
        for code, messages in content.messages.items()
    ]
    current = content.consent.current
    wording = content.consent.wordings[current].reviewed
    return [*found, Approval(f"Consent, wording {current}", "consent.yaml", wording)]
