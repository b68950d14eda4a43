"""Errors that a person can mend, each with one line that says how."""

from __future__ import annotations


class NotReady(Exception):
    """Something has to be done first; the message says what."""


class Refused(Exception):
    """What staff asked for makes no sense now; the message is one line for them, and nothing was changed."""
