"""Whom a conversation is with: patient, texter, phone, procedure, language, put together in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.runtime import Runtime
from bot.storage.check_ins import CheckIn, list_check_ins
from bot.storage.database import Tx
from bot.storage.findings import list_scores
from bot.storage.patients import Patient, get_patient
from bot.storage.phones import Phone, Texter, get_phone, list_texters_at
from bot.storage.procedures import Procedure, list_procedures
from bot.vocabulary import Finding, LanguageCode, PastScore, PatientFacts, PatientId, PhoneId, Relation

GUARDIANS = frozenset({"parent", "guardian", "mother", "father"})
ENOUGH_WORDS = 3  # a lone "no" is English and Spanish: it does not change the language of the answer


@dataclass(frozen=True, slots=True)
class Party:
    """One patient and the phone that texts for them; never to be logged."""

    patient: Patient
    phone: Phone
    texter: Texter | None
    procedure: Procedure | None
    language: LanguageCode

    @property
    def is_proxy(self) -> bool:
        return self.texter is not None and self.texter.relation is not Relation.SELF

    @property
    def greeted_as(self) -> str:
        """The first name of the one who reads the text."""
        name = self.texter.name if self.texter is not None else self.patient.name
        return name.split()[0] if name.split() else self.patient.first_name

    def day(self, now: datetime) -> int | None:
        """Whole local days since the procedure, negative before it."""
        if self.procedure is None:
            return None
        zone = self.patient.zone
        return (now.astimezone(zone).date() - self.procedure.at.astimezone(zone).date()).days


def get_party(tx: Tx, patient_id: PatientId, phone_id: PhoneId, now: datetime) -> Party:
    """The party; LookupError if the patient or the phone is not there."""
    patient = get_patient(tx, patient_id)
    texters = [t for t in list_texters_at(tx, phone_id) if t.patient_id == patient_id]
    return Party(
        patient=patient,
        phone=get_phone(tx, phone_id),
        texter=texters[0] if texters else None,
        procedure=current_procedure(list_procedures(tx, patient_id), now),
        language=patient.language,
    )


def current_procedure(newest_first: list[Procedure], now: datetime) -> Procedure | None:
    """The latest that has happened, else the one that lies nearest ahead."""
    past = [procedure for procedure in newest_first if procedure.at <= now]
    return past[0] if past else (newest_first[-1] if newest_first else None)


def list_follow_up(tx: Tx, rt: Runtime, procedure: Procedure) -> list[CheckIn]:
    """The procedure's check-ins in order, without what goes around it: notices, diary, the check before the visit."""
    follow_up = rt.content.protocols[procedure.protocol].follow_up
    return [check_in for check_in in list_check_ins(tx, procedure.id) if check_in.name in follow_up]


def facts_about(tx: Tx, party: Party, now: datetime) -> PatientFacts:
    """What triage may know: days, hours, scores, old deficits; nothing that names anybody."""
    if party.procedure is None:
        return PatientFacts(chart=party.patient.chart.history)
    scores = list_scores(tx, party.procedure.id)
    return PatientFacts(
        day=party.day(now),
        hours=(now - party.procedure.at).total_seconds() / 3600,
        baseline=party.procedure.baseline_pain,
        history=tuple(PastScore(s.day, s.value) for s in scores if s.kind == "pain"),
        chart=party.patient.chart.history,
    )


def answer_language(rt: Runtime, party: Party, finding: Finding, words: str) -> LanguageCode:
    """The language that the patient wrote in, where it is plain; else the one they were enrolled with."""
    written = LanguageCode(finding.language)
    if written in rt.content.messages and len(words.split()) >= ENOUGH_WORDS:
        return written
    return party.language if party.language in rt.content.messages else next(iter(rt.content.messages))
