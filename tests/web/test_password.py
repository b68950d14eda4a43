"""One's own password: length and nobody's first guess, no rules about signs, and no other browser stays signed in."""

from __future__ import annotations

import pytest

from bot.content.load import ClinicContent
from tests.web.conftest import PASSWORD, Console
from tests.web.test_on_call import words

GOOD = "seven brown lamps"


@pytest.mark.parametrize(
    "new",
    [GOOD, "abcabcdefgxy", "correcthorsebattery", "ñandú en la azotea", "x9!kQ2#vL7$z", "夜の静かな青い海と山と月の光"],
)
def test_length_is_enough(content: ClinicContent, new: str) -> None:
    assert content.passwords.complaint(new, "kim") is None


@pytest.mark.parametrize(
    ("new", "line"),
    [
        ("short words", "at least 12"), ("", "at least 12"), ("x" * 201, "at most 200"),
        ("Hello-KIM-hello", "user name"),
        ("Password2026!", "tried first"), ("PASSWORD1234", "tried first"), ("qwertyuiop12", "tried first"),
        ("123456789012", "tried first"), ("098765432109", "tried first"), ("aaaaaaaaaaaa", "tried first"),
        ("abababababab", "tried first"), ("iloveyou!!!!", "tried first"), ("correcthorsebatterystaple", "tried first"),
    ],
)  # by rows, not an item a line  # fmt: skip
def test_what_everybody_tries_first_is_refused(content: ClinicContent, new: str, line: str) -> None:
    assert line in (content.passwords.complaint(new, "kim") or "")


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"current": "wrong"}, "The current password is not right"),
        ({"again": "other words here"}, "The two new passwords differ"),
        ({"new": "short", "again": "short"}, "Take at least 12"),
        ({"new": PASSWORD, "again": PASSWORD}, "That is the current password"),
        ({"new": "kim-kim-kim-kim", "again": "kim-kim-kim-kim"}, "It holds your user name"),
    ],
)
def test_a_change_that_is_wrong_changes_nothing_and_puts_no_password_back(
    console: Console, fields: dict[str, str], line: str
) -> None:
    kim = console.browser_of("kim")
    kim.opens("/password")
    answer = kim.sends("/password", {"current": PASSWORD, "new": GOOD, "again": GOOD} | fields)
    assert answer.status_code == 422
    assert line in words(answer)
    for typed in (PASSWORD, GOOD, *fields.values()):
        assert f'value="{typed}"' not in answer.text
    assert console.browser().signs_in("kim").request.path == "/"


def test_a_change_signs_out_every_other_browser_and_not_this_one(console: Console) -> None:
    here, elsewhere = console.browser_of("kim"), console.browser_of("kim")
    here.opens("/password")
    here.posts("/password", current=PASSWORD, new=GOOD, again=GOOD)
    assert here.opens("/", follow=False).status_code == 200
    assert elsewhere.opens("/", follow=False).status_code == 302


@pytest.mark.parametrize("role", ["receptionist", "auditor"])
def test_everybody_has_the_page(console: Console, role: str) -> None:
    console.employs("somebody", role)
    assert console.browser_of("somebody").opens("/password").status_code == 200
