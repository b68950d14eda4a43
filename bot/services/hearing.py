"""What a text says in its conversation: sorted alone and together with what came just before it; it answers nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.flows.conversation import Conversation
from bot.flows.cues import read_in_context
from bot.runtime import Runtime
from bot.storage.database import Tx
from bot.storage.texts import Text, list_earlier
from bot.triage.phrases import PhraseBook, signals_in, with_phrases
from bot.triage.sort import Lexicon, sort_reply
from bot.triage.text import without_quoted_text
from bot.vocabulary import Asked, Clarify, Finding, Flag, Level, PatientFacts, highest

READ_TOGETHER = timedelta(minutes=2)  # triage.md rule 11


def hear(tx: Tx, rt: Runtime, text: Text, conversation: Conversation, facts: PatientFacts) -> Finding:
    """The text against the question that stands open, and with the other half of a text sent in two."""
    finding = with_media(hear_words(text.words, conversation, facts, rt.lexicon, rt.phrases), text)
    earlier = list_earlier(tx, text, text.at - READ_TOGETHER)
    if earlier and not finding.level.pages:
        before = " ".join(_own_words(t.words, rt.phrases) for t in earlier)
        together = _sorted(rt, f"{before} {_own_words(text.words, rt.phrases)}", facts)
        if together.level.pages and not _sorted(rt, before, facts).level.pages:
            finding = replace(finding, level=together.level, flags=together.flags, evidence=together.evidence)
    return read_in_context(finding, conversation, rt.content.clarifying, facts.hours)


def _own_words(words: str, book: PhraseBook) -> str:
    """Without what a tapback quotes of ours, and without what a telephone says by itself."""
    return "" if "auto_reply" in signals_in(words, book) else without_quoted_text(words)[0].strip()


def _sorted(rt: Runtime, words: str, facts: PatientFacts) -> Finding:
    return sort_reply(words, asked=Asked.NONE, facts=facts, lexicon=rt.lexicon)


def hear_words(
    words: str, conversation: Conversation, facts: PatientFacts, lexicon: Lexicon, book: PhraseBook
) -> Finding:
    """The words alone, with the turns of phrase in them; what a YES means here is for `read_in_context`."""
    finding = sort_reply(words, asked=conversation.asked, facts=facts, lexicon=lexicon)
    return with_phrases(finding, words, conversation.standing, book)


def with_media(finding: Finding, text: Text) -> Finding:
    """A photo or voice note without words cannot be sorted; with words, the words decide (triage.md rule 16)."""
    if not text.media or finding.level.pages:
        return finding
    if not text.words.strip():
        return replace(finding, level=Level.UNCLEAR, clarify=Clarify.PHOTO, flag_word=False)
    return replace(finding, level=highest(finding.level, Level.ROUTINE), flags=(*finding.flags, Flag("photo")))
