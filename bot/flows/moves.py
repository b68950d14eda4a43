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
    RaiseAlert,
    Say,
    SkipCheckIn,
    StartTexts,
    StopTexts,
    TakeScores,
)
from bot.flows.moment import Moment, Rules
from bot.flows.table import Move
from bot.vocabulary import CheckInState, Clarify, Finding, Intent, Level

ASK_AGAIN_AFTER = timedelta(hours=4)  # triage.md rule 22: `not_now` is asked again in 4 h
UNREACHED_DAYS = ("day_1", "day_5")  # facts.md section 4: silence then is a call for staff


Outcome = tuple[Conversation, tuple[Effect, ...]]


def _take(c: Conversation, m: Moment) -> Outcome:
    answered = c.answered | newly_answered(m.read, c)
    return replace(c, answered=answered), (TakeScores(),)


def _begin(c: Conversation, m: Moment) -> Outcome:
    return replace(c, check_in=m.due, question=None, answered=frozenset(), remind_at=None), (BeginCheckIn(),)


def _ask(c: Conversation, lead: str | None, *, again: bool = False) -> Outcome:
    question = c.open_questions[0]
    return replace(c, question=question, remind_at=None), (Ask(question, lead, again),)


def _ask_first(c: Conversation, m: Moment) -> Outcome:
    return _ask(c, None)


def _ask_next(c: Conversation, m: Moment) -> Outcome:
    return _ask(c, _reply_key(c, m, otherwise="thanks_short"))


def _ask_again(c: Conversation, m: Moment) -> Outcome:
    key = _reply_key(c, m, otherwise="thanks_short")
    if not c.open_questions:
        return c, (Say(key),)
    return _ask(c, key, again=True)


def _remind(c: Conversation, m: Moment) -> Outcome:
    return _ask(c, "ask_again_later", again=True) if c.open_questions else (c, ())


def _reply(c: Conversation, m: Moment) -> Outcome:
    return c, (Say(_reply_key(c, m, otherwise="normal_heard")),)


def _reply_key(c: Conversation, m: Moment, *, otherwise: str) -> str:
    """The message for the weightiest flag that is not a red one; a bare question goes to staff."""
    rules = m.rules
    for level in (Level.ROUTINE, Level.NORMAL):
        for flag in m.read.flags:
            if rules.levels.get(flag) is level and _fits(rules.told[flag], c):
                return rules.told[flag]
    if Intent.QUESTION in m.read.intents:
        return "question_for_staff"
    return otherwise


def _fits(message: str, c: Conversation) -> bool:
    """A closing word ("text us any time") does not stand before the next question."""
    return c.question is None or message not in ("normal_clear", "normal_thanks")


def _thank(c: Conversation, m: Moment) -> Outcome:
    return c, (Say("normal_thanks"),)


def _closing(c: Conversation, m: Moment) -> Outcome:
    key = "normal_thanks" if c.check_in is None else f"closing_{c.check_in.name}"
    lead = _reply_key(c, m, otherwise="")
    return c, (Say(key, lead=lead if lead.startswith(("routine", "question")) else None),)


def _answered(c: Conversation, m: Moment) -> Outcome:
    return _end(c, CheckInState.ANSWERED)


def _partly(c: Conversation, m: Moment) -> Outcome:
    if c.check_in is None:
        return replace(c, question=None, remind_at=None), ()
    return _end(c, CheckInState.PARTLY_ANSWERED if c.answered or m.read.level.pages else CheckInState.MISSED)


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


def told_for(finding: Finding, rules: Rules) -> tuple[str, ...]:
    """The messages that a red flag's patient is sent: at most two, the gravest first."""
    keys = [rules.told[f] for f in finding.flags if rules.levels[f] is finding.level]
    distinct = tuple(dict.fromkeys(keys))
    if finding.level is Level.EMERGENCY:
        return distinct[:2] or ("emergency_cauda",)
    if distinct == ("urgent_safety",) or len(distinct) == 1:
        return distinct
    return ("urgent_safety",) if "urgent_safety" in distinct else ("urgent_general",)


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
    if c.state is State.CLARIFYING and c.clarify_due_at is None and m.finding is None:
        return c, ()  # "which one?" beside a page: the page itself is already with a person
    if c.clarify_flag_word or m.read.flag_word:
        flags = tuple(f for f in m.read.flags if m.rules.levels[f].pages)
        return c, (RaiseAlert(Level.URGENT, flags, "unclear"),)
    return c, (MakeWorkItem("unclear_text", Due.NOW, page_after_hours=True),)


def _tell_person(c: Conversation, m: Moment) -> Outcome:
    return c, (Say("clarify_timeout"),)


def _for_staff(c: Conversation, m: Moment) -> Outcome:
    """A work item for every routine flag, for a question, and for whatever a stopped or taken thread brings."""
    kinds = [str(f) for f in m.read.flags if m.rules.levels[f] is Level.ROUTINE]
    if Intent.QUESTION in m.read.intents and not kinds:
        kinds.append("question")
    if Intent.PATIENT_DIED in m.read.intents:
        kinds.append("patient_died")
    if not kinds and c.state in (State.STOPPED, State.WITH_STAFF):
        kinds.append("new_text")
    return c, tuple(MakeWorkItem(kind, Due.NOON_NEXT_BUSINESS_DAY) for kind in dict.fromkeys(kinds))


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
    if c.answered or c.check_in is None or c.check_in.name not in UNREACHED_DAYS:
        return c, ()
    return c, (MakeWorkItem("not_reached", Due.NOON_NEXT_BUSINESS_DAY),)


def go_back(c: Conversation, m: Moment) -> Outcome:
    """To the check-in once an interruption is over: the same question, or where the interruption answered
    it the next one, asked after a pause; with nothing left to ask the check-in ends."""
    if c.question is None or not c.open_questions:
        idle, ended = (c, ()) if c.question is None else _end(c, CheckInState.ANSWERED)
        return replace(idle, state=State.IDLE), ended
    if c.question in c.open_questions:
        return replace(c, state=State.ASKING), ()
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
    Move.FOR_STAFF: _for_staff,
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
}
