"""Somebody is always paged next, whatever the rota, the clock and the carriers do."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.planning.on_call import Member, RotaEntry
from bot.planning.paging import (
    AlertClock,
    PageOrder,
    PageRecord,
    PageState,
    Policy,
    Step,
    next_pages,
)
from bot.vocabulary import Channel, Role, StaffId

OPENED = datetime(2026, 3, 7, 16, tzinfo=UTC)
TEXT, VOICE = Channel.TEXT, Channel.VOICE
EMERGENCY = Policy(
    (Step(0, 1, (TEXT,)), Step(100, 1, (VOICE,)), Step(280, 2, (TEXT, VOICE)), Step(540, None, (TEXT, VOICE))),
    540,
    Step(0, None, (TEXT, VOICE)),
)
URGENT = Policy(
    (Step(0, 1, (TEXT,)), Step(540, 1, (VOICE,)), Step(840, 2, (TEXT, VOICE)), Step(1380, None, (TEXT, VOICE))),
    540,
    Step(0, None, (TEXT, VOICE)),
)
KIM, RIVERA, LEE = (Member(StaffId(UUID(int=n)), Role.NURSE, f"+1913555019{n}") for n in range(3))
STAFF = (KIM, RIVERA, LEE)
ROTA = (RotaEntry(KIM.staff_id, 1, None, None), RotaEntry(RIVERA.staff_id, 2, None, None))
FALLBACK = "+19135550199"


def alert(policy: Policy = EMERGENCY, acknowledged: bool = False) -> AlertClock:
    return AlertClock(OPENED, OPENED if acknowledged else None, None, policy)


def at(seconds: float) -> datetime:
    return OPENED + timedelta(seconds=seconds)


def carried_out(
    orders: tuple[PageOrder, ...], now: datetime, state: PageState = PageState.ACCEPTED
) -> list[PageRecord]:
    """The orders as the pages they became."""
    return [PageRecord(o.target, o.channel, o.step, o.loop, now, state) for o in orders]


def who(orders: tuple[PageOrder, ...]) -> set[tuple[str, Channel]]:
    return {(order.target.phone, order.channel) for order in orders}


def test_the_first_page_is_a_text_to_the_first_tier() -> None:
    plan = next_pages(alert(), [], ROTA, STAFF, None, at(0))
    assert who(plan.due) == {(str(KIM.phone), TEXT)}


def test_nobody_answers_and_it_goes_up_the_tiers() -> None:
    """Voice within two minutes, tier 2 within five, everybody within ten."""
    pages = carried_out(next_pages(alert(), [], ROTA, STAFF, None, at(0)).due, at(0), PageState.CONFIRMED)
    called = next_pages(alert(), pages, ROTA, STAFF, None, at(120))
    assert who(called.due) == {(str(KIM.phone), VOICE)}
    pages += carried_out(called.due, at(120), PageState.CONFIRMED)
    second = next_pages(alert(), pages, ROTA, STAFF, None, at(300))
    assert who(second.due) == {(str(RIVERA.phone), TEXT), (str(RIVERA.phone), VOICE)}
    pages += carried_out(second.due, at(300), PageState.CONFIRMED)
    everybody = next_pages(alert(), pages, ROTA, STAFF, None, at(600))
    assert {phone for phone, _ in who(everybody.due)} == {str(member.phone) for member in STAFF}


def test_a_text_that_failed_becomes_a_call_at_once() -> None:
    first = next_pages(alert(), [], ROTA, STAFF, None, at(0))
    lost = carried_out(first.due, at(0), PageState.FAILED)
    assert who(next_pages(alert(), lost, ROTA, STAFF, None, at(1)).due) == {(str(KIM.phone), VOICE)}


def test_a_text_that_nobody_confirmed_for_a_minute_becomes_a_call() -> None:
    sent = carried_out(next_pages(alert(), [], ROTA, STAFF, None, at(0)).due, at(0))
    assert next_pages(alert(), sent, ROTA, STAFF, None, at(59)).due == ()
    assert who(next_pages(alert(), sent, ROTA, STAFF, None, at(60)).due) == {(str(KIM.phone), VOICE)}


def test_when_text_and_call_failed_the_next_person_is_paged_at_once() -> None:
    pages = carried_out(next_pages(alert(), [], ROTA, STAFF, None, at(0)).due, at(0), PageState.FAILED)
    pages += carried_out(next_pages(alert(), pages, ROTA, STAFF, None, at(1)).due, at(1), PageState.FAILED)
    assert {phone for phone, _ in who(next_pages(alert(), pages, ROTA, STAFF, None, at(2)).due)} == {RIVERA.phone}


def test_an_empty_tier_is_the_next_tier_and_an_empty_rota_is_everybody() -> None:
    only_second = (RotaEntry(RIVERA.staff_id, 2, None, None),)
    assert who(next_pages(alert(), [], only_second, STAFF, None, at(0)).due) == {(str(RIVERA.phone), TEXT)}
    assert {p for p, _ in who(next_pages(alert(), [], (), STAFF, None, at(0)).due)} == {m.phone for m in STAFF}


def test_without_any_staff_the_fallback_number_is_paged() -> None:
    assert who(next_pages(alert(), [], (), (), FALLBACK, at(0)).due) == {(FALLBACK, TEXT)}
    nobody = next_pages(alert(), [], (), (), None, at(0))
    assert nobody.unreachable
    assert nobody.next_at is not None


def test_an_acknowledged_alert_pages_nobody() -> None:
    plan = next_pages(alert(acknowledged=True), [], ROTA, STAFF, None, at(600))
    assert (plan.due, plan.next_at) == ((), None)


def test_somebody_disabled_while_being_paged_is_skipped() -> None:
    gone = Member(KIM.staff_id, KIM.role, KIM.phone, disabled=True)
    plan = next_pages(alert(), [], ROTA, (gone, RIVERA, LEE), None, at(120))
    assert str(KIM.phone) not in {phone for phone, _ in who(plan.due)}
    assert plan.due


def test_somebody_disabled_after_a_text_that_failed_is_not_called() -> None:
    """The first step turns to whoever stands in for that tier now."""
    lost = carried_out(next_pages(alert(), [], ROTA, STAFF, None, at(0)).due, at(0), PageState.FAILED)
    staff = (replace(KIM, disabled=True), RIVERA, LEE)
    plan = next_pages(alert(), lost, ROTA, staff, None, at(5))
    assert who(plan.due) == {(str(RIVERA.phone), TEXT)}
    lost += carried_out(plan.due, at(5), PageState.FAILED)
    lost += carried_out(next_pages(alert(), lost, ROTA, staff, None, at(6)).due, at(6), PageState.FAILED)
    assert who(next_pages(alert(), lost, ROTA, staff, None, at(7)).due) >= {(str(LEE.phone), VOICE)}


def test_two_people_at_one_telephone_are_paged_on_it_once() -> None:
    staff = (KIM, replace(RIVERA, phone=KIM.phone))
    assert len(next_pages(alert(), [], (), staff, str(KIM.phone), at(0)).due) == 1


def test_a_text_unconfirmed_when_its_call_is_due_anyway_is_one_call() -> None:
    """The clock went from ten seconds to two hundred: the second call would find the line busy."""
    sent = carried_out(next_pages(alert(), [], ROTA, STAFF, None, at(0)).due, at(0))
    assert [(o.channel, o.step) for o in next_pages(alert(), sent, ROTA, STAFF, None, at(200)).due] == [(VOICE, 1)]


def test_a_text_unconfirmed_and_a_call_that_failed_move_on_at_once() -> None:
    """No word for a minute counts as not reached (RELIABILITY.md 1)."""
    pages = carried_out(next_pages(alert(), [], ROTA, STAFF, None, at(0)).due, at(0))
    pages += carried_out(next_pages(alert(), pages, ROTA, STAFF, None, at(60)).due, at(60), PageState.FAILED)
    assert (str(RIVERA.phone), VOICE) in who(next_pages(alert(), pages, ROTA, STAFF, None, at(61)).due)


def test_a_clock_that_jumps_ahead_fires_every_step_and_only_the_newest_repeat() -> None:
    plan = next_pages(alert(), [], ROTA, STAFF, None, at(540 + 3 * 540 + 10))
    assert {(o.step, o.loop) for o in plan.due} == {(0, 0), (1, 0), (2, 0), (3, 0), (4, 3)}


@pytest.mark.parametrize("reached", [0, 150, 300, 600, 2000])
def test_a_clock_set_back_by_a_day_pages_at_once_and_goes_on(reached: int) -> None:
    """The next step's hour lies a day ahead; nobody waits for it."""
    pages: list[PageRecord] = []
    for seconds in range(0, reached + 1, 50):
        pages += carried_out(next_pages(alert(), pages, ROTA, STAFF, None, at(seconds)).due, at(seconds))
    asked = []
    for seconds in range(0, 3600, 10):
        now = at(seconds - 24 * 3600)
        due = next_pages(alert(), pages, ROTA, STAFF, None, now).due
        asked += [seconds] if due else []
        pages += carried_out(due, now, PageState.CONFIRMED)
    assert asked[0] == 0
    assert all(later - earlier <= 600 for earlier, later in zip(asked, [*asked[1:], 3600], strict=True))


