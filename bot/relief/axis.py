"""Everything that happened after one procedure on one axis of days: check-ins, silence, alerts, staff; no judgement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from bot.vocabulary import CheckInState

SECONDS_A_DAY = 86_400
ANSWERED = (CheckInState.ANSWERED, CheckInState.PARTLY_ANSWERED)
SILENT = (CheckInState.MISSED, CheckInState.SKIPPED)


@dataclass(frozen=True, slots=True)
class Asking:
    """One check-in: when it fell due, how it ended."""

    name: str
    due_at: datetime
    state: CheckInState


@dataclass(frozen=True, slots=True)
class Raised:
    """One alert."""

    level: str
    flags: tuple[str, ...]
    opened_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    closed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a member of staff did; `did` is the audit's word."""

    at: datetime
    who: str
    did: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One sign on the axis: `day` counts from the procedure, with its fraction; `lane`: check_in, alert, staff."""

    day: float
    lane: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Check-ins in a row without an answer, from the day of the first to the next answer; `to_day` None: still silent.

    `kinds` say of each whether nobody answered (missed) or nobody was asked (skipped).
    """

    from_day: float
    to_day: float | None
    check_ins: tuple[str, ...]
    kinds: tuple[str, ...]


def day_of(at: datetime, procedure_at: datetime) -> float:
    """Days since the procedure, to the minute."""
    return round((at - procedure_at).total_seconds() / SECONDS_A_DAY, 3)


def marks(
    procedure_at: datetime, askings: Iterable[Asking], alerts: Iterable[Raised], acts: Iterable[Act]
) -> tuple[Mark, ...]:
    """Every sign, oldest first."""
    found = [
        Mark(day_of(one.due_at, procedure_at), "check_in", one.state.value, one.name.replace("_", " "))
        for one in askings
    ]
    for alert in alerts:
        why = ", ".join(alert.flags).replace("_", " ") or "see the alert"
        found.append(Mark(day_of(alert.opened_at, procedure_at), "alert", alert.level, why))
        if alert.acknowledged_at is not None:
            taken = Mark(
                day_of(alert.acknowledged_at, procedure_at), "staff", "acknowledged", str(alert.acknowledged_by)
            )
            found.append(taken)
        if alert.closed_at is not None:
            how = (alert.outcome or "closed").replace("_", " ")
            found.append(Mark(day_of(alert.closed_at, procedure_at), "staff", "closed", how))
    found += [Mark(day_of(act.at, procedure_at), "staff", act.did, act.who) for act in acts]
    return tuple(sorted(found, key=lambda m: (m.day, m.lane, m.kind, m.label)))


def silences(procedure_at: datetime, askings: Iterable[Asking]) -> tuple[Silence, ...]:
    """Where no answer came, shown as silence and never as a score: check-ins that are over and have none."""
    over = [a for a in sorted(askings, key=lambda a: a.due_at) if a.state in (*ANSWERED, *SILENT)]
    runs = [(quiet, list(run)) for quiet, run in groupby(over, key=lambda a: a.state in SILENT)]
    found = []
    for place, (quiet, run) in enumerate(runs):
        if quiet:
            heard = runs[place + 1][1][0] if place + 1 < len(runs) else None
            found.append(
                Silence(
                    from_day=day_of(run[0].due_at, procedure_at),
                    to_day=None if heard is None else day_of(heard.due_at, procedure_at),
                    check_ins=tuple(a.name for a in run),
                    kinds=tuple(a.state.value for a in run),
                )
            )
    return tuple(found)


def segment(day: float, gaps: Iterable[Silence]) -> int:
    """How many silences ended before that day: a line between scores never crosses one."""
    return sum(gap.from_day <= day for gap in gaps)


def silent_reason(state: CheckInState, *, stopped: bool, died: bool, unreachable: bool) -> str | None:
    """Why a check-in has no answer, as far as the tables know; None where it has one or is not over."""
    if state not in SILENT:
        return None
    for reason, holds in (("died", died), ("stopped_texts", stopped), ("not_reachable", unreachable)):
        if holds:
            return reason
    return "no_reply" if state is CheckInState.MISSED else "not_sent"
