"""Puts config/ together and cross-checks it: what one file names, another must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bot.content.asker import AskerWeights, load_asker
from bot.content.clarifying import Clarifying
from bot.content.clinic import Clinic
from bot.content.escalation import Escalation
from bot.content.messages import Messages, load_messages, parameters_of
from bot.content.outcomes import Outcomes
from bot.content.protocols import Protocol, Question
from bot.content.reading import ContentError, read_model
from bot.content.red_flags import RedFlags, load_red_flags
from bot.content.sending import SendingRules
from bot.content.staff_words import StaffWords
from bot.content.words import Words, load_words
from bot.vocabulary import Clarify, LanguageCode

# Messages that the code itself names; those that flags name are added by `_keys_needed`.
ALWAYS_NEEDED = (
    "greeting", "greeting_proxy", "counter", "thanks_short", "ask_again", "ask_again_later", "emergency_cauda",
    "urgent_general", "urgent_safety", "urgent_which_one", "acknowledged", "still_waiting", "nobody_reached",
    "question_for_staff", "normal_thanks", "normal_heard", "clarify_timeout", "unreadable", "plain", "unknown_number",
    "stopped", "stopped_red_flag", "started", "help", "wrong_number", "patient_died", "not_now", "said_before",
)  # fmt: skip
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
    "nobody_reached",
    "acknowledged",
    "closed_",
)


@dataclass(frozen=True, slots=True)
class ClinicContent:
    """Everything under config/, checked; `version` changes with any byte of it."""

    clinic: Clinic
    escalation: Escalation
    outcomes: Outcomes
    staff: StaffWords
    sending: SendingRules
    clarifying: Clarifying
    protocols: Mapping[str, Protocol]
    red_flags: RedFlags
    words: Mapping[LanguageCode, Words]
    asker: AskerWeights
    messages: Mapping[LanguageCode, Messages]
    version: str

    def questions(self) -> dict[tuple[str, str], tuple[Question, ...]]:
        """(protocol, check-in) -> its questions."""
        return {
            (protocol.id, rules.name): rules.questions
            for protocol in self.protocols.values()
            for rules in protocol.check_ins
        }


def load_content(config_dir: Path) -> ClinicContent:
    """The clinic's configuration.

    :raises ContentError: in one line, the first file and place that is wrong.
    """
    protocols = [read_model(Protocol, path) for path in sorted((config_dir / "protocols").glob("*.yaml"))]
    content = ClinicContent(
        clinic=read_model(Clinic, config_dir / "clinic.yaml"),
        escalation=read_model(Escalation, config_dir / "escalation.yaml"),
        outcomes=read_model(Outcomes, config_dir / "outcomes.yaml"),
        staff=read_model(StaffWords, config_dir / "staff.yaml"),
        sending=read_model(SendingRules, config_dir / "sending.yaml"),
        clarifying=read_model(Clarifying, config_dir / "clarifying.yaml"),
        protocols={protocol.id: protocol for protocol in protocols},
        red_flags=load_red_flags(config_dir),
        words=load_words(config_dir),
        asker=load_asker(config_dir),
        messages=load_messages(config_dir),
        version=_version(config_dir),
    )
    for problem in find_problems(content):
        raise ContentError(f"{config_dir}: {problem}")
    return content


def find_problems(content: ClinicContent) -> Iterator[str]:
    """What one file asks of another and does not find, a line each."""
    if not content.protocols:
        yield "protocols: there is none"
    for topic, rule in content.clarifying.topics.items():
        for meaning in (rule.yes, rule.no):
            if meaning and meaning.flag and meaning.flag not in content.red_flags.flags:
                yield f"clarifying.yaml: {topic}: {meaning.flag} is no flag"
    if set(content.words) != set(content.messages):
        yield "languages: every language needs words.yaml and messages.yaml"
    for code, messages in content.messages.items():
        yield from (f"languages/{code}/messages.yaml: {p}" for p in _problems_of(content, messages))


def _problems_of(content: ClinicContent, messages: Messages) -> Iterator[str]:
    for key in _keys_needed(content):
        if key not in messages.texts:
            yield f"{key} is missing"
    for key, words in messages.texts.items():
        if key.startswith(CARRY_911) and "911" not in words:
            yield f"{key} must say 911"
        if key.startswith("clarify_") and "{phone}" not in words:
            yield f"{key} must carry the clinic's number"
    for question in Question:
        if question.value not in messages.questions:
            yield f"question {question} is missing"
    for _, name in content.questions():
        if name not in messages.check_ins or name not in messages.short:
            yield f"check-in {name} has no name in this language"
    reference = next(iter(content.messages.values()))
    for key, words in messages.texts.items():
        if key not in reference.texts:
            yield f"{key} does not exist in {reference.name}"
        elif "{name}" in parameters_of(words) - parameters_of(reference.texts[key]):
            yield f"{key} names somebody whom {reference.name} does not"


def _keys_needed(content: ClinicContent) -> Iterator[str]:
    yield from ALWAYS_NEEDED
    yield from (f"clarify_{topic}" for topic in Clarify)
    yield from (f"closing_{name}" for _, name in content.questions())
    yield from dict.fromkeys(rule.told for rule in content.red_flags.flags.values())
    yield from dict.fromkeys(outcome.told for outcome in content.outcomes.outcomes.values())


def _version(config_dir: Path) -> str:
    """Twelve hexadecimal digits over every YAML file, in order of their names."""
    digest = sha256()
    for path in sorted(config_dir.rglob("*.yaml")):
        digest.update(path.relative_to(config_dir).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
