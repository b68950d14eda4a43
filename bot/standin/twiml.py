"""Reads the little TwiML that voice pages use: Say, Gather, Pause, Redirect, Hangup."""

from __future__ import annotations

from dataclasses import dataclass
import xml.etree.ElementTree as ET


@dataclass(frozen=True, slots=True)
class Heard:
    """What is said until a key is awaited or the call ends; `gather` is where the key is posted."""

    words: tuple[str, ...]
    gather: str | None


def listen(document: str) -> Heard:
    """What somebody who picks up hears first. A document that is no TwiML is silence."""
    try:
        root = ET.fromstring(document)  # noqa: S314 - only our own bot answers here
    except ET.ParseError:
        return Heard((), None)
    words: list[str] = []
    for verb in root:
        if verb.tag == "Say":
            words.append((verb.text or "").strip())
        if verb.tag == "Gather":
            words += [(say.text or "").strip() for say in verb.iter("Say")]
            return Heard(tuple(words), verb.get("action"))
        if verb.tag == "Hangup":
            break
    return Heard(tuple(words), None)
