"""One patient's record as a FHIR R4 Bundle: a dictionary that `fhir_check` passes; it opens and judges nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from bot.exchange.fhir_codes import (
    CHECK_IN_STATUS,
    KINDS,
    LOCAL_CODES,
    LOINC,
    MRN,
    OURS,
    PAIN_CODE,
    PAIN_WORDS,
    RELATIONS,
    ROLE_CODES,
    UCUM,
)
from bot.exchange.record import AlertRecord, AnswerRecord, CheckInRecord, PatientRecord, ProcedureRecord, TextRecord

Resource = dict[str, Any]


def write_bundle(record: PatientRecord, now: datetime) -> Resource:
    """A Bundle of type collection; resources refer to each other by urn:uuid."""
    resources = [_patient(record), *_related(record), *_consents(record)]
    for procedure in record.procedures:
        resources += [_procedure(record, procedure), *_given_pain(record, procedure)]
        resources += [_observation(record, procedure, n, answer) for n, answer in enumerate(procedure.answers)]
        resources += [_check_in(record, procedure, check_in) for check_in in procedure.check_ins]
        resources += [_flag(record, procedure, alert) for alert in procedure.alerts]
    resources += [_communication(record, text) for text in record.texts]
    entries = [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "type": "collection", "timestamp": _at(now), "entry": entries}


def _at(at: datetime) -> str:
    return at.isoformat()


def _reference(key: str) -> Resource:
    return {"reference": f"urn:uuid:{key}"}


def _extensions(**values: Any) -> list[Resource]:
    """Our own facts about a resource, one extension each; what is None is left out."""
    found = []
    for name, value in values.items():
        if value is None:
            continue
        key = {bool: "valueBoolean", int: "valueInteger", float: "valueDecimal", datetime: "valueDateTime"}
        shown = _at(value) if isinstance(value, datetime) else value
        found.append({"url": f"{OURS}:{name.replace('_', '-')}", key.get(type(value), "valueString"): shown})
    return found


def _without_nothing(resource: Resource) -> Resource:
    """FHIR has no null and no empty list."""
    return {name: value for name, value in resource.items() if value not in (None, [], {})}


def _number(phone: str) -> list[Resource]:
    return [{"system": "phone", "value": phone}]


def _patient(record: PatientRecord) -> Resource:
    own = [t for t in record.texters if t.relation == "self"]
    return _without_nothing(
        {
            "resourceType": "Patient",
            "id": record.key,
            "identifier": [{"system": MRN, "value": record.mrn}],
            "name": [{"text": record.name}],
            "birthDate": record.born_on,
            "telecom": [_number(t.phone)[0] | {"rank": 1 if t.first else 2} for t in own],
            "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": record.language}]}}],
            "extension": [
                *_extensions(
                    time_zone=record.time_zone,
                    anticoagulant=record.anticoagulant,
                    diabetes=record.diabetes,
                    allergies=record.allergies,
                    emergency_contact=record.emergency_contact,
                    texter_name=own[0].name if own else None,
                ),
                *(one for words in record.history for one in _extensions(history=words)),
            ],
        }
    )


def person_key(record: PatientRecord, number: int) -> str:
    """The id of a texter's resource: the patient's own, or one made from it."""
    return record.key if record.texters[number].relation == "self" else _made(record.key, "texter", number)


def _related(record: PatientRecord) -> Iterator[Resource]:
    for number, texter in enumerate(record.texters):
        if texter.relation == "self":
            continue
        coding = [{"system": ROLE_CODES, "code": RELATIONS[texter.relation]}] if texter.relation in RELATIONS else []
        yield {
            "resourceType": "RelatedPerson",
            "id": person_key(record, number),
            "patient": _reference(record.key),
            "relationship": [_without_nothing({"coding": coding, "text": texter.relation})],
            "name": [{"text": texter.name}],
            "telecom": [_number(texter.phone)[0] | {"rank": 1 if texter.first else 2}],
        }


def _consents(record: PatientRecord) -> Iterator[Resource]:
    for number, consent in enumerate(record.consents):
        yield {
            "resourceType": "Consent",
            "id": _made(record.key, "consent", number),
            "status": "active",
            "scope": {
                "coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "treatment"}]
            },
            "category": [{"text": "to be texted"}],
            "patient": _reference(record.key),
            "dateTime": _at(consent.at),
            "policyRule": {"text": consent.wording},
            "extension": _extensions(consent_by=consent.by, consent_method=consent.method),
        }


def _made(key: str, kind: str, number: int) -> str:
    """An id made from another resource's: the same in every export."""
    return str(uuid5(UUID(key), f"{kind}:{number}"))


def _procedure(record: PatientRecord, procedure: ProcedureRecord) -> Resource:
    where = " ".join(part for part in (procedure.level, procedure.side) if part)
    return _without_nothing(
        {
            "resourceType": "Procedure",
            "id": procedure.key,
            "status": "completed",
            "code": {"coding": [{"system": LOCAL_CODES, "code": procedure.protocol}], "text": procedure.label},
            "subject": _reference(record.key),
            "performedDateTime": _at(procedure.at),
            "bodySite": [{"text": where}] if where else [],
            "performer": [{"actor": {"display": procedure.provider}}] if procedure.provider else [],
            "extension": _extensions(
                level=procedure.level,
                side=procedure.side,
                sedation=procedure.sedation,
                drug=procedure.drug,
                dose_mg=None if procedure.dose_mg is None else float(procedure.dose_mg),
            ),
        }
    )


