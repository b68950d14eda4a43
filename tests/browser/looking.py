"""What a page must be whoever looks at it: free of axe's findings, no wider than the window, light and dark."""

from __future__ import annotations

from functools import cache
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (360, 480, 768, 1024, 1280, 1600)
OPEN_ALL = "document.querySelectorAll('main details').forEach(one => { one.open = true; })"
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return null;
  const wide = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > room + 1);
  return wide.slice(-3).map(e => e.outerHTML.slice(0, 120)).join(' | ') || 'the page';
}"""
Options = dict[str, object]
ONLY_COLOURS: Options = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast"]}}
EVERYTHING: Options = {"resultTypes": ["violations"]}
LOOKS: dict[Literal["dark", "light"], Options] = {"dark": ONLY_COLOURS, "light": EVERYTHING}


@cache
def _axe() -> Axe:
    return Axe()


def findings(page: Page) -> list[str]:
    """Everything that is wrong with the page that is open, each with where it was seen; it is left wide and light."""
    found = []
    page.evaluate(OPEN_ALL)
    page.evaluate(_axe().axe_script)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        too_wide = page.evaluate(TOO_WIDE)
        if too_wide is not None:
            found.append(f"{width} px: wider than the window: {too_wide}")
        if width in (min(WIDTHS), max(WIDTHS)):
            for scheme, rules in LOOKS.items():
                page.emulate_media(color_scheme=scheme)
                found += [f"{width} px, {scheme}: {line}" for line in _violations(page, rules)]
    return found


def _violations(page: Page, rules: Options) -> list[str]:
    answer = page.evaluate("rules => axe.run(rules)", rules)
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]
