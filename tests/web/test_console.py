"""The console in a browser's eyes: who gets in, who sees what, what a button does, and that nothing leaks."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from bot.storage.alerts import get_alert
from bot.storage.staff import change_staff, find_staff
from bot.web.app import SECURITY
from bot.web.sign_in import local_path
from tests.web.conftest import AMY, Console

WIPE = "I can't feel when I wipe"
OPEN_TO_ALL = {"static", "sign_in.show", "sign_in.enter", "sign_in.leave"}


@pytest.fixture
def amy(console: Console) -> Console:
    """A console on which Amy's red flag has just come in."""
    console.enrols("Amy Stone", history=["old left foot numbness"], allergies="penicillin")
    console.it_is("2026-03-03 10:30")
    console.beats()
    console.hears(f"{WIPE} <script>alert('x')</script>")
    return console


def _addresses(console: Console) -> list[tuple[str, str]]:
    """Every method and path of the console, with ids of nothing."""
    found = []
    for rule in console.app.url_map.iter_rules():
        if rule.endpoint in OPEN_TO_ALL or rule.endpoint.split(".")[0] in ("webhooks", "health"):
            continue
        path = rule.rule
        for name in rule.arguments:
            value = "K7M4" if name == "code" else str(uuid4())
            path = path.replace(f"<uuid:{name}>", value).replace(f"<{name}>", value)
        assert "<" not in path
        found += [(method, path) for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}]
    return found


def test_nobody_passes_who_is_not_signed_in(console: Console) -> None:
    browser = console.browser()
    browser.opens("/sign-in")
    addresses = _addresses(console)
    assert len(addresses) >= 12
    for method, path in addresses:
        if method == "GET":
            answer = browser.opens(path, follow=False)
            assert answer.status_code == 302, path
            assert answer.location.startswith("/sign-in?next="), path
        else:
            assert browser.posts(path, follow=False).status_code == 401, path


def test_sign_in_leads_to_where_one_wanted_to_be(console: Console) -> None:
    answer = console.browser().signs_in("kim", path="/patients")
    assert answer.request.path == "/patients"
    assert "Kim Gray" in answer.text


def test_the_cookie_is_closed_to_scripts_and_to_other_sites(console: Console) -> None:
    browser = console.browser()
    browser.opens("/sign-in")
    answer = browser.posts("/sign-in", follow=False, username="kim", password="secret-secret", next="/")
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("session_token="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_wrong_password_and_an_unknown_name_read_the_same(console: Console) -> None:
    wrong = console.browser().signs_in("kim", "not-this-one")
    unknown = console.browser().signs_in("nobody", "not-this-one")
    line = "That user name and password do not fit."
    for answer in (wrong, unknown):
        assert answer.status_code == 200
        assert answer.text.count(line) == 1
        assert "session_token" not in str(answer.headers)


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "/\t/evil.example", "///evil.example", "evil", ""],
)  # by rows, not an item a line  # fmt: skip
def test_sign_in_leads_to_no_other_host(console: Console, elsewhere: str) -> None:
    assert local_path(elsewhere) == "/"
    browser = console.browser()
    browser.opens("/sign-in")
    fields = {"username": "kim", "password": "secret-secret", "next": elsewhere}
    assert browser.posts("/sign-in", follow=False, **fields).location == "/"


def test_signing_out_ends_the_session_on_the_server(console: Console) -> None:
    browser = console.browser_of("kim")
    kept = browser.client.get_cookie("session_token")
    assert kept is not None
    assert "Sign in" in browser.posts("/sign-out").text
    browser.client.set_cookie("session_token", kept.value)
    assert browser.opens("/", follow=False).status_code == 302


def test_a_disabled_member_is_out_at_once(console: Console) -> None:
    browser = console.browser_of("kim")
    with console.begin() as tx:
        kim = find_staff(tx, "kim")
        assert kim is not None
        change_staff(tx, replace(kim, disabled_at=console.runtime.now()))
    assert browser.opens("/", follow=False).status_code == 302


