"""Every field of a document that is wrong, each with what to do about it in plain words; it decides nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.exchange.enrolment import InputError

ModelT = TypeVar("ModelT", bound=BaseModel)

# What pydantic calls each mistake, as somebody at a desk would say it.
SAID: Mapping[str, str] = {
    "missing": "is empty: fill it in",
    "string_too_long": "is too long: 200 letters at most",
    "date_from_datetime_parsing": "is no date, like 1999-05-01",
    "date_from_datetime_inexact": "is no date, like 1999-05-01",
    "date_parsing": "is no date, like 1999-05-01",
    "date_type": "is no date, like 1999-05-01",
    "datetime_from_date_parsing": "is no date and time, like 2026-03-02 09:30",
    "datetime_parsing": "is no date and time, like 2026-03-02 09:30",
    "timezone_aware": "is no date and time, like 2026-03-02 09:30",
    "int_parsing": "is no whole number",
    "int_from_float": "is no whole number",
    "float_parsing": "is no number",
    "bool_parsing": "is neither yes nor no",
    "enum": "is none of the words that are known: self, parent, guardian, spouse, other",
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that is wrong; `path` is that of `enrol --json`, with dots."""

    path: str
    words: str


class FieldErrors(Exception):
    """Everything that is wrong with one document."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(f"{error.path}: {error.words}" for error in errors))
        self.errors = errors


def read_fields(model: type[ModelT], document: Mapping[str, Any]) -> ModelT:
    """The document as a model.

    :raises FieldErrors: every field that is wrong.
    """
    try:
        return model.model_validate(document)
    except ValidationError as refused:
        found = refused.errors(include_input=False, include_url=False)
        raise FieldErrors([FieldError(_path(one["loc"]), _said(one)) for one in found]) from None


def field_of(error: InputError) -> FieldError:
    """The field that a line like "procedure.at: lies before born_on" is about."""
    path, _, words = str(error).partition(": ")
    return FieldError(path, words)


def _path(place: tuple[int | str, ...]) -> str:
    """Without the places inside a list: a cell, or a field of a form, holds the whole list."""
    return ".".join(part for part in place if isinstance(part, str))


def _said(error: Any) -> str:  # pydantic's ErrorDetails
    kind, limits = error["type"], error.get("ctx", {})
    if kind in ("greater_than_equal", "less_than_equal"):
        return "is a whole number from 0 to 10"
    if kind in ("greater_than", "less_than"):
        return f"must be {'more' if kind == 'greater_than' else 'less'} than {limits.get('gt', limits.get('lt'))}"
    return SAID.get(kind) or str(error["msg"]).removeprefix("Value error, ")
