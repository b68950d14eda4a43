"""Being on call, in the console: the calendar says what paging does; a change is saved whole, once and knowingly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from html import unescape

import pytest
from werkzeug.test import TestResponse

from bot.exchange.rota import read_rota
from bot.planning.on_call import RotaEntry
from bot.planning.rota import Change
from bot.planning.rota_edits import key_of, version_of
from bot.services.rota import set_rota
from bot.services.rota_changes import RotaChange, RotaMoved, change_rota
from bot.storage.audit import list_entries
from bot.storage.rota import get_rota, list_on_duty
from bot.storage.staff import list_staff
from tests.web.conftest import Browser, Console

HIDDEN = re.compile(r'name="(version|key)" value="([^"]*)"')


@pytest.fixture
def team(console: Console) -> Console:
    """Kim and Samuel take turns by the day, Rivera is always next; a nurse, a nurse, a clinician, and an admin."""
    for username, role in (
        ("samuel", "nurse"),
        ("rivera", "clinician"),
        ("administrator", "admin"),
        ("ada", "auditor"),
    ):
        console.employs(username, role)
    rules = {
        "entries": [{"username": "rivera", "tier": 2}],
        "rotations": [
            {"tier": 1, "usernames": ["kim", "samuel"], "every": "day", "hand_over_at": "08:00", "from": "2026-03-02"}
        ],
    }
    set_rota(console.runtime, read_rota(rules), "test")
    return console


def version(page: str) -> str:
    found = re.search(r'name="version" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def saves(browser: Browser, form: str, fields: Mapping[str, str | list[str]]) -> TestResponse:
    """Opens the form and sends it."""
    opened = browser.opens(f"/on-call/rota/{form}").text
    return browser.sends(f"/on-call/rota/{form}", {"version": version(opened), **fields})


def on_duty(console: Console) -> set[tuple[int, str]]:
    with console.begin() as tx:
        names = {person.id: person.username for person in list_staff(tx)}
        return {(entry.tier, names[entry.staff_id]) for entry in list_on_duty(tx, console.runtime.now())}


def rota_version(console: Console) -> str:
    with console.begin() as tx:
        return version_of(get_rota(tx))


def words(answer: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text.split("<main")[1])).split())


COVER = {"who": "samuel", "whom": "kim", "tier": "1", "from": "2026-03-02T10:00", "to": "2026-03-02T18:00"}


def test_the_calendar_says_who_is_on_and_where_nobody_is(team: Console) -> None:
    team.it_is("2026-03-06 12:00")
    shown = words(team.browser_of("kim").opens("/on-call"))
    assert "Tier 1 now Kim Gray (you) until Sat Mar 7 2026, 8:00 am CST" in shown
    assert "Tier 2 now Rivera Gray for two weeks and more" in shown
    assert "Fri Mar 6 today Tier 1 until 8:00 am Samuel Gray from 8:00 am Kim Gray (you)" in shown
    assert "Sun Mar 8 clocks change: 23 hours Tier 1 until 8:00 am CDT" in shown
    assert "nobody" not in shown
    later = words(team.browser_of("kim").opens("/on-call?from=2026-03-20"))
    assert "Fri Mar 20 Tier 1 until 8:00 am" in later
    assert "Fri Mar 20 today" not in later
    before = words(team.browser_of("kim").opens("/on-call?from=2026-02-20"))
    assert "Mon Mar 2 Tier 1 until 8:00 am ✗ nobody from 8:00 am Kim Gray (you)" in before


@pytest.mark.parametrize("odd", ["", "x", "0001-01-01", "9999-12-31", "2026-02-30", "%00"])
def test_an_odd_day_shows_a_calendar_all_the_same(team: Console, odd: str) -> None:
    assert "Tier 1 now" in words(team.browser_of("kim").opens(f"/on-call?from={odd}"))


def test_a_clinician_makes_a_rotation_and_paging_follows_it(team: Console) -> None:
    rivera = team.browser_of("rivera")
    fields: dict[str, str | list[str]] = {
        "tier": "3",
        "every": "week",
        "at": "07:30",
        "from": "2026-03-02",
        "member": ["samuel", "", "kim", ""],
    }
    answer = saves(rivera, "rotation", fields)
    assert answer.request.path == "/on-call/rota"
    assert "The rota is saved" in answer.text
    assert "Tier 3, every Monday at 7:30 am" in words(answer)
    assert (3, "samuel") in on_duty(team)
    team.it_is("2026-03-09 07:30")
    assert (3, "kim") in on_duty(team)


def test_a_rotation_is_changed_in_place(team: Console) -> None:
    rivera = team.browser_of("rivera")
    link = re.search(r'href="(/on-call/rota/rotation\?key=[^"]+)"', rivera.opens("/on-call/rota").text)
    assert link is not None
    form = rivera.opens(link[1]).text
    assert 'value="2026-03-02"' in form
    hidden = dict(HIDDEN.findall(form))
    answer = rivera.sends(
        "/on-call/rota/rotation",
        {**hidden, "tier": "1", "every": "day", "at": "08:00", "member": ["samuel"], "from": "2026-03-02"},
    )
    assert "The rota is saved" in answer.text
    with team.begin() as tx:
        (turn,) = get_rota(tx).rotations
    assert len(turn.staff_ids) == 1


def test_two_people_who_edit_at_once_do_not_overwrite_each_other(team: Console) -> None:
    """The second one is told who was first, keeps what was entered, and may save it on top."""
    rivera, admin = team.browser_of("rivera"), team.browser_of("administrator")
    old = version(rivera.opens("/on-call/rota/cover").text)
    assert "The rota is saved" in saves(admin, "holiday", {"on": "2026-03-11", "tier": "1", "member": ["rivera"]}).text
    answer = rivera.sends("/on-call/rota/cover", {"version": old, **COVER})
    assert answer.status_code == 409
    assert "administrator has changed the rota since you opened this page (Mon Mar 2 2026, 12:00 pm CST)" in words(
        answer
    )
    assert 'value="2026-03-02T10:00"' in answer.text
    assert on_duty(team) == {(1, "kim"), (2, "rivera")}
    again = rivera.sends("/on-call/rota/cover", {"version": version(answer.text), **COVER})
    assert "Samuel Gray covers Kim Gray" in words(again)
    assert on_duty(team) == {(1, "samuel"), (2, "rivera")}


def test_a_new_gap_is_refused_until_it_is_agreed_to(team: Console) -> None:
    rivera = team.browser_of("rivera")
    away = {"who": "-", "whom": "rivera", "tier": "2", "from": "2026-03-03T08:00", "to": "2026-03-03T20:00"}
    answer = saves(rivera, "cover", away)
    assert answer.status_code == 409
    assert "Tier 2 has nobody from Tue Mar 3 2026, 8:00 am CST to Tue Mar 3 2026, 8:00 pm CST" in words(answer)
    assert 'value="2026-03-03T08:00"' in answer.text
    with team.begin() as tx:
        assert get_rota(tx).overrides == ()
    answer = rivera.sends("/on-call/rota/cover", {"version": version(answer.text), "accept": "1", **away})
    assert "It leaves gaps in the next 14 days" in words(answer)
    assert "Tier 2 has nobody" in words(rivera.opens("/on-call"))
    assert "The rota is saved" in words(saves(rivera, "cover", COVER)), "an old gap keeps nobody from saving"


def test_a_gap_far_ahead_is_seen_when_it_is_made(team: Console) -> None:
    """Cover in May is further away than the fourteen days that are shown."""
    away = {"who": "-", "whom": "rivera", "tier": "2", "from": "2026-05-03T08:00", "to": "2026-05-03T20:00"}
    assert saves(team.browser_of("rivera"), "cover", away).status_code == 409


def test_what_is_taken_off_is_shown_first_where_it_leaves_a_gap(team: Console) -> None:
    rivera = team.browser_of("rivera")
    page = rivera.opens("/on-call/rota").text
    hidden = dict(HIDDEN.findall(page.split('id="lines"')[1]))
    answer = rivera.sends("/on-call/rota/remove", hidden)
    assert answer.status_code == 409
    assert "Tier 2 has nobody" in words(answer)
    assert on_duty(team) == {(1, "kim"), (2, "rivera")}
    assert (
        "The rota is saved"
        in rivera.sends("/on-call/rota/remove", dict(HIDDEN.findall(answer.text)) | {"accept": "1"}).text
    )
    assert on_duty(team) == {(1, "kim")}


def test_a_nurse_takes_cover_on_herself_gives_it_back_and_changes_nothing_else(team: Console) -> None:
    samuel = team.browser_of("samuel")
    assert "Samuel Gray covers Kim Gray" in words(saves(samuel, "cover", COVER))
    assert on_duty(team) == {(1, "samuel"), (2, "rivera")}
    shown = samuel.opens("/on-call/rota").text
    assert shown.count("Take off") == 1
    keys = re.findall(r'name="key" value="([^"]*)"', shown)
    saved = samuel.sends("/on-call/rota/remove", {"version": version(shown), "key": keys})
    assert "The rota is saved" in saved.text
    assert on_duty(team) == {(1, "kim"), (2, "rivera")}
    for fields in (COVER | {"who": "kim", "whom": "samuel"}, COVER | {"who": "-"}):
        answer = saves(samuel, "cover", fields)
        assert answer.status_code == 422
        assert "cover that you take yourself" in words(answer)
    for path in ("rotation", "holiday", "line"):
        assert samuel.opens(f"/on-call/rota/{path}").status_code == 403
        assert samuel.posts(f"/on-call/rota/{path}").status_code == 403
    with team.begin() as tx:
        assert get_rota(tx).overrides == ()


def test_a_nurse_cannot_agree_to_a_gap_or_take_a_rule_off(team: Console) -> None:
    samuel = team.browser_of("samuel")
    line = re.findall(r'name="key" value="([^"]*)"', team.browser_of("rivera").opens("/on-call/rota").text)[-1]
    answer = samuel.posts("/on-call/rota/remove", version=rota_version(team), key=line, accept="1")
    assert answer.status_code == 422
    assert on_duty(team) == {(1, "kim"), (2, "rivera")}


def test_a_nurse_gives_back_a_whole_cover_and_undoes_nobody_elses_leave(team: Console) -> None:
    """Half of her cover, or her own name beside somebody else's leave, would change who is on behind their backs."""
    samuel = team.browser_of("samuel")
    saves(samuel, "cover", COVER)
    half = re.findall(r'name="key" value="([^"]*)"', samuel.opens("/on-call/rota").text)[:1]
    answer = samuel.sends("/on-call/rota/remove", {"version": rota_version(team), "key": half})
    assert answer.status_code == 422
    rivera = team.browser_of("rivera")
    saves(rivera, "cover", COVER | {"who": "-", "whom": "rivera", "tier": "2", "accept": "1"})
    with team.begin() as tx:
        before = get_rota(tx)
    (leave,) = (o for o in before.overrides if o.change is Change.REMOVE and o.tier == 2)
    fields = COVER | {"whom": "+", "tier": "2", "key": key_of(leave)}
    assert saves(samuel, "cover", fields).status_code == 422
    with team.begin() as tx:
        assert get_rota(tx) == before


