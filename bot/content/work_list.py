"""config/work_list.yaml: which work items may wait, and which may be closed several at a time."""

from __future__ import annotations

from bot.content.reading import Content


class WorkListRules(Content):
    """Kinds of work items; one that is not named is neither quiet nor closed in bulk."""

    quiet: frozenset[str]
    in_bulk: frozenset[str]
