"""Staff, as an admin changes them: one-time passwords, nobody off the rota silently, one admin always left."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.exchange.accounts import AccountIn
from bot.exchange.enrolment import InputError
from bot.exchange.rota import read_rota
from bot.services import accounts
from bot.services.rota import set_rota
from bot.services.rota_changes import LeavesGap
from bot.storage.audit import list_entries
from bot.storage.rota import get_rota
from bot.storage.staff import StaffMember, find_staff
from bot.storage.tables import audit, staff
from bot.storage.work_items import claim_item
from tests.web.conftest import PASSWORD, Browser, Console
from tests.web.test_on_call import on_duty, version, words

LEE = {"username": "lee", "name": "Lee Park", "role": "nurse", "phone": "913-555-0177", "takes_texts": "1"}


@pytest.fixture
def root(console: Console) -> Browser:
    """Admin Root's browser; Kim alone is on the rota."""
    console.employs("root", "admin")
    return console.browser_of("root")


def member(console: Console, username: str) -> StaffMember:
    with console.begin() as tx:
        found = find_staff(tx, username)
    assert found is not None
    return found


def path_of(console: Console, username: str) -> str:
    return f"/staff/{member(console, username).id}"


def one_time(page: str) -> str:
    found = re.search(r'class="once">([^<]+)<', page)
    assert found is not None
    return found[1]


def did(console: Console) -> list[tuple[str, str, str | None]]:
    with console.begin() as tx:
        return [(entry.who, entry.did, entry.about) for entry in list_entries(tx)]


def test_somebody_new_comes_in_with_a_one_time_password_and_must_change_it_first(
    console: Console, root: Browser
) -> None:
    root.opens("/staff/new")
    page = root.sends("/staff/new", LEE).text
    password = one_time(page)
    assert member(console, "lee").phone == "+19135550177"
    assert password not in root.opens("/staff").text
    lee = console.browser()
    assert "Choose one of your own" in lee.signs_in("lee", password).text
    for path in ("/", "/patients", "/on-call"):
        assert lee.opens(path, follow=False).location == "/password"
    assert lee.posts("/on-call/page-me").request.path == "/password"
    assert ("bot", "sent_test_text", "lee") not in did(console)
    answer = lee.posts("/password", current=password, new="four odd words here", again="four odd words here")
    assert answer.request.path == "/"
    assert "Your password is changed" in answer.text
    assert "do not fit" in console.browser().signs_in("lee", password).text
    assert console.browser().signs_in("lee", "four odd words here").request.path == "/"
    assert ("root", "added_staff", "lee") in did(console)
    assert ("lee", "changed_password", None) in did(console)


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"username": "Lee Park"}, "A user name holds small letters"),
        ({"username": ""}, "A user name holds small letters"),
        ({"username": "kim"}, "Somebody has that user name already"),
        ({"name": " "}, "Give the name"),
        ({"phone": "12"}, "The number is none that exists"),
        ({"role": "boss"}, "Choose the role"),
    ],
)
def test_a_form_that_is_wrong_says_what_to_do_and_keeps_what_was_typed(
    console: Console, root: Browser, wrong: dict[str, str], line: str
) -> None:
    root.opens("/staff/new")
    answer = root.sends("/staff/new", LEE | wrong)
    assert answer.status_code == 422
    assert line in words(answer)
    assert 'value="Lee Park"' in answer.text or "name" in wrong
    with console.begin() as tx:
        assert {row.username for row in tx.list(select(staff.c.username))} == {"kim", "root"}


def test_the_list_says_who_is_there_and_how_they_stand(console: Console, root: Browser) -> None:
    console.employs("ada", "auditor")
    kim = console.browser()
    for _ in range(7):
        kim.signs_in("kim", "wrong")
    shown = words(root.opens("/staff"))
    assert "Ada Gray Auditor ada no number ✓ may sign in is not paged not on the rota never signed in" in shown
    assert "Kim Gray Nurse kim (913) 555-1903 ✗ too many failed tries number not proved on the rota" in shown
    assert re.search(r"Root Gray Admin root .* signed in just now", shown)


