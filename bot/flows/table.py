"""The whole machine: (state, cue) -> (next state, moves). Everything that affects it lives in this file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.flows.conversation import State
from bot.flows.cues import Cue

Next = State | Literal["stay", "back"]
"""`stay`: the same state. `back`: asking if a question of the check-in still stands open, else idle,
and the check-in over."""


class Move(StrEnum):
    """What a row does, in order; flows/moves.py holds one function for each."""

    TAKE = "take"  #: keep scores and tick off answered questions
    BEGIN = "begin"  #: the due check-in becomes the open one
    ASK_FIRST = "ask_first"
    ASK_NEXT = "ask_next"  #: with a lead that answers what was said
    ASK_AGAIN = "ask_again"  #: repeat the open question once, after answering what was said
    REMIND = "remind"
    REPLY = "reply"  #: the words that fit the flags
    THANK = "thank"
    CLOSING = "closing"  #: the last words of a check-in
    ANSWERED = "answered"
    PARTLY = "partly"  #: the open check-in ends with what it has
    SKIP = "skip"
    RAISE = "raise"
    TELL = "tell"  #: what a red flag's patient is told
    TELL_WHICH = "tell_which"
    CLARIFY = "clarify"
    UNCLARIFY = "unclarify"
    HAND_OVER = "hand_over"  #: an unclear text goes to a person
    HAND_OVER_STANDING = "hand_over_standing"  #: what was unclear when staff took the thread
    TELL_PERSON = "tell_person"
    FOR_STAFF = "for_staff"  #: a work item for what a person should know
    PHONE = "phone"  #: staff must phone, since texting is stopped
    STOP = "stop"
    SAY_STOPPED = "say_stopped"
    SAY_STOPPED_RED_FLAG = "say_stopped_red_flag"
    START = "start"
    SAY_STARTED = "say_started"
    SAY_HELP = "say_help"
    WRONG = "wrong"
    DIED = "died"
    LATER = "later"
    NOT_REACHED = "not_reached"
    NOTIFY = "notify"
    START_DIARY = "start_diary"
    ASK_WHO = "ask_who"  #: which of the patients on this phone a text is about
    CLARIFY_AGAIN = "clarify_again"  #: the clarifying question once more, in another language
    NO_REMINDER = "no_reminder"


@dataclass(frozen=True, slots=True)
class Row:
    """Where the conversation goes, and what is done on the way."""

    next: Next
    moves: tuple[Move, ...] = ()


M, S, C = Move, State, Cue

TABLE: dict[tuple[State, Cue], Row] = {
    # a check-in falls due
    (S.IDLE, C.CHECK_IN_DUE): Row(S.ASKING, (M.BEGIN, M.ASK_FIRST)),
    (S.ASKING, C.CHECK_IN_DUE): Row(S.ASKING, (M.PARTLY, M.BEGIN, M.ASK_FIRST)),
    (S.CLARIFYING, C.CHECK_IN_DUE): Row(S.ASKING, (M.HAND_OVER, M.UNCLARIFY, M.PARTLY, M.BEGIN, M.ASK_FIRST)),
    (S.WITH_STAFF, C.CHECK_IN_DUE): Row("stay"),  # it waits while staff are writing
    (S.CHOOSING, C.CHECK_IN_DUE): Row(S.ASKING, (M.HAND_OVER, M.UNCLARIFY, M.BEGIN, M.ASK_FIRST)),
    (S.STOPPED, C.CHECK_IN_DUE): Row("stay", (M.SKIP,)),
    (S.IDLE, C.NOTICE_DUE): Row("stay", (M.NOTIFY,)),
    (S.ASKING, C.NOTICE_DUE): Row("stay", (M.NOTIFY,)),
    (S.CLARIFYING, C.NOTICE_DUE): Row("stay", (M.NOTIFY,)),
    (S.CHOOSING, C.NOTICE_DUE): Row("stay", (M.NOTIFY,)),
    (S.WITH_STAFF, C.NOTICE_DUE): Row("stay"),
    (S.STOPPED, C.NOTICE_DUE): Row("stay", (M.SKIP,)),
    # the patient answers
    (S.IDLE, C.ANSWER): Row("stay", (M.TAKE, M.FOR_STAFF, M.REPLY)),
    (S.ASKING, C.ANSWER): Row(S.ASKING, (M.TAKE, M.FOR_STAFF, M.ASK_NEXT)),
    (S.CLARIFYING, C.ANSWER): Row(S.ASKING, (M.TAKE, M.FOR_STAFF, M.UNCLARIFY, M.ASK_NEXT)),
    (S.WITH_STAFF, C.ANSWER): Row("stay", (M.TAKE, M.FOR_STAFF, M.UNCLARIFY)),
    (S.STOPPED, C.ANSWER): Row("stay", (M.TAKE, M.FOR_STAFF)),
    (S.IDLE, C.LAST_ANSWER): Row("stay", (M.TAKE, M.FOR_STAFF, M.REPLY)),
    (S.ASKING, C.LAST_ANSWER): Row(S.IDLE, (M.TAKE, M.FOR_STAFF, M.CLOSING, M.ANSWERED)),
    (S.CLARIFYING, C.LAST_ANSWER): Row(S.IDLE, (M.TAKE, M.FOR_STAFF, M.UNCLARIFY, M.CLOSING, M.ANSWERED)),
    (S.WITH_STAFF, C.LAST_ANSWER): Row("stay", (M.TAKE, M.FOR_STAFF, M.UNCLARIFY, M.ANSWERED)),
    (S.STOPPED, C.LAST_ANSWER): Row("stay", (M.TAKE, M.FOR_STAFF)),
    (S.CHOOSING, C.ANSWER): Row("back", (M.HAND_OVER, M.UNCLARIFY, M.TELL_PERSON)),
    (S.CHOOSING, C.LAST_ANSWER): Row("back", (M.HAND_OVER, M.UNCLARIFY, M.TELL_PERSON)),
    # the patient says something else that is not dangerous
    (S.IDLE, C.REMARK): Row("stay", (M.TAKE, M.FOR_STAFF, M.REPLY)),
    (S.ASKING, C.REMARK): Row("stay", (M.TAKE, M.FOR_STAFF, M.ASK_AGAIN)),
    (S.CLARIFYING, C.REMARK): Row("back", (M.TAKE, M.FOR_STAFF, M.UNCLARIFY, M.ASK_AGAIN)),
    (S.WITH_STAFF, C.REMARK): Row("stay", (M.TAKE, M.FOR_STAFF)),
    (S.STOPPED, C.REMARK): Row("stay", (M.TAKE, M.FOR_STAFF)),
    (S.IDLE, C.COURTESY): Row("stay", (M.THANK,)),
    (S.ASKING, C.COURTESY): Row("stay", (M.ASK_AGAIN,)),
    (S.CLARIFYING, C.COURTESY): Row("stay", (M.THANK,)),
    (S.WITH_STAFF, C.COURTESY): Row("stay"),
    (S.STOPPED, C.COURTESY): Row("stay"),
    (S.CHOOSING, C.REMARK): Row("back", (M.HAND_OVER, M.UNCLARIFY, M.TELL_PERSON)),
    (S.CHOOSING, C.COURTESY): Row("stay"),
    # a red flag, at any moment
    (S.IDLE, C.RED_FLAG): Row("stay", (M.TAKE, M.RAISE, M.TELL)),
    (S.ASKING, C.RED_FLAG): Row(S.IDLE, (M.TAKE, M.RAISE, M.TELL, M.PARTLY)),
    (S.CLARIFYING, C.RED_FLAG): Row(S.IDLE, (M.TAKE, M.RAISE, M.TELL, M.UNCLARIFY, M.PARTLY)),
    (S.WITH_STAFF, C.RED_FLAG): Row("stay", (M.TAKE, M.RAISE, M.TELL, M.UNCLARIFY, M.PARTLY)),
    (S.STOPPED, C.RED_FLAG): Row("stay", (M.TAKE, M.RAISE, M.PHONE)),
    (S.IDLE, C.RED_FLAG_WHICH): Row(S.CLARIFYING, (M.TAKE, M.RAISE, M.TELL_WHICH)),
    (S.ASKING, C.RED_FLAG_WHICH): Row(S.CLARIFYING, (M.TAKE, M.RAISE, M.PARTLY, M.TELL_WHICH)),
    (S.CLARIFYING, C.RED_FLAG_WHICH): Row(S.CLARIFYING, (M.TAKE, M.RAISE, M.PARTLY, M.TELL_WHICH)),
    (S.WITH_STAFF, C.RED_FLAG_WHICH): Row("stay", (M.TAKE, M.RAISE, M.TELL, M.UNCLARIFY, M.PARTLY)),
    (S.STOPPED, C.RED_FLAG_WHICH): Row("stay", (M.TAKE, M.RAISE, M.PHONE)),
    (S.CHOOSING, C.RED_FLAG): Row("stay", (M.TAKE, M.RAISE, M.TELL)),
    (S.CHOOSING, C.RED_FLAG_WHICH): Row("stay", (M.TAKE, M.RAISE, M.TELL)),
    # the text cannot be sorted with safety
    (S.IDLE, C.UNCLEAR): Row(S.CLARIFYING, (M.TAKE, M.FOR_STAFF, M.CLARIFY)),
    (S.ASKING, C.UNCLEAR): Row(S.CLARIFYING, (M.TAKE, M.FOR_STAFF, M.CLARIFY)),
    (S.CLARIFYING, C.UNCLEAR): Row("back", (M.TAKE, M.FOR_STAFF, M.HAND_OVER, M.UNCLARIFY, M.TELL_PERSON)),
    (S.WITH_STAFF, C.UNCLEAR): Row("stay", (M.TAKE, M.HAND_OVER, M.UNCLARIFY)),
    (S.STOPPED, C.UNCLEAR): Row("stay", (M.TAKE, M.HAND_OVER)),
    (S.CHOOSING, C.UNCLEAR): Row("back", (M.HAND_OVER, M.UNCLARIFY, M.TELL_PERSON)),
    # nobody answers
    (S.CHOOSING, C.SILENCE): Row("back", (M.HAND_OVER, M.UNCLARIFY, M.TELL_PERSON)),
    (S.CHOOSING, C.REMIND): Row("stay", (M.NO_REMINDER,)),
    (S.CHOOSING, C.EXPIRED): Row("stay"),
    (S.IDLE, C.SILENCE): Row("stay"),
    (S.ASKING, C.SILENCE): Row("stay"),
    (S.CLARIFYING, C.SILENCE): Row("back", (M.HAND_OVER, M.UNCLARIFY, M.TELL_PERSON)),
    (S.WITH_STAFF, C.SILENCE): Row("stay", (M.HAND_OVER, M.UNCLARIFY)),
    (S.STOPPED, C.SILENCE): Row("stay", (M.HAND_OVER, M.UNCLARIFY)),
    (S.IDLE, C.REMIND): Row("stay", (M.NO_REMINDER,)),
    (S.ASKING, C.REMIND): Row("stay", (M.REMIND,)),
    (S.CLARIFYING, C.REMIND): Row("stay", (M.NO_REMINDER,)),
    (S.WITH_STAFF, C.REMIND): Row("stay", (M.NO_REMINDER,)),
    (S.STOPPED, C.REMIND): Row("stay", (M.NO_REMINDER,)),
    (S.IDLE, C.EXPIRED): Row("stay"),
    (S.ASKING, C.EXPIRED): Row(S.IDLE, (M.NOT_REACHED, M.PARTLY)),
    (S.CLARIFYING, C.EXPIRED): Row(S.CLARIFYING, (M.NOT_REACHED, M.PARTLY)),
    (S.WITH_STAFF, C.EXPIRED): Row("stay", (M.PARTLY,)),
    (S.STOPPED, C.EXPIRED): Row("stay", (M.PARTLY,)),
    # wishes
    (S.CHOOSING, C.OPT_OUT): Row(S.STOPPED, (M.HAND_OVER, M.UNCLARIFY, M.SAY_STOPPED, M.STOP)),
    (S.CHOOSING, C.STOP_WITH_RED_FLAG): Row(S.STOPPED, (M.TAKE, M.RAISE, M.UNCLARIFY, M.SAY_STOPPED_RED_FLAG, M.STOP)),
    (S.CHOOSING, C.OPT_IN): Row("stay", (M.START, M.SAY_STARTED)),
    (S.CHOOSING, C.HELP): Row("stay", (M.SAY_HELP,)),
    (S.CHOOSING, C.WRONG_NUMBER): Row(S.STOPPED, (M.HAND_OVER, M.UNCLARIFY, M.WRONG, M.STOP)),
    (S.CHOOSING, C.PATIENT_DIED): Row("back", (M.HAND_OVER, M.UNCLARIFY, M.TELL_PERSON)),
    (S.CHOOSING, C.NOT_NOW): Row("stay", (M.THANK,)),
    (S.IDLE, C.LANGUAGE): Row("stay", (M.REPLY,)),
    (S.ASKING, C.LANGUAGE): Row("stay", (M.ASK_AGAIN,)),
    (S.CLARIFYING, C.LANGUAGE): Row("stay", (M.REPLY, M.CLARIFY_AGAIN)),
    (S.CHOOSING, C.LANGUAGE): Row("stay", (M.REPLY,)),
    (S.WITH_STAFF, C.LANGUAGE): Row("stay"),
    (S.STOPPED, C.LANGUAGE): Row("stay"),
    (S.IDLE, C.DIARY): Row("stay", (M.START_DIARY,)),
    (S.ASKING, C.DIARY): Row("stay", (M.START_DIARY,)),
    (S.CLARIFYING, C.DIARY): Row("stay", (M.START_DIARY,)),
    (S.CHOOSING, C.DIARY): Row("back", (M.HAND_OVER, M.UNCLARIFY, M.TELL_PERSON)),
    (S.WITH_STAFF, C.DIARY): Row("stay", (M.FOR_STAFF,)),
    (S.STOPPED, C.DIARY): Row("stay", (M.FOR_STAFF,)),
    # a telephone answers by itself: silence, or two machines would talk to each other for ever
    (S.IDLE, C.AUTO_REPLY): Row("stay"),
    (S.ASKING, C.AUTO_REPLY): Row("stay"),
    (S.CLARIFYING, C.AUTO_REPLY): Row("stay"),
    (S.CHOOSING, C.AUTO_REPLY): Row("stay"),
    (S.WITH_STAFF, C.AUTO_REPLY): Row("stay"),
    (S.STOPPED, C.AUTO_REPLY): Row("stay"),
    # several patients on one phone
    (S.IDLE, C.WHICH_PATIENT): Row(S.CHOOSING, (M.ASK_WHO,)),
    (S.ASKING, C.WHICH_PATIENT): Row("stay", (M.HAND_OVER,)),  # one open question a phone: a person reads it
    (S.CLARIFYING, C.WHICH_PATIENT): Row("stay", (M.HAND_OVER,)),
    (S.CHOOSING, C.WHICH_PATIENT): Row("stay", (M.HAND_OVER,)),
    (S.WITH_STAFF, C.WHICH_PATIENT): Row("stay", (M.FOR_STAFF,)),
    (S.STOPPED, C.WHICH_PATIENT): Row("stay", (M.FOR_STAFF,)),
    # the phone stops or starts for another reason than this conversation: another patient's STOP, staff, a death
    (S.IDLE, C.PHONE_STOPPED): Row(S.STOPPED),
    (S.ASKING, C.PHONE_STOPPED): Row(S.STOPPED, (M.PARTLY,)),
    (S.CLARIFYING, C.PHONE_STOPPED): Row(S.STOPPED, (M.HAND_OVER, M.UNCLARIFY, M.PARTLY)),
    (S.CHOOSING, C.PHONE_STOPPED): Row(S.STOPPED, (M.HAND_OVER, M.UNCLARIFY)),
    (S.WITH_STAFF, C.PHONE_STOPPED): Row(
        S.STOPPED,
        (
            M.HAND_OVER_STANDING,
            M.UNCLARIFY,
            M.PARTLY,
        ),
    ),
    (S.STOPPED, C.PHONE_STOPPED): Row("stay"),
    (S.IDLE, C.PHONE_STARTED): Row("stay"),
    (S.ASKING, C.PHONE_STARTED): Row("stay"),
    (S.CLARIFYING, C.PHONE_STARTED): Row("stay"),
    (S.CHOOSING, C.PHONE_STARTED): Row("stay"),
    (S.WITH_STAFF, C.PHONE_STARTED): Row("stay"),
    (S.STOPPED, C.PHONE_STARTED): Row(S.IDLE),
    (S.IDLE, C.CHOSEN): Row("stay"),
    (S.ASKING, C.CHOSEN): Row("stay"),
    (S.CLARIFYING, C.CHOSEN): Row("stay"),
    (S.CHOOSING, C.CHOSEN): Row("back", (M.UNCLARIFY,)),
    (S.WITH_STAFF, C.CHOSEN): Row("stay"),
    (S.STOPPED, C.CHOSEN): Row("stay"),
    (S.IDLE, C.OPT_OUT): Row(S.STOPPED, (M.SAY_STOPPED, M.STOP)),
    (S.ASKING, C.OPT_OUT): Row(S.STOPPED, (M.SAY_STOPPED, M.STOP, M.PARTLY)),
    (S.CLARIFYING, C.OPT_OUT): Row(S.STOPPED, (M.HAND_OVER, M.UNCLARIFY, M.SAY_STOPPED, M.STOP, M.PARTLY)),
    (S.WITH_STAFF, C.OPT_OUT): Row(S.STOPPED, (M.HAND_OVER_STANDING, M.UNCLARIFY, M.SAY_STOPPED, M.STOP, M.PARTLY)),
    (S.STOPPED, C.OPT_OUT): Row("stay", (M.SAY_STOPPED,)),
    (S.IDLE, C.STOP_WITH_RED_FLAG): Row(S.STOPPED, (M.TAKE, M.RAISE, M.SAY_STOPPED_RED_FLAG, M.STOP)),
    (S.ASKING, C.STOP_WITH_RED_FLAG): Row(S.STOPPED, (M.TAKE, M.RAISE, M.SAY_STOPPED_RED_FLAG, M.STOP, M.PARTLY)),
    (S.CLARIFYING, C.STOP_WITH_RED_FLAG): Row(
        S.STOPPED, (M.TAKE, M.RAISE, M.UNCLARIFY, M.SAY_STOPPED_RED_FLAG, M.STOP, M.PARTLY)
    ),
    (S.WITH_STAFF, C.STOP_WITH_RED_FLAG): Row(
        S.STOPPED, (M.TAKE, M.RAISE, M.UNCLARIFY, M.SAY_STOPPED_RED_FLAG, M.STOP, M.PARTLY)
    ),
    (S.STOPPED, C.STOP_WITH_RED_FLAG): Row("stay", (M.TAKE, M.RAISE, M.PHONE)),
    (S.IDLE, C.OPT_IN): Row("stay", (M.START, M.SAY_STARTED)),
    (S.ASKING, C.OPT_IN): Row("stay", (M.START, M.ASK_AGAIN)),
    (S.CLARIFYING, C.OPT_IN): Row("stay", (M.START, M.SAY_STARTED)),
    (S.WITH_STAFF, C.OPT_IN): Row("stay", (M.START, M.SAY_STARTED)),
    (S.STOPPED, C.OPT_IN): Row(S.IDLE, (M.START, M.SAY_STARTED)),
    (S.IDLE, C.HELP): Row("stay", (M.SAY_HELP,)),
    (S.ASKING, C.HELP): Row("stay", (M.SAY_HELP,)),
    (S.CLARIFYING, C.HELP): Row("stay", (M.SAY_HELP,)),
    (S.WITH_STAFF, C.HELP): Row("stay", (M.SAY_HELP,)),
    (S.STOPPED, C.HELP): Row("stay", (M.SAY_HELP,)),
    (S.IDLE, C.WRONG_NUMBER): Row(S.STOPPED, (M.WRONG, M.STOP)),
    (S.ASKING, C.WRONG_NUMBER): Row(S.STOPPED, (M.WRONG, M.STOP, M.PARTLY)),
    (S.CLARIFYING, C.WRONG_NUMBER): Row(S.STOPPED, (M.HAND_OVER, M.UNCLARIFY, M.WRONG, M.STOP, M.PARTLY)),
    (S.WITH_STAFF, C.WRONG_NUMBER): Row(S.STOPPED, (M.HAND_OVER_STANDING, M.UNCLARIFY, M.WRONG, M.STOP, M.PARTLY)),
    (S.STOPPED, C.WRONG_NUMBER): Row("stay", (M.FOR_STAFF,)),
    (S.IDLE, C.PATIENT_DIED): Row(S.STOPPED, (M.DIED, M.STOP)),
    (S.ASKING, C.PATIENT_DIED): Row(S.STOPPED, (M.DIED, M.STOP, M.PARTLY)),
    (S.CLARIFYING, C.PATIENT_DIED): Row(S.STOPPED, (M.UNCLARIFY, M.DIED, M.STOP, M.PARTLY)),
    (S.WITH_STAFF, C.PATIENT_DIED): Row(S.STOPPED, (M.HAND_OVER_STANDING, M.UNCLARIFY, M.DIED, M.STOP, M.PARTLY)),
    (S.STOPPED, C.PATIENT_DIED): Row("stay", (M.FOR_STAFF,)),
    (S.IDLE, C.NOT_NOW): Row("stay", (M.THANK,)),
    (S.ASKING, C.NOT_NOW): Row("stay", (M.LATER,)),
    (S.CLARIFYING, C.NOT_NOW): Row("stay", (M.THANK,)),
    (S.WITH_STAFF, C.NOT_NOW): Row("stay"),
    (S.STOPPED, C.NOT_NOW): Row("stay"),
    # staff write themselves
    (S.IDLE, C.STAFF_TAKES): Row(S.WITH_STAFF),
    (S.ASKING, C.STAFF_TAKES): Row(S.WITH_STAFF),
    (S.CLARIFYING, C.STAFF_TAKES): Row(S.WITH_STAFF),  # what was asked still stands, and its time still runs
    (S.WITH_STAFF, C.STAFF_TAKES): Row("stay"),
    (S.STOPPED, C.STAFF_TAKES): Row("stay"),
    (S.CHOOSING, C.STAFF_TAKES): Row(S.WITH_STAFF, (M.HAND_OVER, M.UNCLARIFY)),
    (S.CHOOSING, C.STAFF_RETURNS): Row("stay"),
    (S.IDLE, C.STAFF_RETURNS): Row("stay"),
    (S.ASKING, C.STAFF_RETURNS): Row("stay"),
    (S.CLARIFYING, C.STAFF_RETURNS): Row("stay"),
    (S.WITH_STAFF, C.STAFF_RETURNS): Row("back", (M.UNCLARIFY,)),  # whoever had it has heard it
    (S.STOPPED, C.STAFF_RETURNS): Row("stay"),
}
