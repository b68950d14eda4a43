"""config/consent.yaml: what people agree to before the first text, in every version that anybody was shown."""

from __future__ import annotations

from pydantic import Field, model_validator

from bot.content.protocols import Review
from bot.content.reading import Content
from bot.vocabulary import LanguageCode


class ConsentWording(Content):
    """One version in every language, and who approved it."""

    reviewed: Review
    words: dict[LanguageCode, str] = Field(min_length=1)


class Consents(Content):
    """Every version by its name; `current` is shown to whoever enrols."""

    current: str
    wordings: dict[str, ConsentWording]

    @model_validator(mode="after")
    def _current_is_there(self) -> Consents:
        if self.current not in self.wordings:
            raise ValueError(f"current: there is no wording {self.current!r}")
        return self

    def shown(self, version: str, clinic: str, phone: str) -> dict[LanguageCode, str]:
        """That version as people read it, by language."""
        words = self.wordings[version].words
        return {code: text.replace("{clinic}", clinic).replace("{phone}", phone) for code, text in words.items()}
