"""What is to go wrong, as data: per number, or for every request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Outage = Literal["", "503", "500_accepted", "500", "reset", "half", "slow", "429"]


@dataclass(slots=True)
class Faults:
    """Tests set these; everything is off at the start.

    `refused`: number -> (HTTP status, Twilio code) for texts; `calls_refused` likewise.
    `undelivered`: number -> error code that a text ends with after it was sent.
    `silent`: numbers whose texts are accepted and never called back.
    `outage`: how every request to the API ends; `slow_s` how long a slow one takes.
    `no_calls_back`: the provider sends no callbacks at all. `repeats`: callbacks are posted so often.
    `list_lag_s`: how long a new text is missing from the list.
    """

    refused: dict[str, tuple[int, int]] = field(default_factory=dict)
    calls_refused: dict[str, tuple[int, int]] = field(default_factory=dict)
    undelivered: dict[str, int] = field(default_factory=dict)
    call_ends: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    outage: Outage = ""
    slow_s: float = 12.0
    no_callbacks: bool = False
    reversed_callbacks: bool = False
    repeats: int = 1
    list_lag_s: float = 0.0
    retry_after_s: int = 2

    def clear(self) -> None:
        """Everything works again."""
        fresh = Faults()
        for name in Faults.__dataclass_fields__:
            setattr(self, name, getattr(fresh, name))
