"""Finds which flags the concepts of a text say, and which were switched off; it sets no level."""

from __future__ import annotations

from dataclasses import dataclass

from bot.content.red_flags import ALL_GUARDS, Frame
from bot.triage.denials import negated
from bot.triage.guards import lowered
from bot.triage.lexicon import Lexicon
from bot.triage.patterns import Span
from bot.triage.reach import Lowered, starts_anew
from bot.triage.reading import Reading
from bot.vocabulary import Asked


@dataclass(frozen=True, slots=True)
class Hit:
    """A flag or sign that a frame found; `guard` says what switched it off, if anything did."""

    said: str
    frame: str
    core: Span
    spans: tuple[Span, ...]
    guard: Lowered | None

    @property
    def start(self) -> int:
        return min(span.start for span in self.spans)

    @property
    def end(self) -> int:
        return max(span.end for span in self.spans)


def hits_of(reading: Reading, lexicon: Lexicon, *, asked: Asked, day: int | None) -> list[Hit]:
    """Every frame that fits, with its guard."""
    hits: list[Hit] = []
    found: dict[tuple[str, str], int] = {}
    tried: dict[tuple[str, str], int] = {}
    for core in reading.spans:
        for said, frame in lexicon.frames.get(core.concept, ()):
            if found.get((said, frame.name), 0) >= _ENOUGH or not _applies(frame, asked, day, reading):
                continue
            tried[frame.name, said] = tried.get((frame.name, said), 0) + 1
            if tried[frame.name, said] > _MOST_TRIES:
                continue
            spans = _fit(reading, frame, core)
            if spans is not None:
                found[said, frame.name] = found.get((said, frame.name), 0) + 1
                hits.append(Hit(said, frame.name, core, spans, _guard(reading, lexicon, said, frame, core)))
    return hits


def _guard(reading: Reading, lexicon: Lexicon, said: str, frame: Frame, core: Span) -> Lowered | None:
    rule = lexicon.rule(said)
    if frame.guards is not None:
        return lowered(reading, core, frame.guards, gone_counts=False)
    if rule is None:
        return lowered(reading, core, ALL_GUARDS, gone_counts=False)
    return lowered(reading, core, rule.guards, gone_counts=rule.gone_counts)


def _applies(frame: Frame, asked: Asked, day: int | None, reading: Reading) -> bool:
    if frame.asked and asked not in frame.asked:
        return False
    if frame.from_day is not None and (day is None or day < frame.from_day):
        return False
    if frame.to_day is not None and day is not None and day > frame.to_day:
        return False
    return not frame.whole or len(reading.tokens) <= 6


def _fit(reading: Reading, frame: Frame, core: Span) -> tuple[Span, ...] | None:
    clause = reading.clause[core.start]
    if _swallowed(reading, core):
        return None
    if frame.none and any(_beside(reading, span, core) for span in reading.in_clause(clause, *frame.none)):
        return None
    spans = [core]
    for part in frame.parts[1:]:
        found = _partner(reading, core, part, frame)
        if found is None:
            return None
        if reading.clause[found.start] == clause:
            spans.append(found)
    return tuple(spans)


def _beside(reading: Reading, span: Span, core: Span) -> bool:
    """Whether no statement of its own stands between the two."""
    between = range(min(span.end, core.end), max(span.start, core.start))
    return not any(starts_anew(reading, at) for at in between)


def _partner(reading: Reading, core: Span, concepts: tuple[str, ...], frame: Frame) -> Span | None:
    clause = reading.clause[core.start]
    regions = [name for name in concepts if reading.kinds[name] == "region"]
    others = [name for name in concepts if reading.kinds[name] != "region"]
    if regions:
        bound = [span for span in regions_of(reading, core) if span.concept in regions]
        if bound:
            return bound[0]
    near = [s for s in reading.in_clause(clause, *others) if _distance(s, core) <= frame.gap and s != core][:_ENOUGH]
    if not near and frame.across:
        near = [span for beside in (clause + 1, clause - 1) for span in reading.in_clause(beside, *others)]
    near = [span for span in near if span.concept not in _DENIABLE or not _spent(reading, span)]
    return min(near, key=lambda span: _distance(span, core), default=None)


