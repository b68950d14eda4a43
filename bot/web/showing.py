"""How things are worded on a page: times, levels, marked words; it looks nothing up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from flask.sansio.app import App
from markupsafe import Markup, escape

from bot.runtime import Runtime
from bot.vocabulary import Evidence, Flag

# The nine dispositions of nurse triage (facts.md section 6), as far as a text leads to them; and the two others.
OUTCOMES: Mapping[str, str] = {
    "called_911": "Sent to 911",
    "ed_now": "To the emergency department now",
    "seen_now": "To the ED or the office now",
    "office_today": "To be seen today",
    "office_soon": "To be seen within days",
    "home_care": "Advice for care at home",
    "not_reached": "Not reached",
    "false_alarm": "False alarm",
}
KINDS: Mapping[str, str] = {
    "unknown_number": "A text from a number nobody knows",
    "unclear_text": "A text that could not be sorted",
    "not_reached": "No answer to the check-in: please call",
    "not_delivered": "A text did not arrive",
    "check_in_too_late": "A check-in could not be sent on its day",
    "guardian_consent": "A minor without a guardian's consent",
    "phone_opted_out": "Stopped texts, and wrote a red flag: please call now",
    "patient_died": "The patient may have died",
    "unknown_language": "A text in a language that we cannot read",
    "wrong_number": "Says that the number is wrong",
    "question": "A question",
    "new_text": "A new text in a thread that staff hold",
}
DELIVERY: Mapping[str, str] = {
    "due": "waiting to be sent",
    "claimed": "being sent",
    "sending": "being sent",
    "unknown": "not sure whether it was sent; being looked up",
    "accepted": "sent",
    "queued": "sent",
    "sent": "sent, not yet confirmed",
    "delivered": "delivered",
    "undelivered": "NOT delivered",
    "failed": "NOT sent",
    "dropped": "not sent: too late, or texts were stopped",
    "confirmed": "arrived",
    "waiting": "being sent",
    "no-answer": "nobody picked up",
    "busy": "busy or declined",
    "completed": "picked up",
}


def ago(at: datetime | None, now: datetime) -> str:
    """3 min ago, in 2 h: coarse, as people say it."""
    if at is None:
        return "never"
    seconds = (now - at).total_seconds()
    size = abs(seconds)
    for limit, unit, name in ((90, 1, "s"), (5400, 60, "min"), (129_600, 3600, "h"), (float("inf"), 86_400, "days")):
        if size < limit:
            words = f"{round(size / unit)} {name}"
            break
    return f"{words} ago" if seconds >= 0 else f"in {words}"


def exact(at: datetime | None, zone: ZoneInfo) -> str:
    """The clinic's wall clock: Sat Mar 7, 10:04 am."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{local:%a %b} {local.day}, {local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"


def marked(words: str, evidence: tuple[Evidence, ...]) -> Markup:
    """The patient's words with those that decided in <mark>; everything is escaped."""
    covered = [False] * len(words)
    for piece in evidence:
        for place in range(max(0, piece.start), min(piece.end, len(words))):
            covered[place] = True
    parts: list[Markup] = []
    start = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or covered[place] != covered[start]:
            piece_words = escape(words[start:place])
            parts.append(Markup("<mark>%s</mark>") % piece_words if covered[start] else piece_words)
            start = place
    return Markup("").join(parts)


def install(app: App, rt: Runtime) -> None:
    """Gives the templates these words."""
    zone = rt.content.clinic.zone
    flags = rt.content.red_flags.flags

    def label(flag: str) -> str:
        rule = flags.get(Flag(flag))
        return rule.label if rule is not None else flag.replace("_", " ")

    app.jinja_env.filters.update(
        ago=lambda at: ago(at, rt.now()),
        exact=lambda at: exact(at, zone),
        label=label,
        kind=lambda kind: KINDS.get(kind) or label(kind),
        delivery=lambda state: DELIVERY.get(state or "", state or ""),
        outcome=lambda outcome: OUTCOMES.get(outcome, outcome),
        overdue=lambda at: at <= rt.now(),
    )
    app.jinja_env.globals.update(marked=marked, clinic=rt.content.clinic, outcomes=OUTCOMES)