def test_an_auditor_reads_the_rota_and_is_offered_no_button(team: Console) -> None:
    ada = team.browser_of("ada")
    for path in ("/on-call", "/on-call/rota"):
        assert "<button" not in ada.opens(path).text.split("</header>")[1]
    assert ada.opens("/on-call/rota/cover").status_code == 403
    assert ada.posts("/on-call/page-me").status_code == 403


@pytest.mark.parametrize(
    ("form", "fields", "line"),
    [
        ("rotation", {"member": []}, "Choose at least one person"),
        ("rotation", {"at": ""}, "Give the time of the hand-over"),
        ("rotation", {"from": ""}, "Give the first day"),
        ("rotation", {"from": "2026-02-30"}, "is no date"),
        ("rotation", {"from": "0026-03-02"}, "check the year"),
        ("rotation", {"to": "2026-03-01"}, "must lie after the first"),
        ("rotation", {"tier": "0"}, "Choose the tier"),
        ("rotation", {"member": ["ada"]}, "Choose somebody from the list"),
        ("cover", COVER | {"to": "2026-03-02T09:00"}, "must lie after the start"),
        ("cover", COVER | {"from": "yesterday"}, "is no date and time"),
        ("cover", COVER | {"whom": "samuel"}, "can cover themselves"),
        ("cover", COVER | {"who": "-", "whom": ""}, "who comes on, or who goes off"),
        ("holiday", {"on": "2026-03-11", "tier": "1", "member": [""]}, "Choose who is on call on that day"),
        ("line", {"who": "kim", "tier": ""}, "Choose the tier"),
        ("line", {"who": "kim", "tier": "1", "from": "2026-03-03T08:00", "to": "2026-03-03T08:00"}, "must lie after"),
    ],
)
def test_a_form_that_is_wrong_says_so_in_one_line_and_changes_nothing(
    team: Console, form: str, fields: dict[str, str | list[str]], line: str
) -> None:
    right: dict[str, str | list[str]] = {}
    if form == "rotation":
        right = {"tier": "1", "every": "day", "at": "08:00", "from": "2026-03-02", "member": ["kim"]}
    before = rota_version(team)
    answer = saves(team.browser_of("rivera"), form, right | fields)
    assert answer.status_code == 422
    assert line in words(answer)
    assert rota_version(team) == before