def test_clocks_of_two_machines_may_differ_by_seconds() -> None:
    """The machine that is behind does not take the other's page for one from the future."""
    sent = carried_out(next_pages(alert(), [], ROTA, STAFF, None, at(0)).due, at(0), PageState.CONFIRMED)
    assert next_pages(alert(), sent, ROTA, STAFF, None, at(-30)).due == ()


@pytest.mark.parametrize("policy", [EMERGENCY, URGENT], ids=["emergency", "urgent"])
def test_a_policy_survives_its_copy_on_the_alert(policy: Policy) -> None:
    assert Policy.from_dict(json.loads(json.dumps(policy.to_dict()))) == policy


@pytest.mark.parametrize(("policy", "voice_by", "second_by"), [(EMERGENCY, 120, 300), (URGENT, 600, 900)])
@given(st.lists(st.sampled_from(PageState), min_size=1, max_size=30))
def test_the_times_that_were_promised_hold_whatever_becomes_of_the_pages(
    policy: Policy, voice_by: int, second_by: int, fates: list[PageState]
) -> None:
    """CONTRACT.md, "Times": voice, tier 2, and then a page every ten minutes, looking only when the plan says."""
    pages: list[PageRecord] = []
    now, turns = at(0), 0
    while now < at(3600):
        plan = next_pages(alert(policy), pages, ROTA, STAFF, None, now)
        for order in plan.due:
            pages += carried_out((order,), now, fates[turns % len(fates)])
            turns += 1
        assert plan.next_at is not None
        now = now + timedelta(seconds=1) if plan.due else plan.next_at
    voice = min(p.requested_at for p in pages if p.channel is VOICE and p.target.phone == KIM.phone)
    second = min(p.requested_at for p in pages if p.target.phone == RIVERA.phone)
    assert (voice <= at(voice_by), second <= at(second_by)) == (True, True)
    asked = sorted({page.requested_at for page in pages})
    assert max(b - a for a, b in pairwise(asked)) <= timedelta(minutes=10)
    assert len(pages) < 200


