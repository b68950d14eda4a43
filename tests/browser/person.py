"""A member of staff before a real browser: taps, reads, types. What the browser complains about is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Locator, Page, Response, expect

from tests.browser.looking import findings
from tests.story import Clinic

PASSWORD = "secret-secret"
PATIENCE_MS = 6_000
DESK, PHONE = (1280, 900), (390, 844)
REFUSED = re.compile(r"status of 4\d\d")


@dataclass
class Person:
    """One browser of one member. `taps_made` counts since the sign-in; `trouble` is every error in the console."""

    clinic: Clinic
    page: Page
    username: str
    touches: bool
    taps_made: int = 0
    trouble: list[tuple[str, str]] = field(default_factory=list)
    pages_seen: set[str] = field(default_factory=set)

    @staticmethod
    def before(browser: Browser, clinic: Clinic, username: str, *, phone: bool = False) -> Person:
        """Somebody who has not signed in yet."""
        width, height = PHONE if phone else DESK
        context = browser.new_context(
            base_url=clinic.runtime.settings.public_url,
            viewport={"width": width, "height": height},
            has_touch=phone,
            is_mobile=phone,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        person = Person(clinic, context.new_page(), username, phone)
        person.page.on("console", person._heard)
        person.page.on("pageerror", lambda error: person.trouble.append((f"script: {error}", "")))
        person.page.on("response", person._saw)
        return person

    def _heard(self, message: ConsoleMessage) -> None:
        """Errors, and what the content security policy refuses, whatever level the browser gives it."""
        if message.type == "error" or "Content Security Policy" in message.text:
            self.trouble.append((message.text, message.location["url"]))

    def _saw(self, answer: Response) -> None:
        if answer.request.is_navigation_request():
            self.pages_seen.add(answer.url)

    def signs_in(self, path: str = "/", password: str = PASSWORD) -> Person:
        """Opens a page, is led to the sign-in and back to it."""
        self.page.goto(path)
        self.fills("User name", self.username)
        self.fills("Password", password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda address: urlsplit(address).path != "/sign-in")
        self.taps_made = 0
        return self

    def opens(self, path: str) -> None:
        """Goes to a page by its address."""
        self.page.goto(path)

    def is_refused(self, path: str) -> None:
        """The page says that it is not for this role."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 403, path
        self.sees("Not for your role")

    def complaints(self) -> list[str]:
        """Takes what the browser complained of, each with its address; that a page was refused is no complaint."""
        heard, self.trouble = self.trouble, []
        return [f"{words} ({at})" for words, at in heard if not (REFUSED.search(words) and at in self.pages_seen)]

    def taps(self, words: str, *, within: str | None = None) -> None:
        """Taps the first control in view that is called so, inside what holds the words `within`."""
        control = self._control(words, within)
        control.tap() if self.touches else control.click()
        self.taps_made += 1

    def _control(self, words: str, within: str | None) -> Locator:
        place = self.page.locator("main")
        if within is not None:
            place = place.locator(".card, tr, li").filter(has_text=within).last
        kinds = [place.get_by_role(role, name=words) for role in ("button", "link", "radio", "checkbox")]
        found = place.locator("summary").filter(has_text=words)
        for kind in kinds:
            found = found.or_(kind)
        return found.filter(visible=True).first

    def goes_to(self, words: str) -> None:
        """Opens a page by its name in the bar, or in the menu behind it."""
        bar = self.page.get_by_role("navigation", name="Pages")
        link = bar.get_by_role("link", name=words, exact=True).filter(visible=True)
        if not link.count():
            bar.locator("summary").click()
        link.click()
        expect(bar.locator("[aria-current=page]").first).to_have_text(words)

    def sees_a_chart(self) -> None:
        """The chart that answers to the pointer has taken the place of the server's drawing."""
        expect(self.page.locator(".live:not([hidden]) svg").first).to_be_visible(timeout=30_000)

    def fills(self, label: str, words: str) -> None:
        """Types into the field with this label."""
        self._field(label).fill(words)

    def _field(self, label: str) -> Locator:
        """The field with just this label; else the first whose label holds these words."""
        fields = self.page.locator("main").get_by_label(label, exact=True).filter(visible=True)
        return fields.first if fields.count() else self.page.get_by_label(label).filter(visible=True).first

    def reads(self, selector: str) -> str:
        """The words of one piece of the page."""
        return self.page.locator(selector).inner_text()

    def brings(self, label: str, content: str) -> None:
        """Chooses a file of this content."""
        sheet: FilePayload = {"name": "patients.csv", "mimeType": "text/csv", "buffer": content.encode()}
        self.page.get_by_label(label).set_input_files(sheet)

    def chooses(self, label: str, words: str) -> None:
        """Chooses in the list with this label."""
        self._field(label).select_option(label=words)

    def presses(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def types(self, *pieces: str) -> None:
        """Words and keys, one after the other, into whatever has the focus."""
        for piece in pieces:
            if piece in ("Tab", "Enter"):
                self.page.keyboard.press(piece)
            else:
                self.page.keyboard.type(piece)

    def has_focus(self, words: str) -> None:
        """The control that is called so has the focus."""
        expect(self.page.locator(":focus")).to_contain_text(words)

    def can_call(self, number: str) -> None:
        """A tap would dial this number."""
        expect(self.page.locator(f"a[href='tel:{number}']").filter(visible=True).first).to_be_visible()

    def tabs_to(self, words: str, most: int = 60) -> None:
        """Presses Tab until the control that is called so has the focus, and can be seen to have it."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            focused = self.page.locator(":focus")
            if focused.count() and words in (focused.inner_text() or focused.get_attribute("aria-label") or ""):
                style = focused.evaluate("e => getComputedStyle(e).outlineStyle")
                assert style != "none", f"nobody sees that {words!r} has the focus"
                return
        raise AssertionError(f"no {words!r} within {most} tabs")

    def sees(self, words: str, *, within: float = PATIENCE_MS / 1000) -> None:
        """These words are in view, or come into view in time."""
        found = self.page.get_by_text(words).filter(visible=True).first
        expect(found).to_be_visible(timeout=within * 1000)

    def sees_nothing_of(self, words: str) -> None:
        """These words are not on the page."""
        expect(self.page.get_by_text(words).filter(visible=True)).to_have_count(0)

    def sees_in(self, label: str, words: str) -> None:
        """The field with this label holds these words."""
        expect(self._field(label)).to_have_value(words)

    def is_not_offered(self, *pages: str) -> None:
        """The bar and its menu lead to none of these."""
        for words in pages:
            expect(self.page.locator("header.bar a").filter(has_text=words)).to_have_count(0)

    def is_fit(self) -> None:
        """The page that is open is fit for everybody; `looking` says what that means."""
        size = self.page.viewport_size
        found = findings(self.page)
        assert not found, "\n".join(found)
        assert size is not None
        self.page.set_viewport_size(size)

    def is_at(self, beginning: str) -> None:
        """The address begins so."""
        assert urlsplit(self.page.url).path.startswith(beginning), self.page.url
