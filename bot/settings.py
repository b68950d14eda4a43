"""Reads the environment, once; every name here is explained in config/example.env. It opens nothing."""

from __future__ import annotations

import os
import tempfile
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and says what to do."""


def is_loopback(url: str | None) -> bool:
    """Whether the address is this machine's own."""
    return url is not None and (urlsplit(url).hostname or "") in LOOPBACK


class Settings(BaseSettings):
    """The settings of CONTRACT.md, by the same names."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, env_file_encoding="utf-8"
    )

    database_url: SecretStr | None = None
    bot_data_dir: Path | None = None
    public_url: str = "http://127.0.0.1:8000"
    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_auth_token_next: SecretStr | None = None
    twilio_api_key: str | None = None
    twilio_api_secret: SecretStr | None = None
    twilio_from: str = ""
    twilio_page_from: str | None = None
    twilio_api_url: str | None = None
    bot_keys: SecretStr | None = None
    opt_out_mode: Literal["twilio", "advanced", "app"] = "twilio"
    watchdog_url: str | None = None
    bot_clock_file: Path | None = None
    failpoints_dir: Path | None = None
    config_dir: Path = Path("config")
    database_pool: int = 5
    trusted_proxies: int = Field(default=0, ge=0, le=9)
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("public_url", "twilio_api_url")
    @classmethod
    def _no_trailing_slash(cls, value: str | None) -> str | None:
        return value.rstrip("/") if value else value

    @property
    def provider_is_loopback(self) -> bool:
        """Whether texts go to a stand-in on this machine, so that nothing real can happen."""
        return is_loopback(self.twilio_api_url)

    @cached_property
    def data_dir(self) -> Path:
        """Where the embedded database and the generated key live."""
        if self.bot_data_dir is not None:
            return self.bot_data_dir.expanduser().absolute()
        if os.geteuid() == 0:  # the embedded server opens up every parent of its folder when root runs it
            return Path(tempfile.gettempdir()) / "follow-up-bot"
        return Path.home() / ".local" / "share" / "follow-up-bot"

    @cached_property
    def embedded_database_dir(self) -> Path:
        """The embedded PostgreSQL's folder: below `data_dir`, or for root below the temporary directory."""
        temporary = Path(tempfile.gettempdir()).resolve()
        wanted = self.data_dir.resolve() / "postgres"
        if os.geteuid() != 0 or temporary in wanted.parents:
            return wanted
        return temporary / f"follow-up-bot-{sha256(str(wanted).encode()).hexdigest()[:12]}" / "postgres"

    def require_safe(self) -> None:
        """Refuses a mixture that could harm real patients.

        :raises SettingsError: one line that names the setting.
        """
        if self.provider_is_loopback:
            return
        if self.database_url is None:
            raise SettingsError(
                "DATABASE_URL: is not set. The embedded database is for trying only: "
                "set DATABASE_URL, or point TWILIO_API_URL at a stand-in on this machine"
            )
        if self.bot_clock_file is not None:
            raise SettingsError(
                "BOT_CLOCK_FILE: moves time, so it is refused unless TWILIO_API_URL is a loopback address"
            )
        if self.failpoints_dir is not None:
            raise SettingsError(
                "FAILPOINTS_DIR: kills processes, so it is refused unless TWILIO_API_URL is a loopback address"
            )
        if self.bot_keys is None:
            raise SettingsError("BOT_KEYS: is not set. Real patients need keys that you keep: see config/example.env")
        if not self.twilio_auth_token.get_secret_value():
            raise SettingsError("TWILIO_AUTH_TOKEN: is not set, so no webhook could be trusted")
        if urlsplit(self.public_url).scheme != "https" and not is_loopback(self.public_url):
            raise SettingsError("PUBLIC_URL: must be https; http is allowed on loopback only")

    def require_provider(self) -> None:
        """Refuses to serve or send without an account and a number to send from.

        :raises SettingsError: one line that names the setting.
        """
        self.require_safe()
        for name in ("twilio_account_sid", "twilio_from"):
            if not getattr(self, name):
                raise SettingsError(f"{name.upper()}: is not set. config/example.env explains it")


def child_environment(**settings: str) -> dict[str, str]:
    """This process's environment with these settings in place of its own; for the demo's processes."""
    ours = {name.upper() for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name.upper() not in ours}
    return kept | {name.upper(): value for name, value in settings.items()}


def read_settings() -> Settings:
    """The environment and `.env`, checked for shape.

    :raises SettingsError: one line that names the first setting that is wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "settings"
        raise SettingsError(f"{name}: {first['msg']}") from None
