"""The page on which the audit is searched; what is searched for is typed into a form, never into an address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from uuid import UUID

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from bot.services import audit_views
from bot.services.audit_views import Asked
from bot.storage.audit import Line
from bot.vocabulary import Role
from bot.web.deeds import DEEDS, KINDS_OF_DEEDS
from bot.web.here import runtime
from bot.web.refusals import explain_on
from bot.web.showing import full_date
from bot.web.sign_in import guard, only, staff, who

# Who did it, where no member of staff did.
OTHERS: Mapping[str, str] = {
    "bot": "the bot",
    "patient": "a patient",
    "staff": "whoever picked up",
    "command line": "the command line",
}
blueprint = Blueprint("audit", __name__, url_prefix="/audit")
blueprint.before_request(guard)
blueprint.context_processor(who)
blueprint.context_processor(lambda: {"kinds": KINDS_OF_DEEDS, "others": OTHERS})
explain_on(blueprint)

LONGEST = 200


@blueprint.get("")
def show() -> str:
    """The newest lines."""
    only(Role.ADMIN, Role.AUDITOR)
    return _page(Asked(), MultiDict())


@blueprint.post("")
def search() -> str | tuple[str, int]:
    """The lines that were asked for; a POST, so that no record number gets into an address or a log."""
    only(Role.ADMIN, Role.AUDITOR)
    form = request.form
    try:
        return _page(_asked(form), form)
    except ValueError:
        return _page(Asked(), form, problem="A day is written like 2026-03-14. The newest lines are shown."), 422


def _page(asked: Asked, typed: MultiDict[str, str], *, problem: str = "") -> str:
    page = audit_views.search(runtime(), asked, staff())
    return render_template("audit.html", page=page, typed=typed, problem=problem, days=list(_by_day(page.lines)))


def _asked(form: MultiDict[str, str]) -> Asked:
    kind = form.get("kind", "")
    before = form.get("before", "")
    return Asked(
        mrn=form.get("mrn", "").strip()[:LONGEST],
        who=form.get("who", "").replace("\0", "")[:LONGEST],
        kind=kind if kind in KINDS_OF_DEEDS or kind in DEEDS else "",
        deeds=tuple(KINDS_OF_DEEDS.get(kind, (kind,))),
        since=_day(form.get("since", "")),
        until=_day(form.get("until", "")),
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )


def _day(typed: str) -> date | None:
    found = date.fromisoformat(typed) if typed else None
    if found is not None and not 2000 <= found.year < 2200:
        raise ValueError(typed)
    return found


def _by_day(lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    zone = runtime().content.clinic.zone
    for day, run in groupby(lines, key=lambda line: line.at.astimezone(zone).date()):
        yield full_date(day), list(run)


@blueprint.app_template_filter("about_words")
def about_words(about: str | None, names: dict[str, str]) -> str:
    """What a line says besides: a name, a word of ours; an id says nothing to anybody."""
    if about is None or about.isdigit():
        return ""
    try:
        UUID(about)
    except ValueError:
        return names.get(about, about.replace("_", " "))
    return ""
