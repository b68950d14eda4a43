"""Sent once, through faults of the provider: what is tried again, what goes another way, what a person hears of."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.content.load import ClinicContent
from bot.content.sending import ByLane, ByPurpose, SweepRules
from bot.standin.posting import Postman
from tests.story import TOKEN, Clinic, Telephone, running_clinic

SOON = {
    "look_every_s": 1,
    "absent_after_s": ByPurpose(page=2, reply=4, check_in=4),
    "fetch_after_s": ByPurpose(page=2, reply=2, check_in=2),
    "lease_s": 6,
    "hold_s": ByLane(page=2, text=2),
    "sweep": SweepRules(every_s=1, overlap_minutes=10, late_after_minutes=2),
}


@pytest.fixture
def clinic(parts: dict[str, Any], content: ClinicContent, tmp_path: Path) -> Iterator[Clinic]:
    """The usual clinic with shorter patience, for tests that wait for it."""
    parts["content"] = replace(content, sending=content.sending.model_copy(update=SOON))
    with running_clinic(parts, tmp_path) as running:
        yield running


def rows(clinic: Clinic, query: str) -> list[Any]:
    with clinic.runtime.database.begin() as tx:
        return list(tx.list(text(query)))


@pytest.mark.parametrize("outage", ["reset_accepted", "half"])
def test_an_answer_that_got_lost_is_looked_up_and_never_sent_twice(clinic: Clinic, amy: Telephone, outage: str) -> None:
    """No callback tells: only the provider's list does, and it lags."""
    clinic.standin.faults.change({"outage": outage, "outage_on": ["texts"], "outage_times": 1, "list_lag_s": 3.0})
    clinic.standin.faults.no_callbacks = True
    clinic.it_is("2026-03-03 10:00")
    amy.hears("day 1")
    time.sleep(8)
    assert len(amy.bodies) == 1
    assert [r.state for r in rows(clinic, "SELECT state FROM outbox")] in (["accepted"], ["delivered"])
    assert rows(clinic, "SELECT sid FROM outbox")[0].sid == clinic.standin.ledger.sent[0].sid


@pytest.mark.parametrize("outage", ["reset", "503"])
def test_what_is_provably_absent_is_sent(clinic: Clinic, amy: Telephone, outage: str) -> None:
    clinic.standin.faults.change({"outage": outage, "outage_on": ["texts"], "outage_times": 1})
    clinic.it_is("2026-03-03 10:00")
    amy.hears("day 1", within=20)
    amy.hears_nothing_more()


def test_a_page_of_unknown_end_goes_out_on_the_other_channel_at_once(
    clinic: Clinic, kim: Telephone, amy: Telephone
) -> None:
    clinic.standin.faults.change({"outage": "500_accepted", "outage_on": ["texts"], "outage_times": 1})
    clinic.standin.faults.no_callbacks = True
    amy.texts("I can't feel my legs")
    kim.is_called(within=3)


def test_retry_after_is_waited_for(clinic: Clinic, amy: Telephone) -> None:
    clinic.standin.faults.change({"outage": "429", "outage_on": ["texts"], "outage_times": 1, "retry_after_s": 3})
    clinic.it_is("2026-03-03 10:00")
    while clinic.standin.faults.outage_times:
        time.sleep(0.02)
    begun = time.monotonic()
    amy.hears("day 1")
    assert time.monotonic() - begun > 2


def test_wrong_credentials_hold_the_lane_and_raise_an_alarm(clinic: Clinic, amy: Telephone, kim: Telephone) -> None:
    """Nothing is lost or marked failed; one work item says so; with the right ones everything leaves."""
    clinic.standin.faults.refused = {"*": (401, 20003)}
    clinic.it_is("2026-03-03 10:00")
    item = clinic.has_work_item("provider_error")
    assert item.patient_id is None
    assert {r.state for r in rows(clinic, "SELECT state FROM outbox")} <= {"due", "claimed", "sending"}
    assert rows(clinic, "SELECT held_for FROM lanes WHERE name = 'texts'")[0].held_for == "20003"
    clinic.standin.faults.clear()
    amy.hears("day 1", within=20)


@pytest.mark.parametrize(
    ("code", "column"), [(21610, "opted_out_at"), (21614, "unusable_since"), (30005, "unusable_since")]
)
def test_a_number_that_takes_no_texts_is_marked_and_a_person_phones(
    clinic: Clinic, amy: Telephone, code: int, column: str
) -> None:
    clinic.standin.faults.refused = {amy.number: (400, code)}
    clinic.it_is("2026-03-03 10:00")
    clinic.has_work_item("not_delivered")
    assert rows(clinic, f"SELECT {column} AS at FROM phones")[0].at is not None


