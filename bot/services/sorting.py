"""Sorts texts with no database: the command `triage` (CONTRACT.md, `triage --jsonl`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.content.asker import load_ear
from bot.content.red_flags import load_red_flags
from bot.content.words import load_words
from bot.exchange.enrolment import InputError
from bot.settings import read_settings
from bot.triage.reading import read
from bot.triage.sort import Lexicon, compile_lexicon, sort_reply
from bot.vocabulary import Asked, PastScore, PatientFacts


class _In(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class PastIn(_In):
    """An earlier pain score."""

    day: int
    pain: Annotated[int, Field(ge=0, le=10)]


class ContextIn(_In):
    """What is known of the patient: all of it may be missing."""

    day: int | None = None
    asked: Asked | None = None
    baseline: Annotated[int, Field(ge=0, le=10)] | None = None
    hours: float | None = None
    history: tuple[PastIn, ...] = ()


class LineIn(_In):
    """One line in."""

    id: Any = None
    text: str
    lang: str | None = None
    context: ContextIn | None = None


def read_lexicon(config_dir: Path | None = None) -> Lexicon:
    """The words of a folder like config/, compiled; of CONFIG_DIR if none is named."""
    config_dir = config_dir or read_settings().config_dir
    return compile_lexicon(load_words(config_dir), load_red_flags(config_dir), load_ear(config_dir))


def sort_lines(text: str, lexicon: Lexicon) -> Iterator[dict[str, Any]]:
    """One answer for each line, in the same order.

    :raises InputError: names the first line that is not what it should be.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield sort_one(json.loads(line), lexicon)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"]) or "line"
            raise InputError(f"line {number}: {place}: {first['msg']}") from None
        except ValueError as error:
            raise InputError(f"line {number}: is not JSON: {error}") from None


def sort_one(document: dict[str, Any], lexicon: Lexicon) -> dict[str, Any]:
    """One line, sorted.

    :raises ValidationError: it is not what it should be.
    """
    line = LineIn.model_validate(document)
    asked, facts = context_of(line.context or ContextIn())
    finding = sort_reply(line.text, asked=asked, facts=facts, lexicon=lexicon)
    return {
        "id": line.id,
        "level": finding.level.value,
        "page": finding.level.pages,
        "flags": list(finding.flags),
        "intents": [intent.value for intent in finding.intents],
        "pain": finding.pain,
        "relief": finding.relief,
        "temperature_c": finding.temperature_c,
        "language": finding.language,
        "evidence": [asdict(e) for e in finding.evidence],
    }


def context_of(context: ContextIn) -> tuple[Asked, PatientFacts]:
    """The question asked and what is known of the patient."""
    history = tuple(PastScore(past.day, past.pain) for past in context.history)
    facts = PatientFacts(day=context.day, hours=context.hours, baseline=context.baseline, history=history)
    return context.asked or Asked.NONE, facts


def show(sorted_line: dict[str, Any]) -> Iterator[str]:
    """The same for people: a line each."""
    yield f"level     {sorted_line['level']}{'  (pages)' if sorted_line['page'] else ''}"
    yield f"flags     {', '.join(sorted_line['flags']) or '-'}"
    yield f"intents   {', '.join(sorted_line['intents']) or '-'}"
    yield f"language  {sorted_line['language']}"
    for name in ("pain", "relief", "temperature_c"):
        if sorted_line[name] is not None:
            yield f"{name:9} {sorted_line[name]}"
    for evidence in sorted_line["evidence"]:
        yield f"because   {evidence['quote']!r} -> {evidence['flag']}  ({evidence['rule']})"


def explain(text: str, lexicon: Lexicon) -> Iterator[str]:
    """How each word was read: its sentence part, and the concepts it was tagged with."""
    reading = read(text, lexicon)
    for at, token in enumerate(reading.tokens):
        tags = ", ".join(sorted(reading.covered[at]))
        yield f"{reading.clause[at]}.{reading.part[at]:<3} {token.word:16} {tags}"
