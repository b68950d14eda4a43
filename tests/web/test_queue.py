"""What still waits to be sent when a consent is withdrawn, a stop is recorded, or somebody answers no more."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.gateways.gateway import NotSent
from bot.services import conversations, fates
from bot.services.outbox import deliver_waiting
from bot.storage.claims import claim_due
from bot.storage.outbox import Kind, Outgoing, begin_sending
from bot.vocabulary import PatientId
from tests.web.conftest import AMY, Browser, Console

SENT = (
    "SELECT coalesce(s.username, 'bot'), o.state FROM outbox o JOIN texts t ON t.id = o.text_id"
    " LEFT JOIN staff s ON s.id = t.staff_id LEFT JOIN conversations c ON c.id = t.conversation_id"
)


@pytest.fixture
def amy(console: Console) -> PatientId:
    """Her first check-in waits to be sent, and so does what Kim has written."""
    found = console.enrols("Amy Stone")
    console.it_is("2026-03-03 10:01")
    conversations.start_due(console.runtime)
    return found


@pytest.fixture
def kim(console: Console, amy: PatientId) -> Browser:
    browser = console.browser_of("kim")
    browser.opens(f"/patients/{amy}")
    return browser


def queue(console: Console, patient_id: PatientId) -> Counter[tuple[str, str]]:
    """How many texts of whom to this patient stand in which state."""
    with console.begin() as tx:
        rows = tx.connection.exec_driver_sql(f"{SENT} WHERE c.patient_id = '{patient_id}'").all()
    return Counter((str(by), str(state)) for by, state in rows)


def in_a_workers_hands(console: Console, *, begun: bool) -> list[Outgoing]:
    now = console.runtime.now()
    with console.begin() as tx:
        rows = claim_due(tx, pages=False, now=now, limit=10, lease_s=60).rows
        if begun:
            assert len(begin_sending(tx, rows, now, 60)) == len(rows)
    return rows


def test_a_withdrawn_consent_leaves_nothing_automatic_in_the_queue(
    console: Console, amy: PatientId, kim: Browser
) -> None:
    bea = console.enrols("Bea Stone", AMY, mrn="M-2222")
    console.it_is("2026-03-03 11:31")  # Amy's question has had its time: Bea's turn on the same phone
    conversations.start_due(console.runtime)
    kim.posts(f"/patients/{amy}/write", words="I will call you at noon.")
    assert queue(console, amy) == {("bot", "due"): 1, ("kim", "due"): 1}
    kim.posts(f"/patients/{amy}/withdraw", how="phone")
    assert queue(console, amy) == {("bot", "dropped"): 1, ("kim", "due"): 1}
    assert queue(console, bea) == {("bot", "due"): 1}


def test_what_a_worker_holds_and_has_not_begun_is_not_sent(console: Console, amy: PatientId, kim: Browser) -> None:
    held = in_a_workers_hands(console, begun=False)
    kim.posts(f"/patients/{amy}/withdraw", how="phone")
    assert queue(console, amy) == {("bot", "dropped"): 1}
    with console.begin() as tx:
        assert begin_sending(tx, held, console.runtime.now(), 60) == set()


def test_what_is_under_way_is_left_alone_and_not_tried_again(console: Console, amy: PatientId, kim: Browser) -> None:
    (row,) = in_a_workers_hands(console, begun=True)
    kim.posts(f"/patients/{amy}/withdraw", how="phone")
    assert queue(console, amy) == {("bot", "sending"): 1}
    with console.begin() as tx:
        fates.record_all(tx, console.runtime, [(row, NotSent())], console.runtime.now())
    assert queue(console, amy) == {("bot", "due"): 1}, "the worker knew nothing of it"
    console.it_is("2026-03-03 10:10")
    deliver_waiting(console.runtime, pages=False)
    assert queue(console, amy) == {("bot", "dropped"): 1}


def test_a_stop_said_aloud_empties_the_queue_for_the_phone(console: Console, amy: PatientId, kim: Browser) -> None:
    in_a_workers_hands(console, begun=False)
    kim.posts(f"/patients/{amy}/stop-texts", how="phone")
    assert queue(console, amy) == {("bot", "dropped"): 1}


def test_whoever_ends_gets_nothing_that_was_written_before(console: Console, amy: PatientId, kim: Browser) -> None:
    kim.posts(f"/patients/{amy}/number", number="+19135550199")
    assert queue(console, amy) == {("bot", "dropped"): 1}


def test_a_last_word_is_tried_again_whatever_is_withdrawn(console: Console, amy: PatientId, kim: Browser) -> None:
    """It says that STOP was heard, and whom to call."""
    console.hears("STOP")
    assert [row.kind for row in in_a_workers_hands(console, begun=True)] == [Kind.LAST_WORD]
    kim.posts(f"/patients/{amy}/withdraw", how="phone")
    with console.begin() as tx:
        kept = tx.connection.exec_driver_sql("SELECT expires_at FROM outbox WHERE kind = 'last_word'").scalar_one()
    assert kept > console.runtime.now()
