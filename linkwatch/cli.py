"""The command line: parse, call one stage, print, exit code. No logic, no SQL.

Heavy libraries are imported by the command that needs them, so that ``--version`` is quick.
"""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from linkwatch import __version__
from linkwatch.commands.ending import Group, run_async
from linkwatch.commands.fixing import fix
from linkwatch.commands.keeping import merge, prune, refold, status
from linkwatch.commands.params import (
    by_option,
    common,
    connect_option,
    json_option,
    max_time_option,
    output_option,
    shard_option,
)
from linkwatch.commands.shell import invoked, now, stderr
from linkwatch.commands.showing import FAIL_ON, FORMATS, browse, print_report, report, why
from linkwatch.errors import ArchiveError

if TYPE_CHECKING:
    from linkwatch.archive.tally import ArchiveSummary
    from linkwatch.check.backlog import Backlog
    from linkwatch.check.progress import Progress
    from linkwatch.commands.shell import Shell
    from linkwatch.config import Config
    from linkwatch.store.checks import Due

PATHS = click.Path(path_type=Path)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="linkwatch")
def cli() -> None:
    """Watch the outbound links of a publication: harvest, check, archive, report.

    Exit codes: 0 done; 1 done, and --fail-on found what it names; 2 usage or configuration error;
    3 the job could not be done; 129, 130, 143 ended by SIGHUP, SIGINT, SIGTERM: what was done
    is kept.
    """


@cli.command()
@click.argument("path", type=PATHS, required=False)
@common
def init(path: Path | None, **given: Any) -> None:
    """Write a commented linkwatch.toml, here or at PATH or --config."""
    from linkwatch.config import FILE_NAME
    from linkwatch.shipped import template

    shell = invoked(**given)
    path = path or shell.config_path or Path(FILE_NAME)
    if path.exists():
        raise click.UsageError(f"{path} exists; it is left as it is")
    path.write_text(template(), encoding="utf-8")
    shell.say(f"Wrote {path}. Every line in it is a default: change what is yours.")


@cli.command()
@click.argument("paths", nargs=-1, type=PATHS)
@json_option
@common
def harvest(paths: tuple[Path, ...], *, as_json: bool, **given: Any) -> None:
    """Read the articles and record their links."""
    shell = invoked(as_json=as_json, events=as_json, **given)
    config = _with_readers(shell, paths)
    from linkwatch.commands.progress import harvesting
    from linkwatch.harvest.stage import harvest as stage
    from linkwatch.nightly import recorded

    with shell.writing(config) as db, recorded(db, "harvest", now) as run:
        with harvesting(stderr, quiet=shell.verbosity < 0, events=as_json) as progress:
            summary = stage(db, config, paths, now=now(), progress=progress)
        run.add(asdict(summary))
    shell.tell("Harvested", asdict(summary))


@cli.command()
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option("--all", "everything", is_flag=True, help="Check every URL, also those not due yet.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Check at most N URLs.")
@max_time_option
@shard_option
@connect_option
@json_option
@common
def check(urls: tuple[str, ...], *, everything: bool, limit: int | None, max_time: float | None,
          shard: tuple[int, int] | None, as_json: bool, connect_to: tuple[str, ...],
          **given: Any) -> None:  # fmt: skip
    """Check what is due, or just these URLs."""
    from linkwatch.check.backlog import Listed
    from linkwatch.check.stage import check as stage
    from linkwatch.commands.progress import checking
    from linkwatch.nightly import recorded
    from linkwatch.store import backlog, checks

    shell = invoked(as_json=as_json, events=as_json, connect_to=connect_to, **given)
    config = shell.config()
    targets = [_target(url) for url in urls]
    with shell.writing(config, anew=bool(targets)) as db, recorded(db, "check", now) as run:
        if targets:
            due: Backlog[Due] = Listed(checks.named(db, targets, now()))
        else:
            quota = None if everything else config.check.per_domain_per_night
            due = backlog.due(db, now(), everything=everything, limit=limit, shard=shard, per_domain=quota)
        with (
            checking(stderr, quiet=shell.verbosity < 0, events=as_json) as progress,
            run.counting(progress),
        ):
            verdicts = run_async(stage(db, config, run_id=run.id, clock=now, targets=due, progress=progress,
                                       max_time=max_time))  # fmt: skip
    _say_unreached(shell, progress)
    shell.tell("Checked", {"checked": verdicts.total(), **run.counts})


@cli.command()
@click.option("--wacz", type=PATHS, metavar="FILE",
              help="Only pack the local copy ([archive] warc_dir) into a WACZ file; ask nobody.")  # fmt: skip
@connect_option
@json_option
@common
def archive(*, wacz: Path | None, as_json: bool, connect_to: tuple[str, ...], **given: Any) -> None:
    """Capture live pages, and find mementos of dead ones."""
    from linkwatch.archive.keys import Keys
    from linkwatch.archive.stage import archive as stage
    from linkwatch.commands.progress import archiving
    from linkwatch.nightly import recorded

    shell = invoked(as_json=as_json, events=as_json, connect_to=connect_to, **given)
    config = shell.config()
    if wacz:
        from linkwatch.archive.wacz import pack

        shell.tell("Packed", asdict(pack(_local_copy(config), wacz, now())))
        return
    with shell.writing(config, anew=False) as db, recorded(db, "archive", now) as run:
        keys = Keys.from_env(os.environ)
        with archiving(stderr, quiet=shell.verbosity < 0, events=as_json) as progress:
            summary = run_async(stage(db, config, run_id=run.id, clock=now, keys=keys, progress=progress))
        run.add(asdict(summary))
    shell.tell("Archive", asdict(summary))
    _refuse(summary)


