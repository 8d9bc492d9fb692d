"""``python -m linkwatch``, and the ``linkwatch`` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command line."""
    try:
        from linkwatch.cli import cli
    except KeyboardInterrupt:
        sys.exit(130)  # nothing has begun

    cli(prog_name="linkwatch")


if __name__ == "__main__":
    main()
