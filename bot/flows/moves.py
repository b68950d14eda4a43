"""One function for each move of the table: a conversation and what was read become the next one and its effects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.flows.conversation import Conversation, State
from bot.flows.cues import newly_answered
from bot.flows.effects import (
    Ask,
    BeginCheckIn,
    Due,
    Effect,
    EndCheckIn,
    MakeWorkItem,
    MarkDied,
    Notify,
    PlanDiary,
    RaiseAlert,
    Say,
    SkipCheckIn,
    StartTexts,
    StopTexts,
    TakeScores,
)
from bot.flows.for_staff import items_of
from bot.flows.moment import Moment
from bot.flows.replies import DISTRESS, reply_key, told_for
from bot.flows.table import Move
from bot.vocabulary import CheckInState, Clarify, Intent, Level

ASK_AGAIN_AFTER = timedelta(hours=4)  # triage.md rule 22: `not_now` is asked again in 4 h


Outcome = tuple[Conversation, tuple[Effect, ...]]


def _take(c: Conversation, m: Moment) -> Outcome:
    """Ticks off what was answered; once nothing but the optional questions is left, the check-in counts as answered."""
    after = replace(c, answered=c.answered | newly_answered(m.read, c))
    goes_on = after.is_complete and not c.is_complete and bool(after.open_questions)
    return after, (TakeScores(), *((EndCheckIn(CheckInState.ANSWERED),) if goes_on else ()))


def _begin(c: Conversation, m: Moment) -> Outcome:
    known = frozenset() if m.due is None else m.due.known
    return replace(c, check_in=m.due, question=None, answered=known, remind_at=None), (BeginCheckIn(),)


def _ask(c: Conversation, m: Moment, lead: str | None, *, again: bool = False) -> Outcome:
    question = c.open_questions[0]
    remind_at = None if c.is_complete else m.next_reminder_at  # what may stay unanswered is not asked for again
    return replace(c, question=question, remind_at=remind_at), (Ask(question, lead, again),)


def _ask_first(c: Conversation, m: Moment) -> Outcome:
    return _ask(c, m, None)


def _ask_next(c: Conversation, m: Moment) -> Outcome:
    return _ask(c, m, reply_key(c, m, otherwise="thanks_short"))


def _ask_again(c: Conversation, m: Moment) -> Outcome:
    key = reply_key(c, m, otherwise="thanks_short")
    if not c.open_questions or DISTRESS in m.read.flags:
        return replace(c, remind_at=m.next_reminder_at), (Say(key),)
    return _ask(c, m, key, again=True)


def _remind(c: Conversation, m: Moment) -> Outcome:
    if not c.open_questions or c.is_complete:
        return _no_reminder(c, m)
    return _ask(c, m, m.reminder or "ask_again_later")


def _no_reminder(c: Conversation, m: Moment) -> Outcome:
    return replace(c, remind_at=None), ()


def _notify(c: Conversation, m: Moment) -> Outcome:
    return c, (Notify(m.notices),)


def _start_diary(c: Conversation, m: Moment) -> Outcome:
    return c, (PlanDiary(),)


def _ask_who(c: Conversation, m: Moment) -> Outcome:
    """Beside a page nothing runs out: the page is with a person already, for every patient on the phone."""
    minutes = m.rules.flag_word_minutes if m.read.flag_word else m.rules.other_minutes
    due_at = None if m.read.level.pages else m.now + timedelta(minutes=minutes)
    return replace(c, clarify_due_at=due_at, clarify_flag_word=m.read.flag_word), (Say("which_patient"),)


def _clarify_again(c: Conversation, m: Moment) -> Outcome:
    return c, (Say(f"clarify_{c.clarify or Clarify.GENERAL}"),)


def _reply(c: Conversation, m: Moment) -> Outcome:
    return c, (Say(reply_key(c, m, otherwise="normal_heard")),)


def _thank(c: Conversation, m: Moment) -> Outcome:
    return c, (Say("normal_thanks"),)


def _closing(c: Conversation, m: Moment) -> Outcome:
    key = "normal_thanks" if c.check_in is None else f"closing_{c.check_in.name}"
    lead = reply_key(c, m, otherwise="")
    return c, (Say(key, lead=lead if lead.startswith(("routine", "question", "faq", "number")) else None),)


def _answered(c: Conversation, m: Moment) -> Outcome:
    return _end(c, CheckInState.ANSWERED)


def _partly(c: Conversation, m: Moment) -> Outcome:
    if c.check_in is None:
        return replace(c, question=None, remind_at=None), ()
    if c.is_complete:
        return _end(c, CheckInState.ANSWERED)
    return _end(c, CheckInState.PARTLY_ANSWERED if c.has_answer or m.read.level.pages else CheckInState.MISSED)


def _end(c: Conversation, state: CheckInState) -> Outcome:
    ended = () if c.check_in is None else (EndCheckIn(state),)
    return replace(c, check_in=None, question=None, answered=frozenset(), remind_at=None), ended


def _skip(c: Conversation, m: Moment) -> Outcome:
    return c, (SkipCheckIn(),)


def _raise(c: Conversation, m: Moment) -> Outcome:
    flags = tuple(f for f in m.read.flags if m.rules.levels[f].pages)
    return c, (RaiseAlert(m.read.level, flags, "red_flag"),)


def _tell(c: Conversation, m: Moment) -> Outcome:
    return c, tuple(Say(key) for key in told_for(m.read, m.rules))


def _tell_which(c: Conversation, m: Moment) -> Outcome:
    key = "emergency_cauda" if m.read.level is Level.EMERGENCY else "urgent_which_one"
    return replace(c, clarify=Clarify.WHICH_ONE, clarify_due_at=None, clarify_flag_word=False), (Say(key),)


def _clarify(c: Conversation, m: Moment) -> Outcome:
    topic = m.read.clarify or Clarify.GENERAL
    minutes = m.rules.flag_word_minutes if m.read.flag_word else m.rules.other_minutes
    waiting = replace(
        c,
        clarify=topic,
        clarify_due_at=m.now + timedelta(minutes=minutes),
        clarify_flag_word=m.read.flag_word,
        remind_at=None,
    )
    effects: tuple[Effect, ...] = (Say(f"clarify_{topic}"),)
    if topic is Clarify.LANGUAGE:  # triage.md rule 16: a person within the hour
        effects += (MakeWorkItem("unknown_language", Due.IN_AN_HOUR, page_after_hours=True),)
    return waiting, effects


def _unclarify(c: Conversation, m: Moment) -> Outcome:
    return replace(c, clarify=None, clarify_due_at=None, clarify_flag_word=False), ()


def _hand_over(c: Conversation, m: Moment) -> Outcome:
    """An unclear text that nobody cleared: a page where a flag word stood in it, else a work item."""
    if c.state in (State.CLARIFYING, State.CHOOSING) and c.clarify_due_at is None and m.finding is None:
        return c, ()  # "which one?" beside a page: the page itself is already with a person
    if c.clarify_flag_word or m.read.flag_word:
        flags = tuple(f for f in m.read.flags if m.rules.levels[f].pages)
        return c, (RaiseAlert(Level.URGENT, flags, "unclear"),)
    kind = "whose_text" if c.state is State.CHOOSING else "unclear_text"
    return c, (MakeWorkItem(kind, Due.NOW, page_after_hours=True),)


def _hand_over_standing(c: Conversation, m: Moment) -> Outcome:
    """The same where a clarifying question was open when staff took the thread."""
    return (c, ()) if c.clarify is None else _hand_over(c, m)


def _tell_person(c: Conversation, m: Moment) -> Outcome:
    return c, (Say("clarify_timeout"),)


def _phone(c: Conversation, m: Moment) -> Outcome:
    return c, (MakeWorkItem("phone_opted_out", Due.NOW),)


def _stop(c: Conversation, m: Moment) -> Outcome:
    return c, (StopTexts("keyword" if m.read.keyword is Intent.OPT_OUT else "words"),)


def _say_stopped(c: Conversation, m: Moment) -> Outcome:
    return c, (Say("stopped", last_word=True),)


def _say_stopped_red_flag(c: Conversation, m: Moment) -> Outcome:
    return c, (Say("stopped_red_flag", last_word=True), MakeWorkItem("phone_opted_out", Due.NOW))


def _start(c: Conversation, m: Moment) -> Outcome:
    return c, (StartTexts(),)


def _say_started(c: Conversation, m: Moment) -> Outcome:
    return c, (Say("started"),)


def _say_help(c: Conversation, m: Moment) -> Outcome:
    return c, (Say("help", last_word=True),)


def _wrong(c: Conversation, m: Moment) -> Outcome:
    item = MakeWorkItem("wrong_number", Due.NOON_NEXT_BUSINESS_DAY)
    return c, (Say("wrong_number", last_word=True), item)


def _died(c: Conversation, m: Moment) -> Outcome:
    item = MakeWorkItem("patient_died", Due.IN_AN_HOUR)
    return c, (Say("patient_died", last_word=True), item, MarkDied())


def _later(c: Conversation, m: Moment) -> Outcome:
    return replace(c, remind_at=m.now + ASK_AGAIN_AFTER), (Say("not_now"),)


def _not_reached(c: Conversation, m: Moment) -> Outcome:
    if c.has_answer or c.check_in is None or c.check_in.name not in m.rules.call_if_silent:
        return c, ()
    return c, (MakeWorkItem("not_reached", Due.NOON_NEXT_BUSINESS_DAY),)


def go_back(c: Conversation, m: Moment) -> Outcome:
    """To the check-in once an interruption is over: the same question, or where the interruption answered
    it the next one, asked after a pause; with nothing left to ask the check-in ends."""
    if c.question is None or not c.open_questions:
        idle, ended = (c, ()) if c.question is None else _end(c, CheckInState.ANSWERED)
        return replace(idle, state=State.IDLE), ended
    if c.question in c.open_questions:
        return replace(c, state=State.ASKING, remind_at=c.remind_at or m.next_reminder_at), ()
    return replace(c, state=State.ASKING, question=c.open_questions[0], remind_at=m.now + ASK_AGAIN_AFTER), ()


MOVES: dict[Move, Callable[[Conversation, Moment], Outcome]] = {
    Move.TAKE: _take,
    Move.BEGIN: _begin,
    Move.ASK_FIRST: _ask_first,
    Move.ASK_NEXT: _ask_next,
    Move.ASK_AGAIN: _ask_again,
    Move.REMIND: _remind,
    Move.REPLY: _reply,
    Move.THANK: _thank,
    Move.CLOSING: _closing,
    Move.ANSWERED: _answered,
    Move.PARTLY: _partly,
    Move.SKIP: _skip,
    Move.RAISE: _raise,
    Move.TELL: _tell,
    Move.TELL_WHICH: _tell_which,
    Move.CLARIFY: _clarify,
    Move.UNCLARIFY: _unclarify,
    Move.HAND_OVER: _hand_over,
    Move.TELL_PERSON: _tell_person,
    Move.HAND_OVER_STANDING: _hand_over_standing,
    Move.FOR_STAFF: lambda c, m: (c, items_of(c, m)),
    Move.PHONE: _phone,
    Move.STOP: _stop,
    Move.SAY_STOPPED: _say_stopped,
    Move.SAY_STOPPED_RED_FLAG: _say_stopped_red_flag,
    Move.START: _start,
    Move.SAY_STARTED: _say_started,
    Move.SAY_HELP: _say_help,
    Move.WRONG: _wrong,
    Move.DIED: _died,
    Move.LATER: _later,
    Move.NOT_REACHED: _not_reached,
    Move.NOTIFY: _notify,
    Move.START_DIARY: _start_diary,
    Move.ASK_WHO: _ask_who,
    Move.CLARIFY_AGAIN: _clarify_again,
    Move.NO_REMINDER: _no_reminder,
}
