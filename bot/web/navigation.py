"""Which pages are offered to whom, in which order; it lets nobody in: every page asks for its roles itself."""

from __future__ import annotations

from dataclasses import dataclass

from bot.vocabulary import Role

ACTING = (Role.NURSE, Role.CLINICIAN, Role.ADMIN)
ENROLLING = (*ACTING, Role.RECEPTIONIST)
READING = (*ACTING, Role.AUDITOR)
EVERYBODY = tuple(Role)


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the bar. Rank 1 is in view on a phone, rank 2 on a desk, rank 3 under "More"; `covers` names the
    endpoints of the pages below it."""

    endpoint: str
    words: str
    roles: tuple[Role, ...]
    rank: int
    covers: tuple[str, ...] = ()


ENROL_PAGES = (
    "enrol.check",
    "enrol.change",
    "enrol.save",
    "enrol.done",
    "enrol_csv.show",
    "enrol_csv.check",
    "enrol_csv.enrol",
)
ROTA_PAGES = ("rota.show", "rota.rotation", "rota.cover", "rota.holiday", "rota.line")
ENTRIES = (
    Entry("console.work_list", "Work list", EVERYBODY, 1, ("console.alert", "console.alert_by_code")),
    Entry("console.patients", "Patients", EVERYBODY, 1, ("console.search", "console.patient", "relief.current")),
    Entry("on_call.show", "On call", READING, 1, ROTA_PAGES),
    Entry("enrol.show", "Enrol", (Role.RECEPTIONIST,), 1, ENROL_PAGES),
    Entry("enrol.show", "Enrol", ACTING, 2, ENROL_PAGES),
    Entry("relief.cohort", "Cohort", READING, 2),
    Entry("reading.messages", "Messages and rules", EVERYBODY, 3, ("reading.protocol", "reading.flags")),
    Entry("review.show", "Review", READING, 3, ("review.text", "review.correct")),
    Entry(
        "accounts.show", "Staff", (Role.ADMIN, Role.AUDITOR), 3, ("accounts.member", "accounts.new", "accounts.leaving")
    ),
    Entry("audit.show", "Audit", (Role.ADMIN, Role.AUDITOR), 3, ("audit.search",)),
    Entry("password.show", "My password", EVERYBODY, 3, ("password.save",)),
)


def entries_for(role: Role | None) -> list[Entry]:
    """What somebody with that role may open, in the order of the bar."""
    return [entry for entry in ENTRIES if role in entry.roles]
