"""``linkwatch report``, ``why`` and ``browse`` on the command line: what is known, shown."""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linkwatch.commands.params import by_option, common, json_option, output_option
from linkwatch.commands.shell import colour_wanted, invoked, now, on_terminal
from linkwatch.model import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlite_utils import Database

    from linkwatch.config import Config

FORMATS = click.Choice(["terminal", "markdown", "html", "json", "ndjson", "csv", "atom", "junit", "github"])
FOR_PEOPLE = frozenset({"terminal", "markdown", "html"})
FAIL_ON = click.Choice(["never", "new-dead", "dead", "any"])


@click.command()
@click.option("--format", "form", type=FORMATS, default="terminal", show_default=True)
@by_option
@output_option
@click.option(
    "--most",
    type=click.IntRange(min=0),
    metavar="N",
    help="List at most N URLs of each section; counts stay true.  [default: 500 for people, else all]",
)
@click.option(
    "--since", type=click.DateTime(), metavar="DATE", help="New means since then.  [default: the last run]"
)
@click.option("--state", type=click.Choice([str(each) for each in State]), help="Only URLs in this state.")
@click.option("--domain", help="Only URLs of this domain or host.")
@click.option("--article", help="Only links of these articles: a path, a glob, or an address.")
@click.option("--fail-on", type=FAIL_ON, help="Exit with 1 when the report holds such links.")
@json_option
@common
def report(form: str, *, by: str, output: Path | None, most: int | None, fail_on: str | None,
           as_json: bool, **given: Any) -> None:  # fmt: skip
    """Say what is broken, what is new, and what replaces it."""
    from datetime import UTC

    since, state, domain, article = (given.pop(name) for name in ("since", "state", "domain", "article"))
    shell = invoked(as_json=as_json, **given)
    config = shell.config()
    with shell.reading(config) as db:
        filters = {
            "since": since.replace(tzinfo=UTC) if since else None,
            "state": State(state) if state else None,
            "domain": domain,
            "article": article,
        }
        form = "json" if as_json else form
        failed = print_report(db, config, form, fail_on, filters, by=by, output=output, most=most)
    sys.exit(1 if failed else 0)


@click.command()
@click.argument("url")
@json_option
@common
def why(url: str, *, as_json: bool, **given: Any) -> None:
    """Tell all that is known of one URL, and why we say so."""
    from linkwatch.report.evidence_json import render as as_data
    from linkwatch.report.evidence_terminal import render as as_lines
    from linkwatch.report.why import story

    shell = invoked(as_json=as_json, **given)
    config = shell.config()
    with shell.reading(config) as db:
        found = story(db, url, now=now())
    click.echo(as_data(found) if as_json else as_lines(found, width=_width(), colour=colour_wanted()))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Serve on this address.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True)
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
@click.option("--static", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
              help="Serve nothing: write report and data into DIR, for a static host.")  # fmt: skip
@click.option("--address", metavar="URL", help="With --static: where DIR will be published.")
@common
def browse(host: str, port: int, *, no_open: bool, static: Path | None, address: str | None,
           **given: Any) -> None:  # fmt: skip
    """Browse the database in Datasette."""
    if address and not static:
        raise click.UsageError("--address says where --static DIR will be published: give --static too")
    shell = invoked(**given)
    if static:
        from linkwatch.publish import publish

        config = shell.config()
        publish(shell.db_path(config), static, config, now=now(), address=address)
        return
    from linkwatch.browse import serve

    serve(shell.db_path(shell.config()), host=host, port=port, open_browser=not no_open)


def print_report(db: Database, config: Config, form: str, fail_on: str | None, filters: Mapping[str, Any],
                 *, by: str = "url", output: Path | None = None,
                 most: int | None = None) -> bool:  # fmt: skip
    """Prints or writes the report; whether it holds what the job is to fail on."""
    from linkwatch.report.compose import fails
    from linkwatch.report.formats import pieces
    from linkwatch.report.model import By
    from linkwatch.report.stage import build
    from linkwatch.report.telling import ENTRIES

    templates = str(config.root / config.report.templates) if config.report.templates else None
    if most is None and form in FOR_PEOPLE:
        most = ENTRIES
    with db.atomic():  # one moment of the database, though a run may be writing while a long report is told
        built = build(db, config, now=now(), pictures=form == "html", most=most, by=By(by), **filters)
        where = {} if output else {"width": _width(), "colour": colour_wanted()}
        told = pieces(form, built, templates=templates, **where)
        first = next(told, "")  # what is wrong with a template is said before a file is written over
        if output:
            with output.open("w", encoding="utf-8") as file:
                file.writelines(chain([first], told))
        else:
            for piece in chain([first], told):
                click.echo(piece, nl=False)
    return fails(built, fail_on or config.report.fail_on)


def _width() -> int | None:
    """The terminal's width in columns; None where the output goes elsewhere."""
    import shutil

    return shutil.get_terminal_size().columns if on_terminal() else None
