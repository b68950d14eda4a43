"""The machine is a table: every pair answered, every state reachable, red flags and wishes never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.clarifying import Clarifying
from bot.content.escalation import Escalation
from bot.content.load import ClinicContent
from bot.content.phrases import Faq
from bot.content.protocols import Protocol, Question
from bot.content.reading import read_model
from bot.content.red_flags import RedFlags
from bot.flows.advance import ASKING_TEXTS, Step, advance
from bot.flows.conversation import Conversation, OpenCheckIn, State
from bot.flows.cues import Cue, cue_of, newly_answered, read_in_context
from bot.flows.drawing import diagram
from bot.flows.effects import (
    Ask,
    Due,
    Effect,
    EndCheckIn,
    MakeWorkItem,
    Notify,
    PlanDiary,
    RaiseAlert,
    Say,
    StopTexts,
    TakeScores,
)
from bot.flows.moment import Rules
from bot.flows.moves import MOVES
from bot.flows.table import TABLE, Move
from bot.vocabulary import (
    Answer,
    Asked,
    CheckInId,
    CheckInState,
    Clarify,
    ConversationId,
    Finding,
    Flag,
    Intent,
    Level,
    PatientId,
    PhoneId,
)

NOW = datetime(2026, 3, 3, 16, tzinfo=UTC)
DAY_1 = (Question.RED_FLAGS_A, Question.RED_FLAGS_B, Question.PAIN_NOW, Question.BEST_RELIEF)
CONFIG = Path(__file__).resolve().parents[2] / "config"
TOPICS = read_model(Clarifying, CONFIG / "clarifying.yaml")
RULES = Rules.of(
    read_model(RedFlags, CONFIG / "red_flags.yaml"),
    read_model(Escalation, CONFIG / "escalation.yaml").unclear,
    read_model(Faq, CONFIG / "faq.yaml"),
    [read_model(Protocol, CONFIG / "protocols" / "pars_injection.yaml")],
)


def a_conversation(state: State = State.IDLE, question: Question | None = None) -> Conversation:
    """A conversation on day 1; with a question its check-in is open."""
    check_in = OpenCheckIn(CheckInId(uuid4()), "day_1", DAY_1)
    return Conversation(
        ConversationId(uuid4()),
        PatientId(uuid4()),
        PhoneId(uuid4()),
        state=state,
        check_in=None if question is None else check_in,
        question=question,
        clarify=Clarify.GENERAL if state is State.CLARIFYING else None,
        clarify_due_at=NOW if state is State.CLARIFYING else None,
    )


def asking(question: Question = Question.RED_FLAGS_A) -> Conversation:
    return a_conversation(State.ASKING, question)


def test_every_state_and_cue_has_a_row() -> None:
    """A missing pair would be a text without an answer."""
    missing = [(s, c) for s in State for c in Cue if (s, c) not in TABLE]
    assert missing == []


def test_every_move_has_its_function_and_is_used() -> None:
    used = {move for row in TABLE.values() for move in row.moves}
    assert set(MOVES) == set(Move) == used


def test_every_state_is_reachable_from_idle() -> None:
    """`back` reaches idle and asking."""
    reached = {State.IDLE}
    for _ in State:
        for (state, _cue), row in TABLE.items():
            if state in reached:
                reached |= {State.IDLE, State.ASKING} if row.next == "back" else set()
                reached |= {row.next} if isinstance(row.next, State) else set()
    assert reached == set(State)


def test_the_picture_in_the_readme_is_drawn_from_the_table() -> None:
    assert diagram() in (CONFIG.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("cue", [Cue.RED_FLAG, Cue.RED_FLAG_WHICH, Cue.STOP_WITH_RED_FLAG])
def test_a_red_flag_raises_an_alert_from_every_state(state: State, cue: Cue) -> None:
    """And the patient is told, or, where texting is stopped, staff are asked to phone."""
    conversation = a_conversation(state, Question.RED_FLAGS_A if state is State.ASKING else None)
    finding = Finding(Level.EMERGENCY, (Flag("bladder_bowel"),))
    effects = advance(conversation, cue, rules=RULES, now=NOW, finding=finding).effects
    assert any(isinstance(e, RaiseAlert) and e.level is Level.EMERGENCY for e in effects)
    assert any(isinstance(e, Say | MakeWorkItem) for e in effects)


@pytest.mark.parametrize("state", State)
def test_stop_and_help_are_answered_from_every_state(state: State) -> None:
    """STOP stops; HELP is answered even then."""
    conversation = a_conversation(state, Question.PAIN_NOW if state is State.ASKING else None)
    stop = Finding(Level.NORMAL, keyword=Intent.OPT_OUT)
    step = advance(conversation, cue_of(stop, conversation), rules=RULES, now=NOW, finding=stop)
    assert step.conversation.state is State.STOPPED
    assert state is State.STOPPED or any(isinstance(e, StopTexts) for e in step.effects)
    helped = Finding(Level.NORMAL, keyword=Intent.HELP)
    effects = advance(conversation, cue_of(helped, conversation), rules=RULES, now=NOW, finding=helped).effects
    assert Say("help", last_word=True) in effects


def test_a_stop_with_a_red_flag_is_honoured_and_pages() -> None:
    """triage.md rule 1."""
    finding = Finding(Level.URGENT, (Flag("fever"),), intents=(Intent.OPT_OUT,))
    step = advance(asking(), cue_of(finding, asking()), rules=RULES, now=NOW, finding=finding)
    kinds = {type(effect) for effect in step.effects}
    assert {RaiseAlert, StopTexts, MakeWorkItem} <= kinds
    assert step.conversation.state is State.STOPPED


def test_a_no_answers_the_question_asked_and_no_other() -> None:
    """A plain NO to A leaves B open."""
    finding = Finding(Level.NORMAL, (Flag("no_symptoms"),), answer=Answer.NO)
    assert newly_answered(finding, asking()) == {Question.RED_FLAGS_A}


def test_a_no_to_all_answers_both_red_flag_questions() -> None:
    finding = Finding(Level.NORMAL, answer=Answer.NO, answers_all=True, pain=2, relief=80)
    assert newly_answered(finding, asking()) == set(DAY_1)
    assert cue_of(finding, asking()) is Cue.LAST_ANSWER


def test_numbers_are_taken_whatever_is_asked() -> None:
    """A score in the answer to a red-flag question ticks off the pain question and asks the first again."""
    finding = Finding(Level.NORMAL, pain=4)
    step = advance(asking(), cue_of(finding, asking()), rules=RULES, now=NOW, finding=finding)
    assert TakeScores() in step.effects
    assert step.conversation.answered == {Question.PAIN_NOW}
    assert [e.question for e in step.effects if isinstance(e, Ask)] == [Question.RED_FLAGS_A]


def test_an_unclear_text_is_asked_about_once_and_then_goes_to_a_person() -> None:
    """The second unclear answer hands over; a flag word makes that a page."""
    unclear = Finding(Level.UNCLEAR, clarify=Clarify.TEMPERATURE, flag_word=True)
    first = advance(asking(), cue_of(unclear, asking()), rules=RULES, now=NOW, finding=unclear)
    assert Say("clarify_temperature") in first.effects
    assert first.conversation.clarify_due_at is not None
    second = advance(first.conversation, Cue.UNCLEAR, rules=RULES, now=NOW, finding=unclear)
    assert any(isinstance(e, RaiseAlert) for e in second.effects)
    assert second.conversation.state is State.ASKING


@pytest.mark.parametrize(("flag_word", "wanted"), [(True, RaiseAlert), (False, MakeWorkItem)])
def test_silence_after_a_clarifying_question_reaches_a_person(flag_word: bool, wanted: type) -> None:
    unclear = Finding(Level.UNCLEAR, flag_word=flag_word)
    asked = advance(a_conversation(), Cue.UNCLEAR, rules=RULES, now=NOW, finding=unclear).conversation
    step = advance(asked, Cue.SILENCE, rules=RULES, now=NOW)
    assert any(isinstance(e, wanted) for e in step.effects)
    assert step.conversation.clarify_due_at is None


def test_an_unclear_yes_that_nobody_cleared_leads_to_the_next_question_after_a_pause() -> None:
    unclear = Finding(Level.UNCLEAR, answer=Answer.YES)
    asked = advance(asking(), Cue.UNCLEAR, rules=RULES, now=NOW, finding=unclear).conversation
    after = advance(asked, Cue.SILENCE, rules=RULES, now=NOW).conversation
    assert (after.state, after.question) == (State.ASKING, Question.RED_FLAGS_B)
    assert after.remind_at is not None
    assert after.remind_at > NOW


def test_an_unclear_answer_to_the_last_question_still_ends_the_check_in() -> None:
    last = replace(asking(Question.BEST_RELIEF), answered=frozenset(DAY_1[:-1]))
    unclear = Finding(Level.UNCLEAR, relief=40)
    asked = advance(last, Cue.UNCLEAR, rules=RULES, now=NOW, finding=unclear).conversation
    step = advance(asked, Cue.SILENCE, rules=RULES, now=NOW)
    assert EndCheckIn(CheckInState.ANSWERED) in step.effects
    assert (step.conversation.state, step.conversation.check_in) == (State.IDLE, None)


def test_a_no_to_a_clarifying_question_never_answers_the_red_flag_question_behind_it() -> None:
    """ "the pain won't stop" - "worse than before?" - "no": question A stands open still."""
    unclear = Finding(Level.UNCLEAR, clarify=Clarify.PAIN_VS_BEFORE)
    asked = advance(asking(), Cue.UNCLEAR, rules=RULES, now=NOW, finding=unclear).conversation
    no = read_in_context(Finding(Level.NORMAL, answer=Answer.NO), asked, TOPICS)
    assert newly_answered(no, asked) == frozenset()
    step = advance(asked, cue_of(no, asked), rules=RULES, now=NOW, finding=no)
    assert [e.question for e in step.effects if isinstance(e, Ask)] == [Question.RED_FLAGS_A]


def test_what_is_asked_afterwards_does_not_keep_a_check_in_from_being_answered() -> None:
    conversation = replace(asking(Question.PAIN_NOW), check_in=WEEK_6, answered=frozenset(DAY_1[:2]))
    finding = Finding(Level.NORMAL, pain=2)
    step = advance(conversation, cue_of(finding, conversation), rules=RULES, now=NOW, finding=finding)
    assert EndCheckIn(CheckInState.ANSWERED) in step.effects
    assert [e.question for e in step.effects if isinstance(e, Ask)] == [Question.PGIC]
    expired = advance(step.conversation, Cue.EXPIRED, rules=RULES, now=NOW)
    assert EndCheckIn(CheckInState.ANSWERED) in expired.effects
    assert expired.conversation.check_in is None


def test_best_relief_known_from_the_diary_does_not_hide_that_nobody_answers_on_day_1() -> None:
    due = OpenCheckIn(CheckInId(uuid4()), "day_1", DAY_1, known=frozenset({Question.BEST_RELIEF}))
    begun = advance(a_conversation(), Cue.CHECK_IN_DUE, rules=RULES, now=NOW, due=due).conversation
    assert Question.BEST_RELIEF not in begun.open_questions
    effects = advance(begun, Cue.EXPIRED, rules=RULES, now=NOW).effects
    assert EndCheckIn(CheckInState.MISSED) in effects
    assert any(isinstance(e, MakeWorkItem) and e.kind == "not_reached" for e in effects)


def test_whoever_is_in_distress_is_answered_first_and_not_asked_about_pain_in_the_same_breath() -> None:
    sad = Finding(Level.ROUTINE, (Flag("other_symptom"), Flag("distress")))
    step = advance(asking(), cue_of(sad, asking()), rules=RULES, now=NOW, finding=sad, next_reminder_at=NOW)
    assert Say("routine_distress") in step.effects
    assert not any(isinstance(e, Ask) for e in step.effects)
    assert (step.conversation.state, step.conversation.remind_at) == (State.ASKING, NOW)


def test_a_much_worse_back_pages_and_a_bit_worse_one_is_for_staff() -> None:
    conversation = replace(asking(Question.PGIC), check_in=WEEK_6, answered=frozenset(DAY_1[:3]))
    levels = [read_in_context(Finding(Level.NORMAL, choice=n), conversation, TOPICS).level for n in (4, 5, 6, 7)]
    assert levels == [Level.NORMAL, Level.ROUTINE, Level.URGENT, Level.URGENT]


def test_a_yes_to_screening_is_urgent_when_the_visit_is_less_than_a_day_away() -> None:
    """triage.md rule 14."""
    before = OpenCheckIn(CheckInId(uuid4()), "before_3", (Question.SCREENING,))
    conversation = replace(asking(Question.SCREENING), check_in=before)
    yes = Finding(Level.NORMAL, answer=Answer.YES)
    levels = [read_in_context(yes, conversation, TOPICS, hours).level for hours in (-72.0, -20.0)]
    assert levels == [Level.ROUTINE, Level.URGENT]


def test_a_machine_that_answers_by_itself_is_met_with_silence() -> None:
    auto = Finding(Level.NORMAL, signals=frozenset({"auto_reply"}))
    for state in State:
        conversation = a_conversation(state, Question.PAIN_NOW if state is State.ASKING else None)
        assert cue_of(auto, conversation) is Cue.AUTO_REPLY
        assert advance(conversation, Cue.AUTO_REPLY, rules=RULES, now=NOW, finding=auto).effects == ()


def test_an_unanswered_check_in_gives_way_to_the_next_one() -> None:
    due = OpenCheckIn(CheckInId(uuid4()), "day_5", DAY_1)
    step = advance(asking(), Cue.CHECK_IN_DUE, rules=RULES, now=NOW, due=due)
    assert EndCheckIn(CheckInState.MISSED) in step.effects
    assert step.conversation.check_in == due


def test_despair_and_danger_carry_their_own_numbers(content: ClinicContent) -> None:
    """988 stands in every language's words about self-harm; 1-800-222-1222 in those about overdose."""
    for messages in content.messages.values():
        assert "988" in messages.texts["emergency_self_harm"]
        assert "1-800-222-1222" in messages.texts["emergency_overdose"]
        assert "988" in messages.texts["clarify_safe"]


