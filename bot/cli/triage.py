"""The commands that sort texts; none needs a database."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.common import clear_errors, complain, print_json, read_input

DIRECTORY = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("text", required=False)
@click.option("--jsonl", "source", metavar="FILE", help="one JSON object a line; - reads standard input")
@click.option("--explain", is_flag=True, help="also show how each word was read")
@clear_errors
def triage(text: str | None, source: str | None, *, explain: bool) -> None:
    """Sort a text: level, flags, numbers, and which words fired which rule."""
    from bot.services import sorting

    if (text is None) == (source is None):
        complain("Give either a text or --jsonl FILE")
    lexicon = sorting.read_lexicon()
    if source is not None:
        for line in sorting.sort_lines(read_input(source), lexicon):
            print_json(line)
    elif text is not None:
        for said in sorting.show(sorting.sort_one({"text": text}, lexicon)):
            click.echo(said)
        for said in sorting.explain(text, lexicon) if explain else ():
            click.echo(said)


@click.command("triage-eval")
@click.argument("corpora", nargs=-1, required=True, metavar="CORPUS...")
@click.option("--show", is_flag=True, help="also print every reply that was not sorted as its label says")
@clear_errors
def triage_eval(corpora: tuple[str, ...], *, show: bool) -> None:
    """Measure triage on labelled replies: percentages with 95 % intervals."""
    from bot.services import laboratory, sorting

    labels = [label for corpus in corpora for label in laboratory.read_labels(read_input(corpus))]
    judged = laboratory.judge(labels, sorting.read_lexicon())
    for line in laboratory.report(judged):
        click.echo(line)
    for line in laboratory.misses(judged) if show else ():
        click.echo(line)


@click.command("triage-replay")
@click.argument("corpora", nargs=-1, required=True, metavar="CORPUS...")
@click.option("--before", type=DIRECTORY, required=True, help="a config/ to compare with")
@click.option("--after", type=DIRECTORY, help="the other one; the configured one if not given")
@clear_errors
def triage_replay(corpora: tuple[str, ...], before: Path, after: Path | None) -> None:
    """Sort the same replies with two versions of config/ and list every change of level."""
    from bot.services import laboratory, sorting

    labels = [label for corpus in corpora for label in laboratory.read_labels(read_input(corpus))]
    changes = list(laboratory.changes(labels, sorting.read_lexicon(before), sorting.read_lexicon(after)))
    for line in changes:
        click.echo(line)
    click.echo(f"{len(changes)} of {len(labels)} replies changed their level.")
