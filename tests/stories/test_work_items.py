"""What is not a page: due, taken by one person, and raised when nobody did it."""

from __future__ import annotations

from tests.story import Clinic, Telephone


def test_an_overdue_item_is_raised_once_with_whoever_is_on_call(clinic: Clinic, kim: Telephone) -> None:
    """A question on Friday afternoon is due that evening; nobody looks, and on-call hears that there is one."""
    clinic.it_is("2026-03-06 16:30")
    stranger = clinic.phone("+19135559999")
    stranger.texts("hello, when do you open?")
    item = clinic.has_work_item("unknown_number")
    assert item.due_at.astimezone(clinic.zone).hour == 20
    clinic.it_is("2026-03-06 19:59")
    kim.hears_nothing_more(within=1)
    clinic.it_is("2026-03-06 20:00")
    told = kim.hears("overdue on the work list: 1 item").body
    assert "open?" not in told
    clinic.wait(minutes=30)
    kim.hears_nothing_more(within=6)
    assert clinic.work_list[0].raised_at is not None


def test_one_person_takes_an_item_and_the_second_is_told(clinic: Clinic, kim: Telephone, rivera: Telephone) -> None:
    clinic.phone("+19135559999").texts("hello, when do you open?")
    item = clinic.has_work_item("unknown_number")
    first, second = clinic.desk("kim"), clinic.desk("rivera")
    page = second.opens("/")
    assert "I do it" in page
    assert "It is yours." in first.submits("/", f"/items/{item.id}/claim")
    assert "Kim does it" in second.opens("/")
    assert "Somebody has this already" in second.sends_late(page, f"/items/{item.id}/claim")
    assert [item.claimed_by for item in clinic.work_list] == ["kim"]
    first.submits("/", f"/items/{item.id}/release")
    assert [item.claimed_by for item in clinic.work_list] == [None]
    second.submits("/", f"/items/{item.id}/done", outcome="spoken")
    assert clinic.work_list == []
