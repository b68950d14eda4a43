"""Twilio's default words for stopping and starting: a whole text of one of them blocks or frees a pair of numbers."""

from __future__ import annotations

STOP_WORDS = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}  # PLATFORM.md 1.6
START_WORDS = {"START", "UNSTOP", "YES"}
HELP_WORDS = {"HELP", "INFO"}
STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."


def answer_keyword(body: str, pair: tuple[str, str], blocked: set[tuple[str, str]]) -> str | None:
    """Changes `blocked` and returns Twilio's own answer; None for other words, and for YES where nothing is blocked."""
    word = body.strip().upper()
    if word in STOP_WORDS:
        first = pair not in blocked
        blocked.add(pair)
        return STOPPED if first else None
    if word in START_WORDS and pair in blocked:
        blocked.discard(pair)
        return STARTED
    return HELPED if word in HELP_WORDS and pair not in blocked else None
