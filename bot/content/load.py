"""Puts config/ together, and refuses it where one file names what another does not hold."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from bot.content.asker import load_ear
from bot.content.checks import find_problems
from bot.content.clarifying import Clarifying
from bot.content.clinic import Clinic
from bot.content.commit import find_commit
from bot.content.consent import Consents
from bot.content.escalation import Escalation
from bot.content.messages import load_messages
from bot.content.outcomes import Outcomes
from bot.content.passwords import PasswordRules
from bot.content.phrases import Faq, OtherLanguages, load_page, load_phrases
from bot.content.protocols import Protocol
from bot.content.reading import ContentError, read_model
from bot.content.red_flags import load_red_flags
from bot.content.sending import SendingRules
from bot.content.staff_words import StaffWords
from bot.content.whole import ClinicContent
from bot.content.words import load_words
from bot.content.work_list import WorkListRules

__all__ = ["ClinicContent", "load_content"]


def load_content(config_dir: Path) -> ClinicContent:
    """The clinic's configuration.

    :raises ContentError: in one line, the first file and place that is wrong.
    """
    protocols = [read_model(Protocol, path) for path in sorted((config_dir / "protocols").glob("*.yaml"))]
    content = ClinicContent(
        clinic=read_model(Clinic, config_dir / "clinic.yaml"),
        escalation=read_model(Escalation, config_dir / "escalation.yaml"),
        outcomes=read_model(Outcomes, config_dir / "outcomes.yaml"),
        passwords=read_model(PasswordRules, config_dir / "passwords.yaml"),
        staff=read_model(StaffWords, config_dir / "staff.yaml"),
        sending=read_model(SendingRules, config_dir / "sending.yaml"),
        work_list=read_model(WorkListRules, config_dir / "work_list.yaml"),
        clarifying=read_model(Clarifying, config_dir / "clarifying.yaml"),
        protocols={protocol.id: protocol for protocol in protocols},
        red_flags=load_red_flags(config_dir),
        words=load_words(config_dir),
        ear=load_ear(config_dir),
        messages=load_messages(config_dir),
        phrases=load_phrases(config_dir),
        faq=read_model(Faq, config_dir / "faq.yaml"),
        page=load_page(config_dir),
        consent=read_model(Consents, config_dir / "consent.yaml"),
        other_languages=read_model(OtherLanguages, config_dir / "other_languages.yaml"),
        version=_version(config_dir),
        commit=find_commit(config_dir),
    )
    for problem in find_problems(content):
        raise ContentError(f"{config_dir}: {problem}")
    return content


def _version(config_dir: Path) -> str:
    """Twelve hexadecimal digits over every YAML file and the network, in order of their names."""
    digest = sha256()
    for path in sorted([*config_dir.rglob("*.yaml"), *config_dir.rglob("*.npz")]):
        digest.update(path.relative_to(config_dir).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
