"""What happens in a voice page: only a digit acknowledges; a voicemail never does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.gateways.gateway import Receipt
from bot.planning.paging import PageState
from bot.runtime import Runtime
from bot.services.alerts import note_fate
from bot.services.numbers import answer_called_test, find_called_check, say_check
from bot.services.outbox import keep_receipt
from bot.services.taking import acknowledge
from bot.storage.alerts import get_alert, look_again
from bot.storage.audit import note
from bot.storage.checks import CheckKind
from bot.storage.database import Tx
from bot.storage.outbox import find_row_of_page
from bot.storage.pages import fail_person, find_page
from bot.storage.staff import get_staff
from bot.vocabulary import OutboxId, PageId

TAKE, PASS_ON = "1", "2"


def note_picked_up(rt: Runtime, page_id: PageId, call: Receipt | None) -> None:
    """The call was answered by somebody or something; its id is bound to the page's row, if it never was."""
    with rt.database.begin() as tx:
        if find_page(tx, page_id) is not None:
            note_fate(tx, page_id, PageState.CONFIRMED, rt.now())
        row_id = find_row_of_page(tx, page_id)
    if call is not None and row_id is not None:
        keep_receipt(rt, call, row_id)


@dataclass(frozen=True, slots=True)
class Menu:
    """Say this and wait for a key."""

    words: str


@dataclass(frozen=True, slots=True)
class Farewell:
    """Say this and hang up."""

    words: str


def say_page(rt: Runtime, page_id: PageId) -> Menu | Farewell:
    """What whoever picks up hears: a page, a test, or their code."""
    with rt.database.begin() as tx:
        check = None if find_page(tx, page_id) is not None else find_called_check(tx, OutboxId(page_id))
    if check is None:
        return Menu(rt.content.staff.spoken("page", clinic=rt.content.clinic.name))
    words = say_check(rt, check)
    return Menu(words) if check.kind is CheckKind.TEST else Farewell(words)


def _answer_other(tx: Tx, rt: Runtime, page_id: PageId, digits: str, now: datetime) -> str | None:
    """A key in a call that is no page: a test is answered by 1; a call that nobody knows ends."""
    check = find_called_check(tx, OutboxId(page_id))
    if check is None:
        return rt.content.staff.spoken("unknown")
    if digits == TAKE and answer_called_test(tx, check, now):
        return rt.content.staff.spoken("test_thanks")
    return None


def answer_digit(rt: Runtime, page_id: PageId, digits: str) -> str | None:
    """What to say after this digit; None: say the page again."""
    now, words = rt.now(), rt.content.staff
    with rt.database.begin() as tx:
        page = find_page(tx, page_id)
        if page is None:
            return _answer_other(tx, rt, page_id, digits, now)
        if digits == TAKE:
            staff = None if page.staff_id is None else get_staff(tx, page.staff_id)
            if acknowledge(tx, rt, page.alert_id, staff, "voice", now):
                return words.spoken("yours")
            return words.spoken("taken_already", by=get_alert(tx, page.alert_id).acknowledged_by or "somebody")
        if digits == PASS_ON:
            alert_id = fail_person(tx, page_id)
            if alert_id is not None:
                note(tx, who="staff", did="passed_on", now=now, alert_id=alert_id)
                look_again(tx, alert_id, now)
                tx.wake()
            return words.spoken("passed_on")
    return None
