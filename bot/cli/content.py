"""The commands about what the bot says: check it, and write it down for the clinic to read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.common import clear_errors, complain

if TYPE_CHECKING:
    from bot.content.lint import Measured
    from bot.vocabulary import LanguageCode


@click.command("check-content")
@clear_errors
def check_content() -> None:
    """Validate everything under config/: each text with its length, segments and reading grade."""
    from bot.content.lint import find_excess, measure
    from bot.content.load import load_content
    from bot.services.content_check import find_unanswerable
    from bot.settings import read_settings

    content = load_content(read_settings().config_dir)
    measured = list(measure(content))
    for line in table_of(measured, sorted(content.messages)):
        click.echo(line)
    problems = [*find_excess(content, measured), *find_unanswerable(content)]
    for code, messages in sorted(content.messages.items()):
        own = [one for one in measured if one.language == code and not one.together]
        click.echo(
            f"{code}: {len(messages.texts)} texts, {len(messages.questions)} questions, "
            f"at most {max(one.segments for one in own)} segments alone, grade {max(one.grade or 0 for one in own):.1f}"
        )
    click.echo(
        f"{len(content.protocols)} protocol(s), {len(content.red_flags.flags)} flags, "
        f"{len(content.faq.topics)} answers from the clinic's page. Version {content.version}."
    )
    for problem in problems:
        click.echo(f"PROBLEM {problem}")
    if problems:
        complain(problems[0] + (f" (and {len(problems) - 1} more, listed above)" if len(problems) > 1 else ""))


def table_of(measured: list[Measured], codes: list[LanguageCode]) -> list[str]:
    """A line for each text: characters, segments and grade in every language."""
    by_key: dict[str, dict[str, Measured]] = {}
    for one in measured:
        by_key.setdefault(one.key, {})[one.language] = one
    width = max(len(key) for key in by_key)
    head = "  ".join(f"{code:>4} long seg grade" for code in codes)
    lines = [f"{'text':{width}}  {head}"]
    for key, found in by_key.items():
        cells = [_cell(found.get(code)) for code in codes]
        lines.append(f"{key:{width}}  {'  '.join(cells)}")
    return lines


def _cell(one: Measured | None) -> str:
    if one is None:
        return f"{'-':>19}"
    grade = "    -" if one.grade is None else f"{one.grade:5.1f}"
    return f"{one.length:9} {one.segments:3} {grade}"


def _write(page: str, target: Path | None) -> None:
    """To the file, or to standard output."""
    if target is None:
        click.echo(page, nl=False)
    else:
        target.write_text(page, encoding="utf-8")


@click.command("describe-texts")
@click.option("--to", "target", type=click.Path(path_type=Path), help="the file to write; standard output if missing")
@clear_errors
def describe_texts(target: Path | None) -> None:
    """Write down what the bot says to patients: docs/patients.md."""
    from bot.content.describe import describe
    from bot.content.load import load_content
    from bot.settings import read_settings

    words = describe(load_content(read_settings().config_dir))
    _write(words, target)


@click.command("describe-rules")
@click.option("--to", "target", type=click.Path(path_type=Path), help="the file to write; standard output if missing")
@clear_errors
def describe_rules(target: Path | None) -> None:
    """Write down every rule by which a text is sorted: docs/rules.md."""
    from bot.content.describe_rules import describe_rules as described
    from bot.content.red_flags import load_red_flags
    from bot.settings import read_settings

    rules = described(load_red_flags(read_settings().config_dir))
    _write(rules, target)
