"""The workflows: what they may do, and that their shell does what it says."""

from __future__ import annotations

import gzip
import os
import re
import shlex
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import NIGHT

from linkwatch.cli import cli
from linkwatch.report.model import HEADINGS
from linkwatch.store.database import open_for_writing
from linkwatch.times import seconds

GITHUB = Path(__file__).resolve().parents[1] / ".github"
WORKFLOWS = {path.name: yaml.safe_load(path.read_text()) for path in sorted(GITHUB.glob("workflows/*.yml"))}
# PyYAML reads the key "on" as YAML 1.1 does: as true.
ON = True

JOBS = [
    pytest.param(job, id=f"{workflow}-{name}")
    for workflow, content in WORKFLOWS.items()
    for name, job in content["jobs"].items()
]
STEPS = [
    pytest.param(step, id=f"{workflow}-{name}-{number}")
    for workflow, content in WORKFLOWS.items()
    for name, job in content["jobs"].items()
    for number, step in enumerate(job["steps"])
]
# The only jobs that may write, and what.
WRITING = {"Keep the database": {"contents"}, "Tell of dead links in an issue": {"issues"}}
USES = [each for each in STEPS if "uses" in each.values[0]]
RUNS = [each for each in STEPS if "run" in each.values[0]]


def test_both_workflows_are_there() -> None:
    """One for every change, one for every night."""
    assert set(WORKFLOWS) == {"ci.yml", "nightly.yml"}


@pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=WORKFLOWS)
def test_nothing_is_allowed_that_a_job_does_not_ask_for(workflow: dict[Any, Any]) -> None:
    """No permission at the top, one run at a time."""
    assert workflow["permissions"] == {}
    assert workflow["concurrency"]["group"]


@pytest.mark.parametrize("job", JOBS)
def test_a_job_may_do_little_and_not_for_long(job: dict[str, Any]) -> None:
    """A time limit for every job, and only reading except where something is kept or told."""
    assert job["timeout-minutes"] <= 360
    written = {name for name, right in job.get("permissions", {}).items() if right != "read"}
    assert written <= WRITING.get(job["name"], set())


@pytest.mark.parametrize("step", USES)
def test_actions_are_pinned_by_commit(step: dict[str, Any]) -> None:
    """A tag can be moved, a commit cannot."""
    assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"])
    if step["uses"].startswith("actions/checkout@"):
        assert step["with"]["persist-credentials"] is False


def test_every_pin_says_which_version_it_is() -> None:
    """People and dependabot read the comment."""
    for path in GITHUB.glob("workflows/*.yml"):
        pins = re.findall(r"uses: \S+(.*)", path.read_text())
        assert all(re.fullmatch(r" # v\d+\.\d+\.\d+", said) for said in pins), path.name


@pytest.mark.parametrize("step", RUNS)
def test_nothing_is_pasted_into_the_shell(step: dict[str, Any]) -> None:
    """What comes from outside reaches a script as an environment variable only."""
    assert "${{" not in step["run"]


def test_secrets_go_to_one_step_only() -> None:
    """Only the run itself sees the keys of the Internet Archive."""
    seeing = [step.values[0].get("name") for step in STEPS if "secrets." in str(step.values[0])]
    assert seeing == ["Run"]


def test_the_checks_of_a_night_end_before_github_ends_it() -> None:
    """However much is due, the archive has an hour and the report is made."""
    (run,) = [
        step for step in WORKFLOWS["nightly.yml"]["jobs"]["watch"]["steps"] if step.get("name") == "Run"
    ]
    words = shlex.split(run["run"], comments=True)
    assert seconds(words[words.index("--max-time") + 1]) <= 60 * run["timeout-minutes"] - 3_600


def test_the_night_does_not_begin_on_the_hour() -> None:
    """Schedules at the top of the hour are delayed or dropped; it can also be started by hand."""
    night = WORKFLOWS["nightly.yml"]
    assert [int(each["cron"].split()[0]) % 15 != 0 for each in night[ON]["schedule"]] == [True]
    assert "workflow_dispatch" in night[ON]
    assert night["concurrency"]["cancel-in-progress"] is False


