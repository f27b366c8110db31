"""A real browser on the playground: opens pages as different people would, and notes what must never happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from playwright.async_api import Browser, ConsoleMessage, Error, Locator, Page, Request

CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const behind = (node) => {
    if (!node) return [255, 255, 255, 1];
    const own = rgba(getComputedStyle(node).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(node.parentElement));
  };
  const light = (color) => {
    const [r, g, b] = color.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    const words = own || (node.placeholder && !node.value);
    if (!words || !node.checkVisibility({ visibilityProperty: true }) || node.closest(":disabled")) continue;
    const ground = behind(node);
    const style = getComputedStyle(node, own ? null : "::placeholder");
    const lights = [light(over(rgba(style.color), ground)), light(ground)].sort((a, b) => b - a);
    const ratio = (lights[0] + 0.05) / (lights[1] + 0.05);
    if (ratio < 4.5) faint.push(`${node.tagName}.${node.className} ${ratio.toFixed(2)}`);
  }
  return faint;
}"""
"""Returns every visible text whose contrast is below 4.5 : 1 (WCAG 2.2, 1.4.3)."""

NAMELESS = """() => [...document.querySelectorAll("button, a[href], input, select, textarea")]
  .filter((node) => node.checkVisibility())
  .filter((node) => !(node.getAttribute("aria-label") ?? "").trim() && !node.textContent.trim() && !node.labels?.length)
  .map((node) => node.outerHTML.slice(0, 120))"""
"""Returns every control that a screen reader could not name."""

WIDE = """() => [...document.querySelectorAll("body, .top, .clock, .column, .bubble, .row, .composer")]
  .filter((node) => node.checkVisibility() && node.scrollWidth > node.clientWidth + 1)
  .map((node) => `${node.className} ${node.scrollWidth} > ${node.clientWidth}`)
  .concat(document.documentElement.scrollWidth > innerWidth ? ["the page"] : [])"""
"""Returns everything that sticks out sideways."""

_PATIENCE_MS = 5000
SIZES = {"desktop": (1280, 800), "phone": (390, 844), "small": (320, 568)}


@dataclass
class Reader:
    """Somebody's browser, and what went wrong in it."""

    page: Page
    url: str
    wrongs: list[str] = field(default_factory=list)

    def room(self, who: str) -> Locator:
        """Return somebody's column."""
        return self.page.locator(f"#room-{who}")

    def bot(self, who: str) -> Locator:
        """Return the bot's lines in somebody's column."""
        return self.room(who).locator(".line.bot:not(.working)")

    def field(self, who: str) -> Locator:
        """Return where somebody writes."""
        return self.room(who).locator("textarea")

    async def say(self, who: str, text: str) -> None:
        """Type and press Enter."""
        await self.field(who).fill(text)
        await self.field(who).press("Enter")

    async def press(self, who: str, label: str) -> None:
        """Press the newest button of that label."""
        await self.room(who).get_by_role("button", name=label, exact=True).last.click()

    def note_console(self, message: ConsoleMessage) -> None:
        """Note a complaint of the browser."""
        if message.type in {"error", "warning"}:
            self.wrongs.append(message.text)

    def note_error(self, error: Error) -> None:
        """Note a fault in the page's code."""
        self.wrongs.append(str(error))

    def note_request(self, request: Request) -> None:
        """Note a request that leaves the playground."""
        if not request.url.startswith((self.url, self.url.replace("http:", "ws:"))):
            self.wrongs.append(f"asked for {request.url}")


async def visit(
    browser: Browser,
    url: str,
    *,
    locale: str = "en-GB",
    size: str = "desktop",
    scheme: Literal["light", "dark"] = "light",
) -> Reader:
    """Open the playground as somebody of that language, with that screen."""
    width, height = SIZES[size]
    context = await browser.new_context(
        locale=locale,
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        timezone_id="Europe/Berlin",
        has_touch=size != "desktop",
        reduced_motion="reduce",
    )
    context.set_default_timeout(_PATIENCE_MS)
    page = await context.new_page()
    reader = Reader(page, url)
    page.on("console", reader.note_console)
    page.on("pageerror", reader.note_error)
    page.on("request", reader.note_request)
    await page.goto(url)
    await page.locator(".column.is-current").wait_for()
    return reader
