"""Check-ins by hand: skip one, send it now, move it; whether that makes sense is not decided here."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.planning.check_ins import instant
from bot.runtime import Runtime
from bot.services import by_hand
from bot.services.errors import Refused
from bot.storage.database import Tx
from bot.storage.patients import get_patient
from bot.storage.staff import StaffMember
from bot.vocabulary import CheckInId, PatientId
from bot.web.console import blueprint
from bot.web.patient import Shown, carry_out
from bot.web.threads import said

PLACE = "check-ins"


@blueprint.post("/patients/<uuid:patient_id>/check-ins/<uuid:check_in_id>/skip")
def skip_check_in(patient_id: UUID, check_in_id: UUID) -> Shown:
    """This one is not sent."""
    one = CheckInId(check_in_id)
    return carry_out(
        patient_id,
        lambda tx, _rt, patient, person, now: by_hand.skip(tx, patient, one, person, now),
        "Skipped: it is not sent.",
        PLACE,
    )


@blueprint.post("/patients/<uuid:patient_id>/check-ins/<uuid:check_in_id>/send-now")
def send_check_in(patient_id: UUID, check_in_id: UUID) -> Shown:
    """This one goes out at once."""
    one = CheckInId(check_in_id)
    return carry_out(
        patient_id,
        lambda tx, rt, patient, person, now: by_hand.send_now(tx, rt, patient, one, person, now),
        "It goes out within seconds.",
        PLACE,
    )


@blueprint.post("/patients/<uuid:patient_id>/check-ins/<uuid:check_in_id>/move")
def move_check_in(patient_id: UUID, check_in_id: UUID) -> Shown:
    """This one goes out at another time on the patient's wall clock."""

    def move(tx: Tx, rt: Runtime, patient: PatientId, person: StaffMember, now: datetime) -> None:
        at = _wall(get_patient(tx, patient).zone)
        by_hand.move(tx, rt, patient, CheckInId(check_in_id), person, at, now)

    return carry_out(patient_id, move, "Moved.", PLACE)


def _wall(zone: ZoneInfo) -> datetime:
    """Date and time as the browser's own fields write them, on the patient's wall clock."""
    try:
        return instant(date.fromisoformat(said("on")), time.fromisoformat(said("at")).replace(tzinfo=None), zone)
    except (ValueError, OverflowError):
        raise Refused("Give a day and a time. Nothing was changed.") from None
