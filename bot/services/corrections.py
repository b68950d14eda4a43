"""Staff say what a text really was: kept beside what the bot said; no alert, page or conversation ever moves by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.runtime import Runtime
from bot.services.errors import Refused
from bot.storage import corrections, texts, views
from bot.storage.audit import note
from bot.storage.corrections import Correction, list_newest, map_corrections, map_patients
from bot.storage.database import Tx
from bot.storage.findings import map_findings
from bot.storage.staff import StaffMember, list_staff
from bot.storage.texts import Text
from bot.storage.views import Person
from bot.vocabulary import CorrectionId, Finding, Flag, Level, PatientId, TextId

LONGEST_REASON = 500
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Sorted:
    """One inbound text: what the bot said, what staff said since (oldest first), and what stood before it."""

    text: Text
    finding: Finding
    corrections: list[Correction]
    person: Person | None
    said_before: Text | None
    names: dict[str, str]


def sorted_text(rt: Runtime, text_id: TextId, viewer: StaffMember) -> Sorted:
    """The page of one text, and a line in the audit; LookupError where there is no such text, or it is not sorted."""
    now = rt.now()
    with rt.database.begin() as tx:
        text, finding = _sorted(tx, text_id)
        owner = map_patients(tx, [text_id]).get(text_id)
        note(tx, who=viewer.username, did="viewed_text", now=now, patient_id=owner, about=str(text_id))
        return Sorted(
            text=text,
            finding=finding,
            corrections=map_corrections(tx, [text_id]).get(text_id, []),
            person=None if owner is None else next(iter(views.list_people(tx, [owner])), None),
            said_before=texts.find_said_before(tx, text),
            names={person.username: person.name for person in list_staff(tx)},
        )


def correct(
    tx: Tx, rt: Runtime, text_id: TextId, staff: StaffMember, *, level: str, flag: str, reason: str, now: datetime
) -> PatientId | None:
    """Writes it down; whose text it is. LookupError where there is no such text, or it is not sorted.

    :raises Refused: nothing was written.
    """
    _, finding = _sorted(tx, text_id)
    if level not in set(Level):
        raise Refused("Choose what it should have been. Nothing was changed.")
    if flag and flag not in rt.content.red_flags.flags:
        raise Refused("Choose what it is about from the list. Nothing was changed.")
    if not 0 < len(reason) <= LONGEST_REASON:
        raise Refused(f"Say why, in up to {LONGEST_REASON} characters. Nothing was changed.")
    earlier = map_corrections(tx, [text_id]).get(text_id, [])
    stands = (earlier[-1].level, earlier[-1].flag) if earlier else (finding.level, None)
    if (Level(level), Flag(flag) if flag else None) == stands:
        raise Refused("That is how it stands already. Nothing was changed.")
    corrections.keep_correction(
        tx, text_id, staff.id, level=Level(level), flag=Flag(flag) if flag else None, reason=reason, now=now
    )
    owner = map_patients(tx, [text_id]).get(text_id)
    about = f"{finding.level} to {level}, text {text_id}"
    note(tx, who=staff.username, did="corrected_level", now=now, patient_id=owner, about=about)
    return owner


def _sorted(tx: Tx, text_id: TextId) -> tuple[Text, Finding]:
    text, finding = texts.get_text(tx, text_id), map_findings(tx, [text_id]).get(text_id)
    if text.direction != "in" or finding is None:
        raise LookupError(f"text {text_id} was not sorted")
    return text, finding


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A corrected text in the list. The newest correction counts."""

    correction: Correction
    words: str
    finding: Finding
    person: Person | None


@dataclass(frozen=True, slots=True)
class Review:
    """What staff corrected: what nobody has looked at yet, and what somebody has. `names` maps a username to a name."""

    waiting: list[Reviewed]
    done: list[Reviewed]
    names: dict[str, str]


def review(rt: Runtime, viewer: StaffMember) -> Review:
    """The list, with a fixed number of queries, and a line in the audit."""
    with rt.database.begin() as tx:
        note(tx, who=viewer.username, did="viewed_review", now=rt.now())
        waiting = list_newest(tx, looked_at=False, limit=MOST_SHOWN)
        done = list_newest(tx, looked_at=True, limit=MOST_SHOWN)
        rows = {row.correction.id: row for row in _rows(tx, [*waiting, *done])}
        return Review(
            waiting=[rows[one.id] for one in waiting if one.id in rows],
            done=[rows[one.id] for one in done if one.id in rows],
            names={person.username: person.name for person in list_staff(tx)},
        )


def _rows(tx: Tx, found: list[Correction]) -> list[Reviewed]:
    ids = {one.text_id for one in found}
    words, findings, owners = views.map_words(tx, ids), map_findings(tx, ids), map_patients(tx, ids)
    people = {person.id: person for person in views.list_people(tx, set(owners.values()))}
    return [
        Reviewed(one, words[one.text_id], findings[one.text_id], people.get(owners[one.text_id]))
        if one.text_id in owners
        else Reviewed(one, words[one.text_id], findings[one.text_id], None)
        for one in found
        if one.text_id in findings
    ]


def look_at(tx: Tx, correction_id: CorrectionId, staff: StaffMember, now: datetime) -> None:
    """Whoever keeps the lexicon has seen it.

    :raises Refused: somebody had before, or there is no such correction.
    """
    if not corrections.mark_looked_at(tx, correction_id, staff.username, now):
        raise Refused("Somebody has looked at this already; nothing was changed.")
    note(tx, who=staff.username, did="looked_at_correction", now=now, about=str(correction_id))
