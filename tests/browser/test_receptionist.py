"""A receptionist's day: one patient by the form, a minor, somebody who is there already, a spreadsheet; and what a
receptionist may not see."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Comes
from tests.browser.person import Person
from tests.story import Clinic, Telephone
from tests.web.test_enrol_csv import BEN, HEADING, ZOE, row

pytestmark = pytest.mark.xdist_group("browser")
JO, MAYA = "+19135550121", "+19135550122"


@pytest.fixture
def rosa(clinic: Clinic, kim: Telephone, at: Comes) -> Callable[[], Person]:
    """Comes to the desk when she is needed."""
    assert kim
    clinic.employs("rosa", "+19135550199", tier=None, role="receptionist")
    return lambda: at("rosa").signs_in()


def fills_the_form(rosa: Person, mrn: str, name: str, born_on: str, phone: str) -> None:
    rosa.goes_to("Enrol")
    rosa.fills("Record number", mrn)
    rosa.fills("Name", name)
    rosa.fills("Birth date", born_on)
    rosa.fills("Mobile number", phone)
    rosa.fills("ZIP code", "64112")
    rosa.taps("They were shown this wording")


def test_a_patient_is_enrolled_in_a_minute(clinic: Clinic, rosa: Callable[[], Person]) -> None:
    desk = rosa()
    fills_the_form(desk, "J-1", "Jo Park", "1990-05-01", "12345")
    desk.taps("Check it and see the first text")
    desk.sees("Nothing is saved yet")
    desk.sees_in("Name", "Jo Park")
    desk.is_fit()
    desk.fills("Mobile number", "(913) 555-0121")
    desk.taps("Check it and see the first text")
    desk.sees("Check, then enrol")
    desk.sees("nothing is saved yet")
    desk.is_fit()
    desk.taps("Enrol")
    desk.sees("Enrolled.")
    desk.sees("Planned")
    desk.is_fit()
    clinic.it_is("2026-03-03 10:30")
    clinic.phone(JO).hears("day 1")


def test_a_minor_with_a_guardian_and_somebody_who_is_there_already(clinic: Clinic, rosa: Callable[[], Person]) -> None:
    desk = rosa()
    fills_the_form(desk, "M-1", "Maya Ortiz", "2013-05-01", MAYA)
    desk.chooses("The number belongs to", "a parent")
    desk.fills("Their name, if it is not the patient", "Dana Ortiz")
    desk.chooses("Language of the texts", "Español")
    desk.taps("a parent")
    desk.taps("Check it and see the first text")
    desk.sees("by a parent")
    desk.taps("Enrol")
    desk.sees("Enrolled.")
    fills_the_form(desk, "M-2", "Maya Ortiz", "2013-05-01", MAYA)
    desk.taps("a parent")
    desk.chooses("The number belongs to", "a parent")
    desk.fills("Their name, if it is not the patient", "Dana Ortiz")
    desk.taps("Check it and see the first text")
    desk.sees("Is it meant so?")
    desk.sees("The same number has")
    desk.is_fit()
    desk.taps("it is meant so")
    desk.taps("Enrol")
    desk.sees("Enrolled.")
    clinic.it_is("2026-03-03 10:30")
    clinic.phone(MAYA).hears("su control del dia 1")


def test_a_spreadsheet_is_looked_at_before_anything_is_saved(rosa: Callable[[], Person]) -> None:
    desk = rosa()
    desk.goes_to("Enrol")
    desk.taps("from a spreadsheet")
    desk.brings("A spreadsheet saved as CSV", HEADING + ZOE + row("B-1", "Ben Lee", "12"))
    desk.taps("Look at it")
    desk.sees("nothing was enrolled")
    desk.sees("phone")
    desk.is_fit()
    desk.brings("A spreadsheet saved as CSV", HEADING + ZOE + BEN)
    desk.taps("Look at it")
    desk.sees("nothing is saved yet")
    desk.is_fit()
    desk.taps("Enrol all 2")
    desk.sees("2 patients are enrolled")
    desk.sees("Zoë Hill")


def test_what_a_receptionist_may_not_see(
    clinic: Clinic, kim: Telephone, amy: Telephone, rosa: Callable[[], Person]
) -> None:
    amy.texts("I can't feel when I wipe")
    kim.is_paged()
    (alert,) = clinic.open_alerts
    desk = rosa()
    desk.sees("Amy Stone")
    desk.sees("Nobody has it yet")
    desk.sees_nothing_of("feel when I wipe")
    desk.sees_nothing_of("I have it")
    desk.is_not_offered("Cohort", "Review", "On call")
    for path in (f"/alerts/{alert.id}", f"/patients/{alert.patient_id}", "/cohort", "/review"):
        desk.is_refused(path)
