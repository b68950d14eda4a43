"""Decides whether a symptom is somebody else's, a thing's or a story's."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from bot.content.words import Particle
from bot.triage.patterns import Span
from bot.triage.reach import FARTHEST, Lowered, closed_back, listed, names_patient, of_its_own, starts_anew
from bot.triage.reading import Reading

_OWNS_A_BACK = 2  # words before it: "my own"
_FOLLOWS = frozenset({"ed"})
_JOINTS = frozenset({"conjunction", "breaker", "exception"})
_MISHAPS = frozenset({"crash", "fall", "collapse", "epipen"})
_REACHES = {"collapse": 0, "epipen": 2}
_LENT = frozenset({"epipen"})
_TELLING = frozenset({"temp_before", "relative", "was"})
_FARTHEST_NAME, _SHORTEST_NAME = 14, 2  # words back, letters
_WORN = frozenset({"footwear", "shoe", "clothes", "linen"})


def elsewhere(reading: Reading, core: Span) -> Lowered | None:
    thing = closed_back(reading, core, "thing", "thing_gap")
    if (
        thing is not None
        and reading.part[thing.start] == reading.part[core.start]
        and not (_is_place(reading, thing) or _is_where(reading, thing))
    ):
        if _patient_named(reading, range(thing.end, core.end)):
            return None  # "next to the fridge I fell"
        return Lowered("other", thing.start, thing.end)
    story = _story(reading, core)
    if story is not None:
        return story
    clause = reading.clause[core.start]
    if reading.of("reporter") or _befell_patient(reading, core) or _me_too(reading, clause):
        return None  # somebody writes for the patient: whoever is ill is the patient
    near_by = [*reading.in_clause(clause - 1, "other", "kin"), *reading.in_clause(clause, "other", "kin")]
    near_by = sorted([*near_by, *_named(reading, core)], key=lambda span: span.start)
    for span in [span for span in near_by if span.start <= core.start and _is_someone(reading, span, core)][
        :-FARTHEST:-1
    ]:
        if span.concept == "kin" and not _writer_is_fine(reading, span, core):
            continue
        near = reading.clause[core.start] - reading.clause[span.start]
        if near == 1 and core.concept in _FOLLOWS and _befell(reading, span, core):
            return Lowered("other", span.start, span.end)
        if near > 1 or _someone_between(reading, span, core, across=near == 1):
            return None
        return Lowered("other", span.start, span.end)
    after = [
        span
        for span in reading.in_clause(clause, "other_after")
        if (span.start >= core.start or _holds(reading, span, core)) and not of_its_own(reading, span, core)
    ]
    return Lowered("other", after[0].start, after[0].end) if after else None


def _me_too(reading: Reading, clause: int) -> bool:
    """ "My roommate had chills and now so do I." """
    return bool(reading.in_clause(clause, "me_too") or reading.in_clause(clause + 1, "me_too"))


def _holds(reading: Reading, after: Span, core: Span) -> bool:
    """ "Se desmayó el cocinero" holds its own symptom, unless somebody of the patient's stands before it."""
    before = [at for at in range(after.start) if reading.clause[at] == reading.clause[core.start]]
    kin = any(reading.covered[at] & {"kin", "tot", "child"} or names_patient(reading, at) for at in before)
    return core.end <= after.end and not kin


def _story(reading: Reading, core: Span) -> Lowered | None:
    """In "a movie where the guy loses both legs and drags himself" all of the sentence is told, until it says "I"."""
    for span in reversed([span for span in reading.of("story") if span.end <= core.start]):
        between = range(span.end, core.end)
        if not any(reading.tokens[at].is_hard or _turns(reading, at) for at in between):
            return None if _patient_named(reading, between) else Lowered("other", span.start, span.end)
    return None


def _turns(reading: Reading, at: int) -> bool:
    return bool(reading.covered[at] & {"breaker", "exception"}) and "filler" not in reading.covered[at]


def _befell(reading: Reading, other: Span, core: Span) -> bool:
    """ "The umpire collapsed. Ambulance came": what follows somebody's mishap is his, where no patient is named."""
    mishap = [s for s in reading.by_clause.get(reading.clause[other.start], ()) if reading.kind(s) == "state"]
    clause = range(core.start, len(reading.tokens))
    here = [at for at in clause if reading.clause[at] == reading.clause[core.start]]
    if any(reading.covered[at] & {"kin", "tot"} for at in here):
        return False
    return any(s.start >= other.end for s in mishap) and not _patient_named(
        reading, (*range(other.end, core.end), *here)
    )


