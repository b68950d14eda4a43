"""config/escalation.yaml: who is paged, on which channel, and when."""

from __future__ import annotations

from pydantic import model_validator

from bot.content.reading import Content
from bot.vocabulary import Channel, Level


class StepRule(Content):
    """One step: so many seconds after opening, these channels to this tier (None: everybody)."""

    after_s: int
    tier: int | None
    channels: tuple[Channel, ...]


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


class UnclearMinutes(Content):
    """How long a clarifying question may stay unanswered before a person looks."""

    flag_word_minutes: int
    other_minutes: int


class Escalation(Content):
    """Policies by level, and the minutes that patients are promised."""

    policies: dict[Level, PolicyRules]
    unclear: UnclearMinutes
    call_back_minutes: dict[Level, int]
    unread_after_s: int
    tell_patient_nobody_reached_after_minutes: int

    @model_validator(mode="after")
    def _both_levels(self) -> Escalation:
        for level in (Level.EMERGENCY, Level.URGENT):
            if level not in self.policies or level not in self.call_back_minutes:
                raise ValueError(f"{level} needs a policy and call_back_minutes")
        return self
