"""Work items and notes to on-call staff: what a person should know that is not an alert."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.flows.effects import Due, MakeWorkItem
from bot.planning.office_hours import LateRule, OfficeHours, is_office_hours, routine_due
from bot.planning.on_call import everyone, on_call
from bot.runtime import Runtime
from bot.services.party import Party
from bot.storage import work_items
from bot.storage.audit import BOT, note
from bot.storage.database import Tx
from bot.storage.outbox import Draft, Kind, keep_outgoing
from bot.storage.rota import list_on_duty
from bot.storage.staff import list_staff
from bot.storage.work_items import keep_work_item
from bot.vocabulary import Channel, PatientId, PhoneId, TextId

NOTE_LIVES = timedelta(minutes=30)
LEAST_AGE = timedelta(minutes=10)  # what is due at once is overdue when nobody looked for so long
RAISED_APART = timedelta(minutes=10)


def make_item(
    tx: Tx, rt: Runtime, item: MakeWorkItem, party: Party, text_id: TextId | None, key: str, now: datetime
) -> None:
    """Writes a patient's work item, and tells on-call by one text when nobody is in the office."""
    put(
        tx,
        rt,
        item.kind,
        item.due,
        key,
        now,
        patient_id=party.patient.id,
        phone_id=party.phone.id,
        text_id=text_id,
    )
    if item.page_after_hours and not is_office_hours(now, office_hours(rt)):
        tell_on_call(tx, rt, f"{key}:after_hours", now)


def put(
    tx: Tx,
    rt: Runtime,
    kind: str,
    due: Due,
    key: str,
    now: datetime,
    *,
    patient_id: PatientId | None = None,
    phone_id: PhoneId | None = None,
    text_id: TextId | None = None,
) -> None:
    """Writes a work item once for its key."""
    keep_work_item(
        tx,
        f"{key}:{kind}",
        kind=kind,
        due_at=due_at(rt, due, now),
        now=now,
        patient_id=patient_id,
        phone_id=phone_id,
        text_id=text_id,
    )


def due_at(rt: Runtime, due: Due, now: datetime) -> datetime:
    """By when a person must have looked."""
    match due:
        case Due.NOON_NEXT_BUSINESS_DAY:
            late = rt.content.escalation.routine
            return routine_due(now, office_hours(rt), LateRule(late.late_from, late.reviewed_by))
        case Due.IN_AN_HOUR:
            return now + timedelta(hours=1)
        case Due.IN_TEN_MINUTES:
            return now + timedelta(minutes=10)
        case Due.NOW:
            return now


def office_hours(rt: Runtime) -> OfficeHours:
    """When somebody is in the office, federal holidays left out."""
    clinic = rt.content.clinic
    this_year = rt.now().year
    return OfficeHours(clinic.zone, clinic.hours_by_weekday, clinic.closed_days((this_year, this_year + 1)))


def tell_on_call(tx: Tx, rt: Runtime, key: str, now: datetime, about: str = "unsorted", **fill: str) -> None:
    """One text of config/staff.yaml to whoever is on call first; none of them holds a word about a patient."""
    members = [person.member for person in list_staff(tx)]
    reached = on_call(list_on_duty(tx, now), members, 1, now) or everyone(members)[:1]
    console = f"{rt.settings.public_url}/"
    words = rt.content.staff.text(about, clinic=rt.content.clinic.name, console=console, **fill)
    for member in reached:
        if member.phone is not None:
            draft = Draft(f"{key}:{member.staff_id}", Kind.STAFF, Channel.TEXT, member.phone, words, now + NOTE_LIVES)
            keep_outgoing(tx, draft, now)
    tx.wake()


def raise_overdue(rt: Runtime) -> int:
    """Tells on-call once about work items that nobody did in time, all in one text; how many there were."""
    now = rt.now()
    with rt.database.begin() as tx:
        told_at = work_items.last_raised_at(tx)
        if told_at is not None and told_at <= now < told_at + RAISED_APART:
            return 0
        overdue = work_items.claim_overdue(tx, now, now - LEAST_AGE)
        if not overdue:
            return 0
        count = f"{len(overdue)} item{'s' if len(overdue) > 1 else ''}"
        tell_on_call(tx, rt, f"overdue:{overdue[0]}", now, "overdue", count=count)
        note(tx, who=BOT, did="raised_overdue", now=now, about=str(len(overdue)))
        return len(overdue)
