"""What the console's form about one member of staff holds, and the plain line for each field that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from bot.exchange.enrolment import InputError, Number, Words, read_list
from bot.vocabulary import Role

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
RESERVED = frozenset({"bot", "patient", "staff"})  # who did it, where no member of staff did
LINES: Mapping[str, str] = {
    "name": "Give the name, at most 200 signs.",
    "phone": "The number is none that exists. Write it like +1 913 555 0101, or leave it empty.",
    "role": "Choose the role.",
}


class AccountIn(BaseModel):
    """One member of staff, without user name and password."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Words
    phone: Number | None
    role: Role
    takes_texts: bool


def read_account(fields: Mapping[str, object]) -> AccountIn:
    """The form.

    :raises InputError: one line that says what to do.
    """
    try:
        return read_list(AccountIn, dict(fields))[0]
    except InputError as error:
        raise InputError(LINES.get(str(error).partition(":")[0], str(error))) from None


def read_username(typed: str) -> str:
    """A user name.

    :raises InputError: one line that says which are allowed.
    """
    username = typed.strip().lower()
    if username in RESERVED:
        raise InputError("The audit calls something else by that name. Take another one.")
    if not USERNAME.fullmatch(username):
        raise InputError("A user name holds small letters, digits, dots, dashes and underlines, like kim or j.lee.")
    return username
