"""What texting and calling share: settings, ledger, faults, the means to post and to do things later."""

from __future__ import annotations

from bot.standin.clock import read_clock
from bot.standin.faults import Faults
from bot.standin.later import Later
from bot.standin.ledger import Ledger
from bot.standin.posting import Postman
from bot.standin.settings import StandinSettings

API_VERSION = "2010-04-01"


class Network:
    """One provider's insides."""

    def __init__(self, settings: StandinSettings) -> None:
        self.settings = settings
        self.ledger = Ledger()
        self.faults = Faults()
        self.later = Later()
        self.postman = Postman(settings.auth_token)

    def shown_at(self) -> str:
        """The bot's clock, as the page shows it."""
        return read_clock(self.settings.clock_file).isoformat()

    def stop(self) -> None:
        """Ends all that is on its way."""
        self.later.stopped.set()
        self.postman.stop()
        self.later.stop()
