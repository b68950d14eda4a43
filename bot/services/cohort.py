"""The cohort of one protocol: chosen, loaded in one transaction, read by the pure core; it writes only who looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.content.protocols import Protocol, Question
from bot.relief.axis import SILENT, silent_reason
from bot.relief.cohort import AskedOn, Cohort, CohortRules, Member, Paged, age_band, read_cohort
from bot.relief.timeline import (
    Course,
    ReliefAnswer,
    Score,
    Thresholds,
    anaesthetic_phase,
    concordance,
    lasting_relief,
    steroid_phase_of,
)
from bot.runtime import Runtime
from bot.services.follow_up import age_on, limits_of
from bot.storage import audit
from bot.storage.cohort import AlertTimes, CohortRow, Wanted, list_cohort, list_values
from bot.storage.staff import StaffMember

ABOUT_RELIEF = {Question.PAIN_NOW, Question.PAIN_WEEK, Question.RELIEF}
NOT_GIVEN = "not given"
MONTHS_A_QUARTER = 3
FIRST_SPAN = timedelta(days=365)  # what the page shows before anybody chose


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody asked for; None and "" take everything. `until` is the last day, counted in."""

    protocol: str = ""
    since: date | None = None
    until: date | None = None
    provider: str = ""
    level: str = ""
    side: str = ""
    age: str = ""


@dataclass(frozen=True, slots=True)
class CohortPage:
    """The cohort, what was chosen for it, and what there is to choose from."""

    cohort: Cohort
    choice: Choice
    protocol: Protocol
    values: dict[str, list[str]]


def cohort_page(rt: Runtime, choice: Choice, viewer: StaffMember | None) -> CohortPage:
    """The page; with a viewer also a line in the audit that it was looked at. LookupError for an unknown protocol."""
    now = rt.now()
    protocol = rt.content.protocols[choice.protocol or next(iter(rt.content.protocols))]
    since = choice.since or (now - FIRST_SPAN).date()
    until = choice.until or now.date()
    wanted = Wanted(
        protocol.id, _midnight(since), _midnight(until + timedelta(days=1)), tuple(c.name for c in protocol.check_ins),
        choice.provider or None, choice.level or None, choice.side or None,
    )  # by rows, not an item a line  # fmt: skip
    with rt.database.begin() as tx:
        rows = list_cohort(tx, wanted)
        values = list_values(tx, protocol.id)
        if viewer is not None:
            audit.note(tx, who=viewer.username, did="viewed_cohort", now=now, about=protocol.id)
    rules, limits = rules_of(protocol), limits_of(protocol)
    days = {check_in.name: check_in.day for check_in in protocol.check_ins}
    members = [member_of(row, limits, days) for row in rows]
    if choice.age:
        members = [member for member in members if age_band(member.age, rules.age_bands) == choice.age]
    values["age"] = sorted({age_band(age, rules.age_bands) for age in (0, *rules.age_bands)}, key=_from_youngest)
    chosen = Choice(protocol.id, since, until, choice.provider, choice.level, choice.side, choice.age)
    return CohortPage(read_cohort(members, rules), chosen, protocol, values)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _from_youngest(band: str) -> tuple[int, str]:
    return (0 if band.startswith("under") else 1, band)


def rules_of(protocol: Protocol) -> CohortRules:
    """The protocol's numbers as the core wants them."""
    days = [rules.day for rules in protocol.check_ins]
    return CohortRules(
        useful=protocol.thresholds.useful.value,
        steroid_from_day=int(protocol.thresholds.steroid_from_day.value),
        steroid_to_day=int(protocol.thresholds.steroid_to_day.value),
        smallest_group=int(protocol.cohort.smallest_group.value),
        age_bands=protocol.cohort.age_bands,
        asked_on=tuple(
            AskedOn(rules.name, rules.day, following)
            for rules, following in zip(protocol.check_ins, [*days[1:], days[-1] * 2], strict=True)
            if ABOUT_RELIEF & set(rules.questions)
        ),
    )


def member_of(row: CohortRow, limits: Thresholds, days: dict[str, int]) -> Member:
    """One procedure as the cohort counts it; `days` are the protocol's check-ins'."""
    course = _course(row)
    lasting = lasting_relief(course)
    first, later = anaesthetic_phase(course, limits), steroid_phase_of(lasting, limits)
    return Member(
        provider=row.provider or NOT_GIVEN,
        level=row.level or NOT_GIVEN,
        side=row.side or NOT_GIVEN,
        age=age_on(row.born_on, row.at.astimezone(row.zone).date()),
        period=f"{row.at.year} Q{(row.at.month - 1) // MONTHS_A_QUARTER + 1}",
        pattern=concordance(row.sedation, first.band, later.band),
        lasting=lasting,
        check_ins=row.check_ins,
        alerts=tuple(_paged(alert) for alert in row.alerts),
        silence=_silence(row, days),
    )


def _course(row: CohortRow) -> Course:
    return Course(
        baseline=row.baseline_pain,
        block_pain=row.block_pain,
        sedation=row.sedation,
        procedure_at=row.at,
        scores=tuple(Score(at, day, value, asked) for kind, value, day, asked, at in row.numbers if kind == "pain"),
        relief=tuple(
            ReliefAnswer(at, day, value, "best_relief" if asked == "best_relief" else "stated")
            for kind, value, day, asked, at in row.numbers
            if kind == "relief"
        ),
    )


def _silence(row: CohortRow, days: dict[str, int]) -> tuple[str, ...]:
    """A reason for each check-in without an answer; what ended texts before its day is why."""
    found = []
    for name, state in row.check_ins:
        if state in SILENT:
            due_at = row.at + timedelta(days=days.get(name, 0) + 1)
            since = (row.stopped_at, row.died_at, row.unreachable_since)
            stopped, died, unreachable = (at is not None and at <= due_at for at in since)
            found.append(silent_reason(state, stopped=stopped, died=died, unreachable=unreachable))
    return tuple(reason for reason in found if reason is not None)


def _paged(alert: AlertTimes) -> Paged:
    return Paged(
        alert.level,
        _seconds(alert.opened_at, alert.first_paged_at),
        _seconds(alert.opened_at, alert.acknowledged_at),
        alert.closed_at is not None,
        alert.outcome,
    )


def _seconds(since: datetime, at: datetime | None) -> float | None:
    return None if at is None else (at - since).total_seconds()
