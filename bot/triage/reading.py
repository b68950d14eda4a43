"""Reads a text into tokens, concept spans and clauses; it draws no conclusion from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.content.words import Particle
from bot.triage.lexicon import Lexicon
from bot.triage.patterns import Span
from bot.triage.text import HARD, Token, tokens_of
from bot.triage.text import token as token_of
from bot.triage.walk import Page

_PART_SIGNS = frozenset(",:()–—|")
_CONTEXT_EATERS = frozenset({"context", "state", "mild", "harmless", "intent"})
_GOOD_NEWS = frozenset({"good", "clear", "self_fine", "reported_fine", "praise"})
_ANSWERS = frozenset({"yes", "no", "hedge", "hedge_yes", "some_of_those"})
_POLITE = frozenset({"courtesy", "greeting", "praise", "title"})
_QUESTIONS = frozenset({"activity_question", "med_question"})
_DENIALS = frozenset({"neg_no", "neg_not", "neg_strong"})
_LONGEST_RUN = 8  # of one word or sign: "no no no no ..." says no more after that
_SHORTEST_SPELT, _LONGEST_SPELT = 3, 12  # letters
_SHORTEST_CLIPPED = 4  # letters: "sentao", but not "chao"
_BREAKERS = ("breaker", "exception")


@dataclass(frozen=True, slots=True)
class Reading:
    """One text taken apart. `clause[i]` and `part[i]` number the clause and comma part of token i.

    `places` remembers the regions of each state once they were asked for.
    """

    text: str
    tokens: tuple[Token, ...]
    spans: tuple[Span, ...]
    clause: tuple[int, ...]
    part: tuple[int, ...]
    concepts: Mapping[str, Sequence[Span]]
    ending: Mapping[int, Sequence[Span]]
    kinds: Mapping[str, str]
    covered: Sequence[AbstractSet[str]]
    beginning: Mapping[int, Sequence[Span]]
    by_clause: Mapping[int, Sequence[Span]]
    said_in: Mapping[tuple[int, str], list[Span]]
    places: dict[Span, list[Span]]
    regions: Mapping[int, Sequence[Span]]
    parts: Sequence[Sequence[int]]
    particles: Mapping[Particle, AbstractSet[str]]

    def of(self, *concepts: str) -> list[Span]:
        """Spans of these concepts, in the order of the text."""
        if len(concepts) == 1:
            return list(self.concepts.get(concepts[0], ()))
        found = [span for concept in concepts if concept in self.concepts for span in self.concepts[concept]]
        return found if len(found) < 2 else sorted(found, key=lambda span: (span.start, -span.end))

    def in_clause(self, clause: int, *concepts: str) -> list[Span]:
        """Spans of these concepts that begin in the clause."""
        known = [concept for concept in concepts if concept in self.concepts]
        found = [span for concept in known for span in self.said_in.get((clause, concept), ())]
        return found if len(known) < 2 else sorted(found, key=lambda span: (span.start, -span.end))

    def does(self, at: int, particle: Particle) -> bool:
        """Whether the word is such a small word; nothing stands before the first and behind the last."""
        return 0 <= at < len(self.tokens) and self.tokens[at].word in self.particles[particle]

    def substance(self) -> list[int]:
        """Where the words stand that are neither signs nor courtesy."""
        return [at for at, each in enumerate(self.tokens) if not (each.is_sign or _POLITE & self.covered[at])]

    def kind(self, span: Span) -> str:
        """region, state, context ..."""
        return self.kinds[span.concept]

    def quote(self, start: int, end: int) -> tuple[str, int, int]:
        """The words as typed, and where they stand."""
        first, last = self.tokens[start].start, self.tokens[end - 1].end
        return self.text[first:last], first, last


def read(text: str, lexicon: Lexicon) -> Reading:
    """Tokens, repaired; spans of every concept in every language; clauses and comma parts."""
    tokens = _repaired(_spelt_out(tokens_of(text), lexicon), lexicon)
    page = _page(tokens, lexicon)
    idioms = page.find(lexicon.idioms)
    for span in idioms:
        page.hide(span.start, span.end)
    spans = list(idioms)
    for stratum in lexicon.strata:
        found = page.find(stratum)
        for span in found:
            page.put(span)
        spans.extend(found)
    kept = _without_eaten_context(_without_very(spans, lexicon), lexicon, len(tokens))
    clause, part = _clauses(tokens, kept)
    return _assembled(text, tokens, kept, clause, part, lexicon)


def _spelt_out(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """ "Z e r o" and "f e v e r": single letters in a row that make a word we know."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        end = at
        while (
            end < len(tokens)
            and end - at < _LONGEST_SPELT
            and len(tokens[end].word) == 1
            and tokens[end].word.isalpha()
        ):
            end += 1
        word = "".join(each.word for each in tokens[at:end])
        if end - at >= _SHORTEST_SPELT and (word in lexicon.numbers or word in lexicon.speller.known):
            found.append(token_of(word, tokens[at].start, tokens[end - 1].end, word))
            at = end
        else:
            found.append(tokens[at])
            at += 1
    return found