def test_no_to_are_you_safe_is_an_emergency(content: ClinicContent) -> None:
    conversation = a_conversation(State.CLARIFYING)
    unsafe = read_in_context(
        Finding(Level.NORMAL, answer=Answer.NO), replace_topic(conversation, Clarify.SAFE), content.clarifying
    )
    assert unsafe.level is Level.EMERGENCY
    assert Flag("self_harm") in unsafe.flags


YES = Finding(Level.NORMAL, answer=Answer.YES)


@pytest.mark.parametrize("question", [Question.RED_FLAGS_A, Question.RED_FLAGS_B])
def test_a_question_about_danger_stands_while_staff_write(question: Question) -> None:
    """Taking a thread over does not take back the question that the phone shows; once answered, it is over."""
    taken = advance(asking(question), Cue.STAFF_TAKES, rules=RULES, now=NOW).conversation
    assert taken.asked is asking(question).asked
    paged, _ = step_of(taken, Finding(Level.EMERGENCY, answer=Answer.YES))
    assert any(isinstance(effect, RaiseAlert) for effect in paged.effects)
    denied, _ = step_of(taken, Finding(Level.NORMAL, answer=Answer.NO))
    assert [paged.conversation.asked, denied.conversation.asked] == [Asked.NONE, Asked.NONE]


