"""A headless Chromium for tests, driven over its debugging protocol: what a page asks for, does and shows."""

from __future__ import annotations

import asyncio
import base64
import importlib.util
import json
import re
import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession, WSMsgType

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp import ClientWebSocketResponse

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--remote-debugging-port=0",
)
LISTENING = re.compile(r"DevTools listening on (ws://\S+)")
PATIENCE = 60.0  # seconds for any one answer: a busy machine is no failure
VIOLATIONS = """
axe.run(document, {resultTypes: ["violations"]}).then(found => found.violations.map(
    each => each.id + ": " + each.nodes.map(node => node.target.join(" ")).join(", ")))
"""


def axe() -> str:
    """The accessibility checker, out of the package that brings it."""
    found = importlib.util.find_spec("axe_core_python")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).with_name("axe.min.js").read_text(encoding="utf-8")


@dataclass(slots=True)
class Tab:
    """One page at a time, and what it has asked for and done since it was opened."""

    socket: ClientWebSocketResponse
    session: str
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    _number: int = 0

    async def open(self, url: str) -> None:
        """Goes to an address and waits until it is loaded."""
        self.requests.clear()
        self.dialogs.clear()
        await self.ask("Page.navigate", url=url)
        await self._until("Page.loadEventFired")

    async def evaluate(self, expression: str) -> Any:
        """What an expression comes to in the page. The page's own policy does not bind it."""
        said = await self.ask(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in said, said["exceptionDetails"]
        return said["result"].get("value")

    async def violations(self) -> list[str]:
        """What the accessibility checker finds wrong with the page."""
        await self.evaluate(axe())
        found: list[str] = await self.evaluate(VIOLATIONS)
        return found

    async def resize(self, width: int, *, dark: bool = False) -> None:
        """The window's width in CSS pixels, and whether the reader likes it dark."""
        await self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
                       mobile=False)  # fmt: skip
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.ask("Emulation.setEmulatedMedia", features=[scheme])

    async def picture(self) -> bytes:
        """A photograph of the whole page, as PNG."""
        said = await self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(said["data"])

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The answer to one command."""
        self._number += 1
        await self.socket.send_json(
            {"id": self._number, "method": method, "params": params, "sessionId": self.session}
        )
        return await self._until(self._number)

    async def _until(self, wanted: int | str) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE):
            while True:
                message = await self.socket.receive()
                assert message.type is WSMsgType.TEXT, message
                said = json.loads(message.data)
                await self._note(said)
                if said.get("id") == wanted or said.get("method") == wanted:
                    assert "error" not in said, said["error"]
                    result: dict[str, Any] = said.get("result") or {}
                    return result

    async def _note(self, said: dict[str, Any]) -> None:
        match said.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(said["params"]["request"]["url"])
            case "Page.javascriptDialogOpening":
                self.dialogs.append(said["params"]["message"])
                await self.socket.send_json(
                    {"id": 0, "method": "Page.handleJavaScriptDialog", "params": {"accept": True},
                     "sessionId": self.session}
                )  # fmt: skip


@asynccontextmanager
async def tab(profile: Path) -> AsyncIterator[Tab]:
    """A tab of a browser of its own, which ends with the test."""
    assert PROGRAM is not None
    child = await asyncio.create_subprocess_exec(
        PROGRAM, *FLAGS, f"--user-data-dir={profile}", "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with (
            ClientSession() as client,
            client.ws_connect(await _address(child), max_msg_size=0) as socket,
        ):
            found = Tab(socket, "")
            await socket.send_json(
                {"id": -1, "method": "Target.createTarget", "params": {"url": "about:blank"}}
            )
            target = (await found._until(-1))["targetId"]
            attach = {"targetId": target, "flatten": True}
            await socket.send_json({"id": -2, "method": "Target.attachToTarget", "params": attach})
            found.session = (await found._until(-2))["sessionId"]
            for domain in ("Page", "Runtime", "Network"):
                await found.ask(f"{domain}.enable")
            yield found
    finally:
        child.terminate()
        await child.communicate()


async def _address(child: asyncio.subprocess.Process) -> str:
    """Where the browser is listening, as it says itself."""
    assert child.stderr is not None
    async with asyncio.timeout(PATIENCE):
        while line := await child.stderr.readline():
            if found := LISTENING.search(line.decode(errors="replace")):
                return found[1]
    raise AssertionError("the browser ended before it was ready")
