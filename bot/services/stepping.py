"""One step of one conversation: what happened, by the table, written with everything that it causes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.flows.advance import advance
from bot.flows.conversation import Conversation, OpenCheckIn
from bot.flows.cues import Cue
from bot.planning.reminders import next_reminder, reminder_number, reminder_times
from bot.runtime import Runtime
from bot.services.effects import Scene, perform_all
from bot.services.party import Party, get_party
from bot.services.speaking import Voice
from bot.storage.check_ins import get_check_in
from bot.storage.conversations import change_conversation
from bot.storage.database import Tx
from bot.vocabulary import Finding, Level, TextId


@dataclass(frozen=True, slots=True)
class Happening:
    """A cue and what it came with. `cause` is what the rows it causes are keyed by: the same cause, the same rows.

    `notices` are what a due notice says; `reminds_at` is when the reminder that is passed on was due; `names` are those
    whom a text from a shared phone may be about.
    """

    cue: Cue
    cause: str
    now: datetime
    text_id: TextId | None = None
    finding: Finding | None = None
    due: OpenCheckIn | None = None
    closes_at: datetime | None = None
    notices: tuple[str, ...] = ()
    reminds_at: datetime | None = None
    names: tuple[str, ...] = ()


def take_step(
    tx: Tx, rt: Runtime, conversation: Conversation, what: Happening, party: Party | None = None
) -> Conversation:
    """Advances a locked conversation and performs the effects in the same transaction; how it stands then."""
    party = party or get_party(tx, conversation.patient_id, conversation.phone_id, what.now)
    times = _reminder_times(tx, rt, conversation, what, party)
    number = None if what.reminds_at is None else reminder_number(times, what.reminds_at)
    step = advance(
        conversation,
        what.cue,
        rules=rt.rules,
        now=what.now,
        finding=what.finding,
        due=what.due,
        notices=what.notices,
        reminder=None if number is None else f"reminder_{number}",
        next_reminder_at=next_reminder(times, what.now),
    )
    change_conversation(tx, step.conversation, asked=step.asks, now=what.now)
    scene = Scene(
        tx=tx,
        rt=rt,
        voice=Voice(rt.content, party, conversation.id, what.now, _level(what), what.names),
        before=conversation,
        after=step.conversation,
        cause=what.cause,
        text_id=what.text_id,
        finding=what.finding,
        due=None if what.due is None else what.due.id,
        closes_at=what.closes_at,
    )
    perform_all(step.effects, scene)
    return step.conversation


def _level(what: Happening) -> Level:
    return Level.URGENT if what.finding is None else what.finding.level


def _reminder_times(
    tx: Tx, rt: Runtime, conversation: Conversation, what: Happening, party: Party
) -> tuple[datetime | None, ...]:
    """When the open, or the now opening, check-in reminds; nothing where none is open."""
    open_one = what.due or conversation.check_in
    if open_one is None:
        return ()
    kept = get_check_in(tx, open_one.id)
    rules = rt.content.protocols[kept.protocol].rules_of(kept.name)
    sent_at = what.now if what.due is not None else kept.sent_at
    if rules is None or sent_at is None:
        return ()
    texting = rt.content.clinic.texting
    return reminder_times(sent_at, party.patient.zone, rules.reminders, texting.opens, texting.closes)
