"""Somebody is always paged next, whatever the rota, the clock and the carriers do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

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
KIM, RIVERA, LEE = (
    Member(StaffId(UUID(int=n)), Role.NURSE, f"+1913555019{n}") for n in range(3)
)  # fmt: skip
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
    rotas,
    members,
    st.none() | st.just(FALLBACK),
    st.lists(st.tuples(st.integers(0, 900), st.sampled_from(PageState)), min_size=1, max_size=12),
)
def test_an_unacknowledged_alert_always_has_a_next_page_in_time(
    policy: Policy,
    rota: list[RotaEntry],
    staff: list[Member],
    fallback: str | None,
    passing: list[tuple[int, PageState]],
) -> None:
    """For any policy, rota, staff, passing of time and fate of pages: due now, or looked at within a minute;
    no order twice, and asking again at the same instant orders nothing new."""
    pages: list[PageRecord] = []
    now = OPENED
    for seconds, fate in passing:
        now += timedelta(seconds=seconds)
        plan = next_pages(alert(policy), pages, rota, staff, fallback, now)
        assert plan.next_at is not None
        assert now < plan.next_at <= now + timedelta(seconds=60)
        keys = [(o.target.phone, o.channel, o.step, o.loop) for o in plan.due]
        known = {(p.target.phone, p.channel, p.step, p.loop) for p in pages}
        assert len(keys) == len(set(keys))
        assert not known & set(keys)
        assert plan.unreachable or plan.due or pages
        pages += carried_out(plan.due, now, fate)
        if fate is not PageState.FAILED:
            assert next_pages(alert(policy), pages, rota, staff, fallback, now).due == ()
