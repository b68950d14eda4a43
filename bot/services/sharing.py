"""One phone, several people: asks whom a text is about, pages for everybody, keeps the others' threads right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.flows.conversation import Conversation, State
from bot.flows.cues import SPEAKS, Cue, cue_of
from bot.flows.effects import Due, MakeWorkItem
from bot.runtime import Runtime
from bot.services import alerts, desk
from bot.services.hearing import hear
from bot.services.party import Party, answer_language, facts_about, get_party
from bot.services.speaking import Voice, in_language, say
from bot.services.stepping import Happening, take_step
from bot.services.whose import held_text, names_at, others_at
from bot.storage.conversations import list_conversations_of, lock_conversation
from bot.storage.database import Tx
from bot.storage.outbox import Kind
from bot.storage.patients import get_patient, set_language
from bot.storage.texts import Text, mark_answered, move_text
from bot.vocabulary import Finding, LanguageCode, Level

ENOUGH_TO_FOLLOW = 4  # words: whoever writes so many in another language is answered in it from then on


@dataclass(frozen=True, slots=True)
class Inbound:
    """A text as it was heard, from whom, and everybody's conversations on that phone."""

    text: Text
    finding: Finding
    party: Party
    conversations: list[Conversation]
    now: datetime

    def happening(self, cue: Cue, names: tuple[str, ...] = ()) -> Happening:
        """The cue with what this text brought."""
        cause = f"reply:{self.text.id}" if not names else f"whose:{self.text.id}"
        return Happening(cue, cause, self.now, text_id=self.text.id, finding=self.finding, names=names)


def speak_as_written(tx: Tx, rt: Runtime, party: Party, finding: Finding, words: str) -> Party:
    """The party in the language of the answer; a wish, or a plain text in the other language, holds from then on."""
    wished = next((LanguageCode(SPEAKS[s]) for s in sorted(finding.signals) if s in SPEAKS), None)
    language = wished or answer_language(rt, party, finding, words)
    if language not in rt.content.messages:
        return party
    if language != party.patient.language and (wished or len(words.split()) >= ENOUGH_TO_FOLLOW):
        set_language(tx, party.patient.id, language)
    return in_language(party, language)


def ask_whose(tx: Tx, rt: Runtime, inbound: Inbound, conversation: Conversation) -> None:
    """Asks by first name and initial; a death among them goes to a person whatever the answer is."""
    if cue_of(inbound.finding, conversation) is Cue.PATIENT_DIED:
        item = MakeWorkItem("patient_died", Due.IN_AN_HOUR)
        desk.make_item(tx, rt, item, inbound.party, inbound.text.id, f"died:{inbound.text.id}", inbound.now)
    names = tuple(names_at(tx, _alive(tx, inbound.conversations)))
    take_step(tx, rt, conversation, inbound.happening(Cue.WHICH_PATIENT, names), inbound.party)


def page_for_everybody(tx: Tx, rt: Runtime, inbound: Inbound, conversation: Conversation) -> None:
    """A red flag that nothing binds to one patient pages for all of them at once, and asks after."""
    flags = tuple(f for f in inbound.finding.flags if rt.rules.levels[f].pages)
    level = inbound.finding.level
    for other in others_at(_alive(tx, inbound.conversations), conversation):
        cause = alerts.Cause(get_party(tx, other.patient_id, inbound.text.phone_id, inbound.now), None, inbound.text.id)
        alerts.raise_alert(tx, rt, cause, level=level, flags=flags, reason="shared_phone", now=inbound.now)
    if conversation.state is State.IDLE:
        ask_whose(tx, rt, inbound, conversation)


