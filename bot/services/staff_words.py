"""What staff do in a thread by hand: write to the patient, record a wish said aloud, a consent, a new number."""

from __future__ import annotations

from datetime import datetime

from bot.flows.conversation import State
from bot.flows.cues import Cue
from bot.runtime import Runtime
from bot.services.errors import Refused
from bot.services.party import get_party
from bot.services.speaking import Voice, say
from bot.services.stepping import Happening, take_step
from bot.storage import outbox, phones
from bot.storage.audit import note
from bot.storage.conversations import (
    find_conversation,
    keep_conversation,
    list_conversations_at,
    list_conversations_of,
    lock_conversation,
)
from bot.storage.database import Tx
from bot.storage.outbox import Kind
from bot.storage.patients import Consent, keep_consent, list_consents, withdraw_consents
from bot.storage.phones import Phone, Texter
from bot.storage.staff import StaffMember
from bot.vocabulary import ConversationId, PatientId, PhoneId

LONGEST = 480  # characters: three segments; a longer message is a phone call


class CannotWrite(Refused):
    """The patient cannot be written to; the message says why, in words for staff."""


def write(tx: Tx, rt: Runtime, patient_id: PatientId, staff: StaffMember, words: str, now: datetime) -> None:
    """A text under the name of its writer, who thereby holds the thread: the bot is silent but for red flags.

    :raises CannotWrite: nothing was written.
    """
    if not words or len(words) > LONGEST:
        raise CannotWrite(f"Write between 1 and {LONGEST} characters. Nothing was sent.")
    texter = next(iter(phones.list_texters_of(tx, patient_id)), None)
    if texter is None:
        raise CannotWrite("This patient has no phone. Nothing was sent.")
    phones.lock_phone(tx, texter.phone_id)
    party = get_party(tx, patient_id, texter.phone_id, now)
    if party.phone.opted_out_at is not None:
        raise CannotWrite("This phone has stopped texts: please call. Nothing was sent.")
    _step_all(tx, rt, patient_id, Cue.STAFF_TAKES, now)
    found = find_conversation(tx, patient_id, texter.phone_id, rt.content.questions())
    if found is None:
        raise LookupError(f"no conversation of patient {patient_id}")
    voice = Voice(rt.content, party, found.id, now)
    said = voice.messages.say("from_staff", voice.parameters() | {"staff": staff.name, "words": words})
    key = f"staff:{staff.id}:{found.id}:{now.isoformat()}"
    say(tx, voice, said, dedupe_key=key, kind=Kind.REPLY, staff_id=staff.id)
    note(tx, who=staff.username, did="wrote_to_patient", now=now, patient_id=patient_id)


def record_stop(tx: Tx, rt: Runtime, patient_id: PatientId, staff: StaffMember, how: str, now: datetime) -> None:
    """A wish to get no more texts that was not texted (PLATFORM.md 2, (a)(11)): it holds at once, for every phone of
    the patient and for everybody on it."""
    phones.lock_phones_of(tx, patient_id)
    for texter in phones.list_texters_of(tx, patient_id):
        phones.stop_texts(tx, texter.phone_id, how, now)
        outbox.drop_waiting(tx, texter.phone_id, now)
        _step_phone(tx, rt, texter.phone_id, Cue.PHONE_STOPPED, now)
    note(tx, who=staff.username, did="recorded_stop", now=now, patient_id=patient_id, about=how)


def record_start(tx: Tx, rt: Runtime, patient_id: PatientId, staff: StaffMember, how: str, now: datetime) -> None:
    """The patient wants texts again and has said so to a person."""
    phones.lock_phones_of(tx, patient_id)
    for texter in phones.list_texters_of(tx, patient_id):
        phones.start_texts(tx, texter.phone_id)
        _step_phone(tx, rt, texter.phone_id, Cue.PHONE_STARTED, now)
    note(tx, who=staff.username, did="recorded_start", now=now, patient_id=patient_id, about=how)


def record_consent(
    tx: Tx, rt: Runtime, patient_id: PatientId, staff: StaffMember, consent: Consent, now: datetime
) -> None:
    """A consent with the version of the wording that was agreed to; the newest counts. After a withdrawn one texts
    go out again."""
    earlier = list_consents(tx, patient_id)
    keep_consent(tx, patient_id, consent, now)
    if earlier and all(one.withdrawn_at is not None for one in earlier):
        open_threads(tx, rt, patient_id, now)
    note(tx, who=staff.username, did="recorded_consent", now=now, patient_id=patient_id, about=consent.wording)


def withdraw_consent(tx: Tx, rt: Runtime, patient_id: PatientId, staff: StaffMember, how: str, now: datetime) -> None:
    """No consent stands any more, and nothing automatic goes to this patient on any phone; others on it go on.

    :raises CannotWrite: there was none.
    """
    if not withdraw_consents(tx, patient_id, now):
        raise CannotWrite("There is no consent that stands. Nothing was changed.")
    phones.lock_phones_of(tx, patient_id)
    for texter in phones.list_texters_of(tx, patient_id):
        close_thread(tx, rt, patient_id, texter.phone_id, now)
    note(tx, who=staff.username, did="withdrew_consent", now=now, patient_id=patient_id, about=how)


