"""Which message answers what a text said; it sends nothing and moves no conversation."""

from __future__ import annotations

from bot.flows.conversation import Conversation
from bot.flows.cues import SPEAKS
from bot.flows.moment import Moment, Rules
from bot.vocabulary import Finding, Flag, Intent, Level

DISTRESS = Flag("distress")  # answered before anything else, and not followed by a question about pain


def reply_key(c: Conversation, m: Moment, *, otherwise: str) -> str:
    """The message for a wish or a question that the page answers, or for the weightiest flag that is not a red one; any
    other question goes to staff."""
    rules = m.rules
    if m.read.signals & SPEAKS.keys():
        return "language_changed"
    if "new_number" in m.read.signals:
        return "number_noted"
    if "off_page" in m.read.signals:
        return "question_for_staff"
    if m.read.faq is not None:
        return f"faq_{m.read.faq}"
    for level in (Level.ROUTINE, Level.NORMAL):
        for flag in sorted(m.read.flags, key=lambda flag: flag != DISTRESS):
            if rules.levels.get(flag) is level and _fits(rules.told[flag], c):
                return rules.told[flag]
    if Intent.QUESTION in m.read.intents:
        return "question_for_staff"
    return otherwise


def _fits(message: str, c: Conversation) -> bool:
    """A closing word ("text us any time") does not stand before the next question."""
    return c.question is None or message not in ("normal_clear", "normal_thanks")


def told_for(finding: Finding, rules: Rules) -> tuple[str, ...]:
    """The messages that a red flag's patient is sent: at most two, the gravest first."""
    keys = [rules.told[f] for f in finding.flags if rules.levels[f] is finding.level]
    distinct = tuple(dict.fromkeys(keys))
    if finding.level is Level.EMERGENCY:
        return distinct[:2] or ("emergency_cauda",)
    if distinct == ("urgent_safety",) or len(distinct) == 1:
        return distinct
    return ("urgent_safety",) if "urgent_safety" in distinct else ("urgent_general",)
