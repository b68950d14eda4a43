"""config/sending.yaml: how rows leave the outbox, and what every error means for what was being sent."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import Field, PositiveInt, model_validator

from bot.content.reading import Content

ForPatients = Literal["retry", "later", "hold", "task"]
ForPages = Literal["retry", "hold", "voice"]
Mark = Literal["unusable", "stopped"]


class Meaning(Content):
    """What follows from an error, for each thing that may have been sent."""

    means: str
    check_in: ForPatients
    reply: ForPatients
    page: ForPages
    waits_s: tuple[PositiveInt, ...] = ()
    mark: Mark | None = None
    alarm: bool = False

    @model_validator(mode="after")
    def _later_says_when(self) -> Meaning:
        if ("later" in (self.check_in, self.reply)) != bool(self.waits_s):
            raise ValueError("`later` needs waits_s, and nothing else does")
        return self


class ErrorRule(Meaning):
    """The codes that mean it; an HTTP status stands for an error that came without a code."""

    codes: tuple[PositiveInt, ...] = Field(min_length=1)


class ByLane(Content):
    """A number for pages and one for all other texts."""

    page: PositiveInt
    text: PositiveInt


class ByPurpose(Content):
    """A number for each thing that may be sent."""

    page: PositiveInt
    reply: PositiveInt
    check_in: PositiveInt


class Breaker(Content):
    """When a lane of texts stops trying for a while."""

    failures: PositiveInt
    hold_s: PositiveInt


class SweepRules(Content):
    """How often and how far back inbound texts are listed; found later than that, somebody is told."""

    every_s: PositiveInt
    overlap_minutes: PositiveInt
    late_after_minutes: PositiveInt


class SendingRules(Content):
    """Everything about leaving; every code stands in one rule only."""

    at_once: ByLane
    texts_per_second: PositiveInt | None
    lease_s: PositiveInt
    start_within_s: PositiveInt
    look_every_s: PositiveInt
    absent_after_s: ByPurpose
    fetch_after_s: ByPurpose
    fetch_for_hours: PositiveInt
    breaker: Breaker
    hold_s: ByLane
    sweep: SweepRules
    unknown_code: Meaning
    errors: tuple[ErrorRule, ...]

    @model_validator(mode="after")
    def _each_code_once(self) -> SendingRules:
        codes = [code for rule in self.errors for code in rule.codes]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"{twice[0]} stands in two rules")
        if self.unknown_code.page != "voice" or self.unknown_code.check_in != "task":
            raise ValueError("unknown_code must go to a person: check_in: task, page: voice")
        return self

    @cached_property
    def _by_code(self) -> dict[int, Meaning]:
        return {code: rule for rule in self.errors for code in rule.codes}

    def meaning_of(self, code: int | None) -> Meaning:
        """What the code stands for; one that nobody knows is a failure."""
        return self._by_code.get(code or 0, self.unknown_code)
