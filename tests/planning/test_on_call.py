"""Who is on call is computed from the rota at that instant, and holds only those who can be paged."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from bot.planning.on_call import Member, RotaEntry, everyone, on_call, tiers
from bot.vocabulary import Role, StaffId
from tests.planning.times import CHICAGO

KIM_ID, LEE_ID = (StaffId(UUID(int=n)) for n in (1, 2))
KIM = Member(KIM_ID, Role.NURSE, "+19135550190")
LEE = Member(LEE_ID, Role.CLINICIAN, "+19135550191")
NIGHT = datetime(2026, 10, 31, 19, tzinfo=CHICAGO)
MORNING = datetime(2026, 11, 1, 7, tzinfo=CHICAGO)


def test_a_shift_holds_from_its_start_up_to_its_end() -> None:
    rota = (RotaEntry(KIM_ID, 1, NIGHT, MORNING), RotaEntry(LEE_ID, 1, MORNING, None))
    tick = timedelta(microseconds=1)
    assert on_call(rota, (KIM, LEE), 1, NIGHT - tick) == ()
    assert on_call(rota, (KIM, LEE), 1, NIGHT) == (KIM,)
    assert on_call(rota, (KIM, LEE), 1, MORNING - tick) == (KIM,)
    assert on_call(rota, (KIM, LEE), 1, MORNING) == (LEE,)


def test_an_hour_that_comes_twice_leaves_no_gap() -> None:
    """The night of Nov 1 has thirteen hours; Kim has every minute of it."""
    rota = (RotaEntry(KIM_ID, 1, NIGHT, MORNING),)
    length = MORNING.timestamp() - NIGHT.timestamp()
    assert length == 13 * 3600
    for minute in range(13 * 60):
        at = datetime.fromtimestamp(NIGHT.timestamp() + minute * 60, tz=CHICAGO)
        assert on_call(rota, (KIM,), 1, at) == (KIM,)


def test_no_bounds_mean_always_and_two_rows_are_one_person() -> None:
    rota = (RotaEntry(KIM_ID, 1, None, None), RotaEntry(KIM_ID, 1, NIGHT, None), RotaEntry(LEE_ID, 2, None, None))
    assert on_call(rota, (KIM, LEE), 1, MORNING) == (KIM,)
    assert on_call(rota, (KIM, LEE), 2, MORNING) == (LEE,)
    assert on_call(rota, (KIM, LEE), 3, MORNING) == ()
    assert tiers(rota) == (1, 2)


@pytest.mark.parametrize(
    "member",
    [
        Member(KIM_ID, Role.NURSE, None),
        Member(KIM_ID, Role.NURSE, "+19135550190", disabled=True),
        Member(KIM_ID, Role.RECEPTIONIST, "+19135550190"),
        Member(KIM_ID, Role.AUDITOR, "+19135550190"),
    ],
    ids=["no phone", "disabled", "receptionist", "auditor"],
)
def test_who_cannot_be_paged_is_on_no_tier(member: Member) -> None:
    assert on_call((RotaEntry(KIM_ID, 1, None, None),), (member, LEE), 1, NIGHT) == ()
    assert everyone((member, LEE)) == (LEE,)
