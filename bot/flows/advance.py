"""Turns one cue into the next conversation and its effects, by the table and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.flows.conversation import Conversation, OpenCheckIn, State
from bot.flows.cues import Cue
from bot.flows.effects import Ask, Effect, Say
from bot.flows.moment import Moment, Rules
from bot.flows.moves import MOVES, go_back
from bot.flows.table import TABLE
from bot.vocabulary import Finding

ASKING_TEXTS = ("clarify_", "which_patient")


@dataclass(frozen=True, slots=True)
class Step:
    """Where the conversation stands now, and what the shell has to do, in order."""

    conversation: Conversation
    effects: tuple[Effect, ...]

    @property
    def asks(self) -> bool:
        """Whether a question goes out with this step, so that the open one gets a new id."""
        clarifies = any(isinstance(e, Say) and e.message.startswith(ASKING_TEXTS) for e in self.effects)
        return clarifies or any(isinstance(e, Ask) for e in self.effects)


def advance(
    conversation: Conversation,
    cue: Cue,
    *,
    rules: Rules,
    now: datetime,
    finding: Finding | None = None,
    due: OpenCheckIn | None = None,
    notices: tuple[str, ...] = (),
    reminder: str | None = None,
    next_reminder_at: datetime | None = None,
) -> Step:
    """The step that the table gives for this cue.

    :param finding: what triage read, where the cue came from a text.
    :param due: the check-in that fell due, where the cue is CHECK_IN_DUE.
    :param notices: what a notice says, where the cue is NOTICE_DUE.
    :param reminder: the words before a question that is asked again, where the cue is REMIND.
    :param next_reminder_at: when a question asked now is asked again.
    """
    row = TABLE[conversation.state, cue]
    moment = Moment(now, rules, finding, due, notices, reminder, next_reminder_at)
    effects: list[Effect] = []
    for move in row.moves:
        conversation, made = MOVES[move](conversation, moment)
        effects.extend(made)
    match row.next:
        case "stay":
            pass
        case "back":
            conversation, made = go_back(conversation, moment)
            effects.extend(made)
        case State():
            conversation = replace(conversation, state=row.next)
    return Step(conversation, tuple(effects))
