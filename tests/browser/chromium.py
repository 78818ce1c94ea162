"""Find and start the browser of this machine."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """Path of Chromium: the variable CHROMIUM, else the installed program; None without a browser."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@asynccontextmanager
async def started(executable: str) -> AsyncIterator[Browser]:
    """A browser without a window for the duration of the block; without a sandbox, which root cannot use."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, chromium_sandbox=False)
        try:
            yield browser
        finally:
            await browser.close()
