"""The audit finds whatever has stopped moving, and nothing where all of it moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.planning.audit_rules import AuditedAlert, Problem, Seen, Trouble, find_problems, in_short

NOW = datetime(2026, 3, 7, 16, tzinfo=UTC)
STALE = timedelta(seconds=30)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


MOVING = AuditedAlert("a", ago(minutes=12), None, NOW + timedelta(seconds=40), ago(minutes=4), None, unreached=False)
TAKEN = replace(MOVING, acknowledged_at=ago(minutes=4), next_page_at=None, reminded_by=NOW + timedelta(minutes=11))
WELL = Seen(timedelta(seconds=2), (MOVING, TAKEN), [("t", ago(seconds=20))], [], [("i", ago(minutes=5))])


def test_what_moves_is_clean() -> None:
    assert find_problems(WELL, NOW, STALE) == frozenset()
    assert in_short(frozenset()) == ""


@pytest.mark.parametrize(
    ("seen", "trouble"),
    [
        (replace(WELL, worker_age=None), Trouble.NO_WORKER),
        (replace(WELL, worker_age=timedelta(seconds=31)), Trouble.NO_WORKER),
        (replace(WELL, alerts=(replace(MOVING, next_page_at=None),)), Trouble.NO_NEXT_PAGE),
        (replace(WELL, alerts=(replace(MOVING, next_page_at=ago(seconds=61)),)), Trouble.NO_NEXT_PAGE),
        (replace(WELL, alerts=(replace(MOVING, next_page_at=NOW + timedelta(hours=9)),)), Trouble.NO_NEXT_PAGE),
        (replace(WELL, alerts=(replace(MOVING, last_paged_at=ago(minutes=11, seconds=1)),)), Trouble.NOT_PAGED),
        (replace(WELL, alerts=(replace(MOVING, last_paged_at=None),)), Trouble.NOT_PAGED),
        (replace(WELL, alerts=(replace(MOVING, unreached=True),)), Trouble.NOBODY_REACHED),
        (replace(WELL, alerts=(replace(TAKEN, reminded_by=None),)), Trouble.FORGOTTEN),
        (replace(WELL, alerts=(replace(TAKEN, reminded_by=ago(minutes=2)),)), Trouble.FORGOTTEN),
        (replace(WELL, unsorted=[("t", ago(minutes=3))]), Trouble.NOT_SORTED),
        (replace(WELL, unsent_pages=[("o", ago(seconds=61))]), Trouble.PAGE_NOT_SENT),
        (replace(WELL, unraised_items=[("i", ago(minutes=26))]), Trouble.ITEM_NOT_RAISED),
    ],
)
def test_what_has_stopped_is_found(seen: Seen, trouble: Trouble) -> None:
    found = find_problems(seen, NOW, STALE)
    assert {problem.trouble for problem in found} == {trouble}
    assert in_short(found) == f"{trouble} 1"


def test_several_troubles_are_told_in_one_line() -> None:
    found = frozenset(
        {Problem(Trouble.NOT_PAGED, "a"), Problem(Trouble.NOT_PAGED, "b"), Problem(Trouble.NO_WORKER, "")}
    )
    assert in_short(found) == "no_worker 1, not_paged 2"
