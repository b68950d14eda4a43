"""Writes pages and answers what staff text back; a page never holds a word about a patient."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.planning.paging import PageOrder
from bot.runtime import Runtime
from bot.storage.alerts import Alert, list_open_alerts
from bot.storage.database import Tx
from bot.storage.outbox import Draft, Kind, keep_outgoing
from bot.storage.pages import count_pages, list_paged_numbers
from bot.vocabulary import Channel, PageId, StaffId

PAGE_LIVES = timedelta(minutes=8)  # by then the next page is out
NOTE_LIVES = timedelta(minutes=30)
ACKNOWLEDGING = re.compile(r"^\W*(?:ack(?:nowledged?)?\b)?\W*(?P<code>[a-z0-9]{4})\W*$", re.IGNORECASE)
BARE = re.compile(r"^\W*ack(?:nowledged?)?\W*$", re.IGNORECASE)


def put_page(tx: Tx, rt: Runtime, alert: Alert, page_id: PageId, order: PageOrder, now: datetime) -> None:
    """One page into the outbox, ahead of everything else."""
    number = count_pages(tx, alert.id)
    again = f" (page {number})" if number > 1 else ""
    words = (
        f"{rt.content.clinic.name}: {alert.level.value.upper()} patient reply{again}. "
        f"Text back ACK {alert.code} to take it. Details: {rt.settings.public_url}/a/{alert.code}"
    )
    draft = Draft(
        dedupe_key=f"page:{page_id}",
        kind=Kind.PAGE,
        channel=order.channel,
        to=order.target.phone,
        body=words if order.channel is Channel.TEXT else "",
        expires_at=now + PAGE_LIVES,
        page_id=page_id,
    )
    keep_outgoing(tx, draft, now)


def tell_others(tx: Tx, rt: Runtime, alert: Alert, by: str, by_id: StaffId | None, now: datetime) -> None:
    """Everybody else who was paged hears who has it, so that nobody calls the patient twice."""
    words = f"{rt.content.clinic.name}: ref {alert.code} is taken by {by}."
    for number, (staff_id, phone) in enumerate(list_paged_numbers(tx, alert.id)):
        if staff_id == by_id:
            continue
        key = f"taken:{alert.id}:{alert.round}:{staff_id or number}"
        keep_outgoing(tx, Draft(key, Kind.STAFF, Channel.TEXT, phone, words, now + NOTE_LIVES), now)


@dataclass(frozen=True, slots=True)
class Takes:
    """The text takes this open alert."""

    alert: Alert


@dataclass(frozen=True, slots=True)
class Asks:
    """The text takes nothing that can be told; the answer says what may be meant."""

    answer: str


def read_staff_text(tx: Tx, rt: Runtime, words: str) -> Takes | Asks:
    """What a member of staff means. The code may stand alone; a bare ACK will do when one ref is open."""
    open_alerts = list_open_alerts(tx)
    waiting = [alert for alert in open_alerts if alert.acknowledged_at is None]
    match = ACKNOWLEDGING.match(words)
    if match is not None:
        code = match["code"].upper()
        for alert in open_alerts:
            if alert.code == code:
                return Takes(alert)
    if BARE.match(words) and len(waiting) == 1:
        return Takes(waiting[0])
    refs = ", ".join(alert.code for alert in waiting)
    console = rt.settings.public_url
    if not refs:
        return Asks(f"{rt.content.clinic.name}: no ref is open. This number takes ACK and a code. Open {console}/")
    return Asks(f"{rt.content.clinic.name}: which one? Waiting: {refs}. Text back ACK and the code.")


def tell_staff(tx: Tx, to: str, words: str, key: str, now: datetime) -> None:
    """One text to one member of staff."""
    keep_outgoing(tx, Draft(key, Kind.STAFF, Channel.TEXT, to, words, now + NOTE_LIVES), now)
