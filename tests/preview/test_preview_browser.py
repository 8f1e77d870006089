"""The preview as an author meets it: `handbook preview`, an editor, a browser."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packs import run

CHROMIUM = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
           "--disable-background-networking", "--disable-component-update"]  # fmt: skip
PATIENCE = 30_000


@pytest.fixture(scope="module", autouse=True)
def _parts() -> None:
    missing = []
    for name in ("playwright", "watchfiles", "pypdfium2"):
        try:
            __import__(name)
        except ImportError:
            missing.append(name)
    if not Path(CHROMIUM).is_file():
        missing.append(CHROMIUM)
    if missing:
        words = f"the browser test needs {', '.join(missing)}"
        pytest.fail(words) if os.environ.get("HANDBOOK_REQUIRE_ALL") else pytest.skip(words)


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A cover, contents, and two chapters of a page each."""
    book = tmp_path / "my-book"
    assert run(capsys, "new", str(book), "-q")[0] == 0
    edit(book / "chapters" / "first-week.md", "title:", "break-before: page\ntitle:")
    return book


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    """The address that `handbook preview` prints; Ctrl-C ends it, and nothing is amiss."""
    command = [sys.executable, "-m", "handbook", "preview", "--content", folder.name, "--no-open"]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root), "SOURCE_DATE_EPOCH": "1795392000"}
    server = subprocess.Popen(
        command,
        cwd=folder.parent,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.send_signal(signal.SIGINT)
        _, err = server.communicate(timeout=300)
        assert (server.returncode, err.splitlines()[-1]) == (0, "The preview has ended.")
    finally:
        server.kill()


@pytest.fixture
def page(address: str, tmp_path: Path) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path / "profile"),
            executable_path=CHROMIUM,
            args=OPTIONS,
            headless=True,
            viewport={"width": 1300, "height": 900},
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(PATIENCE)
        page = context.pages[0]
        faults: list[str] = []
        page.on("pageerror", lambda problem: faults.append(str(problem)))
        page.on("console", lambda message: faults.append(message.text))
        page.goto(address)
        page.wait_for_selector("figure[data-shown] img")
        yield page
        assert faults == []
        context.close()


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def until(page: Any, expression: str, arg: Any = None) -> None:
    """Wait for a JavaScript expression; the page's own policy forbids Playwright's way of it."""
    for _ in range(PATIENCE // 50):
        if page.evaluate(expression, arg) if arg else page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"still not so: {expression}")


def shown(page: Any) -> list[str]:
    """The digest of the picture that each page shows."""
    return page.evaluate("figures.map((figure) => figure.dataset.shown || '')")


def test_write_look_fix_choose(folder: Path, page: Any) -> None:
    page.click("#smaller", click_count=6)
    until(page, "figures.every((figure) => figure.dataset.shown)")
    before = shown(page)
    assert len(before) == 4
    assert page.inner_text("#title") == "My book"
    assert page.inner_text("#none") == "No problems found."

    # A word more, and its page alone is another.
    chapter = folder / "chapters" / "welcome.md"
    edit(chapter, "what it is for,", "what it is really for,")
    until(page, "old => figures[2].dataset.shown !== old", arg=before[2])
    after = shown(page)
    assert [a == b for a, b in zip(before, after)] == [True, True, False, True]
    assert "1 changed" in page.inner_text("#status")
    assert page.locator("#changed button").all_inner_texts() == ["1"]

    # A mistake is reported at its place, and the pages stay.
    edit(chapter, "::: tip", "::: cautoin")
    page.wait_for_selector("#findings li.error")
    assert page.inner_text("#count") == "1 error"
    line = chapter.read_text(encoding="utf-8").split("\n").index('::: cautoin "Boxes"') + 1
    place = page.inner_text("#findings button")
    assert re.fullmatch(rf"chapters/welcome\.md:{line}(:\d+)?", place)
    assert "unknown container 'cautoin'" in page.inner_text("#findings .message")
    assert page.inner_text("#findings .hint") == "did you mean 'caution'?"
    assert page.is_visible("#before")
    assert "cautoin" in page.inner_text("#status")
    assert shown(page) == after
    page.click("#findings button")
    assert page.evaluate("navigator.clipboard.readText()") == f"my-book/{place}"

    # Once fixed, it is gone.
    edit(chapter, "::: cautoin", "::: caution")
    page.wait_for_selector("#none")
    until(page, "old => figures[2].dataset.shown !== old", arg=after[2])
    assert not page.is_visible("#before")
    assert page.locator("#findings li.error").count() == 0

    # Another role, by keyboard alone; what the address says is what is chosen.
    page.focus("#choose-role")
    page.keyboard.press("ArrowDown")
    until(page, "document.getElementById('words').textContent.includes('Newcomer')")
    until(page, "old => figures[3].dataset.shown !== old", arg=after[3])
    assert page.url.endswith("?role=newcomer")
    page.reload()
    page.wait_for_selector("figure[data-shown] img")
    assert page.input_value("#choose-role") == "newcomer"


def test_scrolling_stays_and_a_new_page_comes_in(folder: Path, page: Any) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    until(page, "figures[2].dataset.shown")
    top = "figures.map((figure) => Math.round(figure.getBoundingClientRect().top))"
    before = page.evaluate(top)
    page.wait_for_timeout(300)
    config = folder / "handbook.yaml"
    # Enough of it that the next chapter begins a page.
    (folder / "chapters" / "more.md").write_text("# More\n\n" + "Words.\n\n" * 30, encoding="utf-8")
    edit(config, "chapters/welcome.md", "chapters/more.md\n  - chapters/welcome.md")
    until(page, "figures.length === 5")
    after = page.evaluate(top)
    assert abs(after[2 + 1] - before[2]) < 40
    assert page.get_attribute("figure:nth-of-type(4) img", "alt") == "Page 2"


def test_everything_has_a_name(page: Any) -> None:
    """What a screen reader hears of each control, in the order of the keyboard."""
    tree = page.locator("body").aria_snapshot()
    for words in (
        'combobox "Role"',
        'combobox "Paper"',
        'combobox "Theme"',
        'button "Smaller pages"',
        'link "Open as PDF"',
        'main "Pages"',
        'complementary "No findings"',
    ):
        assert words in tree, tree
    assert page.get_attribute("#status", "aria-live") == "polite"