cli.add_command(report)


@cli.command()
@click.argument("paths", nargs=-1, type=PATHS)
@click.option("--format", "form", type=FORMATS, default="terminal", show_default=True)
@by_option
@output_option
@click.option("--fail-on", type=FAIL_ON, help="Exit with 1 when the report holds such links.")
@max_time_option
@connect_option
@json_option
@common
def run(paths: tuple[Path, ...], *, form: str, by: str, output: Path | None, fail_on: str | None,
        max_time: float | None, as_json: bool, connect_to: tuple[str, ...],
        **given: Any) -> None:  # fmt: skip
    """Harvest, check, archive, report: the nightly job."""
    shell = invoked(as_json=as_json, events=as_json, connect_to=connect_to, **given)
    config = _with_readers(shell, paths)
    from linkwatch.archive.keys import Keys
    from linkwatch.commands.progress import archiving, checking
    from linkwatch.nightly import night, recorded

    quiet = shell.verbosity < 0
    with shell.writing(config) as db:
        with (
            recorded(db, "run", now) as row,
            checking(stderr, quiet=quiet, events=as_json) as progress,
            archiving(stderr, quiet=quiet, bar=False, events=as_json) as tell,
        ):
            done = run_async(
                night(row, config, paths, keys=Keys.from_env(os.environ), progress=progress, archiving=tell,
                      max_time=max_time)
            )  # fmt: skip
        _say_unreached(shell, progress)
        shell.describe("Harvested", asdict(done.harvested))
        checked = {str(verdict): count for verdict, count in done.verdicts.items()}
        shell.describe("Checked", {**checked, "not_checked": row.counts.get("not_checked", 0)})
        shell.describe("Archive", asdict(done.archived))
        failed = print_report(db, config, "json" if as_json else form, fail_on, {}, by=by, output=output)
    _refuse(done.archived)
    sys.exit(1 if failed else 0)


cli.add_command(why)
cli.add_command(fix)
cli.add_command(browse)
cli.add_command(status)
cli.add_command(merge)
cli.add_command(refold)
cli.add_command(prune)


@cli.command()
@click.argument("spider", type=click.Choice(["sitemap", "feed"]))
@click.argument("start", nargs=-1, required=True, metavar="URL...")
@click.option("--output", type=PATHS, default=Path("articles"), show_default=True,
              help="The directory the articles are written to.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), default=sys.maxsize, metavar="N",
              help="Fetch at most N pages.")  # fmt: skip
@connect_option
@json_option
@common
def crawl(spider: str, start: tuple[str, ...], *, output: Path, limit: int, as_json: bool,
          connect_to: tuple[str, ...], **given: Any) -> None:  # fmt: skip
    """Fetch articles from a live site into files, and harvest them."""
    from linkwatch.crawl import crawl as fetch
    from linkwatch.harvest.stage import harvest as stage
    from linkwatch.nightly import recorded

    shell = invoked(as_json=as_json, connect_to=connect_to, **given)
    config = shell.config()
    with shell.writing(config) as db, recorded(db, "crawl", now) as entry:
        fetched = fetch(spider, start, output, config, limit=limit)
        for url, sentence in fetched.troubles:
            shell.say(f"{url}: {sentence}")
        summary = asdict(stage(db, config, [output], now=now()))
        entry.add({"written": fetched.written, "unchanged_files": fetched.unchanged, **summary})
    shell.say(f"Wrote {fetched.written} articles to {output}; {fetched.unchanged} were unchanged.")
    shell.tell("Harvested", summary)


@cli.command()
@common
def demo(**given: Any) -> None:
    """Run the whole job against a simulated web: no internet needed."""
    from linkwatch.demo.run import run_demo

    shell = invoked(**given)
    sys.exit(run_demo(shell.db_path(shell.config())))


def _with_readers(shell: Shell, paths: tuple[Path, ...]) -> Config:
    """The settings; where it pays, what reads articles loads its parsers while we load what writes."""
    from linkwatch.harvest.ahead import begin_readers

    config = shell.config()
    begin_readers(config, paths, shell.db_place(config))
    return config


def _say_unreached(shell: Shell, progress: Progress) -> None:
    """A word on what got no verdict, and what a limited time did not suffice for."""
    for why_not, urls in progress.left.most_common():
        shell.say(f"Not checked, and still due: {urls:,}. {why_not}")
    if left := progress.total - progress.done:
        shell.say(f"The time is over: not reached, and still due: {left:,}.")


def _refuse(summary: ArchiveSummary) -> None:
    """Raises ArchiveError where the archive refused us: all else is done, but someone has to act."""
    if summary.refusal:
        raise ArchiveError(summary.refusal)


def _local_copy(config: Config) -> Path:
    """Where the WARC files lie."""
    if config.archive.warc_dir is None:
        raise click.UsageError("nothing is kept: set [archive] warc_dir in linkwatch.toml")
    return config.root / config.archive.warc_dir


def _target(text: str) -> tuple[str, str]:
    """A URL from the command line in normal form, and its host."""
    from linkwatch.urls import host_of, resolve

    resolved = resolve(text)
    if resolved.url is None:
        why = (resolved.skip_reason or "").replace("_", " ")
        said = f"{text!r} cannot be checked ({why}); write a whole address, such as https://example.org/"
        raise click.BadParameter(said, param_hint="'URL'")
    return resolved.url, host_of(resolved.url)
