"""``python -m linkwatch``, and the ``linkwatch`` command."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Runs the command line."""
    # What a command makes by the thousand is gone with its last reference. Looking for cycles in it and in
    # what it imports, as often as Python does by itself and once more at the end, is a sixth of a short one.
    gc.set_threshold(100_000, 50, 100)
    try:
        from linkwatch.cli import cli
    except KeyboardInterrupt:
        sys.exit(130)  # nothing has begun

    try:
        cli(prog_name="linkwatch")
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
