"""Whether a document is a FHIR R4 Bundle that we may send or take: structure by fhir.resources, status codes by us. The
library takes a third of a second to import, so that it is imported on use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from bot.exchange.enrolment import InputError
from bot.exchange.fhir_codes import STATUSES


def check_bundle(document: Any) -> None:
    """Passes a Bundle whose every resource is well formed and has a status that R4 knows.

    :raises InputError: one line that names the first place that is wrong, never its value.
    """
    from fhir.resources.R4B.bundle import Bundle  # noqa: PLC0415 - slow, and seldom needed

    if not isinstance(document, dict) or document.get("resourceType") != "Bundle":
        raise InputError("input: is not a FHIR Bundle")
    try:
        Bundle.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{place}: {first['msg'].splitlines()[0]}") from None
    except (ValueError, TypeError, KeyError, LookupError):
        raise InputError("input: is not a FHIR R4 Bundle") from None
    for place, problem in _status_problems(document):
        raise InputError(f"{place}: {problem}")


def _status_problems(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for number, entry in enumerate(document.get("entry", [])):
        resource = entry.get("resource", {})
        known = STATUSES.get(resource.get("resourceType", ""))
        if known is not None and resource.get("status") not in known:
            yield f"entry.{number}.{resource['resourceType']}.status", f"is none of {', '.join(sorted(known))}"
