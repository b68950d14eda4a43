"""Signing in and out, and the guard in front of every console page; it says the same for a wrong name as for a
wrong password."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.services.people import find_signed_in, sign_in, sign_out
from bot.storage.staff import StaffMember
from bot.vocabulary import Role
from bot.web.here import runtime
from bot.web.navigation import ACTING, ENROLLING, READING, entries_for
from bot.web.refusals import explain_on

blueprint = Blueprint("sign_in", __name__)
explain_on(blueprint)
COOKIE = "session_token"
MAY_ACT, MAY_READ, MAY_ENROL = ACTING, READING, ENROLLING


def staff() -> StaffMember:
    """Who is signed in; only behind `guard`."""
    person = g.staff
    assert isinstance(person, StaffMember)
    return person


def guard() -> Response | None:
    """Nobody passes who is not signed in: a page leads to the sign-in, an act is refused."""
    token = request.cookies.get(COOKIE, "")
    by_hand = request.headers.get("X-Asked-By") != "page"  # live.js says so: nobody sits before an idle work list
    person = find_signed_in(runtime(), token, by_hand=by_hand) if token else None
    if person is not None:
        g.staff = person
        return _own_password_first(person)
    if request.method not in ("GET", "HEAD"):
        abort(401)
    return redirect(url_for("sign_in.show", next=request.path))


def _own_password_first(person: StaffMember) -> Response | None:
    """Whoever came in with a one-time password gets no further than the page on which it is changed."""
    if not person.must_change_password or request.blueprint == "password":
        return None
    if request.method not in ("GET", "HEAD"):
        flash("Nothing was changed: choose a password of your own first.")
    return redirect(url_for("password.show"))


def _address() -> str | None:
    """Where a sign-in comes from; behind a proxy that nobody told us of, everybody would seem to come from there.

    Such a proxy stands beside us, at a private address: from any other, the header is the caller's own invention.
    """
    if runtime().settings.trusted_proxies == 0 and "X-Forwarded-For" in request.headers and not _is_far():
        return None
    return request.remote_addr


def _is_far() -> bool:
    try:
        return ip_address(request.remote_addr or "").is_global
    except ValueError:  # a socket has no address
        return False


def who() -> dict[str, object]:
    """Who is signed in and what they may do, for every page behind the guard."""
    person = g.get("staff")
    role = None if person is None else person.role
    return {"me": person, "may_act": role in MAY_ACT, "may_read": role in MAY_READ, "pages": entries_for(role)}


def only(*roles: Role) -> None:
    """403 for every other role."""
    if staff().role not in roles:
        abort(403)


@blueprint.get("/sign-in")
def show() -> str:
    """The form."""
    return render_template("sign_in.html", wrong=False, next=local_path(request.args.get("next")))


@blueprint.post("/sign-in")
def enter() -> str | Response:
    """Signs in and goes on to where the person wanted to be."""
    rt = runtime()
    wanted = local_path(request.form.get("next"))
    username = request.form.get("username", "").replace("\0", "")  # PostgreSQL takes no NUL
    token = sign_in(rt, username, request.form.get("password", ""), _address())
    if token is None:
        return render_template("sign_in.html", wrong=True, next=wanted)
    answer = redirect(wanted)
    secure = rt.settings.public_url.startswith("https")
    answer.set_cookie(COOKIE, token, httponly=True, samesite="Lax", secure=secure, path="/")
    return answer


@blueprint.post("/sign-out")
def leave() -> Response:
    """Ends the session."""
    sign_out(runtime(), request.cookies.get(COOKIE, ""))
    answer = redirect(url_for("sign_in.show"))
    answer.delete_cookie(COOKIE)
    return answer


def local_path(address: str | None) -> str:
    """A path of ours, or the work list: nobody is led to another host."""
    wanted = address or "/"
    parts = urlsplit(wanted)
    plain = wanted.isprintable() and "\\" not in wanted and not wanted.startswith("//")
    return wanted if plain and not parts.scheme and not parts.netloc and parts.path.startswith("/") else "/"
