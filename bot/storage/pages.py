"""Pages: one row for each try to reach one person on one channel for one alert."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, and_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from bot.planning.paging import PageOrder, PageRecord, PageState, Target
from bot.storage.database import Tx
from bot.storage.outbox import Sending
from bot.storage.tables import alerts, outbox, pages, staff
from bot.vocabulary import AlertId, Channel, PageId, StaffId

PASSED_ON = "passed_on"  # failed, by the word of whoever was paged


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `staff_id` None is the clinic's fallback number."""

    id: PageId
    alert_id: AlertId
    staff_id: StaffId | None
    channel: Channel
    state: PageState


@dataclass(frozen=True, slots=True)
class PageLine:
    """One page as the console lists it."""

    username: str | None
    channel: Channel
    reason: str
    state: str
    at: datetime
    error_code: int | None


def keep_page(tx: Tx, alert_id: AlertId, round_: int, order: PageOrder, now: datetime) -> PageId | None:
    """Writes a page; None if this order was carried out before."""
    new_id = uuid4()
    row = {
        "id": new_id,
        "alert_id": alert_id,
        "staff_id": order.target.staff_id,
        "number_hash": tx.keyring.digest("number", order.target.phone),
        "channel": order.channel.value,
        "round": round_,
        "step": order.step,
        "loop": order.loop,
        "reason": order.reason,
        "state": PageState.WAITING.value,
        "requested_at": now,
    }
    kept = tx.run(upsert(pages).values(row).on_conflict_do_nothing())
    return PageId(new_id) if kept else None


def list_records(tx: Tx, alert_id: AlertId, round_: int) -> list[PageRecord]:
    """The pages of this round, as the paging plan reads them."""
    query = (
        select(pages, outbox.c.id.label("outbox_id"), outbox.c.to_sealed, staff.c.phone_sealed)
        .join(outbox, outbox.c.page_id == pages.c.id)
        .join(staff, staff.c.id == pages.c.staff_id, isouter=True)
        .where(pages.c.alert_id == alert_id, pages.c.round == round_)
    )
    return [
        PageRecord(
            target=Target(
                None if row.staff_id is None else StaffId(row.staff_id),
                _number(tx, row),
            ),
            channel=Channel(row.channel),
            step=row.step,
            loop=row.loop,
            requested_at=row.requested_at,
            state=_state(row),
        )
        for row in tx.list(query)
    ]


def _state(row: Row[Any]) -> PageState:
    return PageState.FAILED if row.state == PASSED_ON else PageState(row.state)


def _number(tx: Tx, row: Row[Any]) -> str:
    """Where the page went; if that cannot be opened, the number of whom it was for: paging goes on."""
    known = tx.open_or("outbox.to", row.outbox_id, row.to_sealed, None)
    return known or tx.open_or("staff.phone", row.staff_id, row.phone_sealed, None) or ""


def find_page(tx: Tx, page_id: PageId) -> Page | None:
    """The page with that id."""
    row = tx.find(select(pages).where(pages.c.id == page_id))
    if row is None:
        return None
    staff_id = None if row.staff_id is None else StaffId(row.staff_id)
    return Page(PageId(row.id), AlertId(row.alert_id), staff_id, Channel(row.channel), _state(row))


def change_state(tx: Tx, page_id: PageId, state: PageState) -> AlertId | None:
    """Writes what became of the page; its alert, or None if a failed or confirmed page would go back."""
    final = [PageState.FAILED.value] if state is not PageState.CONFIRMED else []
    earlier = and_(pages.c.state.notin_([state.value, *final]))
    if state is PageState.ACCEPTED:
        earlier = and_(pages.c.state == PageState.WAITING.value)
    earlier &= pages.c.state != PASSED_ON
    row = tx.find(
        update(pages).where(pages.c.id == page_id, earlier).values(state=state.value).returning(pages.c.alert_id)
    )
    return None if row is None else AlertId(row.alert_id)


def list_paged_numbers(tx: Tx, alert_id: AlertId) -> list[tuple[StaffId | None, str]]:
    """Everybody whom the alert's texts went to, each once."""
    query = (
        select(pages.c.staff_id, outbox.c.id, outbox.c.to_sealed)
        .join(outbox, outbox.c.page_id == pages.c.id)
        .where(pages.c.alert_id == alert_id, outbox.c.state != Sending.DROPPED.value)
        .order_by(pages.c.requested_at)
    )
    numbers = {tx.open_or("outbox.to", r.id, r.to_sealed, None): r.staff_id for r in tx.list(query)}
    return [(None if s is None else StaffId(s), number) for number, s in numbers.items() if number]


def last_calls(tx: Tx, since: datetime) -> dict[str, datetime]:
    """When each telephone was last called about any alert, since then."""
    query = (
        select(pages.c.requested_at, outbox.c.id, outbox.c.to_sealed)
        .join(outbox, outbox.c.page_id == pages.c.id)
        .where(pages.c.channel == Channel.VOICE.value, pages.c.requested_at > since)
        .order_by(pages.c.requested_at)
    )
    return {tx.open("outbox.to", r.id, r.to_sealed): r.requested_at for r in tx.list(query)}


def list_alerts_paged_to(tx: Tx, number: str) -> set[AlertId]:
    """The open alerts about which this telephone was paged."""
    query = (
        select(pages.c.alert_id)
        .join(alerts, alerts.c.id == pages.c.alert_id)
        .where(pages.c.number_hash.in_(tx.keyring.digests("number", number)), alerts.c.closed_at.is_(None))
    )
    return {AlertId(row.alert_id) for row in tx.list(query.distinct())}


def count_pages(tx: Tx, alert_id: AlertId) -> int:
    """How many pages the alert has caused."""
    return len(tx.list(select(pages.c.id).where(pages.c.alert_id == alert_id)))


def list_page_lines(tx: Tx, alert_id: AlertId) -> list[PageLine]:
    """Who was paged when and what became of it, oldest first."""
    query = (
        select(pages, staff.c.username, outbox.c.error_code)
        .join(staff, staff.c.id == pages.c.staff_id, isouter=True)
        .join(outbox, outbox.c.page_id == pages.c.id, isouter=True)
        .where(pages.c.alert_id == alert_id)
        .order_by(pages.c.requested_at)
    )
    return [
        PageLine(r.username, Channel(r.channel), r.reason, r.state, r.requested_at, r.error_code)
        for r in tx.list(query)
    ]


def drop_waiting_pages(tx: Tx, alert_id: AlertId, now: datetime) -> None:
    """An acknowledged alert's pages that have not left yet never do."""
    ids = select(pages.c.id).where(pages.c.alert_id == alert_id).scalar_subquery()
    tx.run(
        update(outbox)
        .where(outbox.c.page_id.in_(ids), outbox.c.state == Sending.DUE.value)
        .values(state=Sending.DROPPED.value, ended_at=now)
    )


def fail_person(tx: Tx, page_id: PageId) -> AlertId | None:
    """Everything that this alert's round sent to the page's person counts as failed, and no receipt that comes late
    makes it good again: the next one is due."""
    row = tx.find(select(pages).where(pages.c.id == page_id))
    if row is None:
        return None
    same = (pages.c.alert_id == row.alert_id) & (pages.c.round == row.round) & (pages.c.number_hash == row.number_hash)
    tx.run(update(pages).where(same).values(state=PASSED_ON))
    return AlertId(row.alert_id)
