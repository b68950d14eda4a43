"""Who may answer for a patient, from which phone, and in which language they are written to; each change by staff."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.exchange.enrolment import InputError, read_number
from bot.runtime import Runtime
from bot.services.errors import Refused
from bot.services.staff_words import close_thread, open_thread
from bot.storage import phones
from bot.storage.audit import note
from bot.storage.database import Tx
from bot.storage.patients import get_patient, set_language
from bot.storage.phones import Texter
from bot.storage.staff import StaffMember
from bot.vocabulary import LanguageCode, PatientId, PhoneId, Relation

LONGEST_NAME = 100


def keep_texter(
    tx: Tx,
    rt: Runtime,
    patient_id: PatientId,
    staff: StaffMember,
    *,
    name: str,
    relation: str,
    number: str,
    now: datetime,
) -> None:
    """Somebody may answer from that number from now on; on a number that is known, name and relation are corrected.

    :raises Refused: nothing was written.
    """
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise Refused("Write who answers, in up to 100 characters. Nothing was changed.")
    if relation not in set(Relation):
        raise Refused("Choose what they are to the patient. Nothing was changed.")
    phone = phones.keep_phone(tx, _number(number), now)
    phones.lock_phones_of(tx, patient_id, phone.id)  # before anything is read: two may click at once
    known = {texter.phone_id: texter for texter in phones.list_texters_of(tx, patient_id)}
    before = known.get(phone.id)
    texter = Texter(patient_id, phone.id, Relation(relation), name, is_first=before.is_first if before else not known)
    if texter == before:
        raise Refused("That is how it stands already. Nothing was changed.")
    phones.keep_texter(tx, texter)
    if before is None:
        open_thread(tx, rt, patient_id, phone, now)
    note(tx, who=staff.username, did="added_texter", now=now, patient_id=patient_id, about=str(phone.id))


def _number(given: str) -> str:
    try:
        return read_number(given)
    except InputError as error:
        raise Refused(f"{error}. Nothing was changed.") from None


def end_texter(
    tx: Tx, rt: Runtime, patient_id: PatientId, staff: StaffMember, phone_id: PhoneId, now: datetime
) -> None:
    """Whoever writes from that phone does not speak for the patient any more: a stranger's text, which is still read.

    :raises Refused: they get the check-ins, or are gone already.
    """
    phones.lock_phones_of(tx, patient_id, phone_id)
    texter = _texter(tx, patient_id, phone_id)
    if texter.is_first:
        raise Refused("They get the check-ins: let those go to another phone first. Nothing was changed.")
    close_thread(tx, rt, patient_id, phone_id, now)
    phones.end_texter(tx, patient_id, phone_id, now)
    note(tx, who=staff.username, did="ended_texter", now=now, patient_id=patient_id, about=str(phone_id))


def make_first(
    tx: Tx, rt: Runtime, patient_id: PatientId, staff: StaffMember, phone_id: PhoneId, now: datetime
) -> None:
    """The check-ins go to this phone from now on; what stands open on another may still be answered there.

    :raises Refused: they do already.
    """
    phones.lock_phones_of(tx, patient_id, phone_id)
    texter = _texter(tx, patient_id, phone_id)
    if texter.is_first:
        raise Refused("The check-ins go to this phone already. Nothing was changed.")
    phones.demote_texters(tx, patient_id)
    phones.keep_texter(tx, replace(texter, is_first=True))
    open_thread(tx, rt, patient_id, phones.get_phone(tx, phone_id), now)
    note(tx, who=staff.username, did="made_first", now=now, patient_id=patient_id, about=str(phone_id))


def _texter(tx: Tx, patient_id: PatientId, phone_id: PhoneId) -> Texter:
    found = next((t for t in phones.list_texters_of(tx, patient_id) if t.phone_id == phone_id), None)
    if found is None:
        raise Refused("Nobody answers from that phone any more. Nothing was changed.")
    return found


def change_language(tx: Tx, rt: Runtime, patient_id: PatientId, staff: StaffMember, code: str, now: datetime) -> None:
    """Every text that the bot begins is in this language from now on; an answer still follows the patient's words.

    :raises Refused: we do not write it, or it is the one already.
    """
    language = LanguageCode(code)
    if language not in rt.content.messages:
        raise Refused("Choose a language that the bot writes. Nothing was changed.")
    if get_patient(tx, patient_id).language == language:
        raise Refused("That is the language already. Nothing was changed.")
    set_language(tx, patient_id, language)
    note(tx, who=staff.username, did="changed_language", now=now, patient_id=patient_id, about=code)
