"""The commands about paging: whether everything is in order, and whether a page arrives."""

from __future__ import annotations

import sys

import click

from bot.cli.common import clear_errors, print_json

SIGNS = {"green": "✓", "yellow": "!", "red": "✗"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="print the lines as JSON")
@clear_errors
def doctor(*, as_json: bool) -> None:
    """Check configuration, database, account, web address, worker, audit, rota; exit 1 if anything is red."""
    lines = _examined()
    if as_json:
        print_json([{"what": what, "colour": colour, "words": words} for what, colour, words in lines])
    else:
        for what, colour, words in lines:
            click.echo(f"{SIGNS[colour]} {what}: {words}")
    sys.exit(any(colour == "red" for _, colour, _ in lines))


def _examined() -> list[tuple[str, str, str]]:
    """The lines of services.doctor; what keeps the bot from starting at all is one red line."""
    from bot.content.reading import ContentError
    from bot.logs import set_up_logs
    from bot.runtime import open_runtime
    from bot.services.doctor import examine
    from bot.settings import SettingsError, read_settings
    from bot.storage.sealing import KeysError

    set_up_logs("error")
    try:
        rt = open_runtime(read_settings())
    except (SettingsError, ContentError, KeysError) as error:
        return [("configuration", "red", str(error))]
    try:
        return [("configuration", "green", "the settings fit together")] + [
            (line.what, line.colour.value, line.words) for line in examine(rt)
        ]
    finally:
        rt.database.dispose()


@click.command("page-test")
@click.option("--username", "usernames", multiple=True, help="whom; everybody who can be paged, if it is left out")
@click.option("--channel", type=click.Choice(["text", "voice", "both"]), default="both", show_default=True)
@click.option("--wait", "wait_s", type=int, default=60, show_default=True, help="seconds to wait for an answer")
@clear_errors
def page_test(usernames: tuple[str, ...], channel: str, wait_s: int) -> None:
    """Send a page without a patient and show whether it arrived and was answered; exit 1 if one did not leave."""
    from bot.cli.common import ready_bot
    from bot.services.testing import run_test
    from bot.vocabulary import Channel

    channels = tuple(Channel) if channel == "both" else (Channel(channel),)
    with ready_bot(serves=True) as rt:
        rows = run_test(rt, usernames, channels, wait_s)
    for row in rows:
        click.echo(f"{'✓' if row.left else '✗'} {row.username} {row.channel}: {row.words}")
    sys.exit(not rows or not all(row.left for row in rows))