def test_wall_times_in_the_night_of_the_clocks_leave_no_hour_out(team: Console) -> None:
    """Half past one comes twice on November 1st: a start is the first of them, an end the last; half past two on
    March 8th never comes."""
    rivera = team.browser_of("rivera")
    saves(rivera, "cover", COVER | {"from": "2026-11-01T01:30", "to": "2026-11-01T01:30"})
    saves(rivera, "cover", COVER | {"from": "2026-03-08T02:30", "to": "2026-03-08T04:00"})
    with team.begin() as tx:
        spans = {(o.from_at.isoformat()[5:16], o.to_at.isoformat()[5:16]) for o in get_rota(tx).overrides}
    assert spans == {("11-01T06:30", "11-01T07:30"), ("03-08T08:00", "03-08T09:00")}


def test_page_me_now_sends_both_channels_once_and_shows_how_far_they_got(team: Console) -> None:
    kim = team.browser_of("kim")
    kim.opens("/on-call")
    answer = kim.posts("/on-call/page-me")
    assert "You are being paged by text and call." in words(answer)
    assert words(answer).count("waiting to be sent, not answered yet") == 2
    assert "were paged a moment ago" in words(kim.posts("/on-call/page-me"))


def test_a_test_page_goes_to_one_member_or_to_all(team: Console) -> None:
    rivera = team.browser_of("rivera")
    rivera.opens("/on-call")
    with team.begin() as tx:
        samuel = next(person for person in list_staff(tx) if person.username == "samuel")
    assert "1 test page on the way" in words(rivera.posts("/on-call/test", channel="text", who=str(samuel.id)))
    assert "3 test pages on the way" in words(rivera.posts("/on-call/test", channel="text")), "samuel has one already"
    assert rivera.posts("/on-call/test", channel="text", who="x").status_code == 404


