"""A FHIR R4 Bundle as enrolments, and the follow-up that came with it if the Bundle is ours. It writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.exchange.enrolment import EnrolmentIn, InputError, read_list
from bot.exchange.fhir_check import check_bundle
from bot.exchange.fhir_codes import KINDS, LOCAL_CODES, LOINC, MRN, OURS, PAIN_CODE
from bot.exchange.record import AlertRecord, AnswerRecord, CheckInRecord, TextRecord

Resource = dict[str, Any]
NAMES = {code: kind for kind, code in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Arrival:
    """One procedure to enrol, and what had followed it where it comes from."""

    enrolment: EnrolmentIn
    check_ins: tuple[CheckInRecord, ...]
    answers: tuple[AnswerRecord, ...]
    alerts: tuple[AlertRecord, ...]
    texts: tuple[TextRecord, ...]


def read_bundle(document: Any, *, protocol: str) -> list[Arrival]:
    """Every procedure or appointment of every patient in the Bundle, each patient's oldest first.

    :param protocol: for procedures whose code is not one of our protocols'.
    :raises InputError: one line that says what is wrong or missing.
    """
    check_bundle(document)
    bundle = _Bundle([(e.get("fullUrl", ""), e["resource"]) for e in document.get("entry", []) if "resource" in e])
    found = [arrival for patient in bundle.of("Patient") for arrival in _arrivals(bundle, patient, protocol)]
    if not found:
        raise InputError("input: the Bundle holds no Patient with a Procedure or an Appointment")
    return found


@dataclass(frozen=True, slots=True)
class _Bundle:
    """The resources with the addresses by which others refer to them."""

    entries: list[tuple[str, Resource]]

    def of(self, kind: str) -> list[Resource]:
        return [resource for _, resource in self.entries if resource["resourceType"] == kind]

    def names(self, resource: Resource) -> set[str]:
        """Every way in which another resource may refer to this one."""
        own = f"{resource['resourceType']}/{resource.get('id', '')}"
        return {own, *(url for url, one in self.entries if one is resource and url)}

    def about(self, kind: str, patient: Resource) -> Iterator[Resource]:
        """Resources of that kind whose subject the patient is."""
        names = self.names(patient)
        for resource in self.of(kind):
            subject = resource.get("subject") or resource.get("patient") or {}
            actors = [p.get("actor", {}).get("reference") for p in resource.get("participant", [])]
            if subject.get("reference") in names or names & {a for a in actors if a}:
                yield resource


def _arrivals(bundle: _Bundle, patient: Resource, protocol: str) -> list[Arrival]:
    person = _person(bundle, patient)
    done = [
        *bundle.about("Procedure", patient),
        *(a for a in bundle.about("Appointment", patient) if a["status"] not in ("cancelled", "noshow")),
    ]
    texts = tuple(_text(resource, person["phone"]) for resource in bundle.about("Communication", patient))
    found = []
    for procedure in sorted(done, key=_begun):
        names = bundle.names(procedure)
        observed = [o for o in bundle.about("Observation", patient) if _part_of(o, names)]
        enrolment = person | _given_pain(observed) | {"procedure": _procedure(procedure, protocol)}
        found.append(
            Arrival(
                enrolment=read_list(EnrolmentIn, enrolment)[0],
                check_ins=tuple(
                    _check_in(q) for q in bundle.about("QuestionnaireResponse", patient) if _part_of(q, names)
                ),
                answers=tuple(_answer(o) for o in observed if _ours(o, "asked") not in ("baseline", "block", None)),
                alerts=tuple(
                    _alert(f) for f in bundle.about("Flag", patient) if _ours(f, "procedure") == procedure.get("id")
                ),
                texts=texts,
            )
        )
    return found


def _all_ours(resource: Resource, name: str) -> list[Any]:
    url = f"{OURS}:{name}"
    return [
        next(value for key, value in one.items() if key.startswith("value"))
        for one in resource.get("extension", [])
        if one.get("url") == url
    ]


def _ours(resource: Resource, name: str) -> Any:
    """The value of one of our own extensions, or None."""
    return next(iter(_all_ours(resource, name)), None)


def _first(found: list[Resource]) -> Resource:
    return found[0] if found else {}


def _part_of(resource: Resource, names: set[str]) -> bool:
    return any(part.get("reference") in names for part in resource.get("partOf", []))


def _instant(value: str | None) -> datetime | None:
    try:
        return None if value is None else datetime.fromisoformat(value)
    except ValueError:
        raise InputError("input: a time in the Bundle has no date, time and offset") from None


def _needed(value: str | None) -> datetime:
    found = _instant(value)
    if found is None or found.tzinfo is None:
        raise InputError("input: a time in the Bundle has no date, time and offset")
    return found


def _begun(resource: Resource) -> datetime:
    period = resource.get("performedPeriod", {}).get("start")
    return _needed(resource.get("performedDateTime") or period or resource.get("start"))


def _named(resource: Resource) -> str:
    name = _first(resource.get("name", []))
    return str(name.get("text") or " ".join([*name.get("given", []), name.get("family", "")]).strip())


def _phone(resource: Resource) -> str | None:
    """The phone of the lowest rank, mobile ones first."""
    numbers = [t for t in resource.get("telecom", []) if t.get("system") in ("phone", "sms") and t.get("value")]
    ordered = sorted(numbers, key=lambda t: (t.get("rank", 9), t.get("use") != "mobile"))
    return str(ordered[0]["value"]) if ordered else None


def _rank(resource: Resource) -> int:
    return min((int(t.get("rank", 9)) for t in resource.get("telecom", [])), default=9)


def _person(bundle: _Bundle, patient: Resource) -> dict[str, Any]:
    """What an enrolment says of the patient and of those who text for them."""
    related = sorted(bundle.about("RelatedPerson", patient), key=_rank)
    texters = [_texter(one) for one in related if _phone(one)]
    own = _phone(patient)
    if own is not None:
        name = _ours(patient, "texter-name") or _named(patient)
        mine = {"relation": "self", "name": name, "phone": own}
        texters.insert(0 if _rank(patient) == 1 or not related or _rank(related[0]) > 1 else 1, mine)
    if not texters:
        raise InputError("Patient.telecom: neither the patient nor a RelatedPerson has a phone")
    language = _first(patient.get("communication", [])).get("language", {})
    code = _first(language.get("coding", [])).get("code", "en")
    person = {
        "mrn": _mrn(patient), "name": _named(patient), "born_on": patient.get("birthDate"),
        "phone": texters[0]["phone"], "texter": texters[0], "texters": texters[1:], "language": str(code)[:2],
        "history": _all_ours(patient, "history"), "consent": _consent(bundle, patient),
    }  # by rows, not an item a line  # fmt: skip
    for name in ("time_zone", "anticoagulant", "diabetes", "allergies", "emergency_contact"):
        person[name] = _ours(patient, name.replace("_", "-"))
    return person


def _texter(related: Resource) -> dict[str, Any]:
    kind = _first(related.get("relationship", []))
    code = _first(kind.get("coding", [])).get("code", "")
    known = {"PRN": "parent", "MTH": "parent", "FTH": "parent", "GUARD": "guardian", "SPS": "spouse"}
    relation = known.get(code, kind.get("text", "other"))
    relation = relation if relation in ("parent", "guardian", "spouse") else "other"
    return {"relation": relation, "name": _named(related), "phone": _phone(related)}


def _mrn(patient: Resource) -> str | None:
    """Our own identifier, else one of type MR, else the first."""
    found = patient.get("identifier", [])

    def order(one: Resource) -> tuple[bool, bool]:
        codes = {c.get("code") for c in one.get("type", {}).get("coding", [])}
        return one.get("system") != MRN, "MR" not in codes

    return str(min(found, key=order).get("value", "")) if found else None


def _consent(bundle: _Bundle, patient: Resource) -> dict[str, Any]:
    active = [c for c in bundle.about("Consent", patient) if c["status"] == "active"]
    if not active:
        raise InputError("Consent: the Bundle holds no active Consent of the patient to be texted")
    consent = active[0]
    return {
        "by": _ours(consent, "consent-by") or "patient",
        "method": _ours(consent, "consent-method") or "fhir",
        "at": consent.get("dateTime"),
        "wording": consent.get("policyRule", {}).get("text") or "not given",
    }


def _procedure(resource: Resource, protocol: str) -> dict[str, Any]:
    codings = resource.get("code", {}).get("coding", [])
    ours = [c["code"] for c in codings if c.get("system") == LOCAL_CODES]
    performer = _first(resource.get("performer", [])).get("actor", {})
    place = _first(resource.get("bodySite", [])).get("text")
    dose = _ours(resource, "dose-mg")
    return {
        "protocol": ours[0] if ours else protocol,
        "at": _begun(resource).isoformat(),
        "level": _ours(resource, "level") or (place if _ours(resource, "side") is None else None),
        "side": _ours(resource, "side"),
        "sedation": _ours(resource, "sedation"),
        "provider": performer.get("display"),
        "drug": _ours(resource, "drug"),
        "dose_mg": None if dose is None else float(dose),
    }


def _value(observation: Resource) -> int:
    quantity = observation.get("valueQuantity", {}).get("value", observation.get("valueInteger"))
    if quantity is None or int(quantity) != quantity:
        raise InputError("Observation: a value is missing or no whole number")
    return int(quantity)


def _given_pain(observed: list[Resource]) -> dict[str, int]:
    given = {_ours(o, "asked"): _value(o) for o in observed if _ours(o, "asked") in ("baseline", "block")}
    return {f"{name}_pain": value for name, value in given.items()}


def _answer(observation: Resource) -> AnswerRecord:
    codes = {c.get("system"): c.get("code", "") for c in observation["code"].get("coding", [])}
    kind = "pain" if codes.get(LOINC) == PAIN_CODE else NAMES.get(codes.get(LOCAL_CODES, ""), "")
    if not kind:
        raise InputError("Observation.code: is none that we know")
    return AnswerRecord(
        at=_needed(observation.get("effectiveDateTime")),
        day=int(_ours(observation, "day") or 0),
        kind=kind,
        value=_value(observation),
        asked=str(_ours(observation, "asked")),
        by=_ours(observation, "by"),
        text=_ours(observation, "text"),
    )


def _check_in(response: Resource) -> CheckInRecord:
    return CheckInRecord(
        str(_ours(response, "check-in")), _needed(_ours(response, "due-at")), str(_ours(response, "state"))
    )


def _alert(flag: Resource) -> AlertRecord:
    period = flag.get("period", {})
    return AlertRecord(
        key=str(flag.get("id", "")),
        level=str(_ours(flag, "level")),
        flags=tuple(_all_ours(flag, "flag")),
        reason=str(_ours(flag, "reason")),
        opened_at=_needed(period.get("start")),
        paged_at=_instant(_ours(flag, "paged-at")),
        acknowledged_at=_instant(_ours(flag, "acknowledged-at")),
        acknowledged_by=_ours(flag, "acknowledged-by"),
        closed_at=_instant(period.get("end")),
        closed_by=_ours(flag, "closed-by"),
        outcome=_ours(flag, "outcome"),
    )


def _text(communication: Resource, phone: str) -> TextRecord:
    payload = _first(communication.get("payload", []))
    return TextRecord(
        key=str(communication.get("id", "")),
        at=_needed(communication.get("sent") or communication.get("received")),
        direction="out" if _ours(communication, "direction") == "out" else "in",
        kind=str(_ours(communication, "kind") or "reply"),
        words=str(payload.get("contentString", "")),
        phone=str(_ours(communication, "phone") or phone),
    )
