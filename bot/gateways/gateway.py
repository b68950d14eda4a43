"""What the bot asks of whoever carries its texts and calls, and the four ways in which a request can end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it, under this id."""

    sid: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider said no; `code` is its own, or the HTTP status. What it means stands in config/sending.yaml."""

    code: int


@dataclass(frozen=True, slots=True)
class NotSent:
    """Nothing was sent and it may be tried again; nobody was there, or had time."""

    retry_after_s: float | None = None
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether it was sent: it must be looked up before it is tried again."""


SendResult = Accepted | Refused | NotSent | Unknown


@dataclass(frozen=True, slots=True)
class InboundText:
    """A text that came in, opened: never to be logged. `sent_at` is the provider's time, where it tells it."""

    sid: str
    sender: str
    body: str
    media: int
    opt_out_type: str | None
    sent_at: datetime | None = None


class Fate(StrEnum):
    """What a delivery state means for us."""

    UNDERWAY = "underway"
    CONFIRMED = "confirmed"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A delivery state: `rank` only ever goes up; `outbox_id` is what our callback address carried."""

    sid: str
    status: str
    rank: int
    fate: Fate
    error_code: int | None
    outbox_id: str | None


class Forged(Exception):
    """The request does not carry the provider's signature."""


class Gateway(Protocol):
    """A carrier of texts and calls. No method is ever called inside a transaction."""

    def close(self) -> None: ...

    def send_text(self, *, to: str, body: str, reference: str, seconds_left: int, is_page: bool) -> SendResult: ...

    def place_call(self, *, to: str, reference: str, page_id: str) -> SendResult: ...

    def account_state(self) -> str:
        """What the provider says about our account: active, or why not; raises OSError when nobody can tell."""
        ...

    def list_sent(self, *, to: str, body: str, since: datetime) -> list[str]:
        """The ids of texts to that number with those words made since then, newest first.

        Raises OSError when nobody can tell.
        """
        ...

    def fetch(self, sid: str, *, is_call: bool) -> Receipt | None:
        """How it stands with it now; None if the provider knows no such id. Raises OSError when nobody can tell."""
        ...

    def list_inbound(self, since: datetime) -> Iterator[InboundText]:
        """The texts that came in since then, newest first. Raises OSError when nobody can tell."""
        ...

    def check_signature(self, path_and_query: str, form: Mapping[str, str], headers: Mapping[str, str]) -> None:
        """Raises Forged unless the provider signed this request."""
        ...

    def read_inbound(self, form: Mapping[str, str]) -> InboundText: ...

    def read_call(self, form: Mapping[str, str], reference: str) -> Receipt | None:
        """What a request for a call's next words tells about the call; None if it names none."""
        ...

    def read_receipt(self, form: Mapping[str, str], query: Mapping[str, str]) -> Receipt: ...

    def empty_answer(self) -> str: ...

    def voice_menu(self, words: str, action: str, no_key: str) -> str:
        """Says this twice and waits for a key each time; the key goes to `action`."""
        ...

    def voice_words(self, words: str) -> str: ...