members = st.lists(
    st.builds(
        Member,
        st.integers(0, 4).map(lambda n: StaffId(UUID(int=n))),
        st.sampled_from(Role),
        st.none() | st.integers(0, 4).map(lambda n: f"+1913555019{n}"),
        st.booleans(),
    ),
    max_size=4,
    unique_by=lambda m: m.staff_id,
)
bounds = st.none() | st.integers(-3600, 7200).map(at)
rotas = st.lists(
    st.builds(RotaEntry, st.integers(0, 4).map(lambda n: StaffId(UUID(int=n))), st.integers(1, 3), bounds, bounds),
    max_size=5,
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    channels = st.lists(st.sampled_from(Channel), min_size=1, max_size=2, unique=True).map(tuple)
    after = sorted({0, *draw(st.lists(st.integers(1, 3000), max_size=3))})
    steps = tuple(Step(s, draw(st.none() | st.integers(1, 3)), draw(channels)) for s in after)
    return Policy(steps, draw(st.integers(30, 600)), Step(0, None, draw(channels)))


@given(
    policies(),
    st.lists(
        st.tuples(st.integers(-4000, 4000), rotas, members, st.none() | st.just(FALLBACK), st.sampled_from(PageState)),
        min_size=1,
        max_size=12,
    ),
)
def test_an_unacknowledged_alert_always_has_a_next_page_in_time(
    policy: Policy,
    passing: list[tuple[int, list[RotaEntry], list[Member], str | None, PageState]],
) -> None:
    """For any policy, rota, staff, clock and fate of pages: due now, or looked at within a minute; only people
    who can be paged; no order twice, and asking again at the same instant orders nothing new."""
    pages: list[PageRecord] = []
    now = OPENED
    for seconds, rota, staff, fallback, fate in passing:
        now += timedelta(seconds=seconds)
        plan = next_pages(alert(policy), pages, rota, staff, fallback, now)
        assert plan.next_at is not None
        assert now < plan.next_at <= now + timedelta(seconds=60)
        keys = [(o.target.phone, o.channel, o.step, o.loop) for o in plan.due]
        known = {(p.target.phone, p.channel, p.step, p.loop) for p in pages}
        assert len(keys) == len(set(keys))
        assert not known & set(keys)
        reachable = {member.phone for member in staff if member.can_be_paged} | {fallback} - {None}
        assert {order.target.phone for order in plan.due} <= reachable
        assert plan.unreachable == (not reachable)
        assert plan.unreachable or plan.due or pages
        pages += carried_out(plan.due, now, fate)
        if fate is not PageState.FAILED:
            assert next_pages(alert(policy), pages, rota, staff, fallback, now).due == ()


@given(policies(), rotas, members, st.integers(-4000, 40_000))
def test_however_pages_fail_the_plan_comes_to_rest(
    policy: Policy, rota: list[RotaEntry], staff: list[Member], seconds: int
) -> None:
    """Failures at one instant climb the ladder once, and never page in a circle."""
    pages: list[PageRecord] = []
    for _ in range(2 * len(policy.steps) + 3):
        due = next_pages(alert(policy), pages, rota, staff, None, at(seconds)).due
        pages += carried_out(due, at(seconds), PageState.FAILED)
    assert next_pages(alert(policy), pages, rota, staff, None, at(seconds)).due == ()


@given(policies(), rotas, members, st.integers(-4000, 40_000), st.booleans())
def test_an_answered_alert_pages_nobody(
    policy: Policy, rota: list[RotaEntry], staff: list[Member], seconds: int, by_closing: bool
) -> None:
    answered = AlertClock(OPENED, None if by_closing else OPENED, OPENED if by_closing else None, policy)
    plan = next_pages(answered, [], rota, staff, FALLBACK, at(seconds))
    assert (plan.due, plan.next_at, plan.unreachable) == ((), None, False)