def test_a_disabled_member_stays_out_when_the_command_line_adds_them_again(console: Console) -> None:
    """An old script that is run once more lets nobody in."""
    with console.begin() as tx:
        kim = find_staff(tx, "kim")
        assert kim is not None
        change_staff(tx, replace(kim, disabled_at=console.runtime.now()))
    console.employs("kim", "nurse")
    with console.begin() as tx:
        again = find_staff(tx, "kim")
    assert again is not None
    assert again.disabled_at is not None


def test_every_page_is_sent_with_the_security_headers(amy: Console) -> None:
    browser = amy.browser_of("kim")
    pages = ["/", "/work-list", "/patients", f"/alerts/{amy.alert.id}", f"/patients/{amy.alert.patient_id}"]
    for path in [*pages, "/a/ZZZZ", f"/alerts/{uuid4()}", "/sign-in", "/nothing"]:
        headers = browser.opens(path).headers
        assert {name: headers[name] for name in SECURITY} == SECURITY, path
        assert headers["Cache-Control"] == "no-store", path


def test_no_page_holds_inline_script_or_style(amy: Console) -> None:
    browser = amy.browser_of("kim")
    for path in ("/", "/patients", f"/alerts/{amy.alert.id}", f"/patients/{amy.alert.patient_id}", "/sign-in"):
        page = browser.opens(path).text
        assert " style=" not in page, path
        assert "<style" not in page, path
        assert " onclick=" not in page, path
        assert page.count("<script") == page.count("<script src="), path


def test_the_empty_list_says_that_the_bot_is_alive_and_who_is_on_call(console: Console) -> None:
    page = console.browser_of("kim").opens("/").text
    assert "Nothing needs you." in page
    assert "The bot is alive" in page
    assert "On call first: Kim Gray" in page


def test_the_list_says_when_no_worker_is_alive(console: Console) -> None:
    console.it_is("2026-03-02 13:00")
    assert "No worker is alive" in console.browser_of("kim").opens("/").text


def test_an_alert_stands_on_the_list_with_words_and_nobody_behind_it(amy: Console) -> None:
    page = amy.browser_of("kim").opens("/work-list").text
    for words in ("Emergency", "Amy Stone", "Numb groin", "Nobody has it yet", "just now"):
        assert words in page, words


def test_the_alert_page_is_an_sbar(amy: Console) -> None:
    page = amy.browser_of("kim").opens(f"/alerts/{amy.alert.id}").text
    for words in (
        "Situation", "Background", "Assessment", "Recommendation", "Amy Stone</a>, 26 years", "day 1", "7 of 10",
        "old left foot numbness", "penicillin", f'href="tel:{AMY}"', "(913) 555-0111", "This may be an emergency",
        "Kim Gray", "Day 1: numbness or weakness may still be the anaesthetic",
    ):  # by rows, not an item a line  # fmt: skip
        assert words in page, words
    assert "<mark>can&#39;t feel when I wipe</mark>" in page
    assert page.index("acknowledge</button>") < page.index("Situation")


def test_a_patients_words_are_never_markup(amy: Console) -> None:
    browser = amy.browser_of("kim")
    for path in ("/", f"/alerts/{amy.alert.id}", f"/patients/{amy.alert.patient_id}"):
        page = browser.opens(path).text
        assert "<script>alert" not in page, path
        assert "&lt;script&gt;" in page, path


def test_acknowledging_takes_the_alert(amy: Console) -> None:
    browser = amy.browser_of("kim")
    page = browser.posts(f"/alerts/{amy.alert.id}/acknowledge").text
    assert "You have this alert." in page
    assert "Kim Gray has it" in page
    assert (amy.alert.acknowledged_by, amy.alert.acknowledged_how) == ("kim", "web")


