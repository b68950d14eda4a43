"""Names what has happened to a conversation; it decides nothing about what follows."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from bot.content.clarifying import Clarifying, Meaning
from bot.content.protocols import Question
from bot.flows.conversation import Conversation, State
from bot.vocabulary import Answer, Asked, Clarify, Finding, Intent, Level, highest


class Cue(StrEnum):
    """What happened; with the state it picks the row of the table."""

    CHECK_IN_DUE = "check_in_due"
    NOTICE_DUE = "notice_due"
    ANSWER = "answer"
    LAST_ANSWER = "last_answer"
    REMARK = "remark"
    COURTESY = "courtesy"
    RED_FLAG = "red_flag"
    RED_FLAG_WHICH = "red_flag_which"
    STOP_WITH_RED_FLAG = "stop_with_red_flag"
    UNCLEAR = "unclear"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"
    WRONG_NUMBER = "wrong_number"
    PATIENT_DIED = "patient_died"
    NOT_NOW = "not_now"
    LANGUAGE = "language"
    DIARY = "diary"
    AUTO_REPLY = "auto_reply"
    WHICH_PATIENT = "which_patient"
    CHOSEN = "chosen"
    PHONE_STOPPED = "phone_stopped"
    PHONE_STARTED = "phone_started"
    SILENCE = "silence"
    REMIND = "remind"
    EXPIRED = "expired"
    STAFF_TAKES = "staff_takes"
    STAFF_RETURNS = "staff_returns"


KEYWORDS = {Intent.OPT_OUT: Cue.OPT_OUT, Intent.OPT_IN: Cue.OPT_IN, Intent.HELP: Cue.HELP}
SPEAKS = {"speak_en": "en", "speak_es": "es"}
"""A wish for a language, as phrases.yaml names it, and the language."""
SIGNALS = {"auto_reply": Cue.AUTO_REPLY, "diary": Cue.DIARY} | dict.fromkeys(SPEAKS, Cue.LANGUAGE)
INTENTS = {
    Intent.PATIENT_DIED: Cue.PATIENT_DIED,
    Intent.WRONG_NUMBER: Cue.WRONG_NUMBER,
    Intent.OPT_OUT: Cue.OPT_OUT,
    Intent.OPT_IN: Cue.OPT_IN,
}


A_DAY = 24.0


def read_in_context(
    finding: Finding, conversation: Conversation, clarifying: Clarifying, hours: float | None = None
) -> Finding:
    """The finding with a plain YES or NO, or a choice, given the meaning that it has as an answer to what was asked.

    It may raise, and lowers only an `unclear` that the answer has cleared.

    :param hours: since the procedure, negative before it.
    """
    meaning = _meaning(finding, conversation, clarifying)
    if meaning is None:
        return finding
    is_soon = hours is not None and -A_DAY <= hours <= 0
    meant = meaning.soon if is_soon and meaning.soon is not None else meaning.level
    level = meant if finding.level is Level.UNCLEAR else highest(meant, finding.level)
    flags = finding.flags
    if meaning.flag is not None and meaning.flag not in flags:
        flags = (*flags, meaning.flag)
    return replace(finding, level=level, flags=flags, clarify=None, flag_word=False)


def _meaning(finding: Finding, conversation: Conversation, clarifying: Clarifying) -> Meaning | None:
    question = conversation.standing
    if question is not None and finding.choice is not None:
        return clarifying.choices.get(question, {}).get(str(finding.choice))
    if finding.answer is None:
        return None
    if conversation.asked is Asked.CLARIFY and conversation.clarify is not None:
        rule = clarifying.topics[conversation.clarify]
    elif question in clarifying.questions:
        rule = clarifying.questions[question]
    else:
        return None
    return rule.yes if finding.answer is Answer.YES else rule.no


def newly_answered(finding: Finding, conversation: Conversation) -> frozenset[Question]:
    """Which of the check-in's open questions this text answers, in whatever order it gives them."""
    wanted = conversation.open_questions
    taken: set[Question] = set()
    if finding.pain is not None:
        taken |= {question for question in wanted if question.asked is Asked.PAIN}
    if finding.relief is not None:
        taken |= {question for question in wanted if question.asked is Asked.RELIEF}
    if finding.answer is not None:
        taken |= _red_flags_answered(finding, conversation)
    if conversation.question in wanted and _answers_in_its_own_way(finding, conversation.question):
        taken.add(conversation.question)
    return frozenset(taken)


def _answers_in_its_own_way(finding: Finding, question: Question | None) -> bool:
    """The questions that are neither red flags nor numbers of their own: a choice, a YES or NO, any plain words."""
    match question:
        case Question.PGIC | Question.SPORT:
            return finding.choice is not None
        case Question.SCREENING:
            return finding.answer is not None or "preop_issue" in finding.flags
        case Question.OLD_SIGNS:
            quiet = finding.level in (Level.NORMAL, Level.ROUTINE) and not finding.intents
            return finding.answer is Answer.NO or (quiet and "courtesy" not in finding.flags and finding.pain is None)
        case _:
            return False


def _red_flags_answered(finding: Finding, conversation: Conversation) -> set[Question]:
    """A NO that names everything ("no to all") answers both red-flag questions; a plain one, the one asked."""
    both = {Question.RED_FLAGS_A, Question.RED_FLAGS_B}
    wanted = both & set(conversation.open_questions)
    if finding.answers_all and finding.answer is Answer.NO:
        return wanted
    if conversation.asked is Asked.CLARIFY:
        return set()  # that NO answered the clarifying question, not the one behind it
    return {conversation.question} & wanted if conversation.question else set()


def cue_of(finding: Finding, conversation: Conversation) -> Cue:
    """What a sorted text means here. A red flag wins over every wish, also over STOP (triage.md rule 1)."""
    stops = finding.keyword is Intent.OPT_OUT or Intent.OPT_OUT in finding.intents
    if finding.level.pages:
        if stops:
            return Cue.STOP_WITH_RED_FLAG
        return Cue.RED_FLAG_WHICH if finding.clarify is Clarify.WHICH_ONE and not finding.flags else Cue.RED_FLAG
    if finding.keyword is not None:
        return KEYWORDS[finding.keyword]
    for intent, cue in INTENTS.items():
        if intent in finding.intents:
            return cue
    if finding.level is Level.UNCLEAR:
        return Cue.UNCLEAR
    for signal, cue in SIGNALS.items():
        if signal in finding.signals:
            return cue
    return _cue_of_quiet_text(finding, conversation)


def _cue_of_quiet_text(finding: Finding, conversation: Conversation) -> Cue:
    taken = newly_answered(finding, conversation)
    if taken and set(conversation.open_questions) == taken:
        return Cue.LAST_ANSWER
    if taken:
        return Cue.ANSWER
    if Intent.HELP in finding.intents:
        return Cue.HELP
    if Intent.NOT_NOW in finding.intents and conversation.question is not None:
        return Cue.NOT_NOW
    courtesy = finding.level is Level.NORMAL and set(finding.flags) == {"courtesy"}
    if courtesy and conversation.state is not State.CLARIFYING:
        return Cue.COURTESY
    return Cue.REMARK
