"""The life of a row: what a failure leads to, by the table of config/ and by the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.reading import read_model
from bot.content.sending import Meaning, SendingRules
from bot.planning.sending import (
    MOVES,
    OPEN,
    PURPOSES,
    TRAVELLING,
    Kind,
    Sending,
    Try,
    after_failure,
    after_not_sent,
    after_unknown,
    sources_of,
)
from tests.conftest import ROOT

NOW = datetime(2026, 3, 3, 16, tzinfo=UTC)
RULES = read_model(SendingRules, ROOT / "config" / "sending.yaml")
KINDS = st.sampled_from(list(Kind))
JITTER = st.floats(0, 1, exclude_max=True)


def tried(kind: Kind, *, failures: int = 0, minutes: float = 240, attempts: int = 1) -> Try:
    """A try of a row whose time is over in so many minutes."""
    return Try(kind, attempts, failures, NOW, NOW + timedelta(minutes=minutes))


# What RELIABILITY.md, section 3, asks for each code: (check-in, page is lost now, alarm, mark).
TABLE = [
    (429, "due", True, False, None),
    (20003, "held", True, True, None),
    (401, "held", True, True, None),
    (30002, "held", True, True, None),
    (21606, "held", True, True, None),
    (21611, "held", True, True, None),
    (30034, "held", True, True, None),
    (21211, "task", True, False, "unusable"),
    (21614, "task", True, False, "unusable"),
    (21635, "task", True, False, "unusable"),
    (30006, "task", True, False, "unusable"),
    (30005, "task", True, False, "unusable"),
    (21408, "task", True, True, None),
    (21610, "task", True, False, "stopped"),
    (21617, "task", True, True, None),
    (30001, "later", True, False, None),
    (30003, "later", True, False, None),
    (30004, "task", True, False, None),
    (30007, "task", True, True, None),
    (30008, "later", True, False, None),
    (30410, "later", True, False, None),
    (30036, "task", True, False, None),
    (39999, "task", True, True, None),
    (404, "task", True, True, None),
]


@pytest.mark.parametrize(("code", "check_in", "page_lost", "alarm", "mark"), TABLE)
def test_the_error_table_row_by_row(code: int, check_in: str, page_lost: bool, alarm: bool, mark: str | None) -> None:
    meaning = RULES.meaning_of(code)
    text = after_failure(tried(Kind.CHECK_IN), meaning, NOW, 0.5)
    found = "held" if text.hold else "later" if text.counts else "task" if text.lost else text.state.value
    assert (found, text.alarm, text.mark) == (check_in, alarm, mark)
    assert after_failure(tried(Kind.PAGE), meaning, NOW, 0.5).lost is page_lost


@given(st.integers(1, 99_999), KINDS, st.integers(0, 5), st.floats(-60, 600), JITTER)
def test_no_error_is_ever_ignored(code: int, kind: Kind, failures: int, minutes: float, jitter: float) -> None:
    """Whatever the code: it is tried again before its time is over, or somebody hears of it."""
    row = tried(kind, failures=failures, minutes=minutes)
    following = after_failure(row, RULES.meaning_of(code), NOW, jitter)
    if following.state is Sending.DUE:
        assert following.due_at is not None
        assert NOW <= following.due_at < row.expires_at
    else:
        assert following.state in (Sending.FAILED, Sending.DROPPED)
        assert following.lost
    assert following.lost or not kind.is_for_staff, "a page never waits for a channel that fails"


def test_later_means_after_the_waits_and_then_a_person() -> None:
    """30003, handset off: after 15 minutes, after two hours, then a work item."""
    meaning = RULES.meaning_of(30003)
    waits = [after_failure(tried(Kind.REPLY, failures=n), meaning, NOW, 0) for n in range(3)]
    assert [w.due_at and (w.due_at - NOW).total_seconds() for w in waits] == [900, 7200, None]
    assert [w.lost for w in waits] == [False, False, True]
    too_late = after_failure(tried(Kind.CHECK_IN, minutes=10), meaning, NOW, 0)
    assert (too_late.state, too_late.lost) == (Sending.FAILED, True)


@given(st.integers(1, 500), st.floats(0, 600), JITTER)
def test_retry_after_is_honoured(attempts: int, seconds: float, jitter: float) -> None:
    following = after_not_sent(tried(Kind.CHECK_IN, attempts=attempts), NOW, jitter, seconds)
    assert following.due_at is not None
    assert (following.due_at - NOW).total_seconds() >= seconds - 1e-6


@given(st.floats(0, 100), st.integers(1, 60), KINDS)
def test_what_is_not_found_is_sent_again_only_later_than_any_list_lag(ago: float, absent: int, kind: Kind) -> None:
    following = after_unknown(tried(kind), ago, absent, NOW)
    assert following.state is (Sending.DUE if ago >= absent else Sending.UNKNOWN)
    over = after_unknown(tried(kind, minutes=0), ago, absent, NOW)
    assert (over.state, over.lost) == ((Sending.DROPPED, True) if ago >= absent else (Sending.UNKNOWN, False))


def test_every_state_has_its_row_and_every_open_one_a_way_out() -> None:
    assert set(MOVES) == set(Sending)
    assert set(PURPOSES) == set(Kind)
    for state in (*OPEN, *TRAVELLING):
        assert MOVES[state] - {state}, state
    assert not any(MOVES[end] for end in (Sending.DELIVERED, Sending.FAILED, Sending.DROPPED))


def test_a_request_is_made_only_from_a_claim_and_repeated_only_when_its_end_is_known() -> None:
    """The heart of it: nothing goes from being sent, or unknown, to being sent again without being due anew."""
    assert sources_of(Sending.SENDING) == ["claimed"]
    assert set(sources_of(Sending.CLAIMED)) == {"due", "claimed"}
    assert Sending.CLAIMED not in MOVES[Sending.UNKNOWN] | MOVES[Sending.SENDING]


def test_a_rule_that_forgets_its_waits_is_refused() -> None:
    with pytest.raises(ValueError, match="waits_s"):
        Meaning(means="x", check_in="later", reply="task", page="voice")
