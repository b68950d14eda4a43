"""The people of a clinic that is not real; numbers are 555-01xx, which belong to nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.exchange.enrolment import EnrolmentIn, RotaIn, StaffIn, read_list
from bot.runtime import Runtime
from bot.services.enrolment import Enrolled, enrol_all
from bot.services.people import add_staff, set_rota
from bot.standin.settings import Phone

PASSWORD = "demo-demo"  # noqa: S105 - printed for whoever tries the demo
DANA, MORALES, MARCUS = "+19135550101", "+19135550102", "+19135550103"
KIM, RIVERA = "+19135550190", "+19135550191"
PHONES = (
    Phone(DANA, "Dana Lee", "patient", "mother of Jordan, 14"),
    Phone(MORALES, "Sofía Morales", "patient", "19, writes Spanish"),
    Phone(MARCUS, "Marcus Bell", "patient", "31, rower"),
    Phone(KIM, "Nurse Kim", "staff", "on call, tier 1"),
    Phone(RIVERA, "Dr. Rivera", "staff", "on call, tier 2"),
)
STAFF = [
    {"username": "kim", "name": "Nurse Kim", "phone": KIM, "role": "nurse", "password": PASSWORD},
    {"username": "rivera", "name": "Dr. Rivera", "phone": RIVERA, "role": "clinician", "password": PASSWORD},
]
ROTA = [
    {"username": "kim", "tier": 1, "from": None, "to": None},
    {"username": "rivera", "tier": 2, "from": None, "to": None},
]
JORDAN: dict[str, Any] = {
    "mrn": "A-1001",
    "name": "Jordan Lee",
    "born_on": "2011-05-01",
    "phone": DANA,
    "texter": {"relation": "parent", "name": "Dana Lee"},
    "baseline_pain": 7,
    "block_pain": 1,
    "history": ["old left foot numbness"],
}
SOFIA: dict[str, Any] = {
    "mrn": "A-1002",
    "name": "Sofía Morales",
    "born_on": "2006-09-12",
    "phone": MORALES,
    "language": "es",
    "baseline_pain": 6,
}
BELL: dict[str, Any] = {
    "mrn": "A-1003",
    "name": "Marcus Bell",
    "born_on": "1994-11-30",
    "phone": MARCUS,
    "baseline_pain": 8,
    "block_pain": 2,
}


def employ(rt: Runtime) -> None:
    """Adds staff and rota."""
    add_staff(rt, read_list(StaffIn, STAFF), "demo")
    set_rota(rt, read_list(RotaIn, ROTA), "demo")


def enrol(rt: Runtime, person: dict[str, Any], at: datetime) -> Enrolled:
    """Enrols one of them for a procedure at that time."""
    document = person | {
        "time_zone": "America/Chicago",
        "procedure": {
            "protocol": "pars_injection",
            "at": at.isoformat(),
            "level": "L5",
            "side": "bilateral",
            "sedation": False,
            "provider": "Dr. Rivera",
        },
        "consent": {
            "by": "parent" if person is JORDAN else "patient",
            "method": "paper",
            "at": (at - timedelta(days=1)).isoformat(),
            "wording": "2026-01",
        },
    }
    return enrol_all(rt, read_list(EnrolmentIn, document), "demo")[0]