def _befell_patient(reading: Reading, core: Span) -> bool:
    """ "A guy rear ended me", "my cousin landed on me": whoever did it, the patient was hit."""
    reach = _REACHES.get(core.concept, 1)  # "her EpiPen on me"
    words = range(core.start, min(core.end + reach, len(reading.tokens)))
    return core.concept in _MISHAPS and any(reading.does(at, Particle.OBJECT) for at in words)


def _is_someone(reading: Reading, other: Span, core: Span) -> bool:
    """ "One of my legs" is nobody else, nor the dog in "breathes like a dog", nor whom "he told his brother"."""
    before = reading.covered[max(other.start - 1, 0)]
    if core.concept in _LENT and other.end == core.start and "lent" in before | reading.covered[other.start]:
        return False  # "used my roommate's EpiPen"
    if any("tot" in reading.covered[at] for at in (other.start - 1, other.end) if 0 <= at < len(reading.covered)):
        return False  # "my goalie son"
    if "animal" in reading.covered[other.start] and ("like" in before or _is_where(reading, other)):
        return False  # "... like a dog", "my thighs against the bull"
    if "addressed" in _behind_owner(reading, other) | before | reading.covered[other.start]:
        return False
    if core.start >= other.end and "burn_event" in reading.covered[other.start] and _struck_patient(reading, other):
        return False
    if core.start >= other.end and _acts_on_patient(reading, other):
        return False
    if _is_company(reading, other):
        return False
    last = reading.covered[other.end - 1]
    return not last & _WORN and not _is_place(reading, other)


def _behind_owner(reading: Reading, other: Span) -> AbstractSet[str]:
    """What stands before "mi tía": "las pastillas que me dio mi tía"."""
    at = other.start - 1
    if reading.does(at, Particle.DETERMINER):
        at -= 1
    return reading.covered[at] if at >= 0 else frozenset()


def _struck_patient(reading: Reading, other: Span) -> bool:
    """ "Me pisó el perro": it did something to the patient."""
    return any(
        reading.does(event.start, Particle.OBJECT) and event.start < other.start < event.end
        for event in reading.in_clause(reading.clause[other.start], "burn_event")
    )


def _acts_on_patient(reading: Reading, other: Span) -> bool:
    """ "Me subió el vecino en brazos": what he did to the patient; "me dijo el vecino que ..." tells of himself."""
    at = other.start - 1
    if reading.does(at, Particle.DETERMINER):
        at -= 1
    done_to_other = reading.does(other.start, Particle.TO_A)  # "me corretearon al burro"
    if at <= 0 or done_to_other or reading.tokens[at].is_sign or "reports" in reading.covered[at]:
        return False
    happens = reading.does(at - 2, Particle.BEFALLS)  # "se me enfermaron las gallinas"
    return reading.does(at - 1, Particle.ACTED_ON) and not happens


def _is_place(reading: Reading, span: Span) -> bool:
    """ "South of my belt" is a place of the body."""
    return any(reading.kinds[name] == "region" for name in reading.covered[span.end - 1])


def _is_where(reading: Reading, thing: Span) -> bool:
    """ "En la regadera no distingo el agua caliente", "pa subirme al carro alzo la pierna": where somebody was or went,
    and nothing that has a symptom."""
    at = thing.start - 1
    if reading.does(at, Particle.DETERMINER):
        at -= 1
    return reading.does(at, Particle.INSIDE) or (
        reading.does(at, Particle.TO_A) and reading.does(at - 1, Particle.OWN_MOVE)
    )


def _is_company(reading: Reading, other: Span) -> bool:
    """ "Levanté el refri con mi compadre y algo tronó" speaks of oneself; "con mi vecino que tiene fiebre" does not.

    Nor is it somebody else who falls in "me and my cousin fell", or who holds the patient up with me.
    """
    at = other.start - 1
    if at > 0 and (reading.does(at, Particle.DETERMINER) or reading.does(at, Particle.OWNER)):
        at -= 1
    if at > 0 and "conjunction" in reading.covered[at] and reading.does(at - 1, Particle.OBJECT):
        return True
    after = reading.covered[other.end] if other.end < len(reading.covered) else frozenset()
    about = after | reading.covered[other.end - 1]  # "mi tía" sounds like a TIA
    told = "relative" in after or any(reading.kinds[name] in ("state", "mild") for name in about)
    return reading.does(at, Particle.COMPANY) and not told


