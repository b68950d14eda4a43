"""Messages and rules, to read: every text, the protocol by days, the flags, and who approved them. Nothing here can be
changed: content is changed in config/."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from bot.content.catalogue import Wanted, groups_of, list_approvals, list_entries
from bot.content.strip import strip_of
from bot.vocabulary import Level
from bot.web.here import runtime
from bot.web.refusals import explain_on
from bot.web.sign_in import guard, who

blueprint = Blueprint("reading", __name__)
blueprint.before_request(guard)
blueprint.context_processor(who)
explain_on(blueprint)


@blueprint.context_processor
def in_force() -> dict[str, object]:
    """What every one of these pages says: the version, and who approved what."""
    content = runtime().content
    return {"content": content, "approvals": list_approvals(content)}


@blueprint.get("/messages")
def messages() -> str:
    """Every text, in each language side by side."""
    content = runtime().content
    wanted = Wanted(_asked("q"), _asked("group"), int(_asked("segments")) if _asked("segments").isdecimal() else 0)
    everything = list_entries(content)
    found = [entry for entry in everything if wanted.takes(entry)]
    return render_template(
        "messages.html", found=found, groups=groups_of(everything), shown=groups_of(found), wanted=wanted,
        count=len(everything), limits=content.clinic.texting,
    )  # by rows, not an item a line  # fmt: skip


@blueprint.get("/protocol")
def protocol() -> str:
    """What is sent on which day."""
    content = runtime().content
    strips = [(one, strip_of(content, one)) for one in content.protocols.values()]
    return render_template("protocol.html", strips=strips)


@blueprint.get("/flags")
def flags() -> str:
    """What counts as a flag, how high it is, and what the patient is told."""
    content = runtime().content
    words, level = _asked("q").casefold().split(), _asked("level")
    found = [
        (name, rule)
        for name, rule in content.red_flags.flags.items()
        if level in ("", rule.level) and all(word in f"{name} {rule.label} {rule.window}".casefold() for word in words)
    ]
    found.sort(key=lambda one: -one[1].level.rank)
    return render_template("flags.html", found=found, q=_asked("q"), level=level, every=list(reversed(Level)))


def _asked(name: str) -> str:
    return request.args.get(name, "").replace("\0", "").strip()[:100]
