"""A member of staff at the console, over HTTP as a browser does it: sign in, open a page, send its form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

import requests


@dataclass
class Desk:
    """One browser of one member."""

    session: requests.Session
    console: str

    @staticmethod
    def of(username: str, console: str, password: str = "secret-secret") -> Desk:
        """Signed in."""
        session = requests.Session()
        session.trust_env = False
        desk = Desk(session, console)
        answer = desk.submits("/sign-in", "/sign-in", username=username, password=password)
        assert "Sign out" in answer, "not signed in"
        return desk

    def opens(self, path: str) -> str:
        """The page, as HTML."""
        with self.session.get(urljoin(self.console, path), timeout=20) as answer:
            return answer.text

    def submits(self, page: str, action: str, **fields: str) -> str:
        """Sends the form of that page whose address ends so; the page that follows."""
        return self.sends_late(self.opens(page), action, **fields)

    def sends_late(self, shown: str, action: str, **fields: str) -> str:
        """Sends the form of a page that was opened earlier."""
        forms = re.findall(r"<form[^>]*?>.*?</form>", shown, re.DOTALL)
        form = next((f for f in forms if re.search(rf'action="[^"]*{re.escape(action)}"', f)), None)
        assert form is not None, f"no form for {action}"
        address = re.search(r'action="([^"]*)"', form)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        assert address is not None
        assert token is not None
        target = urljoin(self.console, unescape(address[1]))
        with self.session.post(target, {"csrf_token": token[1]} | fields, timeout=20) as answer:
            return answer.text

    def acknowledges(self, code: str) -> str:
        """Opens the page's link and takes the alert."""
        return self.submits(f"/a/{code}", "/acknowledge")

    def closes(self, code: str, outcome: str, note: str = "") -> str:
        """Opens the page's link and closes the alert."""
        return self.submits(f"/a/{code}", "/close", outcome=outcome, note=note)
