"""``python -m linkwatch``, and the ``linkwatch`` command."""

from __future__ import annotations


def main() -> None:
    """Runs the command line."""
    from linkwatch.cli import cli

    cli(prog_name="linkwatch")


if __name__ == "__main__":
    main()
