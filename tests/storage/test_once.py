"""What may exist only once says so when it is written again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.storage.database import Database
from bot.storage.outbox import Draft, Kind, keep_outgoing
from bot.storage.phones import keep_phone
from bot.storage.receipts import keep_receipt
from bot.storage.texts import keep_inbound
from bot.storage.work_items import keep_work_item
from bot.vocabulary import Channel

NOW = datetime(2026, 3, 3, tzinfo=UTC)


def test_a_second_time_is_none(database: Database) -> None:
    """A SID, an outbox key, a work item's key, a receipt: the first is kept, the second is told that it is not."""
    with database.begin() as tx:
        phone = keep_phone(tx, "+19135550123", NOW)

    def text() -> object:
        return keep_inbound(tx, phone_id=phone.id, sid="SM1", words="x", media=0, opt_out_type=None, now=NOW)

    def row() -> object:
        draft = Draft("k", Kind.REPLY, Channel.TEXT, phone.number, "x", NOW + timedelta(hours=1))
        return keep_outgoing(tx, draft, NOW)

    def item() -> object:
        return keep_work_item(tx, "k", kind="x", due_at=NOW, now=NOW)

    def receipt() -> object:
        return keep_receipt(tx, outbox_id=None, sid="SM2", status="sent", rank=3, error_code=None, now=NOW)

    for write in (text, row, item, receipt):
        with database.begin() as tx:
            assert write()
        with database.begin() as tx:
            assert not write()