def test_a_locked_name_is_unlocked_by_hand(console: Console, root: Browser) -> None:
    kim = console.browser()
    for _ in range(7):
        kim.signs_in("kim", "wrong")
    assert "do not fit" in kim.signs_in("kim").text
    root.opens(path_of(console, "kim"))
    assert "can try again at once" in root.posts(f"{path_of(console, 'kim')}/unlock").text
    assert kim.signs_in("kim").request.path == "/"


def test_a_reset_signs_out_everywhere_and_shows_the_new_password_once(console: Console, root: Browser) -> None:
    kim = console.browser_of("kim")
    root.opens(path_of(console, "kim"))
    password = one_time(root.posts(f"{path_of(console, 'kim')}/password").text)
    assert kim.opens("/", follow=False).status_code == 302
    assert "do not fit" in console.browser().signs_in("kim", PASSWORD).text
    assert "Choose one of your own" in console.browser().signs_in("kim", password).text
    assert password not in str(did(console))


def test_disabling_whoever_is_alone_on_call_shows_the_gap_before_anything_happens(
    console: Console, root: Browser
) -> None:
    set_rota(console.runtime, read_rota([{"username": "kim", "tier": 1}, {"username": "root", "tier": 2}]), "test")
    kim, path = console.browser_of("kim"), path_of(console, "kim")
    page = root.opens(f"{path}/disable")
    assert "This leaves a gap" in words(page)
    assert "Tier 1 has nobody from Mon Mar 2 2026, 12:00 pm CST" in words(page)
    assert on_duty(console) == {(1, "kim"), (2, "root")}
    root.posts(f"{path}/disable", version=version(page.text))
    assert on_duty(console) == {(2, "root")}
    assert kim.opens("/", follow=False).status_code == 302
    assert "do not fit" in console.browser().signs_in("kim").text
    assert [entry for entry in did(console) if entry[0] == "root"][-2:] == [
        ("root", "took_off_rota", "kim"),
        ("root", "disabled_staff", "kim"),
    ]
    with console.begin() as tx:
        assert get_rota(tx).rotations == ()


def test_a_gap_that_was_not_seen_is_not_agreed_to(console: Console, root: Browser) -> None:
    """Kim and Samuel share the tier; while the page about Kim is open, Samuel leaves it."""
    console.employs("samuel")
    lines = [{"username": "kim", "tier": 1}, {"username": "samuel", "tier": 1}, {"username": "root", "tier": 2}]
    set_rota(console.runtime, read_rota(lines), "test")
    path = path_of(console, "kim")
    page = root.opens(f"{path}/disable")
    assert "No tier is left to nobody" in words(page)
    set_rota(console.runtime, read_rota([lines[0], lines[2]]), "test")
    answer = root.posts(f"{path}/disable", version=version(page.text))
    assert "The rota has changed since you opened this page" in words(answer)
    assert "This leaves a gap" in words(answer)
    assert member(console, "kim").disabled_at is None
    for missing in ("", "x"):
        root.posts(f"{path}/disable", version=missing)
    assert member(console, "kim").disabled_at is None


def test_the_last_admin_stays(console: Console, root: Browser) -> None:
    path = path_of(console, "root")
    page = root.opens(f"{path}/disable")
    assert "is the last admin" in words(page)
    preview = accounts.preview_leaving(console.runtime, member(console, "root").id)
    assert "is the last admin" in words(root.posts(f"{path}/disable", version=preview.version))
    answer = root.sends(path, {"name": "Root Gray", "role": "nurse", "phone": "+19135551904", "takes_texts": "1"})
    assert answer.status_code == 422
    assert "is the last admin" in words(answer)
    root_member = member(console, "root")
    assert (root_member.disabled_at, root_member.role.value) == (None, "admin")
    console.employs("other", "admin")
    root.posts(f"{path}/disable", version=accounts.preview_leaving(console.runtime, root_member.id).version)
    assert member(console, "root").disabled_at is not None
    assert root.opens("/", follow=False).status_code == 302


def test_somebody_enabled_again_is_not_on_the_rota_by_themselves(console: Console, root: Browser) -> None:
    path = path_of(console, "kim")
    root.posts(f"{path}/disable", version=version(root.opens(f"{path}/disable").text))
    assert "They are on no rota" in root.posts(f"{path}/enable").text
    assert on_duty(console) == set()
    assert console.browser().signs_in("kim").request.path == "/"


