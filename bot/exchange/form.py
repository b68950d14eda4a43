"""The enrolment form as it was typed: what it means as a document of `enrol --json`, or what is wrong with each field.
It looks nobody up and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.exchange.enrolment import EnrolmentIn, InputError, check_dates, read_number
from bot.exchange.fields import FieldError, FieldErrors, field_of, read_fields
from bot.exchange.places import why_not_textable, zone_of_zip
from bot.planning.around import ADULT_AT, age_on
from bot.planning.check_ins import instant

PATIENT = ("mrn", "name", "born_on", "phone", "language", "baseline_pain", "block_pain", "anticoagulant", "diabetes",
           "allergies", "emergency_contact")  # by rows, not an item a line  # fmt: skip
PROCEDURE = ("protocol", "level", "side", "provider", "drug", "dose_mg")
OTHERS = (
    "zip",
    "time_zone",
    "procedure_on",
    "procedure_at",
    "sedation",
    "history",
    "relation",
    "texter_name",
    "guardian",
    "guardian_name",
    "guardian_phone",
    "consent",
    "consent_method",
    "consent_wording",
)
FIELDS = (*PATIENT, *PROCEDURE, *OTHERS)
LONGEST = 1000  # no field needs more; a longer one is refused, never cut
YES_NO = {"yes": True, "no": False}
METHODS = ("paper", "spoken", "electronic")
NOT_YET = "not_yet"  # a guardian's consent that is still to be asked for: a work item
# Where a field of the document has another name on the form.
ON_FORM = {
    "procedure.at": "procedure_on", "texter.name": "texter_name", "texter.relation": "relation",
    "texters.name": "guardian_name", "texters.phone": "guardian_phone", "consent.by": "guardian",
    "consent.method": "consent_method",
    "consent.wording": "consent", "procedure.sedation": "sedation",
}  # by rows, not an item a line  # fmt: skip


def read_form(given: Mapping[str, str], *, now: datetime, zone: ZoneInfo) -> EnrolmentIn:
    """What the form says.

    :param zone: the clinic's: the procedure's time is on its wall, and a patient without a ZIP code lives in it.
    :raises FieldErrors: every field that is wrong, by its name on the form.
    """
    typed = {name: given.get(name, "").strip() for name in FIELDS}
    wrong = list(_gaps(typed, now))
    document = _document(typed, now, zone, wrong)
    try:
        enrolment = read_fields(EnrolmentIn, document)
    except FieldErrors as found:
        raise FieldErrors(_once([*wrong, *map(_named, found.errors)])) from None
    try:
        check_dates(enrolment, now)
    except InputError as error:
        wrong.append(_named(field_of(error)))
    if wrong:
        raise FieldErrors(_once(wrong))
    return enrolment


def is_minor(born_on: str, today: date) -> bool:
    """Whether that birth date, as typed, is of somebody under 18."""
    try:
        born = date.fromisoformat(born_on)
        return born < today and age_on(born, today) < ADULT_AT
    except ValueError:
        return False  # the field itself says what is wrong


def _gaps(typed: Mapping[str, str], now: datetime) -> Iterator[FieldError]:
    """What the document alone would not miss."""
    yield from (FieldError(name, "is too long") for name, value in typed.items() if len(value) > LONGEST)
    if typed["relation"] not in ("", "self") and not typed["texter_name"]:
        yield FieldError("texter_name", "is empty: fill in who reads the texts")
    if is_minor(typed["born_on"], now.date()):
        if typed["guardian"] not in ("parent", "guardian", NOT_YET):
            yield FieldError("guardian", "is empty: say who agreed for the patient, who is under 18")
        elif typed["guardian"] != NOT_YET and not _guardian_name(typed):
            yield FieldError("guardian_name", "is empty: fill in who agreed for the patient, who is under 18")
    for field in ("phone", "guardian_phone"):
        cannot = _why_not_textable(typed[field])
        if cannot:
            yield FieldError(field, cannot)
    if typed["consent"] != "yes":
        yield FieldError("consent", "is not ticked: nobody is texted who did not agree to this wording")


def _why_not_textable(number: str) -> str:
    try:
        return why_not_textable(read_number(number)) if number else ""
    except InputError:
        return ""  # the model says what is wrong with it


def _document(typed: Mapping[str, str], now: datetime, zone: ZoneInfo, wrong: list[FieldError]) -> dict[str, Any]:
    """As `enrol --json` would hold it; an empty field is a missing one."""
    document: dict[str, Any] = {name: typed[name] for name in PATIENT if typed[name]}
    document["procedure"] = {name: typed[name] for name in PROCEDURE if typed[name]}
    document["procedure"]["sedation"] = YES_NO.get(typed["sedation"])
    document["time_zone"] = typed["time_zone"] or _zone(typed["zip"], zone, wrong)
    try:
        on, at = date.fromisoformat(typed["procedure_on"]), time.fromisoformat(typed["procedure_at"])
        document["procedure"]["at"] = instant(on, at.replace(tzinfo=None), zone)
    except ValueError:
        wrong.append(FieldError("procedure_on", "is no date and time, like 03/02/2026 and 09:30 am"))
        document["procedure"]["at"] = now  # only so that the other fields are looked at as well
    document["history"] = [part.strip() for part in typed["history"].split(";") if part.strip()]
    relation = typed["relation"] or "self"
    reader = typed["name"] if relation == "self" else typed["texter_name"]
    document["texter"] = {"relation": relation, "name": reader or "-"}
    method = typed["consent_method"] if typed["consent_method"] in METHODS else METHODS[0]
    document["consent"] = {"by": "patient", "method": method, "at": now, "wording": typed["consent_wording"]}
    if is_minor(typed["born_on"], now.date()):
        _add_guardian(document, typed)
    return document


def _add_guardian(document: dict[str, Any], typed: Mapping[str, str]) -> None:
    """Who agreed stands in the consent; their own phone may text too, and is called in an emergency."""
    by, name, phone = typed["guardian"], _guardian_name(typed), typed["guardian_phone"]
    if by in ("parent", "guardian"):
        document["consent"]["by"] = by
    if name and phone:
        relation = by if by in ("parent", "guardian") else "other"
        document["texters"] = [{"relation": relation, "name": name, "phone": phone}]
    if name:
        document.setdefault("emergency_contact", f"{name} {phone}".strip())


def _guardian_name(typed: Mapping[str, str]) -> str:
    """A parent or guardian who reads the texts need not be named twice."""
    reads = typed["texter_name"] if typed["relation"] in ("parent", "guardian") else ""
    return typed["guardian_name"] or reads


def _zone(code: str, zone: ZoneInfo, wrong: list[FieldError]) -> str:
    if not code:
        return zone.key
    try:
        return zone_of_zip(code)
    except InputError as error:
        wrong.append(field_of(error))
        return zone.key


def _named(error: FieldError) -> FieldError:
    name = ON_FORM.get(error.path, error.path.removeprefix("procedure."))
    return FieldError(name, error.words)


def _once(errors: list[FieldError]) -> list[FieldError]:
    """The first about each field, in the form's order."""
    first: dict[str, FieldError] = {}
    for error in errors:
        first.setdefault(error.path, error)
    return sorted(first.values(), key=lambda e: FIELDS.index(e.path) if e.path in FIELDS else -1)
