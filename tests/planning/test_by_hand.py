"""Which check-ins staff may move, and to when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.content.load import ClinicContent
from bot.planning.around import TextingDay
from bot.planning.by_hand import Moved, No, Slot, days_of, is_unsent, move_to, slot_of
from bot.vocabulary import CheckInState

CHICAGO = ZoneInfo("America/Chicago")
HOURS = TextingDay(time(9), time(20), time(20))
SLOT = Slot(date(2026, 3, 4), date(2026, 3, 15), HOURS, CHICAGO)  # day 5 of an injection on March 2nd
NOW = datetime(2026, 3, 5, 12, tzinfo=CHICAGO)


def at(words: str) -> datetime:
    return datetime.fromisoformat(f"2026-{words}").replace(tzinfo=CHICAGO)


def test_every_check_in_keeps_its_place_among_the_others(content: ClinicContent) -> None:
    for protocol in content.protocols.values():
        spans = [days_of(rules, protocol.check_ins) for rules in protocol.check_ins]
        assert spans[0][0] == 1, "never on the day of the procedure"
        for rules, (first, last) in zip(protocol.check_ins, spans, strict=True):
            assert first <= rules.day <= last
        for (_, last), following in zip(spans, protocol.check_ins[1:], strict=False):
            assert last == following.day - 1


def test_what_goes_before_the_procedure_stays_before_it(content: ClinicContent) -> None:
    protocol = content.protocols["pars_injection"]
    every = (*protocol.before, *protocol.check_ins)
    assert [days_of(rules, every) for rules in protocol.before] == [(-10, -1)]
    assert days_of(protocol.check_ins[-1], every) == (43, 126)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("03-05T12:00", Moved(at("03-05T12:00"), at("03-05T20:00"))),  # this very moment
        ("03-15T19:59", Moved(at("03-15T19:59"), at("03-15T20:00"))),
        ("03-05T11:59", No.PAST),
        ("03-16T10:00", No.OTHER_DAY),
        ("03-06T08:59", No.QUIET),
        ("03-06T20:00", No.QUIET),
    ],
)
def test_a_check_in_moves_within_its_days_and_outside_quiet_hours(wanted: str, found: Moved | No) -> None:
    assert move_to(SLOT, at(wanted), NOW) == found


def test_the_patients_own_wall_clock_counts() -> None:
    honolulu = Slot(SLOT.first_on, SLOT.last_on, HOURS, ZoneInfo("Pacific/Honolulu"))
    assert move_to(honolulu, at("03-06T10:00"), NOW) is No.QUIET
    assert isinstance(move_to(honolulu, at("03-06T23:00"), NOW), Moved)


def test_nobody_is_asked_in_class(content: ClinicContent) -> None:
    protocol = content.protocols["pars_injection"]
    week_2 = next(rules for rules in protocol.check_ins if rules.name == "week_2")
    on = date(2026, 3, 2)
    pupil = slot_of(week_2, protocol.check_ins, on, HOURS, CHICAGO, is_pupil=True)
    adult = slot_of(week_2, protocol.check_ins, on, HOURS, CHICAGO, is_pupil=False)
    assert move_to(pupil, at("03-17T11:00"), NOW) is No.LESSONS
    assert isinstance(move_to(pupil, at("03-17T15:30"), NOW), Moved)
    assert isinstance(move_to(pupil, at("03-14T11:00"), NOW), Moved), "a Saturday"
    assert isinstance(move_to(adult, at("03-17T11:00"), NOW), Moved)


def test_only_what_never_went_out_is_unsent() -> None:
    sent_at = NOW - timedelta(hours=1)
    assert {state for state in CheckInState if is_unsent(state, None)} == {
        CheckInState.PLANNED,
        CheckInState.SKIPPED,
        CheckInState.MISSED,
    }
    assert not any(is_unsent(state, sent_at) for state in CheckInState)
