"""The systems, codes and extensions of our FHIR R4 documents, in one place for writing and reading; no logic."""

from __future__ import annotations

OURS = "urn:follow-up-bot"
MRN = f"{OURS}:mrn"
LOCAL_CODES = f"{OURS}:codes"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
PAIN_CODE = "72514-3"
PAIN_WORDS = "Pain severity - 0-10 verbal numeric rating [Score] - Reported"
KINDS = {"relief": "relief-percent", "pgic": "pgic", "sport": "return-to-sport"}  # no LOINC code was confirmed
# What FHIR R4 allows; fhir.resources does not check it (PLATFORM.md 3).
STATUSES = {
    "Procedure": {
        "preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown",
    },
    "Appointment": {
        "proposed", "pending", "booked", "arrived", "fulfilled", "cancelled", "noshow", "entered-in-error",
        "checked-in", "waitlist",
    },
    "Observation": {
        "registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown",
    },
    "QuestionnaireResponse": {"in-progress", "completed", "amended", "entered-in-error", "stopped"},
    "Communication": {
        "preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown",
    },
    "Flag": {"active", "inactive", "entered-in-error"},
    "Consent": {"draft", "proposed", "active", "rejected", "inactive", "entered-in-error"},
}  # by rows, not an item a line  # fmt: skip
CHECK_IN_STATUS = {
    "planned": "in-progress", "sent": "in-progress", "answered": "completed", "partly_answered": "stopped",
    "missed": "stopped", "skipped": "stopped",
}  # by rows, not an item a line  # fmt: skip
RELATIONS = {"parent": "PRN", "guardian": "GUARD", "spouse": "SPS"}  # v3-RoleCode; others have their word alone
ROLE_CODES = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
