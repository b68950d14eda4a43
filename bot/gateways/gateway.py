"""What the bot asks of whoever carries its texts and calls, and the four ways in which a request can end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it, under this id."""

    sid: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider said no, for good; `code` is its own."""

    code: int


@dataclass(frozen=True, slots=True)
class NotSent:
    """Nothing was sent and it may be tried again; `hold` says that the account, not this text, is the trouble."""

    retry_after_s: float | None = None
    hold: bool = False
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether it was sent: it must be looked up before it is tried again."""


SendResult = Accepted | Refused | NotSent | Unknown


@dataclass(frozen=True, slots=True)
class InboundText:
    """A text that came in, opened: never to be logged."""

    sid: str
    sender: str
    body: str
    media: int
    opt_out_type: str | None


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

    def find_sent(self, *, to: str, body: str, is_call: bool) -> str | None:
        """The id of a request that was made for exactly this; raises OSError when nobody can tell."""
        ...

    def list_inbound(self, limit: int) -> list[InboundText]:
        """The newest texts that came in; raises OSError when nobody can tell."""
        ...

    def check_signature(self, path_and_query: str, form: Mapping[str, str], headers: Mapping[str, str]) -> None:
        """Raises Forged unless the provider signed this request."""
        ...

    def read_inbound(self, form: Mapping[str, str]) -> InboundText: ...

    def read_receipt(self, form: Mapping[str, str], query: Mapping[str, str]) -> Receipt: ...

    def empty_answer(self) -> str: ...

    def voice_menu(self, words: str, action: str, no_key: str) -> str:
        """Says this twice and waits for a key each time; the key goes to `action`."""
        ...

    def voice_words(self, words: str) -> str: ...