def _pain(value: int) -> Resource:
    return {
        "code": {"coding": [{"system": LOINC, "code": PAIN_CODE, "display": PAIN_WORDS}]},
        "valueQuantity": {"value": value, "unit": "{score}", "system": UCUM, "code": "{score}"},
    }


def _given_pain(record: PatientRecord, procedure: ProcedureRecord) -> Iterator[Resource]:
    """The scores that the clinic took, before and in the first hours after."""
    for number, (asked, value) in enumerate((("baseline", procedure.baseline_pain), ("block", procedure.block_pain))):
        if value is not None:
            yield {
                **_base_observation(record, procedure, _made(procedure.key, "given", number)),
                **_pain(value),
                "effectiveDateTime": _at(procedure.at),
                "extension": _extensions(asked=asked),
            }


def _base_observation(record: PatientRecord, procedure: ProcedureRecord, key: str) -> Resource:
    system = "http://terminology.hl7.org/CodeSystem/observation-category"
    return {
        "resourceType": "Observation",
        "id": key,
        "status": "final",
        "category": [{"coding": [{"system": system, "code": "survey"}]}],
        "subject": _reference(record.key),
        "partOf": [_reference(procedure.key)],
    }


def _observation(record: PatientRecord, procedure: ProcedureRecord, number: int, answer: AnswerRecord) -> Resource:
    if answer.kind == "pain":
        value = _pain(answer.value)
    else:
        code = KINDS.get(answer.kind, answer.kind)
        value = {"code": {"coding": [{"system": LOCAL_CODES, "code": code}], "text": answer.kind}}
        if answer.kind == "relief":
            value["valueQuantity"] = {"value": answer.value, "unit": "%", "system": UCUM, "code": "%"}
        else:
            value["valueInteger"] = answer.value
    return {
        **_base_observation(record, procedure, _made(procedure.key, "answer", number)),
        **value,
        "effectiveDateTime": _at(answer.at),
        "performer": [_reference(_who(record, answer.by))],
        "extension": _extensions(asked=answer.asked, day=answer.day, by=answer.by, text=answer.text),
    }


def _who(record: PatientRecord, relation: str | None) -> str:
    found = [n for n, texter in enumerate(record.texters) if texter.relation == relation]
    return person_key(record, found[0]) if found else record.key


def _check_in(record: PatientRecord, procedure: ProcedureRecord, check_in: CheckInRecord) -> Resource:
    items = [
        {"linkId": answer.asked, "answer": [{"valueInteger": answer.value}]}
        for answer in procedure.answers
        if answer.asked != "none" and _belongs(procedure, check_in, answer)
    ]
    return _without_nothing(
        {
            "resourceType": "QuestionnaireResponse",
            "id": _made(procedure.key, check_in.name, 0),
            "questionnaire": f"{OURS}:check-in:{procedure.protocol}:{check_in.name.replace('_', '-')}",
            "status": CHECK_IN_STATUS[check_in.state],
            "subject": _reference(record.key),
            "partOf": [_reference(procedure.key)],
            "authored": _at(check_in.due_at),
            "item": items,
            "extension": _extensions(check_in=check_in.name, state=check_in.state, due_at=check_in.due_at),
        }
    )


def _belongs(procedure: ProcedureRecord, check_in: CheckInRecord, answer: AnswerRecord) -> bool:
    """An answer is one to the newest check-in that had fallen due."""
    due = [c for c in procedure.check_ins if c.due_at <= answer.at]
    return bool(due) and max(due, key=lambda c: c.due_at).name == check_in.name


def _flag(record: PatientRecord, procedure: ProcedureRecord, alert: AlertRecord) -> Resource:
    period = {"start": _at(alert.opened_at)} | ({"end": _at(alert.closed_at)} if alert.closed_at else {})
    return {
        "resourceType": "Flag",
        "id": alert.key,
        "status": "inactive" if alert.closed_at else "active",
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/flag-category", "code": "safety"}]}],
        "code": _without_nothing(
            {
                "coding": [{"system": LOCAL_CODES, "code": flag.replace("_", "-")} for flag in alert.flags],
                "text": ", ".join(alert.flags) or alert.reason,
            }
        ),
        "subject": _reference(record.key),
        "period": period,
        "extension": [
            *_extensions(
                procedure=procedure.key, level=alert.level, reason=alert.reason, paged_at=alert.paged_at,
                acknowledged_at=alert.acknowledged_at, acknowledged_by=alert.acknowledged_by,
                closed_by=alert.closed_by, outcome=alert.outcome,
            ),
            *(one for flag in alert.flags for one in _extensions(flag=flag)),
        ],
    }  # by rows, not an item a line  # fmt: skip


def _communication(record: PatientRecord, text: TextRecord) -> Resource:
    numbers = [n for n, texter in enumerate(record.texters) if texter.phone == text.phone]
    person = _reference(person_key(record, numbers[0]) if numbers else record.key)
    theirs = text.direction == "in"
    return {
        "resourceType": "Communication",
        "id": text.key,
        "status": "completed",
        "medium": [{"text": "SMS"}],
        "subject": _reference(record.key),
        "sent": _at(text.at),
        "payload": [{"contentString": text.words or " "}],
        "extension": _extensions(direction=text.direction, kind=text.kind, phone=text.phone),
        **({"sender": person} if theirs else {"recipient": [person]}),
    }
