"""The provider as its callers see it: texts and calls over one network."""

from __future__ import annotations

from bot.standin.calling import Calling
from bot.standin.faults import Faults
from bot.standin.ledger import Call, Ledger, Message
from bot.standin.network import Network
from bot.standin.settings import StandinSettings
from bot.standin.texting import Texting


class Carrier:
    """The network between the bot and its telephones."""

    def __init__(self, settings: StandinSettings) -> None:
        self.settings = settings
        self.network = Network(settings)
        self.texting = Texting(self.network)
        self.calling = Calling(self.network)

    @property
    def ledger(self) -> Ledger:
        return self.network.ledger

    @property
    def faults(self) -> Faults:
        return self.network.faults

    def phone_texts(self, number: str, body: str, *, media: int = 0, sid: str | None = None) -> Message:
        """Somebody texts the bot; returns when the webhook has answered, or has not."""
        return self.texting.bring(self.texting.take(number, body, media=media, sid=sid))

    def phone_texts_soon(self, number: str, body: str, *, media: int = 0, sid: str | None = None) -> Message:
        """The same without waiting for the webhook."""
        message = self.texting.take(number, body, media=media, sid=sid)
        self.network.later.after(0, lambda: self._bring(message))
        return message

    def _bring(self, message: Message) -> None:
        self.texting.bring(message)

    def answer(self, call: Call) -> None:
        """Somebody picks up."""
        self.calling.answer(call)

    def press(self, call: Call, digit: str) -> None:
        """Somebody presses a key."""
        self.calling.press(call, digit)

    def hang_up(self, call: Call) -> None:
        """Somebody hangs up or declines."""
        self.calling.hang_up(call)

    def stop(self) -> None:
        """What is on its way is dropped."""
        self.network.stop()
