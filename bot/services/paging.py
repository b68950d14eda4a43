"""Writes what staff receive, and reads what they text back; none of it ever holds a word about a patient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.planning.paging import PageOrder
from bot.planning.staff_reply import Bare, Names, ReplyWords, WrongCode, read_reply
from bot.runtime import Runtime
from bot.storage.alerts import Alert, list_open_alerts
from bot.storage.database import Tx
from bot.storage.outbox import Draft, Kind, keep_outgoing
from bot.storage.pages import count_pages, list_alerts_paged_to, list_paged_numbers
from bot.vocabulary import Channel, PageId, StaffId

PAGE_LIVES = timedelta(minutes=8)  # by then the next page is out
NOTE_LIVES = timedelta(minutes=30)


def put_page(tx: Tx, rt: Runtime, alert: Alert, page_id: PageId, order: PageOrder, now: datetime) -> None:
    """One page into the outbox, ahead of everything else."""
    number = count_pages(tx, alert.id)
    key = "page" if number <= 1 else "page_again" if alert.round == 0 else "page_reopened"
    words = say_to_staff(rt, key, alert, level=rt.content.staff.level(alert.level), count=str(number))
    draft = Draft(
        dedupe_key=f"page:{page_id}",
        kind=Kind.PAGE,
        channel=order.channel,
        to=order.target.phone,
        body=words if order.channel is Channel.TEXT else "",
        expires_at=now + PAGE_LIVES,
        page_id=page_id,
    )
    keep_outgoing(tx, draft, now)


def say_to_staff(rt: Runtime, key: str, alert: Alert | None = None, **fill: str) -> str:
    """A sentence of config/staff.yaml, with the alert's code and link where there is one."""
    console = rt.settings.public_url
    about = {} if alert is None else {"code": alert.code, "link": f"{console}/a/{alert.code}"}
    return rt.content.staff.text(key, clinic=rt.content.clinic.name, console=f"{console}/", **about, **fill)


def tell_others(tx: Tx, rt: Runtime, alert: Alert, by: str, by_id: StaffId | None, now: datetime) -> None:
    """Everybody else who was paged hears who has it, so that nobody calls the patient twice."""
    words = say_to_staff(rt, "taken", alert, by=by)
    for number, (staff_id, phone) in enumerate(list_paged_numbers(tx, alert.id)):
        if staff_id == by_id:
            continue
        key = f"taken:{alert.id}:{alert.round}:{staff_id or number}"
        keep_outgoing(tx, Draft(key, Kind.STAFF, Channel.TEXT, phone, words, now + NOTE_LIVES), now)


def remind(tx: Tx, rt: Runtime, alert: Alert, number: str | None, now: datetime) -> None:
    """Whoever holds the alert is asked for its outcome; without a number it simply opens again in time."""
    if number is not None:
        words = say_to_staff(rt, "reminder", alert, minutes=str(rt.content.escalation.remind_after_minutes))
        tell_staff(tx, number, words, f"reminder:{alert.id}:{alert.round}:{now.isoformat()}", now)


@dataclass(frozen=True, slots=True)
class Takes:
    """The text takes this open alert."""

    alert: Alert


@dataclass(frozen=True, slots=True)
class Asks:
    """The text takes nothing that can be told; the answer says what may be meant."""

    answer: str
    is_idle: bool = False  # nothing waits, so the text is about no alert


def read_staff_text(tx: Tx, rt: Runtime, words: str, number: str, *, bare: bool) -> Takes | Asks:
    """What somebody at this telephone means.

    :param bare: whether a yes without a code may take the one alert that the telephone was paged about.
    """
    reads = rt.content.staff.reads
    lists = ReplyWords(frozenset(reads.acknowledge), frozenset(reads.agree), frozenset(reads.refuse))
    open_alerts = list_open_alerts(tx)
    waiting = [alert for alert in open_alerts if alert.acknowledged_at is None]
    match read_reply(words, {alert.code for alert in open_alerts}, lists):
        case Names(code=code):
            return Takes(next(alert for alert in open_alerts if alert.code == code))
        case Bare(firm=firm) if bare or firm:
            mine = list_alerts_paged_to(tx, number)
            paged = [alert for alert in waiting if alert.id in mine]
            meant = paged or (waiting if firm else [])
            return Takes(meant[0]) if len(meant) == 1 else _ask(rt, "which_one", waiting)
        case WrongCode():
            return _ask(rt, "wrong_code", waiting)
        case _:
            return _ask(rt, "which_one", waiting)


def _ask(rt: Runtime, key: str, waiting: list[Alert]) -> Asks:
    refs = ", ".join(alert.code for alert in waiting)
    return Asks(say_to_staff(rt, key if waiting else "none_waiting", refs=refs), is_idle=not waiting)


def tell_staff(tx: Tx, to: str, words: str, key: str, now: datetime) -> None:
    """One text to one member of staff."""
    keep_outgoing(tx, Draft(key, Kind.STAFF, Channel.TEXT, to, words, now + NOTE_LIVES), now)
