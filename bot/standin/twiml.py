"""Reads the TwiML that voice pages and text answers use, as steps to be done one after the other."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass

DEFAULT_GATHER_S = 5.0  # Twilio's own (PLATFORM.md 1.8)
DEFAULT_PAUSE_S = 1.0


class NotTwiml(Exception):
    """What came is no TwiML document; Twilio calls it an application error."""


@dataclass(frozen=True, slots=True)
class Say:
    words: str


@dataclass(frozen=True, slots=True)
class Pause:
    seconds: float


@dataclass(frozen=True, slots=True)
class Redirect:
    address: str


@dataclass(frozen=True, slots=True)
class Hangup:
    pass


@dataclass(frozen=True, slots=True)
class Gather:
    """Says its words and waits for digits, which go to `action`; without any the next step follows, or `action`."""

    words: tuple[str, ...]
    action: str
    timeout_s: float
    digits: int | None
    finish_on: str
    on_empty: bool
    pauses_s: float = 0.0


Step = Say | Pause | Redirect | Hangup | Gather


def read_steps(document: str) -> tuple[Step, ...]:
    """The steps of a voice document.

    :raises NotTwiml: it is not one.
    """
    found = (_step(verb) for verb in _root(document))
    return tuple(step for step in found if step is not None)


def read_texts(document: str) -> list[str]:
    """The texts with which a webhook answers a text; none if it is no TwiML."""
    try:
        root = _root(document)
    except NotTwiml:
        return []
    return [words for verb in root if verb.tag == "Message" and (words := "".join(verb.itertext()).strip())]


def _root(document: str) -> ET.Element:
    try:
        root = ET.fromstring(document)  # noqa: S314 - only our own bot answers here
    except ET.ParseError as error:
        raise NotTwiml(str(error)) from error
    if root.tag != "Response":
        raise NotTwiml(root.tag)
    return root


def _step(verb: ET.Element) -> Step | None:
    match verb.tag:
        case "Say":
            return Say(_words(verb))
        case "Pause":
            return Pause(float(verb.get("length", DEFAULT_PAUSE_S)))
        case "Redirect":
            return Redirect((verb.text or "").strip())
        case "Hangup" | "Reject":
            return Hangup()
        case "Gather":
            return _gather(verb)
        case _:
            return None


def _gather(verb: ET.Element) -> Gather:
    digits = verb.get("numDigits")
    return Gather(
        words=tuple(_words(say) for say in verb.iter("Say")),
        action=verb.get("action", ""),
        timeout_s=float(verb.get("timeout", DEFAULT_GATHER_S)),
        digits=int(digits) if digits else None,
        finish_on=verb.get("finishOnKey", "#"),
        on_empty=verb.get("actionOnEmptyResult", "").lower() == "true",
        pauses_s=sum(float(pause.get("length", DEFAULT_PAUSE_S)) for pause in verb.iter("Pause")),
    )


def _words(say: ET.Element) -> str:
    return " ".join("".join(say.itertext()).split())
