"""What is to go wrong, as data: per number, or for every request. It does nothing by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeVar, get_args

NotAccepted = Literal["503", "500", "429", "reset", "stuck"]
Accepted = Literal["500_accepted", "reset_accepted", "half", "slow"]
Outage = Literal["", NotAccepted, Accepted]
Kind = Literal["texts", "calls", "lists"]
Ending = Literal["voicemail", "busy", "failed", "no-answer"]
ANY = "*"  # stands for every number that has no entry of its own

Value = TypeVar("Value")


@dataclass(slots=True)
class Faults:
    """Tests set these; everything is off at the start. A number may be "*".

    `refused`: number -> (HTTP status, Twilio code) for texts; `calls_refused` likewise.
    `undelivered`, `failed`: number -> error code that a text ends with, after or instead of being sent.
    `silent`: numbers whose texts are accepted and never move nor call back.
    `call_ends`: number -> how a call to it ends.
    `outage`: how requests to the API end. Not accepted: 503, 500, 429 (with `retry_after_s`), reset, stuck (504 after
    `slow_s`). Accepted all the same: 500_accepted, reset_accepted, half (half an answer), slow (after `slow_s`).
    `outage_on`: only these kinds of request; `outage_every`: each n-th of them; `outage_times`: so often and no more.
    `answer_delay_s`: every answer of the API comes so much later.
    `list_lag_s`: how long a new text is missing from the list.
    `no_callbacks`, `reversed_callbacks`, `repeats` (each is posted so often), `callbacks_first` (before the answer).
    `per_second`: texts a second and sender; the rest waits in a queue, at most for its ValidityPeriod.
    """

    refused: dict[str, tuple[int, int]] = field(default_factory=dict)
    calls_refused: dict[str, tuple[int, int]] = field(default_factory=dict)
    undelivered: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    call_ends: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    outage: Outage = ""
    outage_on: tuple[Kind, ...] = ()
    outage_every: int = 1
    outage_times: int | None = None
    slow_s: float = 12.0
    retry_after_s: int = 2
    answer_delay_s: float = 0.0
    list_lag_s: float = 0.0
    no_callbacks: bool = False
    reversed_callbacks: bool = False
    callbacks_first: bool = False
    repeats: int = 1
    per_second: float = 0.0
    _met: int = field(default=0, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def clear(self) -> None:
        """Everything works again."""
        fresh = Faults()
        for name in NAMES:
            setattr(self, name, getattr(fresh, name))

    def next_outage(self, kind: Kind) -> Outage:
        """How this request ends; it counts as one met by the outage."""
        with self._lock:
            if not self.outage or (self.outage_on and kind not in self.outage_on) or self.outage_times == 0:
                return ""
            self._met += 1
            if self._met % self.outage_every:
                return ""
            if self.outage_times is not None:
                self.outage_times -= 1
            return self.outage

    def is_silent(self, number: str) -> bool:
        return number in self.silent or ANY in self.silent

    def as_json(self) -> dict[str, Any]:
        """All of it, for the control API."""
        told = {name: getattr(self, name) for name in NAMES}
        return told | {"silent": sorted(self.silent)}

    def change(self, told: Mapping[str, Any]) -> None:
        """Sets what is named and leaves the rest.

        :raises ValueError: a name or a value that there is not; nothing is changed then.
        """
        unknown = set(told) - set(NAMES)
        if unknown:
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
        try:
            read = {name: READERS[name](value) for name, value in told.items()}
        except (TypeError, AttributeError) as error:
            raise ValueError(str(error)) from error
        for name, value in read.items():
            setattr(self, name, value)


def entry(table: Mapping[str, Value], number: str) -> Value | None:
    """What is scripted for this number, or for every number."""
    return table.get(number, table.get(ANY))


def _pairs(value: dict[str, list[int]]) -> dict[str, tuple[int, int]]:
    return {str(number): (int(status), int(code)) for number, (status, code) in value.items()}


def _codes(value: dict[str, int]) -> dict[str, int]:
    return {str(number): int(code) for number, code in value.items()}


def _endings(value: dict[str, str]) -> dict[str, str]:
    return {number: _one_of(end, get_args(Ending)) for number, end in value.items()}


def _one_of(value: object, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(f"{value!r} is none of {', '.join(allowed)}")
    return str(value)


def _kinds(value: list[str]) -> tuple[str, ...]:
    return tuple(_one_of(kind, get_args(Kind)) for kind in value)


def _outage(value: object) -> str:
    return _one_of(value, ("", *get_args(NotAccepted), *get_args(Accepted)))


def _at_least_one(value: int) -> int:
    return max(1, int(value))


NAMES = tuple(f.name for f in fields(Faults) if not f.name.startswith("_"))
READERS: dict[str, Callable[[Any], Any]] = {
    "refused": _pairs,
    "calls_refused": _pairs,
    "undelivered": _codes,
    "failed": _codes,
    "call_ends": _endings,
    "silent": set,
    "outage": _outage,
    "outage_on": _kinds,
    "outage_every": _at_least_one,
    "outage_times": lambda value: None if value is None else int(value),
    "slow_s": float,
    "retry_after_s": int,
    "answer_delay_s": float,
    "list_lag_s": float,
    "no_callbacks": bool,
    "reversed_callbacks": bool,
    "callbacks_first": bool,
    "repeats": _at_least_one,
    "per_second": float,
}
