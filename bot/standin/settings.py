"""What a stand-in is told when it starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

Side = Literal["patient", "staff"]


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone on the page: whose it is, and on which side it lies."""

    number: str
    label: str
    side: Side
    note: str = ""


@dataclass(frozen=True, slots=True)
class StandinSettings:
    """The account it plays, the bot it calls, and how the page looks.

    `delay_seconds` lie between the states of a text; `ring_seconds` is for calls that give no Timeout.
    `opt_out_mode` twilio blocks a number after STOP and answers it, as Twilio does; app does neither.
    """

    account_sid: str
    auth_token: str
    bot_url: str
    bot_number: str = "+19135550100"
    phones: tuple[Phone, ...] = ()
    clock_file: Path | None = None
    next_stop: Callable[[], datetime | None] | None = None
    links: tuple[tuple[str, str], ...] = ()
    delay_seconds: float = 0.2
    ring_seconds: float = 25.0
    opt_out_mode: Literal["twilio", "app"] = "twilio"