def commands(script: str) -> list[list[str]]:
    """The calls of ``linkwatch`` in a script, each as its arguments up to a redirection."""
    found = re.findall(r"^\s*(?:\S*/)?linkwatch\s+(.+)$", script, re.MULTILINE)
    return [shlex.split(re.split(r"\s>|\s\|", each)[0], comments=True) for each in found]


CALLS = [call for step in RUNS for call in commands(step.values[0]["run"])]


def test_the_calls_are_found() -> None:
    """The workflows call linkwatch, so the next test has something to hold."""
    assert {call[0] for call in CALLS} == {"--version", "demo", "run", "report"}


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_every_command_exists_with_its_options(call: list[str]) -> None:
    """A command line that a workflow uses is one that linkwatch takes."""
    name, *arguments = call
    if name.startswith("--"):
        assert name in {option for each in cli.params for option in each.opts}
    else:
        with cli.make_context("linkwatch", [name], resilient_parsing=True) as parent:
            cli.commands[name].make_context(name, arguments, parent=parent)


# A stand-in for GitHub's command line: the release "state" is a directory, the issue a file.
GH = r"""
import os, shutil, sys
from pathlib import Path

home = Path(os.environ["FAKE_GITHUB"])
state = home / "state"
issue = home / "issue"
with (home / "calls").open("a") as log:
    print(*sys.argv[1:], file=log)
match sys.argv[1:]:
    case ["release", "list", "--limit", "200", "--json", "tagName", "--jq", ".[].tagName"]:
        print("v0.1.0")
        print(*(["state"] if state.exists() else []))
    case ["release", "view", "state", "--json", "assets", "--jq", ".assets[].name"]:
        print(*(each.name for each in state.iterdir()), sep="\n")
    case ["release", "create", "state", *rest]:
        assert "--prerelease" in rest
        state.mkdir()
    case ["release", "download", "state", "--pattern", name, "--dir", target]:
        shutil.copy(state / name, target)
    case ["release", "upload", "state", *files]:
        for each in files:
            assert not (state / Path(each).name).exists()
            shutil.copy(each, state)
    case ["release", "delete-asset", "state", name, "--yes"]:
        (state / name).unlink()
    case ["issue", "list", "--label", "linkwatch", "--state", "open", *_]:
        print(*(["7"] if issue.exists() else []))
    case ["label", "create", "linkwatch", *_, "--force"]:
        pass
    case ["issue", "create", "--title", _, "--label", "linkwatch", "--body-file", body]:
        shutil.copy(body, issue)
    case ["issue", "view", "7", "--json", "body", "--jq", ".body"]:
        print(issue.read_text())
    case ["issue", "edit", "7", "--body-file", body]:
        shutil.copy(body, issue)
    case ["issue", "comment", "7", "--body", text]:
        (home / "comment").write_text(text)
    case unheard:
        sys.exit(f"gh {unheard}?")
"""


@dataclass
class Night:
    """A runner with nothing on it, and a GitHub to talk to."""

    home: Path
    environment: dict[str, str]

    @property
    def state(self) -> Path:
        """The assets of the release."""
        return self.home / "github" / "state"

    @property
    def database(self) -> Path:
        """The database the run works on."""
        return self.home / "work" / "db" / "linkwatch.db"

    def step(self, job: str, name: str) -> subprocess.CompletedProcess[str]:
        """One step of the nightly job, run as GitHub runs it."""
        steps = WORKFLOWS["nightly.yml"]["jobs"][job]["steps"]
        (script,) = (each["run"] for each in steps if each.get("name", "").startswith(name))
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.home / "work", env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def hold(self, stamp: str, content: bytes) -> None:
        """Puts an asset on the release."""
        self.state.mkdir(exist_ok=True)
        (self.state / f"linkwatch-{stamp}.db.gz").write_bytes(content)

    def calls(self) -> list[str]:
        """What was asked of GitHub, in order."""
        return (self.home / "github" / "calls").read_text().splitlines()


