"""config/escalation.yaml: who is paged, on which channel, and when."""

from __future__ import annotations

from datetime import time
from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from bot.content.reading import Content
from bot.vocabulary import Channel, Level


class AlsoRule(Content):
    """More people in a step: one by username, or a tier (neither: everybody), on channels of their own."""

    tier: int | None = None
    username: str | None = None
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]


class StepRule(Content):
    """One step: so many seconds after opening, these channels to this tier (None: everybody), and to others."""

    after_s: int
    tier: int | None
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    also: tuple[AlsoRule, ...] = ()


class PolicyRules(Content):
    """What happens until a person acknowledges; `repeat` comes round without end."""

    steps: tuple[StepRule, ...]
    repeat_every_s: int
    repeat: StepRule
    unconfirmed_after_s: int

    @model_validator(mode="after")
    def _steps_in_order(self) -> PolicyRules:
        times = [step.after_s for step in self.steps]
        if not times or times[0] != 0 or times != sorted(times):
            raise ValueError("the steps must start at 0 seconds and follow each other")
        if self.repeat_every_s < 1:
            raise ValueError("repeat_every_s must be a second or more")
        return self


# CONTRACT.md, "Times": a call to the same person, tier 2, and then a page, each within so many seconds.
VOICE_WITHIN_S = {Level.EMERGENCY: 120, Level.URGENT: 600}
SECOND_TIER_WITHIN_S = {Level.EMERGENCY: 300, Level.URGENT: 900}
PAGE_EVERY_S = 600


class UnclearMinutes(Content):
    """How long a clarifying question may stay unanswered before a person looks."""

    flag_word_minutes: int
    other_minutes: int


class RoutineRule(Content):
    """What comes in late before a closed day is reviewed the same evening (clinic's wall clock)."""

    late_from: time
    reviewed_by: time


class Escalation(Content):
    """Policies by level, and the minutes that patients are promised."""

    policies: dict[Level, PolicyRules]
    unclear: UnclearMinutes
    call_back_minutes: dict[Level, int]
    unread_after_s: int
    still_waiting_minutes: dict[Level, int]
    nobody_reached_minutes: dict[Level, int]
    remind_after_minutes: int
    reopen_after_minutes: int
    repeat_calls_apart_s: int
    test_page_every_days: int
    routine: RoutineRule

    @model_validator(mode="after")
    def _times_are_kept(self) -> Escalation:
        for level, voice_s in VOICE_WITHIN_S.items():
            policy = self.policies.get(level)
            if policy is None:
                continue
            if not any(s.after_s <= voice_s and s.tier == 1 and Channel.VOICE in s.channels for s in policy.steps):
                raise ValueError(f"{level}: tier 1 must be called within {voice_s} seconds")
            second_s = SECOND_TIER_WITHIN_S[level]
            if not any(s.after_s <= second_s and s.tier in (2, None) for s in policy.steps):
                raise ValueError(f"{level}: tier 2 must be paged within {second_s} seconds")
            times = [step.after_s for step in policy.steps]
            longest = max([b - a for a, b in pairwise(times) if a >= second_s] + [policy.repeat_every_s])
            if longest > PAGE_EVERY_S:
                raise ValueError(f"{level}: after tier 2 there must be a page every {PAGE_EVERY_S} seconds")
        return self

    @model_validator(mode="after")
    def _both_levels(self) -> Escalation:
        for level in (Level.EMERGENCY, Level.URGENT):
            for name in ("policies", "call_back_minutes", "still_waiting_minutes", "nobody_reached_minutes"):
                if level not in getattr(self, name):
                    raise ValueError(f"{level} is missing in {name}")
        return self