def _spent(reading: Reading, span: Span) -> bool:
    """Denied, or a part of good news: "helped a lot and pain is a 2" has no lot of pain."""
    good = any(each.start < span.start and span.end <= each.end for each in reading.of("good", "clear", "better"))
    return good or negated(reading, span)


def _distance(a: Span, b: Span) -> int:
    return max(0, a.start - b.end, b.start - a.end)


def regions_of(reading: Reading, core: Span) -> list[Span]:
    """The places that a state belongs to: its comma part, else to its left, else the sentence before."""
    if core not in reading.places:
        reading.places[core] = _regions_of(reading, core)
    return reading.places[core]


def _regions_of(reading: Reading, core: Span) -> list[Span]:
    clause, part = reading.clause[core.start], reading.part[core.start]
    near = [span for span in reading.regions.get(clause, ()) if _distance(span, core) <= _FARTHEST]
    regions = [span for span in near if not _denied_place(reading, span, core)]
    inside = [span for span in regions if span.start < core.end and core.start < span.end]
    here = [span for span in regions if reading.part[span.start] == part and _unblocked(reading, span, core)]
    if here or inside:
        return sorted({*here, *inside}, key=lambda span: (_distance(span, core), span.start, span.concept))
    left = [span for span in regions if span.end <= core.start]
    if left:
        nearest = max(span.end for span in left)
        return [span for span in left if nearest - span.end <= _SAME_PLACE]
    right = [span for span in regions if span.start >= core.end]
    if right:
        return [span for span in right if span.start - core.end <= _SAME_PLACE + 3]
    before = [span for span in reading.regions.get(clause - 1, ()) if not _denied_place(reading, span, core)]
    nearest = max((span.end for span in before), default=0)
    return [span for span in before if nearest - span.end <= _SAME_PLACE]


def _denied_place(reading: Reading, region: Span, core: Span) -> bool:
    """ "No chest pain. Pain is a 3": the pain is not in the chest."""
    apart = reading.part[region.start] != reading.part[core.start]
    return (
        apart
        and region.concept in _UPPER
        and any(cue.concept == "neg_no" for cue in reading.ending.get(region.start, ()))
    )


_FARTHEST = 16  # words between a symptom and its place: a bound, sentences are shorter
_MOST_TRIES = 30
_ENOUGH = 12  # times that one frame is looked at: a bound for hostile texts, far above any real one
_SAME_PLACE = 3
_DENIABLE = frozenset(
    {"worse", "severe", "spread", "wont_stop", "grow_word", "bleed", "stiff_neck", "light_hurts", "vomit", "positional"}
)
_UPPER = frozenset({"chest", "head", "throat", "face", "arm", "eye", "mouth"})


def _unblocked(reading: Reading, region: Span, core: Span) -> bool:
    """No other symptom stands between: "butt is sore and foot is numb" has no numb butt."""
    low, high = min(region.end, core.end), max(region.start, core.start)
    return not any(
        reading.kinds[name] in ("state", "mild") and name != core.concept
        for at in range(low, high)
        for name in reading.covered[at]
    )


def _swallowed(reading: Reading, core: Span) -> bool:
    """A longer phrase of good news holds the words: "ya no siento dolor" is no lost feeling."""
    words = core.end - core.start
    both = words > 1 and reading.kind(core) == "state"  # "temperatura no tiene" is a fever's word too
    return any(
        span.start <= core.start
        and core.end <= span.end
        and span.end - span.start >= words + (span.concept == "good" or not both)
        for span in reading.of("good", "clear")
    )


_WHOLE_PART = frozenset({"other", "hypothetical", "past", "old"})


def masked(reading: Reading, hits: list[Hit]) -> list[Span]:
    """The words that a guard switched off: the symptom with its cue, or all of the comma part where it stands."""
    off = []
    for hit in hits:
        if hit.guard is None:
            continue
        off += [Span("", hit.start, hit.end), Span("", hit.guard.start, hit.guard.end)]
        if hit.guard.guard in _WHOLE_PART:
            part = reading.parts[reading.part[hit.core.start]]
            off.append(Span("", part[0], part[-1] + 1))
    return off
