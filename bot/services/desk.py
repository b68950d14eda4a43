"""Work items and notes to on-call staff: what a person should know that is not an alert."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.flows.effects import Due, MakeWorkItem
from bot.planning.office_hours import OfficeHours, is_office_hours, noon_next_business_day
from bot.planning.on_call import everyone, on_call
from bot.runtime import Runtime
from bot.services.party import Party
from bot.storage.database import Tx
from bot.storage.outbox import Draft, Kind, keep_outgoing
from bot.storage.staff import list_rota, list_staff
from bot.storage.work_items import keep_work_item
from bot.vocabulary import Channel, PatientId, PhoneId, TextId

NOTE_LIVES = timedelta(minutes=30)


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
            return noon_next_business_day(now, office_hours(rt))
        case Due.IN_AN_HOUR:
            return now + timedelta(hours=1)
        case Due.NOW:
            return now


def office_hours(rt: Runtime) -> OfficeHours:
    """When somebody is in the office, federal holidays left out."""
    clinic = rt.content.clinic
    this_year = rt.now().year
    return OfficeHours(clinic.zone, clinic.hours_by_weekday, clinic.closed_days((this_year, this_year + 1)))


def tell_on_call(tx: Tx, rt: Runtime, key: str, now: datetime) -> None:
    """One text, without a word about anybody, to whoever is on call first."""
    members = [person.member for person in list_staff(tx)]
    entries = list_rota(tx)
    reached = on_call(entries, members, 1, now) or everyone(members)[:1]
    clinic, console = rt.content.clinic.name, rt.settings.public_url
    words = f"{clinic}: a patient's text could not be sorted and waits for a person. Open {console}/"
    for member in reached:
        if member.phone is not None:
            draft = Draft(f"{key}:{member.staff_id}", Kind.STAFF, Channel.TEXT, member.phone, words, now + NOTE_LIVES)
            keep_outgoing(tx, draft, now)