def test_whoever_is_second_reads_who_has_it(amy: Console) -> None:
    amy.employs("rivera", "clinician")
    first, second = amy.browser_of("kim"), amy.browser_of("rivera")
    path = f"/alerts/{amy.alert.id}"
    first.posts(f"{path}/acknowledge")
    assert "kim has this alert already; nothing was changed." in second.posts(f"{path}/acknowledge").text
    first.posts(f"{path}/close", outcome="ed_now")
    assert "kim has closed this alert already" in second.posts(f"{path}/close", outcome="false_alarm").text


def test_closing_needs_an_outcome_and_keeps_the_note(amy: Console) -> None:
    browser, alert = amy.browser_of("kim"), amy.alert
    path = f"/alerts/{alert.id}/close"
    assert "Choose an outcome first" in browser.posts(path).text
    for wrong in ("", "dropped"):
        assert "Choose an outcome first" in browser.posts(path, outcome=wrong).text
    assert amy.alert.closed_at is None
    page = browser.posts(path, outcome="ed_now", note="Husband drives <b>now</b>.").text
    assert "The alert is closed." in page
    assert "Emergency department now" in page
    assert "Husband drives &lt;b&gt;now&lt;/b&gt;." in page
    with amy.begin() as tx:
        closed = get_alert(tx, alert.id)
    assert (closed.closed_by, closed.outcome, closed.acknowledged_by) == ("kim", "ed_now", "kim")


def test_the_short_link_leads_to_the_open_alert_and_says_when_it_is_closed(amy: Console) -> None:
    browser, alert = amy.browser_of("kim"), amy.alert
    assert browser.opens(f"/a/{alert.code.lower()}", follow=False).location == f"/alerts/{alert.id}"
    browser.posts(f"/alerts/{alert.id}/close", outcome="false_alarm")
    answer = browser.opens(f"/a/{alert.code}")
    assert answer.status_code == 404
    assert f"ref {alert.code} is closed" in answer.text


def test_a_post_without_the_hidden_token_changes_nothing(amy: Console) -> None:
    browser = amy.browser_of("kim")
    for token in ("", "made-up"):
        answer = browser.posts(f"/alerts/{amy.alert.id}/acknowledge", token=token)
        assert answer.status_code == 400
        assert "This form is too old" in answer.text
    assert amy.alert.acknowledged_at is None


def test_a_receptionist_sees_that_there_is_an_alert_and_not_a_word_of_it(amy: Console) -> None:
    amy.employs("robin", "receptionist")
    browser = amy.browser_of("robin")
    page = browser.opens("/").text
    assert "Emergency" in page
    for words in ("wipe", "Numb groin", f"/alerts/{amy.alert.id}"):
        assert words not in page, words
    for path in (f"/alerts/{amy.alert.id}", f"/a/{amy.alert.code}", f"/patients/{amy.alert.patient_id}"):
        answer = browser.opens(path)
        assert answer.status_code == 403, path
        assert "Not for your role" in answer.text
        assert "wipe" not in answer.text
    assert browser.posts(f"/alerts/{amy.alert.id}/acknowledge").status_code == 403
    assert amy.alert.acknowledged_at is None


def test_an_auditor_reads_and_does_nothing(amy: Console) -> None:
    amy.employs("ada", "auditor")
    browser, alert = amy.browser_of("ada"), amy.alert
    page = browser.opens(f"/alerts/{alert.id}").text
    assert "wipe" in page
    assert "<button" not in page.split("</header>")[1]
    assert "<button" not in browser.opens(f"/patients/{alert.patient_id}").text.split("</header>")[1]
    for path in ("acknowledge", "close"):
        assert browser.posts(f"/alerts/{alert.id}/{path}", outcome="ed_now").status_code == 403
    for path in ("take-over", "hand-back"):
        assert browser.posts(f"/patients/{alert.patient_id}/{path}").status_code == 403
    assert browser.posts(f"/items/{uuid4()}/done", outcome="spoken").status_code == 403
    assert amy.alert.acknowledged_at is None


