"""Reads what enrols a patient (CONTRACT.md, `enrol --json`), and says in one line which field is wrong."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.vocabulary import Channel, Relation, Role


class InputError(Exception):
    """What was handed in is wrong; the message is one line that names the field."""


ModelT = TypeVar("ModelT", bound=BaseModel)


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{value!r} is no IANA time zone, like America/Chicago") from error
    return value


def _number(value: str) -> str:
    """E.164; `phonenumbers` knows which numbers exist (PLATFORM.md 3)."""
    try:
        parsed = phonenumbers.parse(value, "US")
    except phonenumbers.NumberParseException as error:
        raise ValueError("is not a phone number, like +19135550101") from error
    if not phonenumbers.is_valid_number(parsed):
        raise ValueError("is not a phone number that exists, like +19135550101")
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def read_number(value: str) -> str:
    """A phone number as E.164.

    :raises InputError: it is none.
    """
    try:
        return _number(value)
    except ValueError as error:
        raise InputError(f"number: {error}") from None


def _not_blank(value: str) -> str:
    value = " ".join(value.split())
    if not value or not value.isprintable():
        raise ValueError("is empty")
    return value


Words = Annotated[str, Field(max_length=200), AfterValidator(_not_blank)]
Number = Annotated[str, Field(max_length=40), AfterValidator(_number)]
Zone = Annotated[str, AfterValidator(_zone)]
Nrs = Annotated[int, Field(ge=0, le=10)]


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TexterIn(_Input):
    """Who texts; without a phone of their own they use the patient's."""

    relation: Relation
    name: Words
    phone: Number | None = None


class ProcedureIn(_Input):
    """What was, or will be, done."""

    protocol: Words
    at: AwareDatetime
    level: Words | None = None
    side: Words | None = None
    sedation: bool | None = None
    provider: Words | None = None
    drug: Words | None = None
    dose_mg: Annotated[float, Field(gt=0, le=1000)] | None = None


class ConsentIn(_Input):
    """Who agreed to be texted, and to which wording."""

    by: Words
    method: Words
    at: AwareDatetime
    wording: Words


class EnrolmentIn(_Input):
    """One patient for one procedure."""

    mrn: Words
    name: Words
    born_on: date
    phone: Number
    language: str = "en"
    time_zone: Zone | None = None
    texter: TexterIn | None = None
    texters: tuple[TexterIn, ...] = ()
    procedure: ProcedureIn
    baseline_pain: Nrs | None = None
    block_pain: Nrs | None = None
    history: tuple[Words, ...] = ()
    anticoagulant: Words | None = None
    diabetes: Words | None = None
    allergies: Words | None = None
    emergency_contact: Words | None = None
    consent: ConsentIn


class StaffIn(_Input):
    """One member of staff (CONTRACT.md, `staff add --json`)."""

    username: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
    name: Words
    phone: Number | None = None
    role: Role
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)] = (Channel.TEXT, Channel.VOICE)
    password: Annotated[str, Field(min_length=8, max_length=200)]

    @field_validator("channels")
    @classmethod
    def _can_be_called(cls, value: tuple[Channel, ...]) -> tuple[Channel, ...]:
        if Channel.VOICE not in value:
            raise ValueError("must hold voice: a text that is lost becomes a call. A landline has voice alone")
        return value


class RotaIn(_Input):
    """One line of the rota; null bounds mean always."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    username: Words
    tier: Annotated[int, Field(ge=1, le=9)]
    from_at: Annotated[AwareDatetime | None, Field(alias="from")] = None
    to_at: Annotated[AwareDatetime | None, Field(alias="to")] = None


def read_document(text: str) -> Any:  # whatever JSON holds
    """The JSON document.

    :raises InputError: it is not JSON.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        raise InputError(f"input: is not JSON: {error}") from None


def read_list(model: type[ModelT], document: Any) -> list[ModelT]:
    """An object or a list of them, as models.

    :raises InputError: one line that names the first field that is wrong, and which item of a list.
    """
    items = document if isinstance(document, list) else [document]
    if not items:
        raise InputError("input: is an empty list")
    return [_read(model, item, number if len(items) > 1 else None) for number, item in enumerate(items, 1)]


def _read(model: type[ModelT], item: Any, number: int | None) -> ModelT:
    try:
        return model.model_validate(item)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "input"
        where = f"item {number}: " if number is not None else ""
        words = first["msg"].removeprefix("Value error, ")
        raise InputError(f"{where}{field}: {words}") from None


def check_dates(enrolment: EnrolmentIn, now: datetime) -> None:
    """Dates that cannot be.

    :raises InputError: names the field.
    """
    if enrolment.born_on >= now.date():
        raise InputError("born_on: lies in the future")
    if enrolment.procedure.at.date() < enrolment.born_on:
        raise InputError("procedure.at: lies before born_on")
    if abs((enrolment.procedure.at - now).days) > 730:
        raise InputError("procedure.at: is more than two years away")
