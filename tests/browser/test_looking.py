"""The browser tests themselves: they notice what they are there to notice, and say so when they cannot run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import chromium
from tests.browser.conftest import Comes
from tests.browser.looking import findings
from tests.conftest import ROOT
from tests.story import Telephone

pytestmark = pytest.mark.xdist_group("browser")
INLINE = "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">red</p>')"
UNFIT = """() => {
  const main = document.querySelector('main');
  const pale = document.createElement('p');
  pale.className = 'pale';
  pale.textContent = 'pale';
  const long = document.createElement('p');
  long.textContent = 'wide'.repeat(200);
  main.append(document.createElement('img'), pale, long);
  pale.style.color = 'rgb(200, 200, 200)';
  pale.style.background = 'rgb(220, 220, 220)';
  long.style.whiteSpace = 'nowrap';
}"""


def test_inline_style_and_a_failing_script_are_noticed(kim: Telephone, at: Comes) -> None:
    assert kim
    nurse = at("kim").signs_in()
    nurse.page.evaluate(INLINE)
    nurse.page.evaluate("setTimeout(() => { throw new Error('broken') })")
    nurse.page.wait_for_timeout(50)
    heard = " ".join(nurse.complaints())
    assert "Content Security Policy" in heard
    assert "broken" in heard


def test_what_is_unfit_is_noticed(kim: Telephone, at: Comes) -> None:
    assert kim
    nurse = at("kim").signs_in("/patients")
    nurse.page.evaluate(UNFIT)
    found = "\n".join(findings(nurse.page))
    for words in ("360 px: wider than the window", "360 px, light: image-alt", "1600 px, dark: color-contrast"):
        assert words in found, words


def test_a_browser_is_found_where_the_machine_or_a_person_has_put_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(chromium, "PATHS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    assert chromium.find_chromium() is None
    for name in ("google-chrome", "chromium"):
        put = tmp_path / name
        put.write_text("#!/bin/sh\n", encoding="ascii")
        put.chmod(0o755)
        assert chromium.find_chromium() == str(put)
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "google-chrome"))
    assert chromium.find_chromium() == str(tmp_path / "google-chrome")
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "not-there"))
    assert chromium.find_chromium() is None


@pytest.mark.parametrize("required", ["", "required"])
def test_without_a_browser_one_line_says_so_and_ci_fails(required: str) -> None:
    environment = os.environ | {"BROWSER_PATH": "/not/there", "BROWSER_TESTS": required}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/browser", "-k", "day or tap"]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    lines = [line for line in ran.stdout.splitlines() if line.startswith(("SKIPPED", "FAILED", "ERROR"))]
    assert all("the browser tests were left out" in line or required for line in lines)
    assert "apt-get install chromium" in ran.stdout
    if required:
        assert ran.returncode == 1, ran.stdout
        assert lines, ran.stdout
    else:
        assert ran.returncode == 0, ran.stdout
        assert len(lines) == 1, ran.stdout
