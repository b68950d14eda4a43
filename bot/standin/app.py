"""Makes the stand-in's application: Twilio's addresses and the page of telephones."""

from __future__ import annotations

from flask import Flask

from bot.standin import api, telephones
from bot.standin.carrier import Carrier
from bot.standin.settings import StandinSettings


def create_standin(settings: StandinSettings, carrier: Carrier | None = None) -> Flask:
    """The application over one network."""
    app = Flask(__name__)
    app.extensions["carrier"] = carrier or Carrier(settings)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(api.account_blueprint)
    app.register_blueprint(telephones.blueprint)
    return app
