"""config/outcomes.yaml: what may come of an alert, and what the patient is told then."""

from __future__ import annotations

from pydantic import model_validator

from bot.content.reading import Content
from bot.vocabulary import Level


class Outcome(Content):
    """One way in which an alert ends; `again`: somebody has to call once more."""

    label: str
    told: str
    reached: bool
    suits: tuple[Level, ...]
    again: bool = False


class Outcomes(Content):
    """Every outcome by its name, in the order in which it is offered."""

    outcomes: dict[str, Outcome]

    @model_validator(mode="after")
    def _there_are_some(self) -> Outcomes:
        if not any(outcome.reached for outcome in self.outcomes.values()):
            raise ValueError("there must be an outcome for a patient who was reached")
        return self

    def in_order(self, level: Level) -> dict[str, Outcome]:
        """Those that suit the level first."""
        return dict(sorted(self.outcomes.items(), key=lambda item: level not in item[1].suits))

    def fitting(self, level: Level) -> list[Outcome]:
        """Those that suit the level."""
        return [outcome for outcome in self.outcomes.values() if level in outcome.suits]
