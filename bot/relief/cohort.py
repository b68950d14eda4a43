"""What many injections did: response first, then relief with intervals, how long it lasts, patterns, red flags, pages,
silence. Groups that are too small are hidden; it ranks nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.relief.axis import ANSWERED
from bot.relief.proportions import Share, quantile, share
from bot.relief.survival import Step, Watched, at_risk_on, kaplan_meier, median_days
from bot.relief.timeline import Pattern, ReliefAnswer
from bot.vocabulary import CheckInState

FALSE_ALARM = "false_alarm"  # the outcome of config/outcomes.yaml that says nothing was the matter
PART_OF_PAGES = 0.9


@dataclass(frozen=True, slots=True)
class Paged:
    """One alert of a procedure: seconds to its first page, to its acknowledgement; None while that is not so."""

    level: str
    page_s: float | None
    acknowledged_s: float | None
    closed: bool
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """One procedure as a cohort sees it: nothing that names the patient.

    `lasting` are the relief answers but for the first hours' best, oldest first; `silence` a reason for each
    check-in that has no answer.
    """

    provider: str
    level: str
    side: str
    age: int
    period: str
    pattern: Pattern
    lasting: tuple[ReliefAnswer, ...]
    check_ins: tuple[tuple[str, CheckInState], ...]
    alerts: tuple[Paged, ...]
    silence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedOn:
    """A check-in of the protocol that asks about relief, and the day on which the next one begins."""

    name: str
    day: int
    next_day: int


@dataclass(frozen=True, slots=True)
class CohortRules:
    """The protocol's numbers that a cohort needs; `age_bands` are the ages at which a band begins."""

    useful: float
    steroid_from_day: int
    steroid_to_day: int
    smallest_group: int
    age_bands: tuple[int, ...]
    asked_on: tuple[AskedOn, ...]

    @property
    def judged_on(self) -> AskedOn | None:
        """The last check-in of the steroid phase: groups are compared there."""
        inside = [a for a in self.asked_on if self.steroid_from_day <= a.day <= self.steroid_to_day]
        return inside[-1] if inside else None


@dataclass(frozen=True, slots=True)
class At:
    """One check-in: how many of those asked answered, and how many of those with a known relief had a useful one."""

    name: str
    day: int
    response: Share
    relieved: Share


@dataclass(frozen=True, slots=True)
class Loss:
    """How long useful relief lasts, of those who reached it; `never` answered and did not, `unknown` did not answer."""

    steps: tuple[Step, ...]
    n: int
    ended: int
    never: int
    unknown: int
    median: int | None
    risk_days: tuple[int, ...]
    at_risk: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Response:
    """How fast alerts of one level were paged and taken: median and 90th percentile in seconds, and of how many."""

    level: str
    n: int
    page_median_s: float | None
    page_p90_s: float | None
    taken_n: int
    taken_median_s: float | None
    taken_p90_s: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """One group of a breakdown; a hidden one has only its name."""

    name: str
    hidden: bool
    n: int | None = None
    response: Share | None = None
    relieved: Share | None = None
    concordant: Share | None = None
    flagged: Share | None = None


