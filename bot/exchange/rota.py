"""The documents of `rota set`: a list of plain lines, or an object with rotations, overrides and holidays too."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from bot.exchange.enrolment import RotaIn, Words, Zone, read_list

Tier = Annotated[int, Field(ge=1, le=9)]
Names = Annotated[tuple[Words, ...], Field(min_length=1)]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class _RotaPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class RotationIn(_RotaPart):
    """People who take turns, a day or a week each; a weekly one hands over on `weekday`."""

    tier: Tier
    usernames: Names
    every: Literal["day", "week"]
    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] | None = None
    hand_over_at: time
    time_zone: Zone | None = None
    from_on: Annotated[date, Field(alias="from")]
    to_on: Annotated[date | None, Field(alias="to")] = None

    @model_validator(mode="after")
    def _fits(self) -> RotationIn:
        if (self.every == "week") != (self.weekday is not None):
            raise ValueError("a weekly rotation needs a weekday, a daily one has none")
        if self.hand_over_at.tzinfo is not None:
            raise ValueError("hand_over_at is a wall clock: no offset")
        if self.to_on is not None and self.to_on <= self.from_on:
            raise ValueError("to: lies before from")
        return self


class OverrideIn(_RotaPart):
    """A change for a while."""

    change: Literal["add", "replace", "remove"]
    username: Words
    tier: Tier | None = None
    from_at: Annotated[AwareDatetime, Field(alias="from")]
    to_at: Annotated[AwareDatetime, Field(alias="to")]

    @model_validator(mode="after")
    def _fits(self) -> OverrideIn:
        if self.tier is None and self.change != "remove":
            raise ValueError("tier: is needed, except to remove somebody from all of them")
        if self.to_at <= self.from_at:
            raise ValueError("to: lies before from")
        return self


class HolidayIn(_RotaPart):
    """Who has a tier on a holiday."""

    on: date
    tier: Tier
    usernames: Names
    time_zone: Zone | None = None


class WholeRotaIn(_RotaPart):
    """Everything that says who is on call."""

    entries: tuple[RotaIn, ...] = ()
    rotations: tuple[RotationIn, ...] = ()
    overrides: tuple[OverrideIn, ...] = ()
    holidays: tuple[HolidayIn, ...] = ()


PARTS = frozenset(WholeRotaIn.model_fields)


def read_rota(document: Any) -> WholeRotaIn:
    """A list, one line, or the whole object, as one rota; an empty list is an empty rota.

    :raises InputError: one line that names the first field that is wrong.
    """
    if isinstance(document, dict) and PARTS & set(document):
        return read_list(WholeRotaIn, document)[0]
    if document == []:
        return WholeRotaIn()
    return WholeRotaIn(entries=tuple(read_list(RotaIn, document)))
