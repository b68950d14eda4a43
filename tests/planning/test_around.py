"""Around the procedure: notices and diary outside quiet hours, and pupils not in class."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.content.protocols import CheckInRules, DiaryRules, NoticeRules, Question
from bot.planning.around import TextingDay, age_on, plan_diary, plan_notice, rule_for

CHICAGO = ZoneInfo("America/Chicago")
DAY = TextingDay(time(9), time(20), time(20))
AFTERCARE = NoticeRules(name="aftercare_1", after_hours=1, says=("notice_aftercare",))
PREP = NoticeRules(name="prep_1", day=-1, at=time(10), says=("notice_prep",))
DIARY = tuple(DiaryRules(name=f"hour_{h}", after_hours=h, questions=(Question.PAIN_NOW,)) for h in (2, 6))
WEEK_2 = CheckInRules(name="week_2", day=14, at=time(15), minors_at=time(15, 30), questions=(Question.PAIN_WEEK,))


def at(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=CHICAGO).astimezone(UTC)


def test_aftercare_is_sent_an_hour_later_and_not_at_night() -> None:
    planned = plan_notice(AFTERCARE, at("2026-03-02 09:30"), CHICAGO, DAY)
    assert planned is not None
    assert planned.due_at == at("2026-03-02 10:30")
    assert plan_notice(AFTERCARE, at("2026-03-02 19:30"), CHICAGO, DAY) is None


def test_what_comes_before_it_keeps_its_wall_clock_over_the_change_of_time() -> None:
    """The clocks go forward on March 8th 2026."""
    planned = plan_notice(PREP, at("2026-03-09 07:00"), CHICAGO, DAY)
    assert planned is not None
    assert planned.due_at.astimezone(CHICAGO).strftime("%m-%d %H:%M") == "03-08 10:00"


def test_only_entries_ahead_and_outside_quiet_hours_are_planned() -> None:
    morning, now = at("2026-03-02 09:30"), at("2026-03-02 12:00")
    assert [entry.name for entry in plan_diary(DIARY, morning, CHICAGO, DAY, now)] == ["hour_6"]
    late = at("2026-03-02 16:00")
    assert [entry.name for entry in plan_diary(DIARY, late, CHICAGO, DAY, late)] == ["hour_2"]


def test_a_pupil_who_texts_alone_is_asked_after_class_and_nobody_else_is() -> None:
    monday = date(2026, 3, 2)  # week 2 is a Monday too
    pupil = rule_for(WEEK_2, time(20), procedure_on=monday, pupil_born_on=date(2010, 5, 1))
    adult = rule_for(WEEK_2, time(20), procedure_on=monday, pupil_born_on=date(1999, 5, 1))
    mother = rule_for(WEEK_2, time(20), procedure_on=monday, pupil_born_on=None)
    weekend = rule_for(WEEK_2, time(20), procedure_on=date(2026, 2, 28), pupil_born_on=date(2010, 5, 1))
    assert (pupil.at, adult.at, mother.at, weekend.at) == (time(15, 30), time(15), time(15), time(15))


def test_a_birthday_counts_from_its_own_day() -> None:
    assert age_on(date(2008, 3, 5), date(2026, 3, 4)) == 17
    assert age_on(date(2008, 3, 5), date(2026, 3, 5)) == 18
