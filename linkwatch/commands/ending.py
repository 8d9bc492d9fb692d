"""How a command ends: a signal, an error or its own end, as one clear line and the right exit code."""

from __future__ import annotations

import errno
import gc
import resource
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from linkwatch.commands import voice
from linkwatch.commands.voice import one_line
from linkwatch.errors import LinkwatchError, Stopped

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")

MOST_OPEN = 10_240  # as many as macOS gives a process, whatever its limit says (OPEN_MAX)


class Group(click.Group):
    """A group whose commands end with one clear line and the right exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        """The commands in the order of the work, as they are written down."""
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reads the options; ``--help`` and ``--version`` are answered here, before anything is invoked."""
        try:
            return super().parse_args(ctx, args)
        except OSError as error:
            _failed(ctx, error)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; turns our errors and signals into exit codes."""
        _listen()
        try:
            result = super().invoke(ctx)
        except LinkwatchError as error:
            _end(ctx, error.exit_code, one_line(str(error)))
        except OSError as error:
            if error.errno is None:
                raise  # a mistake of ours
            _failed(ctx, error)
        except KeyboardInterrupt:
            _stopped(ctx, Stopped(signal.SIGINT))
        except Stopped as stopped:
            _stopped(ctx, stopped)
        except click.ClickException as error:
            if not voice.for_machines():
                raise
            _end(ctx, error.exit_code, one_line(error.format_message()))
        except SystemExit as ending:
            voice.end(int(ending.code or 0))
            raise
        voice.end(0)
        return result


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Runs a stage to its end. A signal cancels it, so that what it has is written first."""
    import asyncio

    heard: list[signal.Signals] = []

    async def until_told() -> T:
        task = asyncio.current_task()
        assert task is not None

        def cancel(number: signal.Signals) -> None:
            heard.append(number)
            task.cancel()

        _collect_seldom()
        _open_many()
        for number in _ending_signals():
            asyncio.get_running_loop().add_signal_handler(number, cancel, number)
        return await work

    try:
        return asyncio.run(until_told())
    except asyncio.CancelledError:
        if not heard:
            raise
        raise Stopped(heard[0]) from None
    finally:
        _listen()  # the loop has put Python's own handlers in the place of ours


def _collect_seldom() -> None:
    """Has Python look for reference cycles less often, which costs a sixth of a check otherwise.

    What a stage makes by the thousand is in no cycle, and freed with its last reference.
    """
    gc.freeze()  # what is imported stays
    gc.set_threshold(50_000, 50, 100)


def _open_many() -> None:
    """Lets us have as many files and connections open as the system would give us: some begin with 256."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_OPEN if most == resource.RLIM_INFINITY else min(most, MOST_OPEN)
    if now != resource.RLIM_INFINITY and now < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _stop(number: int, _: object) -> NoReturn:
    """What a signal does outside the event loop."""
    raise Stopped(signal.Signals(number))


def _listen() -> None:
    """Has signals end us in our own way."""
    for number in _ending_signals():
        signal.signal(number, _stop)


def _ending_signals() -> list[signal.Signals]:
    """Those that end us besides Ctrl-C; what was ignored when we began, as by ``nohup``, stays ignored."""
    ending = (signal.SIGTERM, signal.SIGHUP)
    return [each for each in ending if signal.getsignal(each) is not signal.SIG_IGN]


def _failed(ctx: click.Context, error: OSError) -> NoReturn:
    """Ends where a file, or one of our own streams, could not be used."""
    if not error.filename:
        voice.give_up(sys.stdout)
    if error.errno == errno.EPIPE:  # a reader such as head that has had enough
        _end(ctx, 128 + signal.SIGPIPE)
    where = f"{one_line(str(error.filename))}: " if error.filename else ""
    _end(ctx, LinkwatchError.exit_code, f"{where}{error.strerror}")


def _stopped(ctx: click.Context, stopped: Stopped) -> NoReturn:
    _end(ctx, stopped.exit_code, f"interrupted by {stopped}; what was done is kept")


def _end(ctx: click.Context, code: int, text: str = "") -> NoReturn:
    """Says why, and ends with an exit code."""
    voice.end(code, text)
    ctx.exit(code)
