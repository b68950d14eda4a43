"""What a person should know of a text that does not page: work items, and by when they are due."""

from __future__ import annotations

from bot.content.protocols import Question
from bot.flows.conversation import Conversation, State
from bot.flows.cues import newly_answered
from bot.flows.effects import Due, MakeWorkItem
from bot.flows.moment import Moment
from bot.vocabulary import Answer, Intent, Level


def items_of(c: Conversation, m: Moment) -> tuple[MakeWorkItem, ...]:
    """A work item for every routine flag, for a question, and for whatever a stopped or taken thread brings."""
    kinds = _kinds(c, m)
    if kinds or c.state not in (State.STOPPED, State.WITH_STAFF):
        return tuple(MakeWorkItem(kind, Due.NOON_NEXT_BUSINESS_DAY) for kind in dict.fromkeys(kinds))
    if c.state is State.STOPPED and m.read.answer is Answer.YES:  # perhaps to a question that was on its way
        return (MakeWorkItem("new_text", Due.NOW, page_after_hours=True),)
    return (MakeWorkItem("new_text", Due.NOON_NEXT_BUSINESS_DAY),)


def _kinds(c: Conversation, m: Moment) -> list[str]:
    kinds = [str(f) for f in m.read.flags if m.rules.levels[f] is Level.ROUTINE]
    answered = m.read.faq is not None and not m.rules.faq_to_staff.get(m.read.faq, False)
    if Intent.QUESTION in m.read.intents and not kinds and not answered:
        kinds.append("question")
    if "new_number" in m.read.signals:
        kinds.append("new_number")
    if Question.OLD_SIGNS in newly_answered(m.read, c) | c.answered and c.question is Question.OLD_SIGNS:
        kinds += ["old_signs"] if m.read.answer is not Answer.NO else []
    if Intent.PATIENT_DIED in m.read.intents:
        kinds.append("patient_died")
    return kinds
