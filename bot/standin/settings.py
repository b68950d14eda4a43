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

    `api_keys` are (key, secret) pairs that may be used in place of the token.
    `delay_seconds` lie between the states of a text; `ring_seconds` is for calls that give no Timeout.
    `call_pace` stretches everything that takes time within a call: 0.01 makes a Gather of 5 s last 50 ms.
    `time_zone` is the one that the page shows times in; without it, the viewer's own.
    `opt_out_mode` twilio blocks a number after STOP and answers it, as Twilio does; app does neither.
    """

    account_sid: str
    auth_token: str
    bot_url: str
    bot_number: str = "+19135550100"
    port: int = 0
    api_keys: tuple[tuple[str, str], ...] = ()
    phones: tuple[Phone, ...] = ()
    clock_file: Path | None = None
    next_stop: Callable[[], datetime | None] | None = None
    links: tuple[tuple[str, str], ...] = ()
    time_zone: str | None = None
    delay_seconds: float = 0.2
    ring_seconds: float = 25.0
    call_pace: float = 1.0
    opt_out_mode: Literal["twilio", "app"] = "twilio"