def test_what_is_not_dangerous_is_not_asked_while_staff_write() -> None:
    """A 3 may answer staff, and is no PGIC."""
    taken = advance(asking(Question.PAIN_NOW), Cue.STAFF_TAKES, rules=RULES, now=NOW).conversation
    assert taken.asked is Asked.NONE


@pytest.mark.parametrize("answer", Answer)
def test_a_clarifying_question_stands_while_staff_write(answer: Answer, content: ClinicContent) -> None:
    """Numb where? The answer pages as it would have, and silence brings a person all the same."""
    open_one = replace_topic(a_conversation(State.CLARIFYING), Clarify.NUMB_WHERE)
    taken = advance(replace(open_one, clarify_due_at=NOW), Cue.STAFF_TAKES, rules=RULES, now=NOW).conversation
    heard = Finding(Level.NORMAL, answer=answer)
    expected = read_in_context(heard, open_one, content.clarifying).level
    assert read_in_context(heard, taken, content.clarifying).level is expected
    silent = advance(taken, Cue.SILENCE, rules=RULES, now=NOW)
    assert any(isinstance(effect, RaiseAlert | MakeWorkItem) for effect in silent.effects)
    stopped = advance(taken, Cue.PHONE_STOPPED, rules=RULES, now=NOW)
    assert any(isinstance(effect, RaiseAlert | MakeWorkItem) for effect in stopped.effects)


