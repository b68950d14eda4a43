"""config/clarifying.yaml: what a YES or a NO to each clarifying question means."""

from __future__ import annotations

from pydantic import model_validator

from bot.content.protocols import Question
from bot.content.reading import Content
from bot.vocabulary import Clarify, Flag, Level


class Meaning(Content):
    """The level of a plain answer, and the flag it stands for if it stands for one."""

    level: Level
    flag: Flag | None = None
    soon: Level | None = None  # the level when the visit is less than a day away (triage.md rule 14)


class ClarifyingRule(Content):
    """What follows from YES and from NO; null where the question is not answered in that way."""

    yes: Meaning | None
    no: Meaning | None


class Clarifying(Content):
    """What the bot may ask back, and the check-in questions whose YES or choices mean more than an answer."""

    topics: dict[Clarify, ClarifyingRule]
    questions: dict[Question, ClarifyingRule]
    choices: dict[Question, dict[str, Meaning]]

    @model_validator(mode="after")
    def _every_topic(self) -> Clarifying:
        missing = [topic for topic in Clarify if topic not in self.topics]
        if missing:
            raise ValueError(f"{missing[0]} has no rule")
        return self
