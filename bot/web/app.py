"""Makes the web application: the same one under gunicorn, in the demo and in tests."""

from __future__ import annotations

from datetime import timedelta

import structlog
from flask import Flask, Response, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.logs import set_up_logs
from bot.runtime import Runtime, open_runtime
from bot.settings import read_settings
from bot.storage.database import DatabaseAway
from bot.web import (
    accounts,
    alerts,
    audit,
    check_ins,
    console,
    enrol,
    enrol_csv,
    health,
    items,
    on_call,
    password,
    reading,
    relief,
    review,
    rota,
    sign_in,
    threads,
    webhooks,
    who_texts,
)
from bot.web.refusals import explain, refuse

log = structlog.get_logger()

# Strict: nothing inline, nothing from elsewhere (ASVS 5.0 3.4.3).
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cross-Origin-Opener-Policy": "same-origin",
}
LARGEST_FORM = 256 * 1024  # a webhook is a few kilobytes


def create_app(rt: Runtime | None = None) -> Flask:
    """The application.

    :param rt: what it works on; None reads the environment, as gunicorn wants it.
    """
    if rt is None:
        settings = read_settings()
        settings.require_provider()
        set_up_logs(settings.log_level)
        rt = open_runtime(settings)
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=rt.database.keyring.digest("cookie", "csrf"),
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=rt.settings.public_url.startswith("https"),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
    )
    app.extensions["bot"] = rt
    if rt.settings.trusted_proxies:  # for the address alone: scheme and host are those of PUBLIC_URL
        proxied = ProxyFix(app.wsgi_app, x_for=rt.settings.trusted_proxies, x_proto=0, x_host=0)
        app.wsgi_app = proxied  # type: ignore[method-assign]  # as Flask documents it
    assert rt.lexicon  # compiled now, not while the first patient waits
    csrf = CSRFProtect(app)
    for blueprint in (webhooks.blueprint, health.blueprint):
        csrf.exempt(blueprint)  # signed by the provider, or read only
        app.register_blueprint(blueprint)
    app.register_blueprint(sign_in.blueprint)
    for acts in (alerts, threads, check_ins, who_texts):
        assert acts.blueprint is console.blueprint  # imported, so that their addresses are on it
    app.register_blueprint(console.blueprint)
    app.register_blueprint(items.blueprint)
    app.register_blueprint(relief.blueprint)
    app.register_blueprint(on_call.blueprint)
    app.register_blueprint(reading.blueprint)
    app.register_blueprint(enrol.blueprint)
    app.register_blueprint(enrol_csv.blueprint)
    app.register_blueprint(rota.blueprint)
    app.register_blueprint(accounts.blueprint)
    app.register_blueprint(audit.blueprint)
    app.register_blueprint(password.blueprint)
    app.register_blueprint(review.blueprint)
    app.after_request(_secure)
    app.register_error_handler(DatabaseAway, _database_away)
    app.register_error_handler(Exception, _failed)
    return app


def _secure(response: Response) -> Response:
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _for_people() -> bool:
    """Whether a person will read the answer: webhooks and health are read by machines."""
    return request.blueprint not in (webhooks.blueprint.name, health.blueprint.name)


def _database_away(error: Exception) -> tuple[str, int]:
    """Never a 2xx for what is not committed: the provider has to send it again."""
    log.error("database_away", error=str(error))
    return explain(503) if _for_people() else ("The database cannot be reached. Try again in a minute.", 503)


def _failed(error: Exception) -> tuple[str, int] | HTTPException:
    if isinstance(error, HTTPException):
        is_page = _for_people() and (error.code or 500) >= 400
        return refuse(error) if is_page else error
    log.error("request_failed", error=type(error).__name__)
    return explain(500) if _for_people() else ("Something went wrong on our side; nothing was half done.", 500)