def test_a_yes_to_a_thread_that_was_just_stopped_is_read_at_once() -> None:
    """It may answer a question that was on its way when staff stopped the texts."""
    stopped = advance(asking(Question.RED_FLAGS_A), Cue.PHONE_STOPPED, rules=RULES, now=NOW).conversation
    step, _ = step_of(stopped, YES)
    assert MakeWorkItem("new_text", Due.NOW, page_after_hours=True) in step.effects


def replace_topic(conversation: Conversation, topic: Clarify) -> Conversation:
    """The same conversation, asked about something else."""
    return replace(conversation, clarify=topic)


levels = st.sampled_from(Level)
findings = st.builds(
    Finding,
    level=levels,
    flags=st.lists(st.sampled_from(sorted(RULES.levels)), max_size=3, unique=True).map(tuple),
    intents=st.lists(st.sampled_from(Intent), max_size=1).map(tuple),
    pain=st.none() | st.integers(0, 10),
    choice=st.none() | st.integers(1, 7),
    signals=st.just(frozenset()) | st.sampled_from([frozenset({s}) for s in ("auto_reply", "diary", "speak_es")]),
    faq=st.none() | st.sampled_from(["wear", "visit"]),
    relief=st.none() | st.integers(0, 100),
    answer=st.none() | st.sampled_from(Answer),
    keyword=st.none() | st.sampled_from([Intent.OPT_OUT, Intent.OPT_IN, Intent.HELP]),
    clarify=st.none() | st.sampled_from(Clarify),
    flag_word=st.booleans(),
)
# Everything that is no text: the clock, staff, other people on the same phone.
TEXT_FREE = [
    Cue.CHECK_IN_DUE, Cue.NOTICE_DUE, Cue.SILENCE, Cue.REMIND, Cue.EXPIRED, Cue.STAFF_TAKES, Cue.STAFF_RETURNS,
    Cue.PHONE_STOPPED, Cue.PHONE_STARTED, Cue.CHOSEN,
]  # by rows, not an item a line  # fmt: skip
happenings = st.one_of(findings, findings, st.sampled_from(TEXT_FREE), st.just(Cue.WHICH_PATIENT))
WEEK_6 = OpenCheckIn(CheckInId(uuid4()), "week_6", DAY_1[:3], afterwards=(Question.PGIC, Question.SPORT))


