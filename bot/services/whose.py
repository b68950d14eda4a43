"""Whom a text is about where several patients share one phone: by a name in it, by the open question, or by asking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.flows.conversation import Conversation, State
from bot.flows.cues import Cue
from bot.storage.conversations import find_asked
from bot.storage.database import Tx
from bot.storage.patients import Patient, get_patient
from bot.storage.texts import Text, find_last_inbound
from bot.triage.phrases import PhraseBook, names_somebody, words_of

HELD_FOR = timedelta(hours=12)  # a text older than that is not what a name answers
# These are about the phone or about nobody: it does not matter whose conversation they are read in.
ABOUT_NOBODY = frozenset(
    {
        Cue.COURTESY, Cue.NOT_NOW, Cue.HELP, Cue.LANGUAGE, Cue.AUTO_REPLY, Cue.WRONG_NUMBER,
        Cue.OPT_OUT, Cue.OPT_IN, Cue.STOP_WITH_RED_FLAG, Cue.RED_FLAG, Cue.RED_FLAG_WHICH,
    }
)  # by rows, not an item a line  # fmt: skip


@dataclass(frozen=True, slots=True)
class Whose:
    """The conversation in which a text is read.

    `bound`: a name or an open question says so; else it is the first that comes, and the writer may have to be asked.
    `choosing`: the conversation that has asked whom a text is about, where this text names somebody.
    """

    conversation: Conversation
    bound: bool
    choosing: Conversation | None = None


def whose_is(tx: Tx, text: Text, conversations: list[Conversation], book: PhraseBook) -> Whose:
    """:param conversations: everybody's on this phone, the one with an open question first."""
    alive = [c for c in conversations if get_patient(tx, c.patient_id).died_at is None] or conversations
    if len(alive) == 1:
        return Whose(alive[0], bound=True)
    choosing = next((c for c in conversations if c.state is State.CHOOSING), None)
    named = _named(tx, text, alive, book)
    if named is not None:
        return Whose(named, bound=True, choosing=choosing)
    asking = next((c for c in alive if c.state in (State.ASKING, State.CLARIFYING, State.CHOOSING)), None)
    if asking is not None:
        return Whose(asking, bound=True)
    return Whose(alive[0], bound=False)


def _named(tx: Tx, text: Text, alive: list[Conversation], book: PhraseBook) -> Conversation | None:
    """The one patient whose first name stands in the text; two of one name are told apart by what follows it."""
    words = words_of(text.words)
    people = {c.id: get_patient(tx, c.patient_id) for c in alive}
    found = [c for c in alive if names_somebody(text.words, people[c.id].first_name, book)]
    if len(found) > 1:
        found = [c for c in found if _last(people[c.id]) in words or _last(people[c.id])[:1] in words]
    return found[0] if len(found) == 1 else None


def _last(patient: Patient) -> str:
    return "".join(words_of(patient.name)[-1:])


def names_at(tx: Tx, conversations: list[Conversation]) -> list[str]:
    """The candidates by first name and initial."""
    people = [get_patient(tx, c.patient_id) for c in conversations]
    return sorted(f"{p.first_name} {_last(p)[:1].upper()}." if " " in p.name else p.name for p in people)


def held_text(tx: Tx, text: Text, choosing: Conversation) -> Text | None:
    """The text that made us ask whom it is about, to which this one is the answer."""
    _, asked_at = find_asked(tx, choosing.id)
    held = None if asked_at is None else find_last_inbound(tx, text.phone_id, asked_at)
    return None if held is None or held.id == text.id or text.at - held.at > HELD_FOR else held


def others_at(conversations: list[Conversation], conversation: Conversation) -> list[Conversation]:
    """Everybody else's on this phone."""
    return [c for c in conversations if c.id != conversation.id]
