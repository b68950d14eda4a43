"""Starts one check-in or sends one notice whose hour has come, or says why it is not sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.content.protocols import Protocol, Question
from bot.flows.conversation import Conversation, OpenCheckIn, State
from bot.flows.cues import Cue
from bot.flows.effects import Due
from bot.planning.around import ADULT_AT, age_on
from bot.runtime import Runtime
from bot.services import desk
from bot.services.party import GUARDIANS
from bot.services.stepping import Happening, take_step
from bot.storage import check_ins
from bot.storage.check_ins import CheckIn
from bot.storage.conversations import find_asked, find_conversation, list_conversations_at, lock_conversation
from bot.storage.database import Tx
from bot.storage.findings import list_scores
from bot.storage.patients import Consent, Patient, get_patient, list_consents
from bot.storage.phones import list_texters_of, lock_phone
from bot.storage.procedures import Procedure, get_procedure
from bot.vocabulary import CheckInState

STAFF_WAIT = timedelta(minutes=10)
SHARED_WAIT = timedelta(minutes=5)


def start(tx: Tx, rt: Runtime, check_in: CheckIn, now: datetime) -> None:
    """Sends its first text, or puts it off, or ends it unsent."""
    patient = get_patient(tx, check_in.patient_id)
    texters = list_texters_of(tx, check_in.patient_id)
    protocol = rt.content.protocols[check_in.protocol]
    if patient.died_at is not None or _must_consent_anew(tx, rt, patient, now):
        check_ins.end_check_in(tx, check_in.id, CheckInState.SKIPPED, now)
        return
    if now >= check_in.closes_at or not texters:
        _too_late(tx, rt, check_in, protocol, now)
        return
    phone_id = texters[0].phone_id
    lock_phone(tx, phone_id)
    found = find_conversation(tx, check_in.patient_id, phone_id, rt.content.questions())
    if found is None:
        raise LookupError(f"no conversation for check-in {check_in.id}")
    conversation = lock_conversation(tx, found.id, rt.content.questions())
    if _must_wait(tx, rt, conversation, check_in, now):
        return
    take_step(tx, rt, conversation, _what_is_due(tx, check_in, protocol, now))


def _what_is_due(tx: Tx, check_in: CheckIn, protocol: Protocol, now: datetime) -> Happening:
    key = f"check_in:{check_in.id}"
    questions, afterwards = protocol.asked_by().get(check_in.name, ((), ()))
    known = _known_already(tx, check_in, questions)
    due = OpenCheckIn(check_in.id, check_in.name, questions, afterwards, known)
    notice = protocol.notice(check_in.name)
    if notice is None:
        return Happening(Cue.CHECK_IN_DUE, key, now, due=due, closes_at=check_in.closes_at)
    awake = _procedure(tx, check_in).sedation is False and notice.says_unsedated is not None
    says = notice.says_unsedated if awake and notice.says_unsedated else notice.says
    return Happening(Cue.NOTICE_DUE, key, now, due=due, closes_at=check_in.closes_at, notices=says)


def _known_already(tx: Tx, check_in: CheckIn, questions: tuple[Question, ...]) -> frozenset[Question]:
    """The best relief of the first hours is not asked for again where the diary has it."""
    if Question.BEST_RELIEF not in questions:
        return frozenset()
    given = any(score.asked == Question.BEST_RELIEF for score in list_scores(tx, check_in.procedure_id))
    return frozenset({Question.BEST_RELIEF} if given else ())


def _procedure(tx: Tx, check_in: CheckIn) -> Procedure:
    return get_procedure(tx, check_in.procedure_id)


def _too_late(tx: Tx, rt: Runtime, check_in: CheckIn, protocol: Protocol, now: datetime) -> None:
    """A check-in of the follow-up that could not leave is a person's business; what goes around it is not missed."""
    follow_up = check_in.name in protocol.follow_up
    check_ins.end_check_in(tx, check_in.id, CheckInState.MISSED if follow_up else CheckInState.SKIPPED, now)
    if follow_up:
        key = f"check_in:{check_in.id}"
        desk.put(tx, rt, "check_in_too_late", Due.NOON_NEXT_BUSINESS_DAY, key, now, patient_id=check_in.patient_id)


def lacks_consent(patient: Patient, consents: list[Consent], now: datetime) -> str | None:
    """What staff have to ask for before anything automatic is sent: all was withdrawn, or a guardian agreed for
    somebody who has turned 18 since (PLATFORM.md 2, minors)."""
    standing = [consent for consent in consents if consent.withdrawn_at is None]
    if consents and not standing:
        return "consent_withdrawn"
    if age_on(patient.born_on, now.astimezone(patient.zone).date()) < ADULT_AT:
        return None
    is_guardians = bool(standing) and all(consent.by.lower() in GUARDIANS for consent in standing)
    return "consent_at_18" if is_guardians else None


def _must_consent_anew(tx: Tx, rt: Runtime, patient: Patient, now: datetime) -> bool:
    """Staff are asked, once; until then nothing automatic is sent."""
    consents = list_consents(tx, patient.id)
    kind = lacks_consent(patient, consents, now)
    if kind is None:
        return False
    since = f"adult:{patient.id}" if kind == "consent_at_18" else f"withdrawn:{patient.id}:{consents[0].withdrawn_at}"
    desk.put(tx, rt, kind, Due.NOON_NEXT_BUSINESS_DAY, since, now, patient_id=patient.id)
    return True


def _must_wait(tx: Tx, rt: Runtime, conversation: Conversation, check_in: CheckIn, now: datetime) -> bool:
    """A check-in waits while staff are writing, and for another patient's fresh question on the same phone."""
    if conversation.state is State.WITH_STAFF:
        check_ins.postpone(tx, check_in.id, now + STAFF_WAIT)
        return True
    if rt.content.protocols[check_in.protocol].notice(check_in.name) is not None:
        return False
    patience = timedelta(minutes=rt.content.protocols[check_in.protocol].question_minutes)
    for other in list_conversations_at(tx, conversation.phone_id, rt.content.questions()):
        if other.id == conversation.id or other.state not in (State.ASKING, State.CLARIFYING, State.CHOOSING):
            continue
        _, asked_at = find_asked(tx, other.id)
        if asked_at is not None and now - asked_at < patience:
            check_ins.postpone(tx, check_in.id, min(asked_at + patience, now + SHARED_WAIT))
            return True
        cue = Cue.EXPIRED if other.state is State.ASKING else Cue.SILENCE
        take_step(tx, rt, other, Happening(cue, f"{cue}:{other.id}:{now.isoformat()}", now))
    return False
