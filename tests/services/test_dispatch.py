"""Many workers on one outbox: fenced by the claim, within the number's rate, pages first."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot import worker
from bot.content.load import ClinicContent
from bot.content.sending import ByLane, ByPurpose
from bot.runtime import Runtime
from tests.story import Clinic, Telephone, running_clinic


@contextmanager
def workers(clinic: Clinic, count: int) -> Iterator[None]:
    """So many workers, each with an owner of its own."""
    runtimes = [replace(clinic.runtime, owner=uuid4(), stopping=threading.Event()) for _ in range(count)]
    stop = threading.Event()
    threads = [threading.Thread(target=worker.run_until, args=(rt, stop), daemon=True) for rt in runtimes]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
        _close(runtimes)


def _close(runtimes: list[Runtime]) -> None:
    for rt in runtimes:
        rt.gateway.close()


def enrol_many(clinic: Clinic, count: int) -> list[Telephone]:
    return [clinic.enrols("Bea Ray", f"+1913555{n:04}", at="2026-03-02 09:30") for n in range(3000, 3000 + count)]


def changed(parts: dict[str, Any], content: ClinicContent, **sending: Any) -> dict[str, Any]:
    parts["content"] = replace(content, sending=content.sending.model_copy(update=sending))
    return parts


def test_four_workers_whose_leases_end_during_their_requests_send_each_text_once(
    parts: dict[str, Any], content: ClinicContent, tmp_path: Path
) -> None:
    """A lease of a second, a provider that takes two: what is under way is looked up by others, and found."""
    quick = ByPurpose(page=3, reply=3, check_in=3)
    narrow = ByLane(page=2, text=2)  # most of what is claimed waits for a hand until its lease has ended
    parts = changed(parts, content, lease_s=1, look_every_s=1, absent_after_s=quick, at_once=narrow)
    with running_clinic(parts, tmp_path, with_worker=False) as clinic:
        phones = enrol_many(clinic, 24)
        clinic.standin.faults.change({"answer_delay_s": 2.0, "no_callbacks": True})
        clinic.it_is("2026-03-03 10:00")
        with workers(clinic, 4):
            for phone in phones:
                phone.hears("day 1", within=40)
            time.sleep(3)
        assert [len(phone.bodies) for phone in phones] == [1] * 24


def test_a_backlog_leaves_at_the_numbers_rate_and_a_page_does_not_wait_behind_it(
    parts: dict[str, Any], content: ClinicContent, tmp_path: Path
) -> None:
    """Five a second from two workers together; the page is out within a second."""
    with running_clinic(
        changed(parts, content, texts_per_second=5, at_once=ByLane(page=4, text=8)), tmp_path, with_worker=False
    ) as clinic:
        kim = clinic.employs("kim", "+19135550190", tier=1)
        phones = enrol_many(clinic, 30)
        clinic.it_is("2026-03-03 10:00")
        with workers(clinic, 2):
            phones[0].hears("day 1")
            phones[29].texts("I can't feel my legs")
            begun = time.monotonic()
            kim.is_paged()
            assert time.monotonic() - begun < 3
            for phone in phones:
                phone.hears("day 1" if phone is not phones[29] else "", within=20)
        sent = sorted(m.created_at for m in clinic.standin.ledger.sent if m.to != kim.number)
        assert (sent[-1] - sent[0]).total_seconds() > (len(sent) - 12) / 5, "a burst of two seconds at most"
