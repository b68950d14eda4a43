"""Does one thing after another, each in a transaction of its own: what fails holds up none of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import structlog

from bot.runtime import Runtime
from bot.storage.database import DatabaseAway, Tx

log = structlog.get_logger()

Item = TypeVar("Item")


def each_alone(
    rt: Runtime,
    name: str,
    items: Iterable[Item],
    do: Callable[[Tx, Item], object],
    otherwise: Callable[[Tx, Item], object],
) -> int:
    """How many there were. `otherwise` takes a failed one, in a new transaction, to a person or to a later time.

    :raises DatabaseAway: nothing can be done for any of them.
    """
    count = 0
    for count, item in enumerate(items, 1):  # noqa: B007 - it is the result
        try:
            with rt.database.begin() as tx:
                do(tx, item)
        except DatabaseAway:
            raise
        except Exception as error:  # noqa: BLE001 - a person or a later round has it
            log.error("one_failed", name=name, error=type(error).__name__)
            with rt.database.begin() as tx:
                otherwise(tx, item)
    return count