def change_number(
    tx: Tx,
    rt: Runtime,
    patient_id: PatientId,
    staff: StaffMember,
    number: str,
    now: datetime,
    *,
    instead_of: PhoneId | None = None,
) -> None:
    """The check-ins go to another number from now on; the old one is left in peace, and keeps its thread.

    :param instead_of: the phone that the page showed as the one that gets them.
    :raises CannotWrite: there is nobody whose number could be changed, or somebody else answers from the new one.
    """
    phone = phones.keep_phone(tx, number, now)
    phones.lock_phones_of(tx, patient_id, phone.id)  # before anything is read: two may click at once
    texters = phones.list_texters_of(tx, patient_id)
    if not texters:
        raise CannotWrite("This patient has no texter. Nothing was changed.")
    texter = texters[0]
    if instead_of not in (None, texter.phone_id):
        raise CannotWrite("The check-ins go to another phone by now: look again. Nothing was changed.")
    if phone.id == texter.phone_id:
        raise CannotWrite("That is the number already. Nothing was changed.")
    _is_nobody_elses(phone, texter, texters)
    close_thread(tx, rt, patient_id, texter.phone_id, now)
    phones.demote_texters(tx, patient_id)
    phones.keep_texter(tx, Texter(patient_id, phone.id, texter.relation, texter.name, is_first=True))
    open_thread(tx, rt, patient_id, phone, now)
    note(tx, who=staff.username, did="changed_number", now=now, patient_id=patient_id, about=str(phone.id))


def _is_nobody_elses(phone: Phone, texter: Texter, texters: list[Texter]) -> None:
    """A number from which the mother answers does not become the patient's: her words would bear another name."""
    there = next((other for other in texters if other.phone_id == phone.id), None)
    if there is not None and (there.name, there.relation) != (texter.name, texter.relation):
        raise CannotWrite(
            f"{there.name} answers from that number already. To send the check-ins there, choose "
            f"“Send the check-ins here” beside that name. Nothing was changed."
        )


def open_threads(tx: Tx, rt: Runtime, patient_id: PatientId, now: datetime) -> None:
    """The patient may be texted again, on every phone that did not stop texts itself. Only what is stopped is held:
    whoever enrols many at once keeps nobody's text waiting."""
    talks = list_conversations_of(tx, patient_id, rt.content.questions())
    stopped = {talk.phone_id for talk in talks if talk.state is State.STOPPED}
    for texter in phones.list_texters_of(tx, patient_id):
        if texter.phone_id in stopped:
            phones.lock_phone(tx, texter.phone_id)
            open_thread(tx, rt, patient_id, phones.get_phone(tx, texter.phone_id), now)


def open_thread(tx: Tx, rt: Runtime, patient_id: PatientId, phone: Phone, now: datetime) -> None:
    """The patient may be texted on this phone, unless the phone itself has stopped texts."""
    keep_conversation(tx, patient_id, phone.id, now)
    if phone.opted_out_at is None:
        _step(tx, rt, patient_id, phone.id, Cue.PHONE_STARTED, now)


def close_thread(tx: Tx, rt: Runtime, patient_id: PatientId, phone_id: PhoneId, now: datetime) -> None:
    """Nothing automatic goes to this patient on this phone, what waits to be sent included; everybody else on it is
    left alone, and so is what staff have written."""
    stopped = _step(tx, rt, patient_id, phone_id, Cue.PHONE_STOPPED, now)
    if stopped is not None:
        outbox.drop_automatic(tx, stopped, now)


def _step(
    tx: Tx, rt: Runtime, patient_id: PatientId, phone_id: PhoneId, cue: Cue, now: datetime
) -> ConversationId | None:
    found = find_conversation(tx, patient_id, phone_id, rt.content.questions())
    if found is not None:
        locked = lock_conversation(tx, found.id, rt.content.questions())
        take_step(tx, rt, locked, Happening(cue, f"{cue}:{found.id}:{now.isoformat()}", now))
    return None if found is None else found.id


def _step_all(tx: Tx, rt: Runtime, patient_id: PatientId, cue: Cue, now: datetime) -> None:
    for talk in list_conversations_of(tx, patient_id, rt.content.questions()):
        locked = lock_conversation(tx, talk.id, rt.content.questions())
        take_step(tx, rt, locked, Happening(cue, f"{cue}:{talk.id}:{now.isoformat()}", now))


def _step_phone(tx: Tx, rt: Runtime, phone_id: PhoneId, cue: Cue, now: datetime) -> None:
    for talk in list_conversations_at(tx, phone_id, rt.content.questions()):
        locked = lock_conversation(tx, talk.id, rt.content.questions())
        take_step(tx, rt, locked, Happening(cue, f"{cue}:{talk.id}:{now.isoformat()}", now))
