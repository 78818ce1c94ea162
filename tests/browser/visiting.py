"""A visitor with a browser. The visitor records every error on the way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page, Request, Response, StorageState

_PATIENCE_MS = 60_000
_NOTEWORTHY = {"error", "warning"}


@dataclass
class Visitor:
    """A page of a browser and its faults: console errors, exceptions, refusals and requests to other hosts."""

    page: Page
    root: str
    scripts: bool = True
    faults: list[str] = field(default_factory=list[str])

    async def look(self, path: str) -> Page:
        """Open a page of the service, and wait until it is complete with all charts."""
        await self.page.goto(self.root + path)
        await self.drawn()
        return self.page

    async def drawn(self) -> None:
        """Wait until the scripts have drawn every chart."""
        charts = await self.page.locator("figure.chart:has(.specification) .drawing").all() if self.scripts else []
        for chart in charts:
            await chart.locator("svg").wait_for(state="attached")

    async def sign_in(self, key: str) -> None:
        """Open the field for an access key, type it, and press Enter, with the keyboard alone."""
        await self.page.goto(self.root + "/sign-in")
        await self.page.get_by_text("Sign in with an access key").focus()
        await self.page.keyboard.press("Enter")
        await self.page.keyboard.press("Tab")
        await self.page.keyboard.type(key)
        await self.page.keyboard.press("Enter")

    def watch(self) -> None:
        """Record faults from now on."""
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"thrown: {error}"))
        self.page.on("request", self._on_request)
        self.page.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in _NOTEWORTHY:
            self.faults.append(f"console {message.type}: {message.text}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.root}/", "data:", "blob:")):
            self.faults.append(f"asks elsewhere: {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status} of {response.url}")


@dataclass(frozen=True)
class House:
    """A service for browsers to visit, with a key to it."""

    browser: Browser
    root: str
    key: str

    @asynccontextmanager
    async def stranger(self, **options: Any) -> AsyncIterator[Visitor]:
        """A visitor without a session; options: those of a browser's context."""
        context = await self.browser.new_context(**options)
        context.set_default_timeout(_PATIENCE_MS)
        try:
            visitor = Visitor(await context.new_page(), self.root, options.get("java_script_enabled", True))
            visitor.watch()
            yield visitor
        finally:
            await context.close()

    async def signed_in(self) -> StorageState:
        """The cookies and storage of a browser after sign-in."""
        async with self.stranger() as visitor:
            await visitor.sign_in(self.key)
            await visitor.page.wait_for_url("**/overview", wait_until="commit")
            return await visitor.page.context.storage_state()
