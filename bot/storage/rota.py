"""The on-call rota: plain entries, and rules for rotations, overrides and holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, text

from bot.planning.on_call import RotaEntry
from bot.planning.rota import Change, Holiday, Override, Rota, Rotation, duty_at
from bot.storage.database import Tx
from bot.storage.tables import rota, rota_rules
from bot.vocabulary import StaffId

ROTATION, OVERRIDE, HOLIDAY = "rotation", "override", "holiday"


def get_rota(tx: Tx) -> Rota:
    """The whole rota."""
    rows = tx.list(select(rota).order_by(rota.c.tier, rota.c.from_at))
    rules: dict[str, list[dict[str, Any]]] = {ROTATION: [], OVERRIDE: [], HOLIDAY: []}
    for row in tx.list(select(rota_rules.c.kind, rota_rules.c.rule)):
        rules[row.kind].append(row.rule)
    return Rota(
        entries=tuple(RotaEntry(StaffId(r.staff_id), r.tier, r.from_at, r.to_at) for r in rows),
        rotations=tuple(_rotation(rule) for rule in rules[ROTATION]),
        overrides=tuple(_override(rule) for rule in rules[OVERRIDE]),
        holidays=tuple(_holiday(rule) for rule in rules[HOLIDAY]),
    )


def list_on_duty(tx: Tx, now: datetime) -> tuple[RotaEntry, ...]:
    """Who is on duty at this instant, by tier."""
    return duty_at(get_rota(tx), now)


def lock_rota(tx: Tx) -> None:
    """Until this transaction ends nobody else changes the rota; everybody may read it."""
    tx.run(text("LOCK TABLE rota_rules IN SHARE ROW EXCLUSIVE MODE"))


def replace_rota(tx: Tx, new: Rota) -> None:
    """Puts a new rota in place of the old one."""
    lock_rota(tx)  # two at once would each delete what they see and add up
    tx.run(delete(rota))
    tx.run(delete(rota_rules))
    for entry in new.entries:
        row = {"id": uuid4(), "staff_id": entry.staff_id, "tier": entry.tier}
        tx.run(insert(rota).values(row | {"from_at": entry.from_at, "to_at": entry.to_at}))
    for kind, rule in _rows(new):
        tx.run(insert(rota_rules).values(id=uuid4(), kind=kind, rule=rule))


def _rows(new: Rota) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rules as JSON."""
    for turn in new.rotations:
        bounds = {"from": turn.from_on.isoformat(), "to": None if turn.to_on is None else turn.to_on.isoformat()}
        clock = {"days": turn.days, "at": turn.hands_over_at.isoformat(), "zone": turn.zone.key}
        yield ROTATION, {"tier": turn.tier, "staff": _ids(turn.staff_ids)} | clock | bounds
    for o in new.overrides:
        bounds = {"from": o.from_at.isoformat(), "to": o.to_at.isoformat()}
        yield OVERRIDE, {"change": o.change.value, "staff": _ids((o.staff_id,)), "tier": o.tier} | bounds
    for h in new.holidays:
        yield HOLIDAY, {"tier": h.tier, "staff": _ids(h.staff_ids), "on": h.on.isoformat(), "zone": h.zone.key}


def _ids(staff_ids: tuple[StaffId, ...]) -> list[str]:
    return [str(staff_id) for staff_id in staff_ids]


def _staff(rule: dict[str, Any]) -> tuple[StaffId, ...]:
    return tuple(StaffId(UUID(i)) for i in rule["staff"])


def _rotation(rule: dict[str, Any]) -> Rotation:
    return Rotation(
        tier=rule["tier"],
        staff_ids=_staff(rule),
        days=rule["days"],
        hands_over_at=time.fromisoformat(rule["at"]),
        zone=ZoneInfo(rule["zone"]),
        from_on=date.fromisoformat(rule["from"]),
        to_on=None if rule["to"] is None else date.fromisoformat(rule["to"]),
    )


def _override(rule: dict[str, Any]) -> Override:
    bounds = (datetime.fromisoformat(rule["from"]), datetime.fromisoformat(rule["to"]))
    return Override(Change(rule["change"]), _staff(rule)[0], rule["tier"], *bounds)


def _holiday(rule: dict[str, Any]) -> Holiday:
    return Holiday(rule["tier"], _staff(rule), date.fromisoformat(rule["on"]), ZoneInfo(rule["zone"]))
