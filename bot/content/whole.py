"""Everything under config/ as one frozen value; it is put together in load.py and checked in checks.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content.asker import Ear
from bot.content.clarifying import Clarifying
from bot.content.clinic import Clinic
from bot.content.consent import Consents
from bot.content.escalation import Escalation
from bot.content.messages import Messages
from bot.content.outcomes import Outcomes
from bot.content.passwords import PasswordRules
from bot.content.phrases import Faq, OtherLanguages, Phrases
from bot.content.protocols import Protocol, Question
from bot.content.red_flags import RedFlags
from bot.content.sending import SendingRules
from bot.content.staff_words import StaffWords
from bot.content.words import Words
from bot.content.work_list import WorkListRules
from bot.vocabulary import LanguageCode


@dataclass(frozen=True, slots=True)
class ClinicContent:
    """Everything under config/, checked; `version` changes with any byte of it, `commit` is that of the checkout."""

    clinic: Clinic
    escalation: Escalation
    outcomes: Outcomes
    passwords: PasswordRules
    staff: StaffWords
    sending: SendingRules
    work_list: WorkListRules
    clarifying: Clarifying
    protocols: Mapping[str, Protocol]
    red_flags: RedFlags
    words: Mapping[LanguageCode, Words]
    ear: Ear
    messages: Mapping[LanguageCode, Messages]
    phrases: Mapping[LanguageCode, Phrases]
    faq: Faq
    page: str
    consent: Consents
    other_languages: OtherLanguages
    version: str
    commit: str | None = None

    def questions(self) -> dict[tuple[str, str], tuple[tuple[Question, ...], tuple[Question, ...]]]:
        """(protocol, check-in) -> its questions, and those that it asks afterwards."""
        return {
            (protocol.id, name): asked
            for protocol in self.protocols.values()
            for name, asked in protocol.asked_by().items()
        }
