"""Makes the stand-in's application: Twilio's addresses, the control API and the page of telephones."""

from __future__ import annotations

from flask import Flask

from bot.standin import api, calls_api, control, telephones, texts_api
from bot.standin.carrier import Carrier
from bot.standin.settings import StandinSettings

ROUTED = (texts_api, calls_api)  # their import puts their addresses on api.blueprint


def create_standin(settings: StandinSettings, carrier: Carrier | None = None) -> Flask:
    """The application over one provider."""
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # only on Flask's own provider, which this is
    app.extensions["carrier"] = carrier or Carrier(settings)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(control.blueprint)
    app.register_blueprint(telephones.blueprint)
    return app
