"""Who is there already when somebody is to be enrolled: the record number, the number, or the name and birth date of
another. It writes nothing but the audit of who was shown, and decides nothing but what has to be confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.exchange.enrolment import EnrolmentIn
from bot.storage import patients, phones, procedures
from bot.storage.audit import note
from bot.storage.database import Tx
from bot.storage.patients import Patient
from bot.storage.phones import Phone
from bot.storage.procedures import Procedure
from bot.storage.views import Person
from bot.vocabulary import PatientId

PERSON = ("history", "anticoagulant", "diabetes", "allergies", "emergency_contact")
NUMBERS = ("baseline_pain", "block_pain")
PROCEDURE = ("level", "side", "sedation", "provider", "drug", "dose_mg")


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody whom the enrolment may be mixed up with; never to be logged."""

    id: PatientId
    name: str
    mrn: str
    born_on: date

    @staticmethod
    def of(patient: Patient) -> Other:
        return Other(patient.id, patient.name, patient.mrn, patient.born_on)


@dataclass(frozen=True, slots=True)
class Doubles:
    """`known` has the record number; `moved` is their procedure that lies ahead and would get the new time; `sharing`
    have the number, `namesakes` name and birth date under another record number. `phone`: how the number fared."""

    known: Other | None = None
    moved: Procedure | None = None
    same: Procedure | None = None
    sharing: tuple[Other, ...] = ()
    namesakes: tuple[Other, ...] = ()
    phone: Phone | None = None

    @property
    def people(self) -> tuple[Other, ...]:
        """Everybody whose name, birth date and record number are shown."""
        return (*([self.known] if self.known else ()), *self.sharing, *self.namesakes)

    @property
    def is_other_person(self) -> bool:
        """There is something to look at before anything is saved."""
        return bool(self.people)

    @property
    def key(self) -> str:
        """Names exactly what was shown, so that a later surprise is not confirmed with it."""
        return " ".join(sorted({str(other.id) for other in self.people}))


def find_doubles(tx: Tx, document: EnrolmentIn, now: datetime, people: Sequence[Person]) -> Doubles:
    """Who is there already.

    :param people: everybody, so that the names of a whole spreadsheet are looked for in one reading.
    """
    known = patients.find_patient_by_mrn(tx, document.mrn)
    own = None if known is None else known.id
    moved, same = (None, None) if known is None else _procedures(tx, known.id, document, now)
    phone = phones.find_phone(tx, document.phone)
    at_phone = [] if phone is None else [t.patient_id for t in phones.list_texters_at(tx, phone.id)]
    sharing = [patients.get_patient(tx, one) for one in dict.fromkeys(at_phone) if one != own]
    shown = {other.id for other in sharing}
    namesakes = [other for other in _namesakes(tx, document, people) if other.id not in shown and other.id != own]
    return Doubles(
        known=None if known is None else Other.of(known),
        moved=moved,
        same=same,
        sharing=tuple(map(Other.of, sharing)),
        namesakes=tuple(map(Other.of, namesakes)),
        phone=phone,
    )


def note_shown(tx: Tx, found: Iterable[Doubles], by: str, now: datetime) -> None:
    """A line in the audit for each person who was shown to somebody about to enrol another."""
    for patient_id in dict.fromkeys(other.id for doubles in found for other in doubles.people):
        note(tx, who=by, did="viewed_double", now=now, patient_id=patient_id)


def _procedures(
    tx: Tx, patient_id: PatientId, document: EnrolmentIn, now: datetime
) -> tuple[Procedure | None, Procedure | None]:
    """The one that enrolling would move, and the one that is the very same (services/enrolment.py decides alike)."""
    alike = [p for p in procedures.list_procedures(tx, patient_id) if p.protocol == document.procedure.protocol]
    same = next((p for p in alike if p.at == document.procedure.at), None)
    return (None if same else next((p for p in alike if p.at > now), None)), same


def _namesakes(tx: Tx, document: EnrolmentIn, people: Sequence[Person]) -> list[Patient]:
    """The same name and birth date: only those whose name fits are opened whole."""
    wanted = document.name.casefold()
    alike = [person.id for person in people if person.name.casefold() == wanted]
    return [one for one in (patients.get_patient(tx, i) for i in alike) if one.born_on == document.born_on]


def keep_what_is_known(tx: Tx, document: EnrolmentIn, doubles: Doubles) -> EnrolmentIn:
    """A field left empty, at the desk or in a spreadsheet, takes nothing off the chart of somebody known."""
    if doubles.known is None:
        return document
    chart = patients.get_patient(tx, doubles.known.id).chart
    empty = {n: getattr(chart, n) for n in PERSON if not getattr(document, n) and getattr(chart, n)}
    if doubles.moved is None:
        return document.model_copy(update=empty)
    given, planned = document.procedure, doubles.moved
    inner = {n: getattr(planned, n) for n in PROCEDURE if getattr(given, n) is None}
    empty |= {n: getattr(planned, n) for n in NUMBERS if getattr(document, n) is None}
    return document.model_copy(update={**empty, "procedure": given.model_copy(update=inner)})