def _named(reading: Reading, core: Span) -> list[Span]:
    """ "Greg had 103", "it was Winifred who fell", "la Pili": a name with an act or an article is a relative."""
    clause = reading.clause[core.start]
    return [
        Span("kin", at, at + 1)
        for at in range(max(0, core.start - _FARTHEST_NAME), core.start)
        if clause - reading.clause[at] in (0, 1)
        and _is_name(reading, at)
        and (_is_called(reading, at) or _acts(reading, at))
    ]


def _is_name(reading: Reading, at: int) -> bool:
    typed = reading.text[reading.tokens[at].start : reading.tokens[at].end]
    return len(typed) > _SHORTEST_NAME and typed[:1].isupper() and typed[1:].islower() and not reading.covered[at]


def _is_called(reading: Reading, at: int) -> bool:
    """ "La Pili", "al Toño": an article before it."""
    before = at - 1
    return before >= 0 and (reading.does(before, Particle.DETERMINER) or reading.does(before, Particle.TO_A))


def _acts(reading: Reading, at: int) -> bool:
    """Whether what stands behind a name tells what became of him, or is his: "Harold's"."""
    token = reading.tokens[at]
    if token.end - token.start > len(token.typed):
        return True
    after = reading.covered[at + 1] if at + 1 < len(reading.covered) else frozenset()
    return bool(after & _TELLING) or any(reading.kinds[name] in ("state", "mild") for name in after)


def _writer_is_fine(reading: Reading, kin: Span, core: Span) -> bool:
    """A relative is somebody else only where the writer says of himself that he is fine: "my back is great". In "my son
    can't walk. Back feels great" the back may be the son's, and "his back" is. A parent who is fine may still be
    texting for the child; and who is ill since the injection has had it."""
    here = reading.clause[core.start]
    if "own_child" in reading.covered[kin.end - 1] or reading.in_clause(here, "since_shot"):
        return False
    return any(
        reading.clause[fine.start] != here
        or fine.start > core.start
        or (fine.end <= kin.start and "clear" in reading.covered[fine.end - 1])  # "I'm fine my husband had chills"
        for fine in reading.of("self_fine")
        if not _back_of_anybody(reading, fine)
    )


def _back_of_anybody(reading: Reading, fine: Span) -> bool:
    """ "Back feels great", "his back is great": a back that is not said to be the writer's."""
    words = range(max(fine.start - _OWNS_A_BACK, 0), fine.end)
    said = {name for at in words for name in reading.covered[at]}
    return any("back" in reading.covered[at] for at in range(fine.start, fine.end)) and "patient" not in said


def _patient_named(reading: Reading, words: Iterable[int]) -> bool:
    return any(names_patient(reading, at) for at in words)


def _someone_between(reading: Reading, other: Span, core: Span, *, across: bool) -> bool:
    between = range(other.end, core.start)
    if any("reports" in reading.covered[at] and core.concept not in reading.covered[at] for at in between):
        return True  # "they took him by ambulance" reports nothing
    if _patient_named(reading, range(other.end, core.end)):
        return True
    if any(_own_relative(reading, at) for at in between):
        return True
    joint = max((at for at in between if _parts(reading, at)), default=None)
    if joint == other.end and "thing_gap" in reading.covered[joint]:
        joint = None  # "my dog just fell over": no new statement
    if joint is None:
        return False
    if starts_anew(reading, joint + 1):
        return True
    here = range(joint, core.end)
    listing = all(_in_list(reading, at) for at in range(joint, core.start))
    return (across or not listing) and not any("pronoun" in reading.covered[at] for at in here)


def _own_relative(reading: Reading, at: int) -> bool:
    """ "The teacher called: my son went by ambulance" speaks of the son, who may be the patient."""
    owned = any(span.concept == "kin" for span in reading.beginning.get(at, ()))
    if not owned or not reading.does(at, Particle.OWNER):
        return False
    before = reading.covered[at - 1] if at > 0 else frozenset()
    return "than" in before or not before & {"conjunction", "relative"}


def _parts(reading: Reading, at: int) -> bool:
    return reading.tokens[at].is_sign or bool(reading.covered[at] & _JOINTS)


def _in_list(reading: Reading, at: int) -> bool:
    """ "... strep and a 102 fever": a number may stand in a list of somebody's troubles."""
    token = reading.tokens[at]
    return token.is_sign or token.is_number or listed(reading, at, "list_gap")
