"""Reads the forms that change the rota into rules, on the clinic's wall clock; it says in one line what is missing and
saves nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from bot.exchange.enrolment import InputError
from bot.planning.check_ins import instant
from bot.planning.on_call import RotaEntry
from bot.planning.rota import Holiday, Rotation, last_instant
from bot.planning.rota_edits import Cover, key_of
from bot.vocabulary import StaffId

EARLIEST, LATEST = date(2020, 1, 1), date(2100, 1, 1)
EVERYBODY, AS_WELL, NOBODY = "", "+", "-"


@dataclass(frozen=True, slots=True)
class FormOfRota:
    """What was typed, who may be chosen (by username), and the zone whose wall clock is meant."""

    typed: MultiDict[str, str]
    people: Mapping[str, StaffId]
    zone: ZoneInfo

    def rotation(self) -> Rotation:
        """People who take turns."""
        members = [self._person(username) for username in self.typed.getlist("member") if username]
        if not members:
            raise InputError("Choose at least one person who takes turns.")
        from_on, to_on = self._day("from", "the first day"), self._day_or_none("to")
        if to_on is not None and to_on <= from_on:
            raise InputError("The last day must lie after the first one.")
        days = 7 if self.typed.get("every") == "week" else 1
        return Rotation(self._tier(), tuple(members), days, self._clock(), self.zone, from_on, to_on)

    def line(self) -> RotaEntry:
        """Somebody who has a tier all the time, or between two times."""
        from_at, to_at = self._wall_or_none("from"), self._wall_or_none("to", is_end=True)
        if from_at is not None and to_at is not None and to_at <= from_at:
            raise InputError("The end must lie after the start.")
        return RotaEntry(self._person(self.typed.get("who", "")), self._tier(), from_at, to_at)

    def cover(self) -> Cover:
        """Who is on in place of whom for a while."""
        who, whom = self.typed.get("who", ""), self.typed.get("whom", EVERYBODY)
        from_at, to_at = self._wall("from", "when it starts"), self._wall("to", "when it ends", is_end=True)
        if to_at <= from_at:
            raise InputError("The end must lie after the start.")
        on = None if who == NOBODY else self._person(who)
        off = None if whom in (EVERYBODY, AS_WELL) else self._person(whom)
        if on is None and off is None:
            raise InputError("Choose who comes on, or who goes off.")
        if on == off:
            raise InputError("Nobody can cover themselves: choose two people.")
        tier = None if on is None and not self.typed.get("tier") else self._tier()
        return Cover(on, off, whom == AS_WELL, tier, from_at, to_at)

    def holiday(self) -> Holiday:
        """Who has a tier on one day, in place of everybody else."""
        members = [self._person(username) for username in self.typed.getlist("member") if username]
        if not members:
            raise InputError("Choose who is on call on that day.")
        return Holiday(self._tier(), tuple(dict.fromkeys(members)), self._day("on", "the day"), self.zone)

    def _person(self, username: str) -> StaffId:
        found = self.people.get(username)
        if found is None:
            raise InputError("Choose somebody from the list: everybody on it can be paged.")
        return found

    def _tier(self) -> int:
        typed = self.typed.get("tier", "")
        if typed not in tuple("123456789"):
            raise InputError("Choose the tier.")
        return int(typed)

    def _clock(self) -> time:
        try:
            return time.fromisoformat(self.typed.get("at", "")).replace(second=0, microsecond=0, tzinfo=None)
        except ValueError:
            raise InputError("Give the time of the hand-over, like 08:00.") from None

    def _day(self, name: str, what: str) -> date:
        found = self._day_or_none(name)
        if found is None:
            raise InputError(f"Give {what}.")
        return found

    def _day_or_none(self, name: str) -> date | None:
        typed = self.typed.get(name, "").strip()
        if not typed:
            return None
        try:
            return _sane(date.fromisoformat(typed))
        except ValueError:
            raise InputError(f"{typed[:20]!r} is no date, like 2026-03-14.") from None

    def _wall(self, name: str, what: str, *, is_end: bool = False) -> datetime:
        found = self._wall_or_none(name, is_end=is_end)
        if found is None:
            raise InputError(f"Say {what}.")
        return found

    def _wall_or_none(self, name: str, *, is_end: bool = False) -> datetime | None:
        """A wall time as an instant: in the hour that comes twice a start is the first and an end the last of them."""
        typed = self.typed.get(name, "").strip()
        if not typed:
            return None
        try:
            wall = datetime.fromisoformat(typed)
            on = _sane(wall.date())
        except ValueError:
            raise InputError(f"{typed[:20]!r} is no date and time, like 2026-03-14 08:00.") from None
        at = wall.time().replace(tzinfo=None)
        return last_instant(on, at, self.zone) if is_end else instant(on, at, self.zone)


def _sane(on: date) -> date:
    if not EARLIEST <= on < LATEST:
        raise InputError(f"{on} lies too far away: check the year.")
    return on


def shown_rotation(turn: Rotation, usernames: Mapping[StaffId, str]) -> MultiDict[str, str]:
    """The form of a rotation as it stands."""
    fields: Sequence[tuple[str, str]] = (
        ("key", key_of(turn)),
        ("tier", str(turn.tier)),
        ("every", "week" if turn.days == 7 else "day"),
        ("at", f"{turn.hands_over_at:%H:%M}"),
        ("from", turn.from_on.isoformat()),
        ("to", "" if turn.to_on is None else turn.to_on.isoformat()),
    )
    return MultiDict([*fields, *(("member", usernames.get(staff_id, "")) for staff_id in turn.staff_ids)])
