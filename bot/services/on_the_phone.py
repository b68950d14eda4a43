"""What happens in a voice page: only a digit acknowledges; a voicemail never does."""

from __future__ import annotations

from bot.planning.paging import PageState
from bot.runtime import Runtime
from bot.services.alerts import acknowledge, note_fate
from bot.storage.alerts import get_alert, look_again
from bot.storage.audit import note
from bot.storage.pages import fail_person, find_page
from bot.storage.staff import get_staff
from bot.vocabulary import PageId

TAKE, PASS_ON = "1", "2"


def note_picked_up(rt: Runtime, page_id: PageId) -> None:
    """The call was answered by somebody or something."""
    with rt.database.begin() as tx:
        if find_page(tx, page_id) is not None:
            note_fate(tx, page_id, PageState.CONFIRMED, rt.now())


def answer_digit(rt: Runtime, page_id: PageId, digits: str) -> str | None:
    """What to say after this digit; None: say the page again."""
    now = rt.now()
    with rt.database.begin() as tx:
        page = find_page(tx, page_id)
        if page is None:
            return "This page is not known. Goodbye."
        if digits == TAKE:
            staff = None if page.staff_id is None else get_staff(tx, page.staff_id)
            if acknowledge(tx, rt, page.alert_id, staff, "voice", now):
                return "Thank you. It is yours. Please open the console now. Goodbye."
            by = get_alert(tx, page.alert_id).acknowledged_by or "somebody"
            return f"Thank you. It is taken by {by} already. Goodbye."
        if digits == PASS_ON:
            alert_id = fail_person(tx, page_id)
            if alert_id is not None:
                note(tx, who="staff", did="passed_on", now=now, alert_id=alert_id)
                look_again(tx, alert_id, now)
                tx.wake()
            return "All right. We are calling the next person. Goodbye."
    return None
