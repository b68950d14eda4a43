"""What the clock brings to a conversation: a due check-in, silence, a reminder, the end of waiting; and staff."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.failpoints import Failpoint, failpoint
from bot.flows.conversation import Conversation
from bot.flows.cues import Cue
from bot.flows.effects import Due
from bot.planning.quiet_hours import next_allowed
from bot.runtime import Runtime
from bot.services import desk, strangers
from bot.services.alone import each_alone
from bot.services.starting import start
from bot.services.stepping import Happening, take_step
from bot.storage import check_ins
from bot.storage.audit import note
from bot.storage.check_ins import CheckIn
from bot.storage.conversations import (
    change_conversation,
    find_conversation,
    list_conversations_of,
    list_overdue,
    lock_conversation,
    put_off,
)
from bot.storage.database import DatabaseAway, Tx
from bot.storage.patients import get_patient
from bot.storage.phones import list_texters_of
from bot.storage.staff import StaffMember
from bot.vocabulary import CheckInState, ConversationId, PatientId

log = structlog.get_logger()

DIARY_HOURS = 12  # an entry of the pain diary is over with its day; check-ins say their own (answer_hours)
FAILED_WAIT = timedelta(minutes=5)


def start_due(rt: Runtime, limit: int = 200) -> int:
    """Starts the check-ins whose hour has come, each in a transaction of its own; how many were looked at."""
    for done in range(limit):
        due: list[CheckIn] = []
        try:
            with rt.database.begin() as tx:
                now = rt.now()
                due = check_ins.claim_due(tx, now, 1)
                if not due:
                    return done
                start(tx, rt, due[0], now)
                failpoint(Failpoint.CHECK_IN_WRITTEN)
        except DatabaseAway:
            raise
        except Exception as error:  # noqa: BLE001 - a person is asked, and it is tried again; the others go on
            log.error("check_in_failed", error=type(error).__name__)
            _set_aside(rt, due)
        failpoint(Failpoint.CHECK_IN_STARTED)
    return limit


def _set_aside(rt: Runtime, failed: list[CheckIn]) -> None:
    with rt.database.begin() as tx:
        for check_in in failed:
            now, key = rt.now(), f"check_in:{check_in.id}"
            desk.put(tx, rt, "check_in_failed", Due.NOW, key, now, patient_id=check_in.patient_id)
            check_ins.postpone(tx, check_in.id, now + FAILED_WAIT)


def pass_overdue(rt: Runtime, limit: int = 100) -> int:
    """Clarifying questions that nobody answered, and questions that are to be asked again."""
    with rt.database.begin() as tx:
        overdue = list_overdue(tx, rt.now(), limit)
    return each_alone(rt, "overdue", overdue, lambda tx, item: _pass(tx, rt, *item), lambda tx, i: _give_up(tx, rt, *i))


def _pass(tx: Tx, rt: Runtime, conversation_id: ConversationId, silent: bool) -> None:
    now = rt.now()
    conversation = lock_conversation(tx, conversation_id, rt.content.questions())
    due_at = conversation.clarify_due_at if silent else conversation.remind_at
    if due_at is None or due_at > now or (not silent and _is_quiet(tx, rt, conversation, now)):
        return
    cue = Cue.SILENCE if silent else Cue.REMIND
    key = f"{cue}:{conversation_id}:{due_at.isoformat()}"
    take_step(tx, rt, conversation, Happening(cue, key, now, reminds_at=None if silent else due_at))


def _give_up(tx: Tx, rt: Runtime, conversation_id: ConversationId, silent: bool) -> None:
    """What cannot go on waits a little; a clarifying question that stays open is a person's at once."""
    now = rt.now()
    phone_id = put_off(tx, conversation_id, now + FAILED_WAIT)
    if silent and phone_id is not None:
        strangers.page_about_phone(tx, rt, phone_id, None, f"silence:{conversation_id}", now)


def _is_quiet(tx: Tx, rt: Runtime, conversation: Conversation, now: datetime) -> bool:
    """In quiet hours a reminder is put off to the next opening."""
    texting = rt.content.clinic.texting
    zone = get_patient(tx, conversation.patient_id).zone
    allowed_at = next_allowed(now, zone, texting.opens, texting.closes)
    if allowed_at == now:
        return False
    change_conversation(tx, replace(conversation, remind_at=allowed_at), asked=False, now=now)
    return True


def expire_unanswered(rt: Runtime, limit: int = 100) -> int:
    """Check-ins that waited for an answer long enough: missed, partly answered, or at the end of what was optional."""
    waiting: list[CheckIn] = []
    with rt.database.begin() as tx:
        for hours, names in _patience(rt).items():
            waiting += check_ins.list_unanswered(tx, rt.now(), timedelta(hours=hours), names, limit)
    return each_alone(
        rt, "unanswered", waiting, lambda tx, c: _expire(tx, rt, c), lambda tx, c: _ask_a_person(tx, rt, c)
    )


def _patience(rt: Runtime) -> dict[int, list[str]]:
    """How many hours which check-ins wait."""
    patience: dict[int, list[str]] = {}
    for protocol in rt.content.protocols.values():
        for name, (questions, _) in protocol.asked_by().items():
            rules = protocol.rules_of(name)
            if questions:
                patience.setdefault(DIARY_HOURS if rules is None else rules.answer_hours, []).append(name)
    return patience


def _expire(tx: Tx, rt: Runtime, check_in: CheckIn) -> None:
    now = rt.now()
    for texter in list_texters_of(tx, check_in.patient_id):
        found = find_conversation(tx, check_in.patient_id, texter.phone_id, rt.content.questions())
        if found is None:
            continue
        conversation = lock_conversation(tx, found.id, rt.content.questions())
        if conversation.check_in is not None and conversation.check_in.id == check_in.id:
            take_step(tx, rt, conversation, Happening(Cue.EXPIRED, f"expired:{check_in.id}", now))


def _ask_a_person(tx: Tx, rt: Runtime, check_in: CheckIn) -> None:
    desk.put(tx, rt, "not_reached", Due.NOW, f"check_in:{check_in.id}", rt.now(), patient_id=check_in.patient_id)
    check_ins.end_check_in(tx, check_in.id, CheckInState.MISSED, rt.now())


def list_ids(tx: Tx, rt: Runtime, patient_id: PatientId) -> list[ConversationId]:
    """The patient's conversations, on every phone; LookupError if there is no such patient."""
    get_patient(tx, patient_id)
    return [talk.id for talk in list_conversations_of(tx, patient_id, rt.content.questions())]


def let_staff_write(tx: Tx, rt: Runtime, conversation_id: ConversationId, staff: StaffMember, now: datetime) -> None:
    """Staff take the thread over: the bot keeps silent but for red flags."""
    conversation = lock_conversation(tx, conversation_id, rt.content.questions())
    take_step(tx, rt, conversation, Happening(Cue.STAFF_TAKES, f"taken:{conversation_id}:{now.isoformat()}", now))
    note(tx, who=staff.username, did="took_thread", now=now, patient_id=conversation.patient_id)


def hand_back(tx: Tx, rt: Runtime, conversation_id: ConversationId, staff: StaffMember, now: datetime) -> None:
    """The bot answers again."""
    conversation = lock_conversation(tx, conversation_id, rt.content.questions())
    take_step(tx, rt, conversation, Happening(Cue.STAFF_RETURNS, f"back:{conversation_id}:{now.isoformat()}", now))
    note(tx, who=staff.username, did="handed_back", now=now, patient_id=conversation.patient_id)