def test_whoever_cannot_be_paged_any_more_leaves_the_rota_with_the_gap_agreed_to(
    console: Console, root: Browser
) -> None:
    """A number taken away is as silent as somebody who is gone."""
    path = path_of(console, "kim")
    for change in ({"role": "nurse", "phone": ""}, {"role": "receptionist", "phone": "+19135551903"}):
        root.opens(path)
        answer = root.sends(path, {"name": "Kim Gray", **change})
        assert answer.status_code == 409
        assert "Tier 1 has nobody" in words(answer)
        assert on_duty(console) == {(1, "kim")}
        assert member(console, "kim").phone == "+19135551903"
    answer = root.sends(path, {"name": "Kim Gray", "role": "receptionist", "phone": "", "accept": "1"})
    assert "Saved." in answer.text
    assert on_duty(console) == set()


def test_a_new_number_is_not_proved_and_stays_on_the_rota(console: Console, root: Browser) -> None:
    path = path_of(console, "kim")
    root.opens(path)
    root.sends(path, {"name": "Kim Gray-Park", "role": "clinician", "phone": "913 555 0178", "takes_texts": "1"})
    kim = member(console, "kim")
    assert (kim.name, kim.role.value, kim.phone) == ("Kim Gray-Park", "clinician", "+19135550178")
    assert on_duty(console) == {(1, "kim")}


def test_what_somebody_gone_was_about_to_do_is_free_again(console: Console, root: Browser) -> None:
    console.hears("hello, when do you open?", "+19135559999")
    with console.begin() as tx:
        assert claim_item(tx, console.items[0].id, "kim", console.runtime.now())
    path = path_of(console, "kim")
    root.posts(f"{path}/disable", version=version(root.opens(f"{path}/disable").text))
    assert console.items[0].claimed_by is None


def test_only_an_admin_changes_staff_and_an_auditor_reads(console: Console, root: Browser) -> None:
    console.employs("adaaa", "auditor")
    console.employs("rivera", "clinician")
    ada, path = console.browser_of("adaaa"), path_of(console, "kim")
    assert "<button" not in ada.opens("/staff").text.split("</header>")[1]
    for browser in (ada, console.browser_of("rivera"), console.browser_of("kim")):
        for address in ("/staff/new", path, f"{path}/disable"):
            assert browser.opens(address).status_code == 403
        for address in ("/staff/new", path, *(f"{path}/{act}" for act in ("disable", "enable", "password", "unlock"))):
            assert browser.posts(address, role="admin").status_code == 403, address
    assert console.browser_of("kim").opens("/staff").status_code == 403
    assert member(console, "kim").role.value == "nurse"


def test_nobody_is_a_page_in_plain_words(console: Console, root: Browser) -> None:
    for address in (f"/staff/{uuid4()}", f"/staff/{uuid4()}/disable"):
        assert root.opens(address).status_code == 404
        assert root.posts(address).status_code == 404
    for act in ("enable", "password", "unlock"):
        assert root.posts(f"/staff/{uuid4()}/{act}").status_code == 404


def test_what_cannot_be_agreed_to_changes_nothing_at_all(console: Console, root: Browser) -> None:
    """The gap is found after the role is written; the transaction takes both back, and its line in the audit."""
    kim = member(console, "kim")
    wanted = AccountIn(name="Somebody else", phone=None, role=kim.role, takes_texts=True)
    with pytest.raises(LeavesGap):
        accounts.change_account(console.runtime, kim.id, wanted, member(console, "root"))
    assert member(console, "kim") == kim
    with console.begin() as tx:
        assert [r.about for r in tx.list(select(audit.c.about).where(audit.c.did == "changed_staff"))] == []


def test_two_admins_who_disable_each_other_at_once_leave_one(console: Console, root: Browser) -> None:
    console.employs("other", "admin")
    pair = member(console, "root"), member(console, "other")
    rota = accounts.preview_leaving(console.runtime, pair[0].id).version

    def goes(leaver: StaffMember, by: StaffMember) -> bool:
        try:
            accounts.disable(console.runtime, leaver.id, by, rota)
        except InputError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(goes, pair, pair[::-1]))
    assert sorted(done) == [False, True]
    assert [member(console, person.username).disabled_at is None for person in pair].count(True) == 1
