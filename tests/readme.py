"""The README's pages of help, made from the command line itself: ``make docs`` writes them."""

from __future__ import annotations

import re
from pathlib import Path

import click
from click.testing import CliRunner

from linkwatch.cli import cli

README = Path(__file__).resolve().parents[1] / "README.md"
_BLOCK = re.compile(r"(<!-- help -->\n).*?(<!-- /help -->)", re.DOTALL)


def help_page(*command: str) -> str:
    """What ``--help`` prints, at the width of a README."""
    result = CliRunner().invoke(cli, [*command, "--help"], prog_name="linkwatch", terminal_width=96)
    return f"```text\n$ linkwatch {' '.join((*command, '--help'))}\n{result.output.rstrip()}\n```\n"


def help_pages() -> str:
    """The pages of all commands, in the order of the work."""
    pages = [help_page()]
    with click.Context(cli) as context:
        pages += [help_page(name) for name in cli.list_commands(context)]
    return "\n".join(pages)


def rendered(text: str) -> str:
    """The README with its pages of help as they are now."""
    return _BLOCK.sub(lambda match: f"{match[1]}\n{help_pages()}\n{match[2]}", text)


if __name__ == "__main__":
    README.write_text(rendered(README.read_text(encoding="utf-8")), encoding="utf-8")
