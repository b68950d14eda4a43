"""One step of one conversation: what happened, by the table, written with everything that it causes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.flows.advance import advance
from bot.flows.conversation import Conversation, OpenCheckIn
from bot.flows.cues import Cue
from bot.runtime import Runtime
from bot.services.effects import Scene, perform_all
from bot.services.party import Party, get_party
from bot.services.speaking import Voice
from bot.storage.conversations import change_conversation
from bot.storage.database import Tx
from bot.vocabulary import Finding, Level, TextId


@dataclass(frozen=True, slots=True)
class Happening:
    """A cue and what it came with. `cause` is what the rows it causes are keyed by: the same cause, the same rows."""

    cue: Cue
    cause: str
    now: datetime
    text_id: TextId | None = None
    finding: Finding | None = None
    due: OpenCheckIn | None = None
    closes_at: datetime | None = None


def take_step(tx: Tx, rt: Runtime, conversation: Conversation, what: Happening, party: Party | None = None) -> None:
    """Advances a locked conversation and performs the effects in the same transaction."""
    step = advance(conversation, what.cue, rules=rt.rules, now=what.now, finding=what.finding, due=what.due)
    change_conversation(tx, step.conversation, asked=step.asks, now=what.now)
    party = party or get_party(tx, conversation.patient_id, conversation.phone_id, what.now)
    level = Level.URGENT if what.finding is None else what.finding.level
    scene = Scene(
        tx=tx,
        rt=rt,
        voice=Voice(rt.content, party, conversation.id, what.now, level),
        before=conversation,
        after=step.conversation,
        cause=what.cause,
        text_id=what.text_id,
        finding=what.finding,
        due=None if what.due is None else what.due.id,
        closes_at=what.closes_at,
    )
    perform_all(step.effects, scene)
