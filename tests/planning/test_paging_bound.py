"""An alert that nobody takes is paged again within its policy's bound, whatever rota, clock and carriers do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import example, given
from hypothesis import strategies as st

from bot.planning.on_call import Member, RotaEntry
from bot.planning.paging import AlertClock, Also, PagePlan, PageRecord, PageState, Policy, Step, next_pages
from bot.planning.throttle import without_crowding
from bot.vocabulary import Channel, Role, StaffId

OPENED = datetime.fromisoformat("2026-03-08T07:30:00+00:00")  # half an hour before the clocks change in Chicago
SLACK = timedelta(seconds=61)  # two machines' clocks may differ by a minute (ladder.CLOCK_SLACK)
UNCONFIRMED = timedelta(seconds=60)  # a step counts from its text; the call that follows an unconfirmed one is later
FALLBACK = "+19135550199"
IDS = [StaffId(UUID(int=n)) for n in range(4)]
VOICE_ONLY = Member(IDS[0], Role.NURSE, "+19135550190", False, "m0", False)


def at(seconds: float) -> datetime:
    return OPENED + timedelta(seconds=seconds)


members = st.lists(
    st.builds(
        lambda n, role, shared, disabled, texts: Member(
            IDS[n], role, f"+1913555019{0 if shared else n}", disabled, f"m{n}", texts
        ),
        st.integers(0, 3), st.sampled_from(Role), st.booleans(), st.booleans(), st.booleans(),
    ),
    max_size=4, unique_by=lambda m: m.staff_id,
)  # by rows, not an item a line  # fmt: skip
bounds = st.none() | st.integers(-3600, 9000).map(at)
rotas = st.lists(st.builds(RotaEntry, st.sampled_from(IDS), st.integers(1, 3), bounds, bounds), max_size=5)
channels = st.lists(st.sampled_from(Channel), min_size=1, max_size=2, unique=True).map(tuple)
others = st.lists(
    st.builds(Also, st.none() | st.integers(1, 3), st.none() | st.sampled_from(["m0", "m3", "gone"]), channels),
    max_size=1,
).map(tuple)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    after = sorted({0, *draw(st.lists(st.integers(1, 2000), max_size=3))})
    steps = tuple(Step(s, draw(st.none() | st.integers(1, 3)), draw(channels), draw(others)) for s in after)
    return Policy(steps, draw(st.integers(30, 900)), Step(0, draw(st.none() | st.integers(1, 3)), draw(channels)))


@dataclass
class World:
    """An alert that nobody takes, and what was ordered about it."""

    policy: Policy
    now: datetime = OPENED
    pages: list[PageRecord] = field(default_factory=list)
    paged_at: datetime = OPENED

    @property
    def bound(self) -> timedelta:
        """The longest that the policy lets anybody wait for the next page."""
        gaps = [b.after_s - a.after_s for a, b in pairwise(self.policy.steps)]
        return timedelta(seconds=max([*gaps, self.policy.repeat_every_s]))

    def looks(self, rota: Sequence[RotaEntry], staff: Sequence[Member], fallback: str | None) -> PagePlan:
        clock = AlertClock(OPENED, None, None, self.policy)
        return next_pages(clock, self.pages, rota, staff, fallback, self.now)

    def carries_out(self, plan: PagePlan, fate: PageState) -> None:
        for o in plan.due:
            self.pages.append(PageRecord(o.target, o.channel, o.step, o.loop, self.now, fate))
        if plan.due:
            self.paged_at = self.now


@st.composite
def episodes(draw: st.DrawFn) -> tuple[int, int, list[RotaEntry], list[Member], str | None, PageState]:
    """A jump of the clock, then so many looks with this rota, this staff and this luck."""
    jump = draw(st.just(0) | st.integers(-7200, 7200))
    fallback = draw(st.none() | st.just(FALLBACK))
    return jump, draw(st.integers(1, 25)), draw(rotas), draw(members), fallback, draw(st.sampled_from(PageState))


@given(policies(), st.lists(episodes(), min_size=1, max_size=6))
@example(
    Policy((Step(0, 1, (Channel.TEXT,)),), 600, Step(0, None, (Channel.VOICE,))),
    [(0, 25, [], [], None, PageState.FAILED)],
)
@example(
    Policy((Step(0, None, (Channel.TEXT,)),), 121, Step(0, None, (Channel.TEXT,))),
    [
        (0, 1, [], [], None, PageState.WAITING),
        (0, 3, [], [], FALLBACK, PageState.WAITING),
        (-63, 1, [], [], FALLBACK, PageState.WAITING),
    ],
)  # the clock goes back between the text and the call
@example(
    Policy((Step(0, None, (Channel.TEXT,)),), 30, Step(0, None, (Channel.TEXT,))),
    [
        (0, 1, [], [], None, PageState.WAITING),
        (0, 1, [], [VOICE_ONLY, replace(VOICE_ONLY, staff_id=IDS[1], phone="+19135550191")], None, PageState.WAITING),
        (0, 3, [], [], None, PageState.WAITING),
        (-182, 1, [], [VOICE_ONLY], None, PageState.WAITING),
    ],
)  # nobody could be paged for a while, and then the clock goes back to the last page
def test_the_next_page_always_comes_within_the_policys_bound(
    policy: Policy,
    lived: list[tuple[int, int, list[RotaEntry], list[Member], str | None, PageState]],
) -> None:
    """Looking only when the plan says so; while anybody at all has a number, somebody is paged in time.

    Time is the bot's clock (CONTRACT.md, "Times"): one that is set back before the last page pages at once.
    """
    world, nobody = World(policy), False
    for jump, looks, rota, staff, fallback, fate in lived:
        world.now += timedelta(seconds=jump)
        if nobody:  # the time without anybody to page ended at no page, from which a clock set back could be measured
            world.paged_at = min(world.paged_at, world.now)
        for _ in range(looks):
            plan = world.looks(rota, staff, fallback)
            assert plan.next_at is not None, "an alert that nobody has is never left alone"
            assert world.now < plan.next_at <= world.now + timedelta(seconds=60)
            nobody = plan.unreachable
            if plan.unreachable:
                assert fallback is None
                assert not any(member.can_be_paged for member in staff)
                world.paged_at = world.now
            world.carries_out(plan, fate)
            assert -SLACK - UNCONFIRMED <= world.now - world.paged_at <= world.bound + SLACK
            world.now = world.now + timedelta(seconds=1) if plan.due else plan.next_at


calls = st.dictionaries(
    st.sampled_from([f"+1913555019{n}" for n in range(4)] + [FALLBACK]), st.integers(-600, 0).map(at)
)


@given(policies(), st.integers(0, 9000), rotas, members, calls, st.integers(1, 900))
def test_spreading_calls_holds_back_no_first_page_no_text_and_no_telephone(
    policy: Policy, seconds: int, rota: list[RotaEntry], staff: list[Member], called: dict[str, datetime], apart: int
) -> None:
    """Only a repeated call, to a telephone that gets a text in the same breath; and it stays due."""
    world = World(policy, at(seconds))
    due = world.looks(rota, staff, FALLBACK).due
    kept = without_crowding(due, called, timedelta(seconds=apart), world.now)
    assert {order.target.phone for order in kept} == {order.target.phone for order in due}
    for order in set(due) - set(kept):
        assert (order.channel, order.reason) == (Channel.VOICE, "repeat")
        assert world.now - called[order.target.phone] < timedelta(seconds=apart)
    world.pages = [PageRecord(o.target, o.channel, o.step, o.loop, world.now, PageState.ACCEPTED) for o in kept]
    again = world.looks(rota, staff, FALLBACK).due
    assert set(due) - set(kept) <= set(again)
