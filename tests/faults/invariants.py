"""What must hold whatever was killed: read from the provider's ledger and from the database, from nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import TextClause, select, text

from bot.planning.sending import OPEN
from bot.storage.database import Tx
from bot.storage.phones import get_phone
from bot.storage.tables import outbox, receipts
from bot.storage.texts import get_text
from bot.storage.work_items import list_open_items
from bot.vocabulary import PhoneId, TextId
from tests.faults.plant import KIM, RIVERA, Plant

STUCK = text(
    f"SELECT count(*) FROM outbox WHERE state IN {tuple(s.value for s in OPEN)} AND (state <> 'due' OR due_at <= :now)"
)
LOST = ("failed", "undelivered", "canceled")


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of a run, for its table."""

    texts_in: int
    unsorted: int
    check_ins: int
    check_ins_lost: int
    twice: int
    alerts: int
    alerts_unpaged: int
    pages_over: int
    unknown_sids: int
    open_rows: int


def look(plant: Plant) -> Counts:
    """Everything at once."""
    with plant.runtime.database.begin() as tx:
        known = _known_sids(tx)
        inbound = plant.ledger.inbound
        kept = {row.sid for row in tx.list(text("SELECT sid FROM texts WHERE answered_at IS NOT NULL"))}
        sent = [m for m in plant.ledger.sent if m.status not in LOST]
        to_patients = [m for m in sent if m.to not in (KIM, RIVERA)]
        # a call is in no list that we may read (CONTRACT.md): its answer or one of its callbacks has to tell us
        made = {m.sid for m in plant.ledger.sent} | {call.sid for call in plant.ledger.calls if call.was_heard_of}
        return Counts(
            texts_in=len(inbound),
            unsorted=sum(m.sid not in kept for m in inbound),
            check_ins=_count(tx, "SELECT count(*) FROM check_ins WHERE sent_at IS NOT NULL"),
            check_ins_lost=len(list(_lost_check_ins(plant, tx))),
            # the callback's address carries the row's key
            twice=sum(count - 1 for count in Counter(m.callback for m in to_patients).values()),
            alerts=_count(tx, "SELECT count(*) FROM alerts"),
            alerts_unpaged=len(list(_unpaged(plant, tx))),
            pages_over=sum(count > 2 for count in _pages(plant).values()),
            unknown_sids=len(made - known),
            open_rows=_count(tx, STUCK.bindparams(now=plant.runtime.now())),
        )


def _known_sids(tx: Tx) -> set[str]:
    bound = {row.sid for row in tx.list(select(outbox.c.sid).where(outbox.c.sid.is_not(None)))}
    return bound | {row.sid for row in tx.list(select(receipts.c.sid))}


def _count(tx: Tx, query: str | TextClause) -> int:
    row = tx.find(text(query) if isinstance(query, str) else query)
    assert row is not None
    return int(row[0])


def _lost_check_ins(plant: Plant, tx: Tx) -> Iterator[str]:
    """Check-ins whose day has come and whose first text is at no phone and on nobody's work list."""
    due = text(
        "SELECT c.id, o.text_id, o.state, o.due_at, t.id AS thread, p.id AS phone_id FROM check_ins c"
        " LEFT JOIN outbox o ON o.dedupe_key LIKE 'check_in:' || c.id || ':%'"
        " LEFT JOIN texts t ON t.id = o.text_id LEFT JOIN phones p ON p.id = o.phone_id"
        " WHERE c.due_at <= :now AND c.state <> 'skipped'"
    ).bindparams(now=plant.runtime.now())
    asked = {item.text_id for item in list_open_items(tx, limit=100_000)}
    at_phones = {(m.to, m.body) for m in plant.ledger.sent if m.status not in LOST}
    for row in tx.list(due):
        if row.state is None:
            yield str(row.id)
            continue
        there = _opened(tx, row.text_id, row.phone_id) in at_phones
        waits = row.state == "due" and row.due_at > plant.runtime.now()  # it did not arrive and is tried again later
        if not there and not waits and row.text_id not in asked:
            yield str(row.id)


def _opened(tx: Tx, text_id: object, phone_id: object) -> tuple[str, str]:

    number = get_phone(tx, PhoneId(UUID(str(phone_id)))).number
    return number, get_text(tx, TextId(UUID(str(text_id)))).words


def _unpaged(plant: Plant, tx: Tx) -> Iterator[str]:
    """Alerts that nobody was told of: no page that arrived, no call that was placed, nobody who took it."""
    told = {word.strip(".") for m in plant.ledger.sent if m.arrived and "ACK " in m.body for word in m.body.split()}
    called = {call.url for call in plant.ledger.calls if call.status in ("ringing", "in-progress", "completed")}
    for row in tx.list(text("SELECT id, code, acknowledged_at FROM alerts")):
        pages = tx.list(text("SELECT id FROM pages WHERE alert_id = :id").bindparams(id=row.id))
        rung = any(f"{plant.url}/twilio/voice/page/{page.id}" in called for page in pages)
        if row.code not in told and not rung and row.acknowledged_at is None:
            yield str(row.code)


def _pages(plant: Plant) -> Counter[str]:
    """How often each page was requested: its words are its own, a call's address too."""
    texts = [f"{m.to} {m.body}" for m in plant.ledger.sent if "ACK " in m.body]
    return Counter([*texts, *(str(call.url) for call in plant.ledger.calls)])


def assert_all_hold(plant: Plant, seconds: float) -> Counts:
    """Waits until nothing is under way, then demands everything."""

    def settled() -> Counts | None:
        found = look(plant)
        calm = not (found.open_rows or found.unsorted or found.unknown_sids or found.alerts_unpaged)
        return found if calm and not found.check_ins_lost else None

    try:
        counts = plant.wait_until(settled, seconds, "everything has come to rest")
    except AssertionError:
        raise AssertionError(f"not within {seconds} s: {look(plant)}") from None
    assert counts.twice == 0, counts
    assert counts.pages_over == 0, counts
    return counts


def slowest_page_s(plant: Plant, over_at: datetime) -> float:
    """How long after the trouble was over, or after its own opening, the slowest alert had its first page or call."""
    told: dict[str, datetime] = {}
    for message in plant.ledger.sent:
        if message.arrived and "ACK " in message.body:
            code = message.body.split("ACK ")[1].split()[0].rstrip(".")
            told.setdefault(code, datetime.fromisoformat(message.shown_at))
    rung = {call.url: datetime.fromisoformat(call.shown_at) for call in reversed(plant.ledger.calls)}
    waits = [0.0]
    with plant.runtime.database.begin() as tx:
        query = (
            "SELECT a.code, a.opened_at, a.acknowledged_at, p.id FROM alerts a LEFT JOIN pages p ON p.alert_id = a.id"
        )
        pages = tx.list(text(query))
    for code in {row.code for row in pages}:
        mine = [row for row in pages if row.code == code]
        reached = [rung[url] for row in mine if (url := f"{plant.url}/twilio/voice/page/{row.id}") in rung]
        reached += [at for at in (told.get(code), mine[0].acknowledged_at) if at is not None]
        waits.append((min(reached) - max(mine[0].opened_at, over_at)).total_seconds())
    return max(waits)
