"""The plain words for what the tables call by short names; tables only, for people to read and correct."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
}
# twilio.com/docs/api/errors, those that a text or a call ends with.
ERRORS: Mapping[int, str] = {
    21211: "the number is not valid",
    21610: "they stopped texts",
    21614: "the number cannot get texts",
    30003: "the phone is off or out of reach",
    30004: "the phone refuses our texts",
    30005: "no such number",
    30006: "a landline, or a carrier that we cannot reach",
    30007: "the carrier filtered it",
    30008: "the carrier gave no reason",
    30034: "our number is not registered with the carriers",
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
DEEDS: Mapping[str, str] = {
    "opened_emergency": "opened the alert: emergency",
    "opened_urgent": "opened the alert: urgent",
    "added_to_alert": "added a text to the alert",
    "paged_text": "paged by text",
    "paged_voice": "paged by phone call",
    "nobody_to_page": "found nobody to page",
    "skipped_tier": "found nobody on call and paged the next ones",
    "skipped_member": "skipped somebody on call who cannot be paged",
    "unreached": "has paged everybody, and nobody has it",
    "acknowledged": "took the alert",
    "kept": "is still at it",
    "reminded": "reminded whoever has it that there is no outcome",
    "reopened": "opened the alert again: there was no outcome",
    "told_still_waiting": "told the patient to call, since nobody has called yet",
    "told_nobody_reached": "told the patient that nobody answers, and whom to call",
    "passed_on": "passed it on",
    "closed": "closed the alert",
    "viewed_alert": "looked at this page",
    "viewed_patient": "looked at the patient",
    "viewed_cohort": "looked at the cohort",
    "viewed_plan": "looked at the planned check-ins",
    "enrolled": "enrolled the patient",
    "viewed_relief": "looked at the relief timeline",
    "exported": "exported the record",
    "viewed_text": "looked at how a text was sorted",
    "viewed_review": "looked at the review list",
    "corrected_level": "corrected the level of a text",
    "looked_at_correction": "looked at a corrected text",
    "exported_corrections": "downloaded the corrected texts",
    "took_thread": "took the thread over",
    "handed_back": "handed the thread back",
    "wrote_to_patient": "wrote to the patient",
    "recorded_stop": "recorded: no more texts",
    "recorded_start": "recorded: texts again",
    "recorded_consent": "recorded a consent",
    "changed_number": "changed the number",
    "skipped_check_in": "skipped a check-in",
    "sent_check_in_now": "sent a check-in at once",
    "moved_check_in": "moved a check-in",
    "added_texter": "recorded who may answer",
    "ended_texter": "ended who may answer",
    "made_first": "let the check-ins go to another phone",
    "changed_language": "changed the language",
    "withdrew_consent": "recorded a withdrawn consent",
}


def delivery(state: str | None) -> str:
    """Where a text or a page stands."""
    return DELIVERY.get(state or "", state or "")


def error(code: int | None) -> str:
    """What the provider's error means, with the code for whoever looks it up."""
    return "" if code is None else f"{ERRORS.get(code, 'error')} ({code})"


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
    "texter": plain(TEXTERS),
    "silence": plain(SILENCE),
    "field": lambda name: FIELDS.get(name, name.replace("_", " ").capitalize()),
    "zone": lambda key: ZONES.get(key, key.replace("_", " ")),
    "check_in_state": plain(CHECK_IN_STATES),
    "known_kind": KINDS.get,
    "plain": plain({}),
}