def test_an_unknown_code_is_a_failure(clinic: Clinic, amy: Telephone, kim: Telephone) -> None:
    """For a patient a work item and an alarm; for a page the other channel."""
    clinic.standin.faults.undelivered = {"*": 39999}
    clinic.it_is("2026-03-03 10:00")
    clinic.has_work_item("not_delivered")
    clinic.has_work_item("provider_error")
    amy.texts("I can't feel my legs")
    kim.is_called()


def test_a_handset_that_is_off_is_tried_again_in_a_quarter_of_an_hour(clinic: Clinic, amy: Telephone) -> None:
    """Repeated and late receipts of the first try change nothing about the second."""
    clinic.standin.faults.change({"undelivered": {amy.number: 30003}, "repeats": 3})
    clinic.it_is("2026-03-03 10:00")
    amy.hears("day 1")
    clinic.standin.ledger.wait_for(lambda: clinic.standin.ledger.sent[0].status == "undelivered")
    amy.hears_nothing_more()
    clinic.standin.faults.clear()
    clinic.wait(minutes=14)
    amy.hears_nothing_more()
    clinic.wait(minutes=2)
    assert clinic.standin.ledger.wait_for(lambda: len(amy.bodies) == 2 and amy.bodies[0] == amy.bodies[1])
    clinic.standin.ledger.wait_for(lambda: clinic.standin.ledger.sent[1].status == "delivered")
    amy.hears_nothing_more()
    assert "not_delivered" not in [item.kind for item in clinic.work_list]


def test_receipts_in_any_order_and_any_number_of_times(clinic: Clinic, amy: Telephone) -> None:
    """Backwards, twice, before the answer, for a row nobody knows: the last word is delivered, and nothing crashes."""
    clinic.standin.faults.change({"reversed_callbacks": True, "repeats": 5, "callbacks_first": True})
    clinic.it_is("2026-03-03 10:00")
    amy.hears("day 1")
    sid = clinic.standin.ledger.sent[0].sid
    for _ in range(100):
        told = [(r.sid, r.status) for r in rows(clinic, "SELECT sid, status FROM receipts ORDER BY status")]
        if told == [(sid, "delivered"), (sid, "sent")]:
            break
        time.sleep(0.1)
    assert told == [(sid, "delivered"), (sid, "sent")]
    postman, url = Postman(TOKEN), clinic.runtime.settings.public_url
    stray = {"MessageSid": "SM" + "9" * 32, "MessageStatus": "delivered", "To": amy.number}
    answers = [
        postman.post(f"{url}/twilio/status{query}", stray).status
        for query in ("", "?id=nonsense", "?id=00000000-0000-4000-8000-000000000000")
    ]
    postman.post(f"{url}/twilio/status", {"MessageSid": sid, "MessageStatus": "failed", "ErrorCode": "30003"})
    assert answers == [204, 204, 204]
    assert [r.state for r in rows(clinic, "SELECT state FROM outbox")] == ["delivered"]


def test_a_row_without_a_final_state_is_fetched(clinic: Clinic, amy: Telephone) -> None:
    clinic.standin.faults.no_callbacks = True
    clinic.it_is("2026-03-03 10:00")
    amy.hears("day 1")
    for _ in range(150):
        if rows(clinic, "SELECT state FROM outbox")[0].state == "delivered":
            return
        time.sleep(0.1)
    raise AssertionError(rows(clinic, "SELECT state, sid FROM outbox"))


def test_a_text_that_no_webhook_brought_is_kept_and_one_that_is_old_raises_an_alarm(
    clinic: Clinic, kim: Telephone, amy: Telephone
) -> None:
    """Found in the provider's list, sorted, paged; found late, somebody is told that the webhook is broken."""
    message = clinic.standin.carrier.texting.take(amy.number, "I can't feel my legs")
    message.created_at -= timedelta(minutes=5)
    kim.is_paged(within=20)
    clinic.has_work_item("texts_came_late")


def test_two_hundred_and_five_texts_of_an_outage_are_all_found(clinic: Clinic, amy: Telephone) -> None:
    """More than one page of the list, oldest first."""
    for number in range(205):
        clinic.standin.carrier.texting.take(f"+1816555{number:04}", "fine")
    for _ in range(300):
        if rows(clinic, "SELECT count(*) AS kept FROM texts WHERE direction = 'in'")[0].kept == 205:
            return
        time.sleep(0.1)
    raise AssertionError("not all of them were kept")


def test_what_is_held_too_long_becomes_a_persons_work_and_pages_leave_first(
    clinic: Clinic, kim: Telephone, amy: Telephone
) -> None:
    """The provider is away until after eight in the evening: no check-in at night."""
    clinic.standin.go_away()
    clinic.it_is("2026-03-03 10:00")
    for _ in range(100):
        if rows(clinic, "SELECT state FROM outbox"):
            break
        time.sleep(0.1)
    clinic.it_is("2026-03-03 20:30")
    clinic.standin.come_back()
    clinic.has_work_item("not_delivered", within=40)
    assert amy.bodies == []
