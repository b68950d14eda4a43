"""Enrols from a spreadsheet or a FHIR Bundle: all of it or nothing, or only to see what would happen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from bot.exchange.enrolment import InputError
from bot.exchange.fhir_in import Arrival
from bot.exchange.fields import field_of
from bot.exchange.record import AlertRecord, AnswerRecord, TextRecord
from bot.exchange.spreadsheet import RowError, RowErrors, SheetRow
from bot.relief.axis import ANSWERED
from bot.runtime import Runtime
from bot.services.doubles import find_doubles, keep_what_is_known
from bot.services.enrolment import Enrolled, enrol_one
from bot.storage import check_ins, conversations, findings, history, phones
from bot.storage.alerts import Alert
from bot.storage.database import Tx
from bot.storage.findings import ScoreRow
from bot.storage.history import PastText
from bot.vocabulary import AlertId, CheckInState, Flag, Level, PatientId, PhoneId, TextId

OVER = (*ANSWERED, CheckInState.MISSED, CheckInState.SKIPPED)


class _OnlyLooking(Exception):
    """Rolls a dry run back."""


def enrol_rows(
    rt: Runtime,
    rows: list[SheetRow],
    by: str,
    *,
    dry_run: bool,
    first: Callable[[Tx, datetime], None] = lambda _tx, _now: None,
) -> list[Enrolled]:
    """Enrols every row, or none.

    :param first: looks at what is there before the first row, and raises if nothing may be enrolled.
    :raises RowErrors: a line for each bad row.
    """

    def walk(tx: Tx, now: datetime) -> list[Enrolled]:
        first(tx, now)
        enrolled: list[Enrolled] = []
        wrong: list[RowError] = []
        for row in rows:
            try:
                known = find_doubles(tx, row.enrolment, now, ())
                enrolled.append(enrol_one(tx, rt, keep_what_is_known(tx, row.enrolment, known), by, now))
            except InputError as error:
                found = field_of(error)
                wrong.append(RowError(row.number, found.path, found.words))
        if wrong:
            raise RowErrors(wrong)
        return enrolled

    return _in_one(rt, walk, dry_run=dry_run)


def enrol_arrivals(rt: Runtime, arrivals: list[Arrival], by: str, *, dry_run: bool) -> list[Enrolled]:
    """Enrols every procedure of a Bundle with what followed it elsewhere, or none.

    :raises InputError: one line that says what is wrong.
    """

    def walk(tx: Tx, now: datetime) -> list[Enrolled]:
        thread: dict[PatientId, dict[str, TextId]] = {}
        enrolled = []
        for arrival in arrivals:
            one = enrol_one(tx, rt, arrival.enrolment, by, now)
            if one.changed:
                _bring(tx, rt, arrival, one, thread, now)
            enrolled.append(one)
        return [
            Enrolled(e.patient_id, e.procedure_id, check_ins.list_check_ins(tx, e.procedure_id), e.changed)
            for e in enrolled
        ]

    return _in_one(rt, walk, dry_run=dry_run)


def _in_one(rt: Runtime, walk: Callable[[Tx, datetime], list[Enrolled]], *, dry_run: bool) -> list[Enrolled]:
    enrolled: list[Enrolled] = []
    try:
        with rt.database.begin() as tx:
            enrolled = walk(tx, rt.now())
            if dry_run:
                raise _OnlyLooking
    except _OnlyLooking:
        return enrolled
    return enrolled


def _bring(
    tx: Tx, rt: Runtime, arrival: Arrival, one: Enrolled, thread: dict[PatientId, dict[str, TextId]], now: datetime
) -> None:
    """What followed the procedure elsewhere: thread, check-ins that are over, numbers, closed alerts."""
    open_ones = [alert for alert in arrival.alerts if alert.closed_at is None]
    if open_ones:
        raise InputError("Flag: an alert is still open. Close it where the patient comes from, then export anew")
    if one.patient_id not in thread:
        thread[one.patient_id] = _bring_texts(tx, rt, arrival, one.patient_id, now)
    texts = thread[one.patient_id]
    for check_in in arrival.check_ins:
        state = CheckInState(check_in.state)
        if state in OVER or state is CheckInState.SENT:  # what stood open there cannot be answered here
            ended = state if state in OVER else CheckInState.MISSED
            history.end_past_check_in(tx, one.procedure_id, check_in.name, check_in.due_at, ended)
    for answer in arrival.answers:
        text_id = texts.get(answer.text or "") or _unwritten(tx, one.patient_id, answer)
        row = ScoreRow(answer.kind, answer.value, answer.day, answer.asked, answer.at)
        findings.keep_score(tx, one.procedure_id, text_id, row)
    for alert in arrival.alerts:
        history.keep_past_alert(tx, _alert(rt, alert, one, _first_phone(tx, one.patient_id)))


def _first_phone(tx: Tx, patient_id: PatientId) -> PhoneId:
    return phones.list_texters_of(tx, patient_id)[0].phone_id


def _bring_texts(tx: Tx, rt: Runtime, arrival: Arrival, patient_id: PatientId, now: datetime) -> dict[str, TextId]:
    """The thread, and under which of our ids each text stands; a number that is not theirs becomes the first's."""
    numbers = {phones.get_phone(tx, t.phone_id).number: t.phone_id for t in phones.list_texters_of(tx, patient_id)}
    talks = {
        talk.phone_id: talk.id for talk in conversations.list_conversations_of(tx, patient_id, rt.content.questions())
    }

    def keep(text: TextRecord) -> TextId:
        phone_id = numbers.get(text.phone) or _first_phone(tx, patient_id)
        past = PastText(phone_id, talks.get(phone_id), text.direction, text.kind, text.words, text.at)
        return history.keep_past_text(tx, past)

    return {text.key: keep(text) for text in sorted(arrival.texts, key=lambda t: t.at) if text.at <= now}


def _unwritten(tx: Tx, patient_id: PatientId, answer: AnswerRecord) -> TextId:
    """A number whose text did not come along stands in an empty one."""
    by_relation = {t.relation.value: t.phone_id for t in phones.list_texters_of(tx, patient_id)}
    phone_id = by_relation.get(answer.by or "") or _first_phone(tx, patient_id)
    return history.keep_past_text(tx, PastText(phone_id, None, "in", "reply", "", answer.at))


def _alert(rt: Runtime, alert: AlertRecord, one: Enrolled, phone_id: PhoneId) -> Alert:
    level = Level(alert.level)
    policy = rt.content.escalation.policies.get(level)
    return Alert(
        id=AlertId(uuid4()),
        patient_id=one.patient_id,
        procedure_id=one.procedure_id,
        phone_id=phone_id,
        text_id=None,
        level=level,
        flags=tuple(Flag(flag) for flag in alert.flags),
        reason=alert.reason,
        code="----",
        opened_at=alert.opened_at,
        policy={} if policy is None else policy.model_dump(mode="json"),
        paging_from=alert.opened_at,
        round=0,
        first_paged_at=alert.paged_at,
        acknowledged_at=alert.acknowledged_at,
        acknowledged_by=alert.acknowledged_by,
        acknowledged_how=None if alert.acknowledged_at is None else "elsewhere",
        closed_at=alert.closed_at,
        closed_by=alert.closed_by,
        outcome=alert.outcome,
    )