@dataclass(frozen=True, slots=True)
class Cohort:
    """Everything on the cohort page. `hidden`: fewer procedures than may be shown."""

    n: int
    hidden: bool
    response: Share
    at: tuple[At, ...]
    loss: Loss
    patterns: tuple[tuple[str, Share], ...]
    flagged: Share
    alerts_per_100: float | None
    pages: tuple[Response, ...]
    false_pages: Share
    silence: tuple[tuple[str, int], ...]
    breakdown: tuple[tuple[str, tuple[Line, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Counted:
    """A member with what every figure asks of it: relief at each check-in, check-ins answered and over."""

    member: Member
    relief: tuple[int | None, ...]
    answered: int
    over: int


def _counted(member: Member, rules: CohortRules) -> _Counted:
    states = [state for _, state in member.check_ins]
    answered = sum(state in ANSWERED for state in states)
    relief = tuple(relief_at(member.lasting, asked) for asked in rules.asked_on)
    return _Counted(member, relief, answered, answered + states.count(CheckInState.MISSED))


def read_cohort(members: Sequence[Member], rules: CohortRules) -> Cohort:
    """The cohort; of one that is too small, only that it is."""
    hidden = len(members) < rules.smallest_group
    shown = () if hidden else members
    counted = [_counted(member, rules) for member in shown]
    alerts = [alert for member in shown for alert in member.alerts]
    closed = [alert for alert in alerts if alert.closed]
    patterns = Counter(member.pattern for member in shown)
    return Cohort(
        n=len(shown),
        hidden=hidden,
        response=_response(counted),
        at=tuple(_at(counted, place, rules) for place in range(len(rules.asked_on))),
        loss=time_to_loss(shown, rules),
        patterns=tuple((p.value, share(patterns[p], len(shown))) for p in Pattern),
        flagged=_flagged(counted),
        alerts_per_100=round(100 * len(alerts) / len(shown), 1) if shown else None,
        pages=tuple(_pages(level, alerts) for level in ("emergency", "urgent")),
        false_pages=share(sum(a.outcome == FALSE_ALARM for a in closed), len(closed)),
        silence=tuple(Counter(reason for member in shown for reason in member.silence).most_common()),
        breakdown=_breakdown(counted, rules),
    )


def _response(group: Sequence[_Counted]) -> Share:
    return share(sum(one.answered for one in group), sum(one.over for one in group))


def _flagged(group: Sequence[_Counted]) -> Share:
    return share(sum(bool(one.member.alerts) for one in group), len(group))


def _relieved(group: Sequence[_Counted], place: int, rules: CohortRules) -> Share:
    known = [percent for one in group if (percent := one.relief[place]) is not None]
    return share(sum(percent >= rules.useful for percent in known), len(known))


def _at(group: Sequence[_Counted], place: int, rules: CohortRules) -> At:
    asked = rules.asked_on[place]
    states = Counter(state for one in group for name, state in one.member.check_ins if name == asked.name)
    answered = sum(states[state] for state in ANSWERED)
    response = share(answered, answered + states[CheckInState.MISSED])
    return At(asked.name, asked.day, response, _relieved(group, place, rules))


def relief_at(lasting: Sequence[ReliefAnswer], asked: AskedOn) -> int | None:
    """Relief at a check-in: the first answer from its day until the next one's, from the score before as stated."""
    inside = [a for a in lasting if asked.day <= a.day < asked.next_day]
    if not inside:
        return None
    return min(inside, key=lambda a: (a.day, a.source != "from_scores", a.at, a.percent)).percent


def time_to_loss(members: Sequence[Member], rules: CohortRules) -> Loss:
    """From the injection to the first answer with less than useful relief after the last with it.

    Whoever still has it at the newest answer is censored there. Loss is dated to the answer that told of it.
    """
    watched, never, unknown = [], 0, 0
    for member in members:
        answers = [a for a in member.lasting if a.day >= rules.steroid_from_day]
        held = [a.day for a in answers if a.percent >= rules.useful]
        if held:
            lost = [a.day for a in answers if a.day > max(held)]
            watched.append(Watched(min(lost), ended=True) if lost else Watched(max(held), ended=False))
        elif answers:
            never += 1
        else:
            unknown += 1
    steps = kaplan_meier(watched)
    days = tuple(asked.day for asked in rules.asked_on if asked.day >= rules.steroid_from_day)
    ended = sum(one.ended for one in watched)
    return Loss(steps, len(watched), ended, never, unknown, median_days(steps), days, at_risk_on(watched, days))


def _pages(level: str, alerts: Sequence[Paged]) -> Response:
    mine = [alert for alert in alerts if alert.level == level]
    paged = [alert.page_s for alert in mine if alert.page_s is not None]
    taken = [alert.acknowledged_s for alert in mine if alert.acknowledged_s is not None]
    return Response(
        level, len(mine), quantile(paged, 0.5), quantile(paged, PART_OF_PAGES),
        len(taken), quantile(taken, 0.5), quantile(taken, PART_OF_PAGES),
    )  # by rows, not an item a line  # fmt: skip


def age_band(age: int, begins: Sequence[int]) -> str:
    """under 18, 18-29, ..., 50 and over."""
    if not begins:
        return "all ages"
    below = [start for start in begins if start <= age]
    if not below:
        return f"under {begins[0]}"
    above = [start for start in begins if start > age]
    return f"{below[-1]}-{above[0] - 1}" if above else f"{below[-1]} and over"


def _breakdown(counted: Sequence[_Counted], rules: CohortRules) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    dimensions: dict[str, Callable[[Member], str]] = {
        "provider": lambda m: m.provider,
        "level": lambda m: m.level,
        "side": lambda m: m.side,
        "age": lambda m: age_band(m.age, rules.age_bands),
        "period": lambda m: m.period,
    }
    return tuple((name, _lines(counted, group_of, rules)) for name, group_of in dimensions.items())


def _lines(counted: Sequence[_Counted], group_of: Callable[[Member], str], rules: CohortRules) -> tuple[Line, ...]:
    groups: dict[str, list[_Counted]] = {}
    for one in counted:
        groups.setdefault(group_of(one.member), []).append(one)
    hidden = _too_small({name: len(group) for name, group in groups.items()}, rules.smallest_group)
    return tuple(_line(name, groups[name], rules, hidden=name in hidden) for name in sorted(groups, key=_from_youngest))


def _from_youngest(name: str) -> tuple[bool, str]:
    """By name, but "under 18" before the other ages."""
    return not name.startswith("under "), name


def _too_small(sizes: dict[str, int], smallest: int) -> set[str]:
    """Groups below the limit; one alone would follow from the total, so that the next smallest is hidden with it."""
    small = {name for name, n in sizes.items() if n < smallest}
    rest = sorted((n, name) for name, n in sizes.items() if name not in small)
    return small | {rest[0][1]} if len(small) == 1 and rest else small


def _line(name: str, group: Sequence[_Counted], rules: CohortRules, *, hidden: bool) -> Line:
    if hidden:
        return Line(name, hidden=True)
    judged = rules.judged_on
    relieved = None if judged is None else _relieved(group, rules.asked_on.index(judged), rules)
    concordant = sum(one.member.pattern is Pattern.CONCORDANT for one in group)
    return Line(
        name, hidden=False, n=len(group), response=_response(group), relieved=relieved,
        concordant=share(concordant, len(group)), flagged=_flagged(group),
    )  # by rows, not an item a line  # fmt: skip
