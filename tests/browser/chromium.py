"""The browser of this machine: where it is, and starting it."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def found() -> str | None:
    """Chromium as the environment's CHROMIUM names it, else as the system installed it."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@asynccontextmanager
async def started(executable: str) -> AsyncIterator[Browser]:
    """A browser without a window, for as long as the block runs; without a sandbox too, which root could not have."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, chromium_sandbox=False)
        try:
            yield browser
        finally:
            await browser.close()
