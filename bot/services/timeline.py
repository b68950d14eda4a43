"""One patient's relief timeline, as CONTRACT.md (`timeline --json`) lays it out."""

from __future__ import annotations

from typing import Any

from bot.runtime import Runtime


def find_timeline(rt: Runtime, mrn: str) -> dict[str, Any] | None:
    raise NotImplementedError


def read_aloud(timeline: dict[str, Any]) -> str:
    raise NotImplementedError
