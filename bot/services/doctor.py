"""Checks everything that the bot needs, a line each; it changes nothing and names nobody's number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.gateways.watchdog import answers
from bot.planning.on_call import everyone
from bot.runtime import Runtime
from bot.services import health
from bot.services.numbers import list_proofs
from bot.services.rota import look_ahead, say_gap
from bot.services.schema import is_newest
from bot.storage.database import DatabaseAway
from bot.storage.staff import list_staff


class Colour(StrEnum):
    """Red makes `doctor` fail."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was checked."""

    what: str
    colour: Colour
    words: str


def examine(rt: Runtime) -> list[Line]:
    """Every line; a check that cannot be made is red and never hides the others."""
    lines = [Line("content", Colour.GREEN, f"config/ is in order, version {rt.content.version}")]
    checks: list[Callable[[Runtime], Iterator[Line]]] = [_account, _web, _switch]
    database = list(_database(rt))
    lines += database
    if any(line.colour is Colour.RED for line in database):
        lines.append(Line("worker, audit, staff", Colour.RED, "cannot be checked without the database"))
    else:
        checks += [_processes, _people, _rota]
    for check in checks:
        lines += check(rt)
    return lines


def _database(rt: Runtime) -> Iterator[Line]:
    try:
        newest = is_newest(rt)
    except DatabaseAway:
        yield Line("database", Colour.RED, "cannot be reached: is it running, and is DATABASE_URL right?")
        return
    if not newest:
        yield Line("database", Colour.RED, "is not up to date: python -m bot migrate")
    else:
        yield Line("database", Colour.GREEN, "is there and up to date")
    if rt.settings.database_url is None:
        yield Line("database", Colour.YELLOW, "is the embedded one: for trying, not for patients")


def _account(rt: Runtime) -> Iterator[Line]:
    settings = rt.settings
    if not settings.twilio_account_sid or not settings.twilio_from:
        yield Line("account", Colour.RED, "TWILIO_ACCOUNT_SID and TWILIO_FROM must be set")
        return
    try:
        state = rt.gateway.account_state()
    except OSError as error:
        yield Line("account", Colour.RED, f"the provider does not answer for this account ({error})")
        return
    good = state == "active"
    yield Line("account", Colour.GREEN if good else Colour.RED, f"the provider says: {state}")
    if settings.twilio_page_from is None:
        yield Line("account", Colour.YELLOW, "pages leave from the patients' number: set TWILIO_PAGE_FROM")
    if (settings.twilio_page_from or settings.twilio_from).startswith("MG"):
        yield Line("account", Colour.RED, "a Messaging Service cannot call: set TWILIO_PAGE_FROM to a number")


def _web(rt: Runtime) -> Iterator[Line]:
    if answers(rt.settings.public_url, "/health/live"):
        yield Line("web", Colour.GREEN, "PUBLIC_URL answers")
    else:
        yield Line("web", Colour.RED, "PUBLIC_URL does not answer: no reply and no keypress can reach the bot")


def _processes(rt: Runtime) -> Iterator[Line]:
    seen = health.look(rt)
    if seen.worker_alive:
        yield Line("worker", Colour.GREEN, "is alive")
    else:
        yield Line("worker", Colour.RED, "none is alive: nothing is sent and nobody is paged")
    audits = {
        "clean": Line("audit", Colour.GREEN, "paging moves"),
        "problems": Line("audit", Colour.RED, f"found: {seen.audit_found}"),
        "stale": Line("audit", Colour.RED, "is stale: the auditor has stopped"),
        "never": Line("audit", Colour.YELLOW, "has never run: python -m bot auditor"),
    }
    yield audits[seen.audit]
    if seen.unreached:
        yield Line("alerts", Colour.RED, f"{seen.unreached} that nobody has after everybody was paged")


def _people(rt: Runtime) -> Iterator[Line]:
    with rt.database.begin() as tx:
        staff = list_staff(tx)
        proofs = list_proofs(tx, rt.now())
    if rt.content.clinic.fallback_phone is None:
        yield Line("fallback", Colour.RED, "clinic.yaml has no fallback_phone; with nobody on call everyone is paged")
    else:
        yield Line("fallback", Colour.GREEN, "a number is set")
    if not everyone([person.member for person in staff]):
        yield Line("staff", Colour.RED, "nobody can be paged: python -m bot staff add")
    for proof in proofs:
        if not proof.is_proved:
            yield Line("staff", Colour.YELLOW, f"{proof.person.username}: untested; try python -m bot page-test")
        if proof.unanswered_since is not None:
            yield Line("staff", Colour.YELLOW, f"{proof.person.username}: did not answer the last test page")


def _switch(rt: Runtime) -> Iterator[Line]:
    if rt.settings.watchdog_url is None:
        yield Line("watchdog", Colour.YELLOW, "WATCHDOG_URL is not set: nobody outside notices if all of it stops")
    else:
        yield Line("watchdog", Colour.GREEN, "WATCHDOG_URL is set; only a clean audit pings it")


def _rota(rt: Runtime) -> Iterator[Line]:
    ahead, zone = look_ahead(rt), rt.content.clinic.zone
    if not ahead.gaps and not ahead.holidays:
        yield Line("rota", Colour.GREEN, "somebody is on call for the next 14 days")
    soon = rt.now() + timedelta(days=1)
    for gap in ahead.gaps[:5]:
        yield Line("rota", Colour.RED if gap.from_at < soon else Colour.YELLOW, say_gap(gap, zone))
    for on in ahead.holidays:
        yield Line("rota", Colour.YELLOW, f"{on} is a holiday and nobody is named for it")