def test_numbers_are_shown_to_those_who_set_the_rota_and_to_oneself(team: Console) -> None:
    shown = words(team.browser_of("kim").opens("/on-call"))
    assert "(913) 555-1903" in shown
    assert "(913) 555-1906" not in shown
    assert "(913) 555-1906" in words(team.browser_of("rivera").opens("/on-call"))


def test_every_change_is_in_the_audit(team: Console) -> None:
    saves(team.browser_of("rivera"), "holiday", {"on": "2026-03-11", "tier": "1", "member": ["kim"]})
    with team.begin() as tx:
        newest = list_entries(tx)[-1]
    assert (newest.who, newest.did, newest.about) == ("rivera", "changed_rota", "holiday")


def test_a_holiday_without_anybody_leads_to_its_form(team: Console) -> None:
    team.it_is("2026-07-01 12:00")
    rivera = team.browser_of("rivera")
    link = re.search(r'href="(/on-call/rota/holiday\?on=[^"]+)"', rivera.opens("/on-call").text)
    assert link is not None
    assert date.fromisoformat(link[1][-10:]) in team.runtime.content.clinic.closed_days((2026,))
    assert link[1][-10:] in rivera.opens(link[1]).text


def test_of_two_changes_at_the_same_moment_one_is_saved_and_one_is_told(team: Console) -> None:
    with team.begin() as tx:
        kim, rivera = (next(p for p in list_staff(tx) if p.username == name) for name in ("kim", "rivera"))
    shown = rota_version(team)

    def saves_it(tier: int) -> bool:
        rule = RotaEntry(kim.id, tier, None, None)
        try:
            change_rota(team.runtime, RotaChange(shown, "line", adds=(rule,)), rivera)
        except RotaMoved:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(saves_it, (3, 4))) == [False, True]
    with team.begin() as tx:
        assert len(get_rota(tx).entries) == 2


def test_two_whole_rotas_set_at_the_same_moment_do_not_add_up(team: Console) -> None:
    lines = [{"username": "kim", "tier": 1}, {"username": "samuel", "tier": 1}]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: set_rota(team.runtime, read_rota(lines), "test"), range(8)))
    with team.begin() as tx:
        assert len(get_rota(tx).entries) == 2
