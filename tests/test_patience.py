"""A time-out that counts only time in which our own loop came round."""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import replace

import pytest
from rawweb import QUICK, answer, fetcher, raw_web

from linkwatch.config import Network
from linkwatch.model import Answer, Failure
from linkwatch.net import patience as module
from linkwatch.net.patience import patience


async def test_what_takes_too_long_times_out() -> None:
    """A block that waits longer than allowed raises TimeoutError, no later than it should."""
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        async with patience(0.05):
            await asyncio.Event().wait()
    assert 0.04 <= time.monotonic() - started < 1.0


async def test_more_than_one_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long time-outs are as long as they say."""
    monkeypatch.setattr(module, "SLICE", 0.02)
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        async with patience(0.1):
            await asyncio.Event().wait()
    assert time.monotonic() - started >= 0.09


async def test_what_ends_in_time_leaves_nothing_behind() -> None:
    """A block that ends in time is not disturbed later."""
    async with patience(0.01):
        pass
    await asyncio.sleep(0.03)


async def test_an_answer_that_waits_in_its_socket_is_in_time() -> None:
    """A loop that was held up past the time-out reads first what has come in meanwhile."""
    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=ours)
    try:
        async with patience(0.05):
            reading = asyncio.ensure_future(reader.readexactly(6))
            await asyncio.sleep(0)
            theirs.sendall(b"answer")
            time.sleep(0.2)  # noqa: ASYNC251 - the loop is held up on purpose
            assert await reading == b"answer"
    finally:
        theirs.close()
        writer.close()
        await writer.wait_closed()


async def test_a_loop_that_is_held_up_costs_one_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time in which nothing could have been read does not count against the server."""
    monkeypatch.setattr(module, "SLICE", 0.02)
    async with patience(0.2):
        time.sleep(0.3)  # noqa: ASYNC251 - the loop is held up on purpose
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("turn", range(16))
async def test_held_up_at_any_turn_of_the_loop(turn: int) -> None:
    """Connecting or reading: an answer in time is one, though nothing of ours ran for longer than that."""
    impatient = replace(QUICK, connect_timeout=0.05, timeout=0.05)
    async with raw_web(answer()) as web, fetcher(web.network, impatient) as fetching:
        seeing = asyncio.create_task(fetching.glance("http://slow.example/"))
        for _ in range(turn):
            await asyncio.sleep(0)
        time.sleep(0.1)  # noqa: ASYNC251 - the loop is held up on purpose
        seen = await seeing
    assert isinstance(seen.outcome, Answer), seen.outcome


async def test_a_host_that_takes_no_connection_still_times_out() -> None:
    """A full queue of connections that nobody accepts: the time to connect ran out, as short as all of it."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        port = listening.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        network = Network(connect_to=(f"::127.0.0.1:{port}",))
        async with fetcher(network, replace(QUICK, connect_timeout=0.1, timeout=0.1)) as fetching:
            seen = await fetching.glance("http://full.example/")
        for each in waiting:
            each.close()
    assert isinstance(seen.outcome, Failure)
    assert seen.outcome.reason == "connect_timeout"


async def test_cancellation_from_outside_is_no_timeout() -> None:
    """A cancelled block is cancelled; it does not claim that time ran out."""

    async def wait() -> None:
        async with patience(5):
            await asyncio.Event().wait()

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
