"""Every rule by which a text is sorted, written down for those who must approve it; made from red_flags.yaml alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.content.red_flags import Combination, FlagRule, Frame, Question, RedFlags

HEAD = """# Every rule

Made from `config/red_flags.yaml` by `python -m bot describe-rules --to docs/rules.md`; change the file there, not this
page. How the rules work together: [triage.md](triage.md). A *frame* is what has to be said; the guards look at what
stands first in it. What a concept is in words stands in `config/languages/*/words*.yaml` under its name.
"""


def describe_rules(rules: RedFlags) -> str:
    """The whole page, in Markdown."""
    lines = [HEAD, "## Flags", ""]
    for flag, rule in rules.flags.items():
        lines += [*_flag(flag, rule, rules.source)]
    lines += ["## Signs: they raise nothing alone", "", *_frames([*_named(rules.signs)]), ""]
    lines += ["## What two or more findings make together", "", *map(_combination, rules.combinations), ""]
    lines += ["## What is asked about", "", *map(_question, rules.questions), ""]
    lines += [
        f"Body words that nothing else in their clause explains ({rules.net.topic}): {_names(rules.net.concepts)}.",
        f"They page beside a sign and a change: {_names(rules.net.pages_of)}.",
        "",
        "## Numbers that decide",
        "",
        *_numbers(rules),
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


def _flag(name: str, rule: FlagRule, source: str) -> Iterator[str]:
    yield f"### {rule.label} (`{name}`): {rule.level}"
    yield ""
    guards = _names(rule.guards) if rule.guards else "nothing"
    gone = "; also when it is said to be gone" if rule.gone_counts else ""
    yield f"Told: `{rule.told}`. Counts: {rule.days}{gone}. Lowered by: {guards}."
    notes = [f"When it comes: {rule.window}." if rule.window else "", f"Source: {rule.source or source}."]
    notes += [{"never": "The ear never doubts it.", "hardly": "The ear hardly ever doubts it."}.get(rule.doubted, "")]
    notes += [f"In place of: {_names(rule.replaces)}." if rule.replaces else ""]
    yield " ".join(note for note in notes if note)
    if rule.frames:
        yield ""
        yield from _frames([(frame.name, frame) for frame in rule.frames])
    yield ""


def _frames(frames: list[tuple[str, Frame]]) -> Iterator[str]:
    yield "| frame | says | not beside | when |"
    yield "| --- | --- | --- | --- |"
    for name, frame in frames:
        says = " **and** ".join(" or ".join(part) for part in frame.parts)
        yield f"| `{name}` | {says} | {_names(frame.none)} | {_when(frame)} |"


def _when(frame: Frame) -> str:
    said = [f"from day {frame.from_day}" if frame.from_day is not None else ""]
    said += [f"to day {frame.to_day}" if frame.to_day is not None else ""]
    said += [f"asked: {_names(frame.asked)}" if frame.asked else "", "the whole text" if frame.whole else ""]
    said += ["also in the next clause" if frame.across else ""]
    said += [f"lowered by {_names(frame.guards) or 'nothing'}" if frame.guards is not None else ""]
    return "; ".join(one for one in said if one)


def _named(signs: dict[str, list[Frame]]) -> Iterator[tuple[str, Frame]]:
    for sign, frames in signs.items():
        for frame in frames:
            yield f"{sign}.{frame.name}", frame


def _combination(one: Combination) -> str:
    parts = " **and** ".join(_names(part, " or ") for part in one.all)
    return f"- `{one.name}` is `{one.flag}`: {parts}{' in one clause' if one.one_clause else ''}"


def _question(one: Question) -> str:
    explained = f"; not beside {_names(one.explained_by)}" if one.explained_by else ""
    part_of = f"; not inside {_names(one.part_of)}" if one.part_of else ""
    ear = "; in a longer text only if the ear hears more in it" if one.left_to_ear else ""
    pages = "pages after ten minutes without a clear answer" if one.flag_word else "a work item"
    return f"- {_names(one.concepts)}: *{one.topic}*, {pages}{explained}{part_of}{ear}"


def _numbers(rules: RedFlags) -> Iterator[str]:
    for group, numbers in rules.thresholds.model_dump().items():
        rows = numbers.items() if isinstance(numbers, dict) else [("", numbers)]
        for name, value in rows:
            yield f"- {group} {name}: {value}".replace(" :", ":")


def _names(names: Sequence[object], joint: str = ", ") -> str:
    return joint.join(f"{name}" for name in names)