def _repaired(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    repaired: list[Token] = []
    typed, run = "", 0
    for token in tokens:
        run = run + 1 if token.word == typed else 0
        typed = token.word
        if run >= _LONGEST_RUN:
            continue
        glued = bool(repaired) and repaired[-1].is_number and repaired[-1].end == token.start
        if token.is_sign or token.is_number or glued:  # the k of "5k" is no "ok"
            repaired.append(token)
            continue
        words = lexicon.speller.repaired(token.word)
        if len(words) == 1 and words[0] == token.word:
            repaired.append(token)
        else:
            repaired += [token_of(word, token.start, token.end, token.typed) for word in words]
    return repaired


def _page(tokens: list[Token], lexicon: Lexicon) -> Page:
    prefixes = lexicon.speller.prefixes
    stems = lexicon.speller.stems
    atoms: list[tuple[str, ...]] = []
    for token in tokens:
        word = token.word
        if token.is_sign:
            atoms.append((word,))
            continue
        own = [word]
        if word.endswith("s") and token.end - token.start > len(token.typed):
            own.append(word[:-1])  # "my head's fine": the head is named too
        own += _spoken_in_full(word, lexicon)
        own += [f"{form[:stem]}*" for form in own for stem in stems if len(form) >= stem and form[:stem] in prefixes]
        if token.is_number or word in lexicon.numbers:
            own.append("nn")
        atoms.append(tuple(own))
    hard = [token.word in HARD for token in tokens]
    ends = [token.is_sign and token.word not in "'%°$/-" for token in tokens]
    return Page(atoms, hard, ends)


def _spoken_in_full(word: str, lexicon: Lexicon) -> list[str]:
    """ "Sentao", "apagaos": the participle as it is spoken in much of the Spanish world."""
    return [
        word.removesuffix(spoken) + full
        for spoken, full in lexicon.endings.items()
        if word.endswith(spoken) and len(word) > _SHORTEST_CLIPPED
    ]


def _without_very(spans: list[Span], lexicon: Lexicon) -> list[Span]:
    """Good news that ends in a word for "very", right before a symptom, is none: "está bien hinchado"."""
    very = {span.end for span in spans if span.concept == "very"}
    if not very:
        return spans
    told = very & {span.start for span in spans if lexicon.kinds[span.concept] in ("state", "mild")}
    return [span for span in spans if span.concept not in _GOOD_NEWS or span.end not in told]


def _without_eaten_context(spans: list[Span], lexicon: Lexicon, length: int) -> list[Span]:
    """A context cue inside a longer phrase is part of it: the "no" of "no change" denies nothing.

    An answer swallows no denial: "I have not" may begin a plain no, and still denies what follows. A "but" in the
    middle of a phrase with a gap still ends its clause, and the "if" of "would it be bad if I" is still an if.
    """
    eaters = [span for span in spans if lexicon.kinds[span.concept] in _CONTEXT_EATERS]
    by_all = _reaches(eaters, length)
    by_phrases = _reaches([span for span in eaters if span.concept not in _ANSWERS], length)
    by_others = _reaches([span for span in eaters if span.concept not in _QUESTIONS], length)
    kept = []
    for span in spans:
        own, reach = by_phrases if span.concept in _DENIALS else by_others if span.concept == "hyp" else by_all
        eaten = own[span.start] > span.end or (reach[span.start] >= span.end and span.concept != "breaker")
        if lexicon.kinds[span.concept] != "context" or not eaten:
            kept.append(span)
    return kept


def _reaches(eaters: list[Span], length: int) -> tuple[list[int], list[int]]:
    """How far the longest phrase from each token reaches, and how far those that began before it do."""
    own = [0] * (length + 1)
    reach = [0] * (length + 1)
    for span in eaters:
        own[span.start] = max(own[span.start], span.end)
    for at in range(length):
        reach[at + 1] = max(reach[at], own[at])
    return own, reach


def _clauses(tokens: list[Token], spans: list[Span]) -> tuple[list[int], list[int]]:
    breakers = [span for span in spans if span.concept in _BREAKERS]
    breaks = {span.start for span in breakers}
    breaks -= {at for span in breakers for at in range(span.start + 1, span.end)}  # "well, except" breaks off once
    clause: list[int] = []
    part: list[int] = []
    clause_now = part_now = 0
    for index, token in enumerate(tokens):
        if index in breaks and index > 0 and clause[-1] == clause_now:  # behind a full stop it has begun already
            clause_now, part_now = clause_now + 1, part_now + 1
        if token.is_hard and index > 0 and tokens[index - 1].is_hard:  # "??" ends one clause, not two
            clause.append(clause[-1])
            part.append(part[-1])
            continue
        clause.append(clause_now)
        part.append(part_now)
        if token.is_hard and not (index + 1 < len(tokens) and tokens[index + 1].is_hard):
            clause_now, part_now = clause_now + 1, part_now + 1
        elif token.is_sign and (token.word in _PART_SIGNS or not token.word.isascii()):
            part_now += 1
    return clause, part


def _assembled(
    text: str, tokens: list[Token], spans: list[Span], clause: list[int], part: list[int], lexicon: Lexicon
) -> Reading:
    ordered = sorted(spans, key=lambda span: (span.start, -span.end))
    concepts: defaultdict[str, list[Span]] = defaultdict(list)
    ending: defaultdict[int, list[Span]] = defaultdict(list)
    beginning: defaultdict[int, list[Span]] = defaultdict(list)
    by_clause: defaultdict[int, list[Span]] = defaultdict(list)
    regions: defaultdict[int, list[Span]] = defaultdict(list)
    said_in: defaultdict[tuple[int, str], list[Span]] = defaultdict(list)
    covered: list[set[str]] = [set() for _ in tokens]
    for span in ordered:
        concept, start, end = span
        number = clause[start]
        concepts[concept].append(span)
        ending[end].append(span)
        beginning[start].append(span)
        by_clause[number].append(span)
        said_in[number, concept].append(span)
        if lexicon.kinds[concept] == "region":
            regions[number].append(span)
        for at in range(start, end):
            covered[at].add(concept)
    parts: list[list[int]] = [[] for _ in range(part[-1] + 1 if part else 0)]
    for index, number in enumerate(part):
        parts[number].append(index)
    return Reading(
        text=text,
        tokens=tuple(tokens),
        spans=tuple(ordered),
        clause=tuple(clause),
        part=tuple(part),
        concepts=concepts,
        ending=ending,
        kinds=lexicon.kinds,
        covered=covered,
        beginning=beginning,
        by_clause=by_clause,
        said_in=said_in,
        places={},
        regions=regions,
        parts=parts,
        particles=lexicon.particles,
    )
