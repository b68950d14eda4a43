"""An administrator's day: somebody new and somebody who leaves, cover for the nurse on call, a test page,
and the audit."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import Comes
from tests.story import Clinic, Telephone

pytestmark = pytest.mark.xdist_group("browser")


def test_somebody_covers_and_is_paged(
    clinic: Clinic, kim: Telephone, rivera: Telephone, amy: Telephone, at: Comes
) -> None:
    clinic.employs("root", "+19135550192", tier=None, role="admin")
    admin = at("root").signs_in()
    admin.goes_to("On call")
    admin.sees("Tier 1 now")
    admin.taps("Enter cover")
    admin.chooses("Who comes on", "Rivera")
    admin.chooses("In place of", "Kim")
    admin.fills("From", "2026-03-02T11:00")
    admin.fills("Until", "2026-03-02T10:00")
    admin.taps("Save")
    admin.sees("Not saved")
    admin.is_fit()
    admin.fills("Until", "2026-03-03T08:00")
    admin.taps("Save")
    admin.sees("Rivera covers Kim")
    amy.texts("I can't feel when I wipe")
    rivera.is_paged()
    assert kim.bodies == []


def test_a_test_page_is_sent_and_answered(clinic: Clinic, kim: Telephone, at: Comes) -> None:
    clinic.employs("root", "+19135550192", tier=None, role="admin")
    admin = at("root").signs_in("/on-call")
    admin.taps("Test text to Kim")
    page = kim.hears("TEST page, no patient").body
    pin = re.search(r"Text back (\w+)", page)
    assert pin is not None
    admin.sees("not answered yet")
    kim.texts(pin[1])
    kim.hears("Your test page is answered")
    admin.opens("/on-call")
    admin.sees("✓ proved")


def test_somebody_new_signs_in_and_leaves_again(clinic: Clinic, kim: Telephone, at: Comes) -> None:
    assert kim
    clinic.employs("root", "+19135550192", tier=None, role="admin")
    admin = at("root").signs_in()
    admin.goes_to("Staff")
    admin.taps("Add somebody")
    admin.fills("User name", "nora")
    admin.fills("Name", "Nora Diaz")
    admin.fills("Mobile number", "(913) 555-0195")
    admin.taps("Add, and show a one-time password")
    admin.sees("One-time password for Nora Diaz")
    admin.is_fit()
    first = admin.reads(".once")
    nora = at("nora").signs_in(password=first)
    nora.is_at("/password")
    nora.opens("/patients")
    nora.is_at("/password")
    nora.fills("The one-time password", first)
    nora.fills("New password", "four quiet heron boats")
    nora.fills("New password once more", "four quiet heron boats")
    nora.taps("Change it")
    nora.sees("Your password is changed")
    admin.goes_to("Staff")
    admin.taps("Nora Diaz")
    admin.taps("Reset the password")
    admin.sees("The old password does not hold any more")
    admin.goes_to("Staff")
    admin.taps("Nora Diaz")
    admin.taps("Disable")
    admin.is_fit()
    admin.taps("Disable")
    admin.sees("is signed out everywhere")
    nora.opens("/")
    nora.is_at("/sign-in")


def test_the_audit_says_who_looked_at_whom(clinic: Clinic, kim: Telephone, amy: Telephone, at: Comes) -> None:
    clinic.employs("root", "+19135550192", tier=None, role="admin")
    nurse = at("kim").signs_in("/patients")
    nurse.taps("Amy Stone")
    nurse.sees("Thread")
    clinic.enrols("Zoe Hill", "+19135550177", at="2026-03-02 09:30")
    admin = at("root").signs_in()
    admin.goes_to("Audit")
    admin.sees("That you look here is written down as well")
    admin.fills("Patient’s record number", "M-0111")
    admin.chooses("Who did it", "Kim")
    admin.taps("Search")
    admin.sees("looked at the patient")
    admin.sees("Amy Stone")
    admin.sees_nothing_of("Zoe Hill")
    assert "M-0111" not in admin.page.url
    admin.is_fit()
    admin.fills("Patient’s record number", "M-9999")
    admin.taps("Search")
    admin.sees("No patient has that record number")
    assert kim
    assert amy