@pytest.fixture
def night(tmp_path: Path) -> Night:
    for each in ("work", "github", "temp", "bin"):
        (tmp_path / each).mkdir()
    gh = tmp_path / "bin" / "gh"
    gh.write_text(f"#!{sys.executable}{GH}")
    gh.chmod(0o755)
    environment = {
        "PATH": os.pathsep.join([str(gh.parent), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "FAKE_GITHUB": str(tmp_path / "github"),
        "RUN_URL": "https://github.example/run/1",
        "RUNNER_TEMP": str(tmp_path / "temp"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "HOME": str(tmp_path),
    }
    return Night(tmp_path, environment)


def made(path: Path) -> bytes:
    """A database of linkwatch at ``path``, and its bytes packed."""
    with open_for_writing(path, NIGHT):
        pass
    return gzip.compress(path.read_bytes())


def test_the_first_night_begins_with_nothing(night: Night) -> None:
    """No release and a release without assets are both a first night, not an error."""
    assert night.step("watch", "Restore").returncode == 0
    night.state.mkdir()
    done = night.step("watch", "Restore")
    assert done.returncode == 0
    assert "first night" in done.stdout
    assert not night.database.exists()


def test_a_github_that_does_not_answer_ends_the_night(night: Night) -> None:
    """What cannot be asked is not a first night: a fresh database would push the old ones out."""
    (night.home / "bin" / "gh").write_text("#!/bin/sh\nexit 1\n")
    assert night.step("watch", "Restore").returncode != 0


def test_the_newest_database_that_is_whole_is_restored(night: Night) -> None:
    """A damaged or half uploaded asset is passed over, with a warning."""
    whole = made(night.home / "some.db")
    night.hold("20260101T000000Z", gzip.compress(b"too old to be looked at"))
    night.hold("20260102T000000Z", whole)
    night.hold("20260103T000000Z", whole[:-100])
    night.hold("20260104T000000Z", gzip.compress(b"SQLite format 3\0 and nothing more"))
    night.hold("20260105T000000Z", gzip.compress(b""))
    (night.state / "notes.txt").touch()
    done = night.step("watch", "Restore")
    assert done.returncode == 0, done.stderr
    assert "Restored linkwatch-20260102T000000Z.db.gz." in done.stdout
    assert done.stdout.count("::warning::") == 3
    with closing(sqlite3.connect(night.database)) as db:
        assert db.execute("select count(*) from urls").fetchone() == (0,)


def test_nothing_whole_is_not_a_first_night(night: Night) -> None:
    """Where databases are kept and none can be read, the night ends before it can push them out."""
    night.hold("20260102T000000Z", b"not even packed")
    done = night.step("watch", "Restore")
    assert done.returncode == 1
    assert "::error::" in done.stdout
    assert not night.database.exists()


def test_a_run_that_made_no_database_keeps_nothing(night: Night) -> None:
    """There is nothing to keep when the run did not come that far, and that is no second failure."""
    assert night.step("watch", "Keep").returncode == 0
    assert not (night.home / "output").exists()


def test_from_one_night_to_the_next(night: Night) -> None:
    """The database is kept as one file with all that its log still holds, reported, and restored."""
    with open_for_writing(night.database, NIGHT) as db:
        db.execute(
            "insert into runs (command, started_at, version) values ('run', '2026-03-01T03:17:00Z', '0')"
        )
        assert night.step("watch", "Keep").returncode == 0
    assert (night.home / "output").read_text() == "kept=yes\n"
    assert night.step("watch", "Report").returncode == 0
    assert (night.home / "summary").read_text() == (night.home / "work" / "report.md").read_text() != ""
    published = night.step("publish", "Upload")
    assert published.returncode == 0, published.stderr
    night.database.unlink()
    assert "Restored" in night.step("watch", "Restore").stdout
    with closing(sqlite3.connect(night.database)) as db:
        assert db.execute("select command from runs").fetchall() == [("run",)]


def test_seven_nights_are_kept(night: Night) -> None:
    """The new one is there before the oldest go; nothing else on the release is touched."""
    for day in range(1, 10):
        night.hold(f"2026010{day}T000000Z", b"a night")
    (night.state / "notes.txt").touch()
    kept = night.home / "work" / "kept"
    kept.mkdir()
    (kept / "linkwatch-20260110T000000Z.db.gz").write_bytes(b"tonight")
    done = night.step("publish", "Upload")
    assert done.returncode == 0, done.stderr
    days = sorted(path.name[16:18] for path in night.state.glob("*.gz"))
    assert days == ["04", "05", "06", "07", "08", "09", "10"]
    assert (night.state / "notes.txt").exists()
    verbs = [call.split()[1] for call in night.calls()]
    assert verbs == ["list", "upload", "view", "delete-asset", "delete-asset", "delete-asset"]


HEADLINE = "**2 newly dead, 1 suspect.**"
REPORTS = {
    "quiet": "# Link report\n\n**1 suspect.**\n\nNew means since 1 March.\n\n## Suspect (1)\n",
    "news": f"# Link report\n\n{HEADLINE}\n\nNew means since 3 March.\n\n## Newly dead (2)\n",
    "known": "# Link report\n\n**2 still dead.**\n\nNew means since 2 March.\n\n## Still dead (2)\n",
    "mended": "# Link report\n\n**Nothing is broken.**\n",
}


@pytest.mark.parametrize(
    ("nights", "verbs"),
    [
        (["quiet"], ["list"]),
        (["news"], ["list", "create", "create"]),
        (["quiet", "news", "known"], ["list", "list", "create", "create", "list", "view", "edit"]),
        (["known", "news"], ["list", "create", "create", "list", "view", "edit", "comment"]),
        (
            ["known", "news", "news"],
            ["list", "create", "create", "list", "view", "edit", "comment", "list", "view", "edit"],
        ),
        (["known", "mended"], ["list", "create", "create", "list", "view", "edit"]),
    ],
    ids=str,
)
def test_one_issue_is_kept_up_to_date(night: Night, nights: list[str], verbs: list[str]) -> None:
    """Opened when there is something to repair, rewritten every night, and one word of each new death."""
    for name in nights:
        (night.home / "work" / "report.md").write_text(REPORTS[name])
        done = night.step("tell", "Write the report")
        assert done.returncode == 0, done.stderr
    assert [call.split()[1] for call in night.calls()] == verbs
    if "create" in verbs:
        assert (night.home / "github" / "issue").read_text() == REPORTS[nights[-1]]
    if "comment" in verbs:
        comment = (night.home / "github" / "comment").read_text()
        assert comment == f"{HEADLINE} ([the night](https://github.example/run/1))"


def test_the_issue_looks_for_headings_that_reports_have() -> None:
    """The words in the workflow are those of the report."""
    job = WORKFLOWS["nightly.yml"]["jobs"]["tell"]
    (script,) = (step["run"] for step in job["steps"] if "run" in step)
    sought = set(re.findall(r"[A-Z][a-z]+(?: [a-z]+)?", " ".join(re.findall(r"'\^## (.+?)'", script))))
    assert sought == {"Newly dead", "Still dead", "Drifted", "Moved"}
    assert sought <= {heading.title for heading in HEADINGS.values()}
    report = (GITHUB.parent / "tests" / "golden" / "report.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"'(\^New means since [^']+)'", script)
    assert re.search(line, report, re.MULTILINE)


@pytest.mark.parametrize(("days", "warned"), [(1, False), (44, False), (46, True)])
def test_a_schedule_that_github_will_end_is_told_of(night: Night, days: int, warned: bool) -> None:
    """A quiet repository loses its nights after sixty days, and nobody would notice."""
    when = str(int(time.time()) - days * 86_400)
    for command in (["init", "--quiet"], ["commit", "--quiet", "--allow-empty", "--message", "The last"]):
        subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *command],
            cwd=night.home / "work", check=True,
            env={**night.environment, "GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": when},
        )  # fmt: skip
    done = night.step("watch", "Warn")
    assert done.returncode == 0, done.stderr
    assert ("::warning::" in done.stdout) is warned