def step_of(conversation: Conversation, happening: Finding | Cue) -> tuple[Step, Finding | None]:
    """What a text or another happening does; a text is read in its context first, as the shell reads it."""
    if isinstance(happening, Finding):
        finding = read_in_context(happening, conversation, TOPICS, hours=30.0)
        cue = cue_of(finding, conversation)
        return advance(conversation, cue, rules=RULES, now=NOW, finding=finding, next_reminder_at=NOW), finding
    if happening is Cue.WHICH_PATIENT:
        finding = Finding(Level.UNCLEAR)
        return advance(conversation, happening, rules=RULES, now=NOW, finding=finding), finding
    due = WEEK_6 if happening in (Cue.CHECK_IN_DUE, Cue.NOTICE_DUE) else None
    step = advance(conversation, happening, rules=RULES, now=NOW, due=due, notices=("help",), next_reminder_at=NOW)
    return step, None


def asking_effects(step: Step) -> list[Effect]:
    """Every effect after which an answer is awaited."""
    asks = [e for e in step.effects if isinstance(e, Ask)]
    return [*asks, *(e for e in step.effects if isinstance(e, Say) and e.message.startswith(ASKING_TEXTS)
                     and e.message != "clarify_timeout")]  # by rows, not an item a line  # fmt: skip


@settings(max_examples=400)
@given(st.lists(happenings, max_size=50))
def test_no_sequence_loses_a_red_flag_or_breaks_the_machine(happened: list[Finding | Cue]) -> None:
    """Fifty texts, ticks and staff acts in any order: every red flag raises and is answered, one question stands open
    at most, and nothing but a last word goes to whoever stopped."""
    conversation = a_conversation()
    for happening in happened:
        before, (step, finding) = conversation, step_of(conversation, happening)
        conversation = step.conversation
        if finding is not None and finding.level.pages:
            assert any(isinstance(e, RaiseAlert) for e in step.effects)
            assert any(isinstance(e, Say | MakeWorkItem) for e in step.effects)
        asked = asking_effects(step)
        assert len(asked) <= 1
        assert not asked or conversation.state in (State.ASKING, State.CLARIFYING, State.CHOOSING)
        if State.STOPPED in (before.state, conversation.state) and conversation.state is State.STOPPED:
            assert not asked
            assert not any(isinstance(e, Notify | PlanDiary) for e in step.effects)
            assert all(e.last_word for e in step.effects if isinstance(e, Say))
        assert_is_whole(conversation)


def assert_is_whole(conversation: Conversation) -> None:
    """What must hold wherever a conversation stands."""
    match conversation.state:
        case State.ASKING:
            assert conversation.question in conversation.open_questions
        case State.IDLE | State.CHOOSING:
            assert conversation.check_in is None  # a check-in is asked to its end, or ended
        case State.CLARIFYING:
            assert conversation.clarify is not None
        case State.WITH_STAFF:
            pass  # what the bot asked before still stands
        case State.STOPPED:
            assert conversation.clarify is None


@settings(max_examples=200)
@given(st.lists(happenings, max_size=20), findings.filter(lambda f: f.level.pages))
def test_a_red_flag_is_answered_after_anything(happened: list[Finding | Cue], red: Finding) -> None:
    """Whatever went before: an alert with the highest level, and either words for the patient or a call by staff."""
    conversation = a_conversation()
    for happening in happened:
        conversation = step_of(conversation, happening)[0].conversation
    step, finding = step_of(conversation, red)
    assert finding is not None
    raised = [e for e in step.effects if isinstance(e, RaiseAlert)]
    assert [e.level for e in raised] == [finding.level]