def bind_by_name(tx: Tx, rt: Runtime, inbound: Inbound, conversation: Conversation, choosing: Conversation) -> None:
    """The name that was asked for: the text that it belongs to is read for that patient, or joins their alert."""
    asked = lock_conversation(tx, choosing.id, rt.content.questions())
    held = held_text(tx, inbound.text, asked)
    asked = take_step(tx, rt, asked, replace(inbound.happening(Cue.CHOSEN), cause=f"chosen:{inbound.text.id}"))
    conversation = asked if conversation.id == asked.id else conversation
    finding = inbound.finding
    if held is not None and not finding.level.pages:
        move_text(tx, held.id, conversation.id)
        finding = hear(tx, rt, held, conversation, facts_about(tx, inbound.party, inbound.now))
        if finding.level.pages:
            _note_whose(tx, rt, inbound, finding, conversation)
            return
    inbound = replace(inbound, finding=finding)
    cue = cue_of(finding, conversation)
    take_step(tx, rt, conversation, inbound.happening(cue), inbound.party)
    mark_answered(tx, inbound.text.id, conversation.id, inbound.now)


def _note_whose(tx: Tx, rt: Runtime, inbound: Inbound, finding: Finding, conversation: Conversation) -> None:
    """Everybody's alert is open already and stays so until a person closes it; the right one gets the name."""
    flags = tuple(f for f in finding.flags if rt.rules.levels[f].pages)
    cause = alerts.Cause(inbound.party, None, inbound.text.id)
    alerts.raise_alert(tx, rt, cause, level=finding.level, flags=flags, reason="red_flag", now=inbound.now)
    voice = Voice(rt.content, inbound.party, conversation.id, inbound.now)
    say(tx, voice, voice.message("whose_noted"), dedupe_key=f"whose:{inbound.text.id}", kind=Kind.REPLY)


def would_ask_twice(inbound: Inbound, conversation: Conversation, cue: Cue) -> bool:
    """A text that names one patient and is unclear, while a question to another stands open on the same phone."""
    others = others_at(inbound.conversations, conversation)
    return cue is Cue.UNCLEAR and any(c.state in (State.ASKING, State.CLARIFYING, State.CHOOSING) for c in others)


def give_away(tx: Tx, rt: Runtime, inbound: Inbound, conversation: Conversation) -> None:
    """There is one open question a phone at most: a person reads the unclear text instead."""
    key = f"reply:{inbound.text.id}"
    if inbound.finding.flag_word:
        flags = tuple(f for f in inbound.finding.flags if rt.rules.levels[f].pages)
        cause = alerts.Cause(inbound.party, None, inbound.text.id)
        alerts.raise_alert(tx, rt, cause, level=Level.URGENT, flags=flags, reason="unclear", now=inbound.now)
    item = MakeWorkItem("unclear_text", Due.NOW, page_after_hours=True)
    desk.make_item(tx, rt, item, inbound.party, inbound.text.id, key, inbound.now)
    voice = Voice(rt.content, inbound.party, conversation.id, inbound.now)
    say(tx, voice, voice.message("clarify_timeout"), dedupe_key=key, kind=Kind.REPLY)


PHONE_WIDE = {
    Cue.OPT_OUT: Cue.PHONE_STOPPED,
    Cue.STOP_WITH_RED_FLAG: Cue.PHONE_STOPPED,
    Cue.WRONG_NUMBER: Cue.PHONE_STOPPED,
    Cue.OPT_IN: Cue.PHONE_STARTED,
}


def tell_the_rest(tx: Tx, rt: Runtime, inbound: Inbound, conversation: Conversation, cue: Cue) -> None:
    """STOP and START hold for everybody on the phone; a death ends all of that patient's threads."""
    if cue in PHONE_WIDE:
        rest = others_at(inbound.conversations, conversation)
        move_along(tx, rt, rest, PHONE_WIDE[cue], inbound.text, inbound.now)
    elif cue is Cue.PATIENT_DIED:
        own = list_conversations_of(tx, conversation.patient_id, rt.content.questions())
        move_along(tx, rt, others_at(own, conversation), Cue.PHONE_STOPPED, inbound.text, inbound.now)


def move_along(tx: Tx, rt: Runtime, conversations: list[Conversation], cue: Cue, text: Text, now: datetime) -> None:
    """The same step in each of them."""
    for other in conversations:
        locked = lock_conversation(tx, other.id, rt.content.questions())
        take_step(tx, rt, locked, Happening(cue, f"{cue}:{text.id}:{other.id}", now))


def _alive(tx: Tx, conversations: list[Conversation]) -> list[Conversation]:
    return [c for c in conversations if get_patient(tx, c.patient_id).died_at is None]