def test_looking_leaves_a_line_in_the_audit(amy: Console) -> None:
    browser, patient_id = amy.browser_of("kim"), amy.alert.patient_id
    assert patient_id is not None
    browser.opens(f"/alerts/{amy.alert.id}")
    browser.opens(f"/patients/{patient_id}")
    looked = [(e.who, e.did, e.about) for e in amy.entries(patient_id) if e.did.startswith("viewed_")]
    assert looked == [("kim", "viewed_alert", None), ("kim", "viewed_patient", None)]


def test_a_search_finds_by_name_and_record_number_and_stays_out_of_the_address(amy: Console) -> None:
    amy.enrols("Zoë Nuñez", "+19135550122")
    browser = amy.browser_of("kim")
    for words, found, left_out in (("zoë", "Zoë Nuñez", "Amy Stone"), ("m-0111", "Amy Stone", "Zoë Nuñez")):
        answer = browser.posts("/patients", q=words)
        assert found in answer.text
        assert left_out not in answer.text
        assert answer.request.query_string == b""
    assert "Nobody is called that." in browser.posts("/patients", q="qqq").text


def test_the_patient_page_shows_the_thread_both_ways(amy: Console) -> None:
    page = amy.browser_of("kim").opens(f"/patients/{amy.alert.patient_id}").text
    for words in (
        "Amy Stone", "Open alert, ref", "I can&#39;t feel when I wipe", "This may be an emergency",
        "waiting to be sent", "Numb groin", "by patient, paper", "Week 12", "Pattern", "Take over",
    ):  # by rows, not an item a line  # fmt: skip
        assert words in page, words


def test_staff_take_the_thread_over_and_hand_it_back(amy: Console) -> None:
    browser, patient_id = amy.browser_of("kim"), amy.alert.patient_id
    assert patient_id is not None
    assert "Hand back to the bot" in browser.posts(f"/patients/{patient_id}/take-over").text
    assert "Take over" in browser.posts(f"/patients/{patient_id}/hand-back").text
    did = [e.did for e in amy.entries(patient_id)]
    assert "took_thread" in did
    assert "handed_back" in did


def test_a_work_item_is_done_once_with_what_came_of_it(console: Console) -> None:
    console.hears("hello, when do you open?", "+19135559999")
    (item,) = console.items
    browser = console.browser_of("kim")
    page = browser.opens("/").text
    assert "A text from a number nobody knows" in page
    assert "(913) 555-9999" in page
    assert "Choose what came of it first" in browser.posts(f"/items/{item.id}/done").text
    assert "Done." in browser.posts(f"/items/{item.id}/done", outcome="spoken").text
    assert "Somebody did this before you" in browser.posts(f"/items/{item.id}/done", outcome="spoken").text
    assert console.items == []


def test_an_overdue_item_says_so(console: Console) -> None:
    console.hears("hello, when do you open?", "+19135559999")
    console.it_is("2026-03-05 16:00")
    assert "overdue, was due" in console.browser_of("kim").opens("/").text


def test_what_is_not_there_is_a_page_in_plain_words(console: Console) -> None:
    browser = console.browser_of("kim")
    for path in (f"/alerts/{uuid4()}", f"/patients/{uuid4()}"):
        answer = browser.opens(path)
        assert answer.status_code == 404
        assert "There is no such page" in answer.text
    for path in ("acknowledge", "close"):
        assert browser.posts(f"/alerts/{uuid4()}/{path}", outcome="ed_now").status_code == 404
    for path in ("take-over", "hand-back"):
        assert browser.posts(f"/patients/{uuid4()}/{path}").status_code == 404


def test_sign_in_is_unharmed_by_odd_input(console: Console) -> None:
    browser = console.browser()
    browser.opens("/sign-in")
    for username in ("", "\0", "k" * 5000, "' or 1=1 --", "Kím"):
        assert browser.posts("/sign-in", username=username, password="x").status_code == 200
    browser = console.browser_of("kim")
    for code in ("%00", "%0d%0a", "k" * 300, "%F0%9F%98%80"):
        assert browser.opens(f"/a/{code}").status_code == 404
