"""Every page, as a browser shows it: axe finds nothing, nothing is wider than the window, the console stays silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from bot.services.relief_views import relief_page
from bot.storage.alerts import list_alert_texts
from bot.storage.staff import find_staff
from bot.triage.sort import Lexicon
from bot.web.app import create_app
from tests.browser.conftest import emptied
from tests.browser.looking import findings
from tests.browser.person import Person
from tests.faults.plant import Plant
from tests.story import Clinic

pytestmark = pytest.mark.xdist_group("browser")  # one browser and one plant for all of them
AMY, SAM, ZOE = "+19135550111", "+19135550112", "+19135550113"
# Answers that are no pages: pieces of one, drawings, scripts; and a link that leads on to a page of this list.
NO_PAGES = {
    "console.work_list_fragment",
    "console.patient_fragment",
    "console.alert_by_code",
    "relief.chart",
    "relief.cohort_chart",
    "relief.script",
    "enrol_csv.template",
}


@dataclass(frozen=True)
class Known:
    """Ids that addresses need."""

    patient: str
    alert: str
    procedure: str
    text: str
    member: str


@dataclass(frozen=True)
class Visit:
    """A page: its address, who looks at it, and what must have come before it is judged."""

    path: Callable[[Known], str]
    username: str = "root"
    comes: str = "main h1"


def _at(path: str, **more: str) -> Visit:
    return Visit(lambda _known: path, **more)


CHART = ".live:not([hidden]) svg"
VISITS: dict[str, Visit] = {
    "console.work_list": _at("/"),
    "console.alert": Visit(lambda known: f"/alerts/{known.alert}"),
    "console.patients": _at("/patients"),
    "console.patient": Visit(lambda known: f"/patients/{known.patient}"),
    "relief.current": Visit(lambda known: f"/patients/{known.patient}/relief", comes=CHART),
    "relief.earlier": Visit(lambda known: f"/patients/{known.patient}/relief/{known.procedure}", comes=CHART),
    "relief.cohort": _at("/cohort"),
    "review.show": _at("/review"),
    "review.text": Visit(lambda known: f"/texts/{known.text}"),
    "on_call.show": _at("/on-call"),
    "rota.show": _at("/on-call/rota"),
    "rota.rotation": _at("/on-call/rota/rotation"),
    "rota.cover": _at("/on-call/rota/cover"),
    "rota.holiday": _at("/on-call/rota/holiday"),
    "rota.line": _at("/on-call/rota/line"),
    "enrol.show": _at("/enrol"),
    "enrol.done": Visit(lambda known: f"/enrol/done/{known.procedure}"),
    "enrol_csv.show": _at("/enrol/csv"),
    "reading.messages": _at("/messages?q=fever"),  # all of them take axe ten seconds
    "reading.protocol": _at("/protocol"),
    "reading.flags": _at("/flags"),
    "accounts.show": _at("/staff"),
    "accounts.new": _at("/staff/new"),
    "accounts.member": Visit(lambda known: f"/staff/{known.member}"),
    "accounts.leaving": Visit(lambda known: f"/staff/{known.member}/disable"),
    "audit.show": _at("/audit"),
    "password.show": _at("/password"),
    "sign_in.show": _at("/sign-in"),
}
# The same pages to whom they are refused, or with little in them, or when something is wrong.
STATES: dict[str, Visit] = {
    "the work list of a receptionist": _at("/", username="rosa"),
    "a page that a role may not see": _at("/cohort", username="rosa"),
    "the alert page of an auditor": Visit(lambda known: f"/alerts/{known.alert}", username="otto"),
    "a page that is not there": _at("/nothing"),
    "an alert that is closed": _at("/a/ZZZZ"),
    "a patient with few words": Visit(lambda known: f"/patients/{known.patient}", username="kim"),
}


@pytest.fixture(scope="module")
def furnished(plant: Plant) -> Known:
    """A clinic in which every page has something to show."""
    clinic = emptied(plant)
    kim = clinic.employs("kim", "+19135550190", tier=1)
    clinic.employs("rivera", "+19135550191", tier=2, role="clinician")
    clinic.employs("root", "+19135550192", tier=None, role="admin")
    for username, role in (("rosa", "receptionist"), ("otto", "auditor")):
        clinic.employs(username, "+19135550193", tier=None, role=role)
    amy = clinic.enrols("Amy Stone", AMY, at="2026-03-02 09:30", history=["old left foot numbness"], block_pain=2)
    clinic.enrols("Sam Okonkwo-Featherstonehaugh", SAM, at="2026-03-02 10:30", born_on="2012-05-01")
    clinic.it_is("2026-03-03 10:30")
    amy.hears("day 1")
    amy.texts("no to all, pain is 3, about 80% better")
    amy.hears("day 1")
    clinic.phone(ZOE).texts("hello, when do you open?")
    clinic.has_work_item("unknown_number")
    amy.texts("I can't feel when I wipe")
    kim.is_paged()
    (alert,) = clinic.open_alerts
    assert alert.patient_id is not None
    with clinic.runtime.database.begin() as tx:
        root, kim_herself = find_staff(tx, "root"), find_staff(tx, "kim")
        text_id = list_alert_texts(tx, alert.id)[0]
    assert root is not None
    assert kim_herself is not None
    page = relief_page(clinic.runtime, alert.patient_id, None, root)
    desk = clinic.desk("rivera")
    desk.submits(f"/texts/{text_id}", "/correct", level="urgent", flag="", reason="She has had this for years.")
    return Known(str(alert.patient_id), str(alert.id), str(page.procedure.id), str(text_id), str(kim_herself.id))


@pytest.fixture(scope="module")
def seat(browser: Browser, plant: Plant, furnished: Known) -> Iterator[Callable[[str], Person]]:
    """A browser for each member, signed in once."""
    assert furnished
    here: dict[str, Person] = {}

    def of(username: str) -> Person:
        if username not in here:
            clinic = Clinic(plant.runtime, plant.standin, plant.clock_file)
            here[username] = Person.before(browser, clinic, username).signs_in()
        return here[username]

    yield of
    for person in here.values():
        person.page.context.close()


@pytest.mark.parametrize("name", [*VISITS, *STATES])
def test_a_page_is_fit_for_everybody(name: str, furnished: Known, seat: Callable[[str], Person]) -> None:
    visit = (VISITS | STATES)[name]
    person = seat(visit.username)
    person.page.goto(visit.path(furnished), timeout=30_000)  # the first chart waits for the painter to start
    person.page.wait_for_selector(visit.comes, timeout=20_000)
    found = findings(person.page) + person.complaints()
    assert not found, "\n".join(found)


def test_every_page_is_visited(plant: Plant, lexicon: Lexicon) -> None:
    plant.runtime.__dict__["lexicon"] = lexicon
    pages = {rule.endpoint for rule in create_app(plant.runtime).url_map.iter_rules() if "GET" in (rule.methods or ())}
    pages = {page for page in pages if page.split(".")[0] not in ("static", "health", "webhooks")}
    assert pages - NO_PAGES == set(VISITS)
