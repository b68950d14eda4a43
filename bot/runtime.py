"""What every walk needs at hand: clock, database, gateway, content. The only reader of the clock."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from bot import failpoints
from bot.content.load import ClinicContent, load_content
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.sealing import Keyring, keep_generated_key, read_keys

if TYPE_CHECKING:
    from bot.drawing.easel import Easel
    from bot.flows.moment import Rules
    from bot.gateways.gateway import Gateway
    from bot.triage.phrases import PhraseBook
    from bot.triage.sort import Lexicon


class Clock:
    """Time as the bot sees it: the machine's, or what BOT_CLOCK_FILE says at this look."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._last: tuple[datetime, datetime, float] | None = None

    def now(self) -> datetime:
        """Aware UTC. A clock file that is missing or half written leaves the last good reading in force."""
        real = datetime.now(UTC)
        if self._file is None:
            return real
        self._last = _read_clock_file(self._file) or self._last
        if self._last is None:
            return real
        shown, wall, rate = self._last
        return shown + (real - wall) * rate


def _read_clock_file(path: Path) -> tuple[datetime, datetime, float] | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        shown = datetime.fromisoformat(told["now"]).astimezone(UTC)
        wall = datetime.fromisoformat(told["wall"]).astimezone(UTC)
        return shown, wall, float(told.get("rate", 1.0))
    except (OSError, ValueError, KeyError, TypeError):  # allowed: the writer is in the middle of it
        return None


def set_clock_file(path: Path, shown: datetime, rate: float = 1.0) -> None:
    """Moves the clock of every process that reads this file; readers see the old file or the new one."""
    told = {"now": shown.isoformat(), "wall": datetime.now(UTC).isoformat(), "rate": rate}
    draft = path.with_name(f"{path.name}.{uuid4().hex}")
    draft.write_text(json.dumps(told), encoding="utf-8")
    draft.replace(path)


def pause(seconds: float) -> None:
    """Waits so long in real time."""
    time.sleep(seconds)


def stopwatch() -> float:
    """Seconds that only ever go forward, for measuring how long something took."""
    return time.monotonic()


@dataclass(frozen=True)
class Runtime:
    """Everything a walk is given; tests make one with other parts."""

    settings: Settings
    clock: Clock
    database: Database
    content: ClinicContent
    make_gateway: Callable[[Settings], Gateway]
    owner: UUID
    stopping: Event = field(default_factory=Event)  # set: begin nothing new, finish what is under way

    def now(self) -> datetime:
        """Aware UTC on the bot's clock."""
        return self.clock.now()

    @cached_property
    def gateway(self) -> Gateway:
        """Made on first use: the SDK takes half a second to import."""
        return self.make_gateway(self.settings)

    @property
    def easel(self) -> Easel:
        """Where charts are drawn; the painter starts with the first one."""
        from bot.drawing.easel import shared_easel  # noqa: PLC0415 - only who draws pays the import

        return shared_easel()

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of triage, compiled once a process."""
        from bot.triage.sort import compile_lexicon  # noqa: PLC0415 - commands that sort nothing start without it

        return compile_lexicon(self.content.words, self.content.red_flags, self.content.ear)

    @cached_property
    def rules(self) -> Rules:
        """The part of the content that flows read."""
        from bot.flows.moment import Rules  # noqa: PLC0415 - commands that talk to nobody start without it

        content = self.content
        return Rules.of(content.red_flags, content.escalation.unclear, content.faq, content.protocols.values())

    @cached_property
    def phrases(self) -> PhraseBook:
        """The turns of phrase that steer a conversation."""
        from bot.triage.phrases import phrase_book  # noqa: PLC0415 - as the lexicon

        return phrase_book(self.content.phrases.values(), self.content.other_languages.languages)


def _twilio(settings: Settings) -> Gateway:
    from bot.gateways.twilio import TwilioGateway  # noqa: PLC0415 - the SDK is slow, and only senders need it

    return TwilioGateway(settings)


GATEWAYS: dict[str, Callable[[Settings], Gateway]] = {"twilio": _twilio}


def read_keyring(settings: Settings) -> Keyring:
    """BOT_KEYS, or the key made for this machine.

    :raises KeysError: BOT_KEYS is not what it should be.
    """
    if settings.bot_keys is not None:
        return read_keys(settings.bot_keys.get_secret_value())
    return keep_generated_key(settings.data_dir)


def database_url(settings: Settings) -> str:
    """DATABASE_URL, or the embedded server's, which is started if it does not run."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    from bot.storage.embedded import start_embedded  # noqa: PLC0415 - only where no server is given

    return start_embedded(settings.embedded_database_dir)


def open_runtime(settings: Settings) -> Runtime:
    """Puts the parts together.

    :raises SettingsError: settings that could harm real patients.
    :raises ContentError: config/ is wrong.
    :raises KeysError: BOT_KEYS is wrong.
    """
    settings.require_safe()
    failpoints.arm(settings.failpoints_dir)
    return Runtime(
        settings=settings,
        clock=Clock(settings.bot_clock_file),
        database=Database(database_url(settings), read_keyring(settings), pool=settings.database_pool),
        content=load_content(settings.config_dir),
        make_gateway=GATEWAYS["twilio"],
        owner=uuid4(),
    )
