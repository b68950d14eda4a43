"""Changing a rota: a version knows any change, taking somebody out moves nobody's running turn, cover reads as said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.planning.duty_days import plan_duty_days
from bot.planning.gaps import Shift, find_gaps, opened_gaps
from bot.planning.on_call import Member, RotaEntry
from bot.planning.rota import Change, Holiday, Override, Rota, Rotation, duty_at
from bot.planning.rota_edits import (
    Cover,
    covers_of,
    key_of,
    rules_of,
    version_of,
    with_rules,
    without_member,
    without_rules,
)
from bot.vocabulary import Role, StaffId
from tests.planning.times import CHICAGO, ZONES

KIM, LEE, SAM = (StaffId(UUID(int=n)) for n in (1, 2, 3))
STAFF = tuple(Member(staff_id, Role.NURSE, f"+1913555019{n}") for n, staff_id in enumerate((KIM, LEE, SAM)))
WEEKLY = Rotation(1, (KIM, LEE, SAM), 7, time(8), CHICAGO, date(2026, 1, 5))
NOON = datetime(2026, 3, 2, 18, tzinfo=UTC)
LINE = RotaEntry(LEE, 2, None, None)
HOLIDAY = Holiday(1, (KIM, SAM), date(2026, 3, 11), CHICAGO)


def hours(number: int) -> datetime:
    return NOON + timedelta(hours=number)


def who(rota: Rota, at: datetime, tier: int = 1) -> list[StaffId]:
    return [entry.staff_id for entry in duty_at(rota, at) if entry.tier == tier]


def test_a_version_changes_with_every_rule_and_not_with_their_order() -> None:
    rota = with_rules(
        Rota(), WEEKLY, replace(WEEKLY, tier=2), LINE, HOLIDAY, Override(Change.ADD, SAM, 1, NOON, hours(2))
    )
    seen = {version_of(rota)} | {version_of(without_rules(rota, {key_of(rule)})) for rule in rules_of(rota)}
    assert len(seen) == 1 + len(rules_of(rota))
    assert version_of(replace(rota, rotations=rota.rotations[::-1])) == version_of(rota)


def test_a_rule_is_dropped_by_its_key_alone() -> None:
    rota = with_rules(Rota(), WEEKLY, LINE)
    assert without_rules(rota, {key_of(LINE)}) == Rota(rotations=(WEEKLY,))
    assert without_rules(rota, {"nothing"}) == rota


@given(
    st.sampled_from([KIM, LEE, SAM]),
    st.integers(0, 400),
    st.sampled_from([1, 7]),
    st.sampled_from(ZONES),
    st.sampled_from([time(0), time(2, 30), time(8), time(23, 59)]),
)
def test_whoever_leaves_a_rotation_moves_nobodys_running_turn(
    leaver: StaffId, day: int, days: int, zone: ZoneInfo, at: time
) -> None:
    """Counted from the first turn, two members in place of three would all be on in other weeks."""
    rota = Rota(rotations=(replace(WEEKLY, days=days, zone=zone, hands_over_at=at),))
    now = NOON + timedelta(days=day)
    left = without_member(rota, leaver, now)
    before = who(rota, now)
    assert leaver not in who(left, now)
    if leaver not in before:
        assert who(left, now) == before
    else:
        assert who(left, now), "whoever comes next steps up at once"


def test_whoever_comes_next_steps_up_in_the_old_order() -> None:
    rota = Rota(rotations=(WEEKLY,))
    assert [who(rota, NOON + timedelta(weeks=n)) for n in range(3)] == [[SAM], [KIM], [LEE]]
    left = without_member(rota, SAM, NOON)
    assert [who(left, NOON + timedelta(weeks=n)) for n in range(3)] == [[KIM], [LEE], [KIM]]


def test_somebody_is_taken_out_of_every_kind_of_rule() -> None:
    rota = with_rules(Rota(), WEEKLY, LINE, HOLIDAY, Override(Change.ADD, LEE, 1, NOON, hours(2)))
    for leaver in (KIM, LEE, SAM):
        left = without_member(rota, leaver, NOON)
        assert all(str(leaver) not in repr(rule) for rule in rules_of(left)), leaver
    assert without_member(Rota(holidays=(replace(HOLIDAY, staff_ids=(KIM,)),)), KIM, NOON) == Rota()


def test_cover_says_and_reads_the_same() -> None:
    said = [
        Cover(SAM, KIM, as_well=False, tier=1, from_at=NOON, to_at=hours(4)),
        Cover(SAM, None, as_well=False, tier=1, from_at=hours(5), to_at=hours(6)),
        Cover(SAM, None, as_well=True, tier=2, from_at=hours(7), to_at=hours(8)),
        Cover(None, KIM, as_well=False, tier=None, from_at=hours(9), to_at=hours(10)),
    ]
    assert covers_of([override for cover in said for override in cover.overrides]) == said
    rota = with_rules(Rota(entries=(RotaEntry(KIM, 1, None, None), RotaEntry(LEE, 1, None, None))), *said[0].overrides)
    assert set(who(rota, hours(1))) == {SAM, LEE}
    assert set(who(rota, hours(4))) == {KIM, LEE}


def test_only_what_a_change_opens_is_told() -> None:
    def gap(start: int, end: int, tier: int = 1) -> Shift:
        return Shift(tier, hours(start), hours(end), ())

    assert opened_gaps([gap(2, 4)], [gap(2, 4)]) == []
    assert opened_gaps([gap(2, 4)], [gap(1, 6)]) == [gap(1, 2), gap(4, 6)]
    assert opened_gaps([gap(2, 4)], [gap(2, 4, tier=2)]) == [gap(2, 4, tier=2)]
    assert opened_gaps([gap(0, 9)], [gap(3, 4)]) == []


def test_gaps_may_be_looked_for_further_ahead() -> None:
    away = Override(Change.REMOVE, LEE, 2, NOON + timedelta(days=30), NOON + timedelta(days=31))
    rota = with_rules(Rota(), LINE, away)
    assert find_gaps(rota, STAFF, (2,), NOON) == []
    assert [gap.from_at for gap in find_gaps(rota, STAFF, (2,), NOON, NOON + timedelta(days=40))] == [away.from_at]


def test_a_calendar_is_cut_at_local_midnights_and_knows_short_and_long_days() -> None:
    rota = with_rules(Rota(), replace(WEEKLY, days=1))
    for first, length in ((date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 5, 3), 24)):
        day, after = plan_duty_days(rota, STAFF, (1, 2), first, 2, CHICAGO)
        assert (day.on, day.hours, day.clocks_change) == (first, length, length != 24)
        (_, stretches), (_, empty) = day.tiers
        assert [s.from_at.astimezone(CHICAGO).time() for s in stretches] == [time(0), time(8)]
        assert stretches[-1].to_at == after.tiers[0][1][0].from_at
        assert [(s.whole_day, s.staff_ids) for s in empty] == [(True, ())]
        for stretch in stretches:
            middle = stretch.from_at + (stretch.to_at - stretch.from_at) / 2
            assert list(stretch.staff_ids) == who(rota, middle)
