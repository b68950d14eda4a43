"""The clock jumps, or everything is due at once: what two duties do to one phone goes on, one after the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bot.flows.cues import Cue
from bot.services import conversations
from bot.services.stepping import Happening, take_step
from bot.storage.check_ins import list_check_ins
from bot.storage.conversations import list_conversations_of, lock_conversation
from bot.storage.procedures import list_procedures
from bot.vocabulary import PatientId
from tests.web.conftest import WAITS, Console


def states(console: Console, amy: PatientId) -> dict[str, str]:
    with console.begin() as tx:
        (procedure,) = list_procedures(tx, amy)
        return {one.name: one.state.value for one in list_check_ins(tx, procedure.id)}


def test_one_check_in_ends_while_the_next_one_starts(console: Console) -> None:
    """The one has the conversation and writes a work item about the phone; the other has the phone and waits for the
    conversation. PostgreSQL killed one of them when the item waited for the phone."""
    rt, amy = console.runtime, console.enrols("Amy Stone")
    console.it_is("2026-03-03 10:01")
    conversations.start_due(rt)
    console.it_is("2026-03-07 10:01")
    with ThreadPoolExecutor(1) as worker:
        with console.begin() as tx:
            (talk,) = list_conversations_of(tx, amy, rt.content.questions())
            talk = lock_conversation(tx, talk.id, rt.content.questions())
            started = worker.submit(conversations.start_due, rt)
            with console.begin() as looking:
                while not looking.connection.exec_driver_sql(WAITS).first():
                    assert not started.done()
            take_step(tx, rt, talk, Happening(Cue.EXPIRED, "expired", rt.now()))
        assert started.result() == 1
    assert (states(console, amy)["day_1"], states(console, amy)["day_5"]) == ("missed", "sent")
    assert [item.kind for item in console.items] == ["not_reached"]
