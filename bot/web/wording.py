"""The plain words for what the tables call by short names; tables only, for people to read and correct."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.web.deeds import DEEDS

ITEM_OUTCOMES: Mapping[str, str] = {
    "spoken": "Spoke with them",
    "not_reached": "Tried, not reached",
    "passed_on": "Passed on to somebody",
    "nothing_to_do": "Nothing to do",
}
SHOWN: Mapping[str, str] = {
    "all": "Everything",
    "mine": "Mine",
    "untaken": "Nobody has",
    "alerts": "Alerts",
    "items": "To do",
    "quiet": "Can wait",
}
# A level is never shown by its colour alone.
LEVELS: Mapping[str, tuple[str, str]] = {
    "emergency": ("▲", "Emergency"),
    "urgent": ("◆", "Urgent"),
    "unclear": ("?", "Unclear"),
    "routine": ("●", "Routine"),
    "normal": ("✓", "Normal"),
}
KINDS: Mapping[str, str] = {
    "unknown_number": "A text from a number nobody knows",
    "unclear_text": "A text that could not be sorted: please read it",
    "not_reached": "No answer to the check-in: please call",
    "not_delivered": "A text did not arrive",
    "check_in_too_late": "A check-in could not be sent on its day",
    "check_in_failed": "A check-in could not be started: please look at the record",
    "cannot_be_sent": "A text could not be written or read back: please call",
    "provider_error": "Alarm: Twilio refuses our texts or calls. See the log and the account",
    "texts_came_late": "Alarm: texts reached us late. Is the webhook’s address right?",
    "guardian_consent": "A minor without a guardian’s consent",
    "phone_opted_out": "Stopped texts: please call now",
    "patient_died": "The patient may have died",
    "unknown_language": "A text in a language that we cannot read",
    "wrong_number": "Says that the number is wrong",
    "question": "A question",
    "nobody_on_call": "Somebody or a whole tier on the rota could not be paged: set the rota",
    "alert_unreached": "Everybody was paged and nobody has the alert: call the patient",
    "test_unanswered": "A test page that somebody on call did not answer within a day",
    "call_again": "Not reached about an alert: call again",
    "new_number": "Gives a new number: please check it",
    "consent_withdrawn": "The consent was withdrawn, and a check-in was due: ask, and record what they say",
    "consent_at_18": "Has turned 18: ask for their own consent",
    "whose_text": "Several patients share this phone: whom is this text about?",
    "many_texts": "Very many texts from one number: please look",
    "old_signs": "Old numbness, weakness or bladder trouble: put it on the chart",
    "new_text": "A new text in a thread that staff hold",
}
REASONS: Mapping[str, str] = {
    "red_flag": "A red flag in their own words, or a yes to one of our questions about red flags.",
    "unclear": "An unclear text; our question back was not answered in time, or not clearly.",
    "unreadable": "The bot could not read this text. Read it yourself.",
    "shared_phone": "Several patients share this phone: ask whom it is about.",
    "unknown_number": "A red flag from a number that belongs to no patient.",
}
DELIVERY: Mapping[str, str] = {
    "due": "waiting to be sent",
    "claimed": "being sent",
    "sending": "being sent",
    "waiting": "being sent",
    "unknown": "not certain that it was sent; being looked up",
    "accepted": "sent",
    "queued": "sent",
    "sent": "sent",
    "initiated": "ringing",
    "ringing": "ringing",
    "in-progress": "picked up",
    "completed": "picked up",
    "delivered": "✓ delivered",
    "read": "✓ read",
    "confirmed": "✓ arrived",
    "undelivered": "✗ did not arrive",
    "failed": "✗ failed",
    "no-answer": "✗ nobody picked up",
    "busy": "✗ busy or declined",
    "canceled": "✗ cancelled",
    "dropped": "not sent: no longer needed",
    "passed_on": "passed on to the next person",
}
# twilio.com/docs/api/errors: every code that config/sending.yaml knows, as one tells it to a colleague.
ERRORS: Mapping[int, str] = {
    401: "Twilio does not accept our account",
    429: "too much at once; nothing was sent",
    20003: "Twilio does not accept our account",
    20005: "Twilio has closed our account",
    20006: "Twilio does not accept our account",
    20429: "too much at once; nothing was sent",
    21205: "our web address is set wrong",
    21211: "the number is not valid",
    21212: "our own number is set wrong",
    21217: "the number is not valid",
    21401: "the number is not valid",
    21408: "we may not text to that country",
    21601: "our number cannot send texts",
    21603: "our own number is not set",
    21606: "our number cannot send texts",
    21609: "our web address is set wrong",
    21610: "they stopped texts",
    21611: "too many texts wait on our number",
    21612: "texts do not get from our number to theirs",
    21614: "the number cannot get texts",
    21617: "the text is too long",
    21635: "a landline: it gets no texts",
    21659: "our number does not belong to our account",
    21703: "no number of ours can send it",
    30001: "too many texts were waiting",
    30002: "Twilio has suspended our account",
    30003: "the phone is off or out of reach",
    30004: "the phone refuses our texts",
    30005: "no such number, or not in service",
    30006: "a landline, or a carrier that we cannot reach",
    30007: "the carrier filtered it",
    30008: "the carrier gave no reason",
    30022: "more texts than we may send in a while",
    30023: "more texts than we may send in a day",
    30024: "our number is not registered with the carriers",
    30026: "more texts than we may send in a while",
    30027: "more texts than we may send in a day",
    30032: "our number is not registered with the carriers",
    30034: "our number is not registered with the carriers",
    30035: "our number is not registered with the carriers",
    30036: "it waited too long and was given up",
    30410: "the carrier did not answer in time",
    30450: "blocked for some minutes as suspected fraud",
}
# What the injection did: bands and patterns of relief, in the words of facts.md 1.2 and 1.3. Labels, never advice.
BANDS: Mapping[str, str] = {
    "strong": "strong",
    "positive": "positive",
    "equivocal": "equivocal",
    "negative": "little or none",
}
PATTERNS: Mapping[str, str] = {
    "concordant": "Concordant: relief in both phases",
    "short_relief": "Short relief: the numbing phase helped, the steroid phase did not",
    "discordant": "Discordant: no relief in the numbing phase, relief later",
    "negative": "Negative: little or no relief in either phase",
    "equivocal": "Equivocal: between the bands in at least one phase",
    "indeterminate": "Indeterminate: sedated, sedation not known, or an answer is missing",
}
ASKED: Mapping[str, str] = {
    "pain_now": "pain now",
    "pain_week": "pain in the past week",
    "best_relief": "best relief of the first six hours",
    "relief": "relief of the usual pain",
    "baseline_pain": "pain before it",
    "pgic": "change since the injection",
    "sport": "back in sport or main activity",
    "none": "told unasked",
}
SILENCE: Mapping[str, str] = {
    "no_reply": "No reply, for a reason nobody knows",
    "not_sent": "Not sent: its day was over, or staff held the thread",
    "stopped_texts": "Had stopped texts",
    "not_reachable": "Texts do not reach the phone",
    "died": "The patient had died",
}
ROLES: Mapping[str, str] = {
    "nurse": "Nurse",
    "clinician": "Clinician",
    "admin": "Admin",
    "receptionist": "Receptionist",
    "auditor": "Auditor",
}
# What a role may do, where it is chosen.
ROLE_HINTS: Mapping[str, str] = {
    "nurse": "is paged, works on alerts and patients, takes cover on themselves",
    "clinician": "the same, and sets the rota",
    "admin": "the same, and sets staff",
    "receptionist": "patients and work items, no texts of patients; is not paged",
    "auditor": "reads everything, changes nothing; is not paged",
}
RELATIONS: Mapping[str, str] = {"self": "the patient", "other": "somebody else"}
# The zones of the United States, for somebody whose ZIP code is not known.
ZONES: Mapping[str, str] = {
    "America/New_York": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Arizona",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Puerto Rico",
}
# Fields of the enrolment form, as the lists of what is wrong and of what is saved name them.
FIELDS: Mapping[str, str] = {
    "mrn": "Record number",
    "name": "Name",
    "born_on": "Birth date",
    "phone": "Mobile number",
    "zip": "ZIP code",
    "time_zone": "Time zone",
    "procedure_on": "Date and time",
    "dose_mg": "Dose in mg",
    "baseline_pain": "Pain before it",
    "block_pain": "Lowest pain after it",
    "texter_name": "Name of whoever reads the texts",
    "guardian": "Who agreed for a patient under 18",
    "guardian_name": "Name of the parent or guardian",
    "guardian_phone": "Number of the parent or guardian",
    "consent": "The consent",
    "consent_method": "How they agreed",
    "history": "Old deficits",
    "emergency_contact": "Emergency contact",
    "anticoagulant": "Blood thinner",
}
TEXTERS: Mapping[str, str] = {
    "self": "the patient",
    "parent": "a parent",
    "guardian": "a guardian",
    "spouse": "the spouse",
    "other": "somebody else",
}
# A sign and a word: never a colour alone.
CHECK_IN_STATES: Mapping[str, str] = {
    "planned": "○ planned",
    "sent": "→ sent, no answer yet",
    "answered": "✓ answered",
    "partly_answered": "◐ answered in part",
    "missed": "✗ missed",
    "skipped": "– skipped, not sent",
}
BAD_NEWS = ("undelivered", "failed", "no-answer", "busy", "canceled")


def delivery(state: str | None) -> str:
    """Where a text or a page stands."""
    return DELIVERY.get(state or "", state or "")


def error(code: int | None) -> str:
    """What the provider's error means, with the code for whoever looks it up."""
    return "" if code is None else f"{ERRORS.get(code, 'an error that we do not know')} ({code})"


def plain(table: Mapping[str, str]) -> Callable[[str | None], str]:
    """Looks a short name up; one that is not there is shown without its underscores."""
    return lambda name: table.get(name or "") or (name or "").replace("_", " ")


FILTERS: Mapping[str, Callable[..., object]] = {
    "delivery": delivery,
    "error": error,
    "went_wrong": lambda state: state in BAD_NEWS,
    "reason": plain(REASONS),
    "deed": plain(DEEDS),
    "band": plain(BANDS),
    "pattern": plain(PATTERNS),
    "asked": plain(ASKED),
    "relation": plain(RELATIONS),
    "role": plain(ROLES),
    "role_hint": plain(ROLE_HINTS),
    "texter": plain(TEXTERS),
    "silence": plain(SILENCE),
    "field": lambda name: FIELDS.get(name, name.replace("_", " ").capitalize()),
    "zone": lambda key: ZONES.get(key, key.replace("_", " ")),
    "check_in_state": plain(CHECK_IN_STATES),
    "known_kind": KINDS.get,
    "plain": plain({}),
}
