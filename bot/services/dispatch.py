"""One lane at work: claims rows, commits them as being sent, requests many at once, records in batches."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue

import structlog

from bot.failpoints import Failpoint, failpoint
from bot.gateways.gateway import Accepted, Refused, SendResult, Unknown
from bot.runtime import Runtime, pause, stopwatch
from bot.services import fates
from bot.services.fates import PAGES, TEXTS
from bot.storage import claims, lanes
from bot.storage.database import DatabaseAway, Tx
from bot.storage.outbox import Kind, Outgoing, Sending, begin_sending
from bot.storage.phones import list_opted_out
from bot.vocabulary import Channel, OutboxId

log = structlog.get_logger()

TICK_S, CLAIM_EVERY_S = 0.02, 0.1
DATABASE_PATIENCE_S = 15.0  # results are kept so long while the database is away; then the leases bring the rows back


@dataclass(frozen=True, slots=True)
class Ended:
    """A row whose try is over; None: the request was never made."""

    row: Outgoing
    result: SendResult | None


class Dispatch:
    """Runs until nothing is due, or the process is to stop. Texts to one number leave one after the other."""

    def __init__(self, rt: Runtime, *, pages: bool) -> None:
        self._rt, self._pages = rt, pages
        rules = rt.content.sending
        self._rules, self._width = rules, rules.at_once.page if pages else rules.at_once.text
        self._waiting: deque[Outgoing] = deque()
        self._under_way: dict[OutboxId, Outgoing] = {}
        self._ended: list[Ended] = []
        self._reports: SimpleQueue[Ended] = SimpleQueue()
        self._claimed, self._dry, self._claimed_at = 0, False, 0.0
        self._failures = 0

    def run(self) -> int:
        """How many rows were claimed."""
        if not self._fill():
            return 0
        with ThreadPoolExecutor(self._width) as hands:
            while not self._is_over():
                for row in self._turn():
                    begun_at = stopwatch()
                    self._under_way[row.id] = row
                    hands.submit(self._try, row, begun_at)
                self._listen()
        return self._claimed

    def _is_over(self) -> bool:
        if self._under_way or self._ended:
            return False
        if self._rt.stopping.is_set():
            self._let_go()
            return True
        return not self._waiting and (self._dry or not self._fill())

    def _let_go(self) -> None:
        with self._rt.database.begin() as tx:
            claims.let_go(tx, list(self._waiting), (Sending.CLAIMED,))
        self._waiting.clear()

    def _fill(self) -> int:
        """Claims more; what is too late or cannot be read goes to a person at once."""
        if self._rt.stopping.is_set():
            return 0
        with self._rt.database.begin() as tx:
            claimed = self._claim(tx)
            for sealed in claimed.unreadable:
                fates.set_aside(tx, self._rt, sealed, self._rt.now())
        self._claimed_at = stopwatch()
        if claimed.rows:
            failpoint(Failpoint.ROW_CLAIMED)
        found = len(claimed.rows) + len(claimed.unreadable)
        self._dry = not found
        self._claimed += found
        self._waiting.extend(claimed.rows)
        return found

    def _claim(self, tx: Tx) -> claims.Claimed:
        rules, lane, limit = self._rules, PAGES if self._pages else TEXTS, self._width * 4
        if lanes.is_held(tx, lane):
            return claims.Claimed([], [])
        if rules.texts_per_second is not None and not self._pages:
            limit = lanes.claim_allowance(tx, TEXTS, rules.texts_per_second, limit)
        if not limit:
            return claims.Claimed([], [])
        now = self._rt.now()
        claimed = claims.claim_due(tx, pages=self._pages, now=now, limit=limit, lease_s=rules.lease_s)
        if rules.texts_per_second is not None and self._pages and claimed.rows and self._shares_its_number():
            lanes.charge(tx, TEXTS, rules.texts_per_second, len(claimed.rows))
        return claimed

    def _shares_its_number(self) -> bool:
        settings = self._rt.settings
        return settings.twilio_page_from in (None, settings.twilio_from)

    def _turn(self) -> list[Outgoing]:
        """Records what ended and begins what fits, in one transaction; what may now be requested."""
        chosen: list[Outgoing] = []
        try:
            if self._is_broken():
                self._let_go()
            elif self._wants_more():
                self._fill()
            chosen = [] if self._rt.stopping.is_set() else self._choose()
            if not chosen and not self._ended:
                return []
            with self._rt.database.begin() as tx:
                self._record(tx, self._ended, self._rt.now())
                begun = self._begin(tx, chosen, self._rt.now())
        except DatabaseAway:
            self._waiting.extendleft(reversed(chosen))
            self._wait_for_database()
            return []
        except Exception as error:  # noqa: BLE001 - one row's bug must not hold up the others
            log.error("batch_failed", error=type(error).__name__)
            begun = self._singly(chosen)
        if self._ended:
            failpoint(Failpoint.ROW_RECORDED)
        self._ended = []
        if begun:
            failpoint(Failpoint.ROW_BEGUN)
        return begun

    def _wants_more(self) -> bool:
        is_time = not self._dry or stopwatch() - self._claimed_at > CLAIM_EVERY_S
        return len(self._waiting) < self._width and is_time and not self._is_broken()

    def _is_broken(self) -> bool:
        return not self._pages and self._failures >= self._rules.breaker.failures

    def _choose(self) -> list[Outgoing]:
        """What may be begun: twice as many as can be requested at once, so that no hand waits for a commit."""
        free = 2 * self._width - len(self._under_way)
        busy = {row.to for row in self._under_way.values()}
        chosen: list[Outgoing] = []
        passed: list[Outgoing] = []
        while self._waiting and len(chosen) < free and len(passed) < 4 * self._width:
            row = self._waiting.popleft()
            if row.to in busy:
                passed.append(row)
            else:
                busy.add(row.to)
                chosen.append(row)
        self._waiting.extendleft(reversed(passed))
        return chosen

    def _begin(self, tx: Tx, chosen: list[Outgoing], now: datetime) -> list[Outgoing]:
        """Commits them as being sent, but for those whose time is over and whose phone stopped texts."""
        opted_out = list_opted_out(tx, {row.phone_id for row in chosen if row.phone_id is not None})
        leaving: list[Outgoing] = []
        for row in chosen:
            too_late = now >= row.expires_at
            if too_late or (row.phone_id in opted_out and row.kind is not Kind.LAST_WORD):
                fates.drop(tx, self._rt, row, now, too_late=too_late)
            else:
                leaving.append(row)
        ours = begin_sending(tx, leaving, now, self._rules.lease_s)
        return [row for row in leaving if row.id in ours]

    def _try(self, row: Outgoing, begun_at: float) -> None:
        """One request. One that would begin too late is not made: its lease might end during it."""
        if self._rt.stopping.is_set() or stopwatch() - begun_at > self._rules.start_within_s:
            self._reports.put(Ended(row, None))
            return
        try:
            result = self._request(row)
            failpoint(Failpoint.ROW_REQUESTED)
        except Exception as error:  # noqa: BLE001 - whatever it was, it may have been sent: it is looked up
            log.error("request_failed", outbox_id=str(row.id), error=type(error).__name__)
            result = Unknown()
        self._reports.put(Ended(row, result))

    def _request(self, row: Outgoing) -> SendResult:
        if row.channel is Channel.VOICE:
            return self._rt.gateway.place_call(to=row.to, reference=str(row.id), page_id=str(row.page_id or row.id))
        return self._rt.gateway.send_text(
            to=row.to,
            body=row.body,
            reference=str(row.id),
            seconds_left=int((row.expires_at - self._rt.now()).total_seconds()),
            is_page=row.kind.is_for_staff,
        )

    def _listen(self) -> None:
        """Waits a moment for reports; a busy lane collects some, so that a commit is shared."""
        given_up_at = stopwatch() + TICK_S
        enough = max(1, min(len(self._under_way), self._width) // 2)
        try:
            while self._under_way and (len(self._ended) < enough or not self._reports.empty()):
                self._note(self._reports.get(timeout=max(0.0, given_up_at - stopwatch())))
        except Empty:
            return

    def _note(self, ended: Ended) -> None:
        del self._under_way[ended.row.id]
        self._ended.append(ended)
        if ended.result is not None:
            self._failures = 0 if isinstance(ended.result, Accepted | Refused) else self._failures + 1

    def _record(self, tx: Tx, ended: list[Ended], now: datetime) -> None:
        claims.let_go(tx, [e.row for e in ended if e.result is None], (Sending.SENDING,))
        fates.record_all(tx, self._rt, [(e.row, e.result) for e in ended if e.result is not None], now)
        if ended and self._is_broken() and not lanes.is_held(tx, TEXTS):
            lanes.hold(tx, TEXTS, self._rules.breaker.hold_s, "nobody takes requests")

    def _singly(self, chosen: list[Outgoing]) -> list[Outgoing]:
        """The same, a transaction each: what fails again is left to its lease."""
        begun: list[Outgoing] = []
        for ended, row in [*((one, None) for one in self._ended), *((None, one) for one in chosen)]:
            try:
                with self._rt.database.begin() as tx:
                    now = self._rt.now()
                    if ended is not None:
                        self._record(tx, [ended], now)
                    if row is not None:
                        begun += self._begin(tx, [row], now)
            except Exception as error:  # noqa: BLE001 - the lease brings the row back to be looked up
                log.error("row_failed", error=type(error).__name__)
        return begun

    def _wait_for_database(self) -> None:
        """Keeps what is known for a while; then the leases bring everything back."""
        given_up_at = stopwatch() + DATABASE_PATIENCE_S
        while stopwatch() < given_up_at and not self._rt.stopping.is_set():
            pause(0.5)
            try:
                with self._rt.database.begin() as tx:
                    lanes.database_now(tx)
                    return
            except DatabaseAway:
                continue
        self._ended = []
        self._waiting.clear()
