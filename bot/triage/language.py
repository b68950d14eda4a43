"""Says which language the reply should be in; it decides nothing else, both languages are always read."""

from __future__ import annotations

from bot.triage.lexicon import Lexicon
from bot.triage.reading import Reading
from bot.vocabulary import LanguageCode, TextLanguage

_EN, _ES = LanguageCode("en"), LanguageCode("es")


def language_of(reading: Reading, lexicon: Lexicon) -> TextLanguage:
    """en, es, mix (a third of the telling words or more are of the other), or unknown."""
    words = [token.word for token in reading.tokens if not token.is_sign and not token.is_number]
    english = sum(1 for word in words if word in lexicon.own_words.get(_EN, ()))
    spanish = sum(1 for word in words if word in lexicon.own_words.get(_ES, ()))
    if not english and not spanish:
        return "unknown"
    if min(english, spanish) * 3 >= max(english, spanish) and min(english, spanish) >= 1:
        return "mix"
    return "en" if english > spanish else "es"


def is_foreign_script(reading: Reading) -> bool:
    """Words, and none of them in Latin letters: nobody here can read it (rule 16)."""
    words = [token.word for token in reading.tokens if not token.is_sign]
    return bool(words) and not any(letter.isascii() or letter == "ñ" for word in words for letter in word)
