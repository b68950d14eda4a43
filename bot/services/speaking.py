"""Puts a text into the thread and into the outbox, in one transaction; it sends nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.content.load import ClinicContent
from bot.content.messages import Messages, fold_for_sms
from bot.content.protocols import Question
from bot.flows.conversation import OpenCheckIn
from bot.services.party import Party
from bot.storage.database import Tx
from bot.storage.outbox import Draft, Kind, keep_outgoing
from bot.storage.texts import keep_outbound, was_said
from bot.vocabulary import Channel, ConversationId, LanguageCode, Level, StaffId

REPLY_LIVES = timedelta(hours=4)  # a reply that could not leave by then would only confuse
ONE_AFTER_THE_OTHER = timedelta(milliseconds=1)  # in the thread; both are due at once
KEYWORD_ANSWERS = frozenset({"help", "stopped", "started"})  # law and carriers fix them: the same words each time


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks to whom: everything that filling in a message needs. `names`: who may be meant on a shared phone.

    `place` orders texts that are said at the same moment.
    """

    content: ClinicContent
    party: Party
    conversation_id: ConversationId
    now: datetime
    level: Level = Level.URGENT
    names: tuple[str, ...] = ()
    place: int = 0

    @property
    def messages(self) -> Messages:
        return self.content.messages[self.party.language]

    def parameters(self) -> dict[str, str]:
        """What may stand in braces in config/languages/*/messages.yaml."""
        clinic = self.content.clinic
        minutes = self.content.escalation.call_back_minutes.get(self.level, 30)
        return {
            "clinic": clinic.name,
            "phone": clinic.phone_shown,
            "name": self.party.greeted_as,
            "patient": self.party.patient.first_name,
            "date": self._procedure_date(),
            "minutes": str(minutes),
            "when": clock_time(self.now, self.party),
            "names": self._listed(),
        }

    def _listed(self) -> str:
        """Who may be meant, as a person would list them."""
        *others, last = self.names or ("",)
        return f"{', '.join(others)} {self.messages.texts['or']} {last}" if others else last

    def _procedure_date(self) -> str:
        if self.party.procedure is None:
            return "-"
        on = self.party.procedure.at.astimezone(self.party.patient.zone).date()
        return f"{on.day}/{on.month}" if self.party.language == "es" else f"{on.month}/{on.day}"

    def message(self, key: str, lead: str | None = None) -> str:
        """The text of that key, after the lead."""
        words = self.messages.say(key, self.parameters())
        return f"{self.messages.say(lead, self.parameters())} {words}" if lead else words

    def question(self, check_in: OpenCheckIn, question: Question, *, lead: str | None, again: bool) -> str:
        """A question of a check-in: the first names clinic and day, the others count on."""
        fill = self.parameters() | {
            "check_in": self.messages.check_ins[check_in.name],
            "short": self.messages.short[check_in.name],
            "number": str((*check_in.questions, *check_in.afterwards).index(question) + 1),
            "total": str(len(check_in.questions)),
        }
        parts = []
        if lead:
            parts.append(self.messages.say(lead, fill))
        if again:
            parts.append(self.messages.say("ask_again", fill))
        if not lead and not again:
            parts.append(self.messages.say("greeting_proxy" if self.party.is_proxy else "greeting", fill))
        else:
            extra = question in check_in.afterwards
            parts.append(self.messages.say("counter_extra" if extra else "counter", fill))
        return " ".join([*parts, self.messages.questions[question.value]])


def clock_time(at: datetime, party: Party) -> str:
    """The patient's wall clock, as people write it: 3:05 pm."""
    local = at.astimezone(party.patient.zone)
    return f"{local.hour % 12 or 12}:{local.minute:02} {'am' if local.hour < 12 else 'pm'}"


def say(
    tx: Tx,
    voice: Voice,
    words: str,
    *,
    dedupe_key: str,
    kind: Kind,
    expires_at: datetime | None = None,
    key: str = "",
    staff_id: StaffId | None = None,
) -> None:
    """Writes one text into thread and outbox.

    No two automatic texts to one patient have the same words (CONTRACT.md, "Times"): words that
    were said before are said again with the time in front, except the answers to keywords.
    """
    words = fold_for_sms(words)
    phone = voice.party.phone
    if key not in KEYWORD_ANSWERS and staff_id is None and was_said(tx, phone.id, words):
        fill = voice.parameters() | {"words": words}
        words = fold_for_sms(voice.messages.say("said_before", fill))
    text_id = keep_outbound(
        tx,
        phone_id=phone.id,
        conversation_id=voice.conversation_id,
        kind=kind.value,
        words=words,
        now=voice.now + voice.place * ONE_AFTER_THE_OTHER,
        staff_id=staff_id,
    )
    draft = Draft(
        dedupe_key=dedupe_key,
        kind=kind,
        channel=Channel.TEXT,
        to=phone.number,
        body=words,
        expires_at=expires_at or voice.now + REPLY_LIVES,
        phone_id=phone.id,
        text_id=text_id,
        place=voice.place,
    )
    keep_outgoing(tx, draft, voice.now)


def in_language(party: Party, language: LanguageCode) -> Party:
    """The same party, spoken to in another language."""
    return Party(party.patient, party.phone, party.texter, party.procedure, language)
