"""config/clinic.yaml: who the clinic is, when it is open, how it is called."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from bot.content.reading import Content

EARLIEST, LATEST = time(8), time(21)  # 47 CFR 64.1200(c)(1), local; carriers expect it of every text (PLATFORM.md 2)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Texting(Content):
    """The hours in which the bot may start a conversation (quiet hours lie outside them), and what a text may cost.

    `most_per_hour`: after so many automatic texts to one number, only what moves the conversation on is answered.
    """

    opens: time
    closes: time
    most_per_hour: int = Field(default=10, ge=1)
    most_segments: int = Field(default=2, ge=1)
    most_segments_together: int = Field(default=4, ge=1)
    highest_grade: float = Field(default=6.0, gt=0)

    @model_validator(mode="after")
    def _by_day(self) -> Texting:
        if not EARLIEST <= self.opens < self.closes <= LATEST:
            raise ValueError(f"opens and closes must lie between {EARLIEST:%H:%M} and {LATEST:%H:%M}")
        return self


class Clinic(Content):
    """Name, numbers, zone and hours of one clinic."""

    name: str
    phone: str
    phone_shown: str
    time_zone: str
    country: str
    region: str | None
    fallback_phone: str | None
    office_hours: dict[str, tuple[time, time]]
    extra_closed_days: tuple[date, ...]
    texting: Texting

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value} is no IANA time zone") from error
        return value

    @field_validator("office_hours")
    @classmethod
    def _known_days(cls, value: dict[str, tuple[time, time]]) -> dict[str, tuple[time, time]]:
        unknown = set(value) - set(WEEKDAYS)
        if unknown:
            raise ValueError(f"{sorted(unknown)[0]} is no weekday")
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def hours_by_weekday(self) -> dict[int, tuple[time, time]]:
        """Monday is 0, as datetime counts."""
        return {WEEKDAYS.index(day): hours for day, hours in self.office_hours.items()}

    def closed_days(self, years: tuple[int, ...]) -> frozenset[date]:
        """Public holidays of the clinic's country and region in these years, and its own closed days."""
        return frozenset(self.holiday_names(years))

    def holiday_names(self, years: tuple[int, ...]) -> dict[date, str]:
        """The same days with what they are called."""
        from holidays import country_holidays  # noqa: PLC0415 - only office hours need it

        public = country_holidays(self.country, subdiv=self.region, years=years)
        return dict.fromkeys(self.extra_closed_days, "Closed") | {on: str(name) for on, name in public.items()}
