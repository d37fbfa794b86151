#!/usr/bin/env python3
"""Drives `vanthu serve` in a browser as a reviewer does, and takes a picture of each page.

usage: serve_checks.py ADDRESS FOLDER_FOR_PICTURES [CHROMIUM]
"""

import io
import sys
import zipfile

from playwright.sync_api import expect, sync_playwright

address, pictures = sys.argv[1].rstrip("/"), sys.argv[2]
chromium = sys.argv[3] if len(sys.argv) > 3 else "/usr/bin/chromium"
complaints = []


def opened(browser, **settings):
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "vi", **settings})
    page = context.new_page()
    page.on("pageerror", lambda e: complaints.append(f"{page.url}: {e}"))
    # A conflict between two reviewers is answered 412, which the browser complains of.
    told = lambda m: m.type == "error" and "412" not in m.text
    page.on("console", lambda m: complaints.append(f"{page.url}: {m.text}") if told(m) else None)
    return page


def shot(page, name):
    page.wait_for_load_state("networkidle")
    page.screenshot(path=f"{pictures}/{name}.png")


def said(page, what):
    expect(page.locator("#said")).to_have_text(what, timeout=20000)


def tabs(page, selector):
    """Goes on with the tab key until what is wanted has the focus."""
    for _ in range(60):
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by keyboard")


def register(page):
    """The cells of the corrected register as one text."""
    body = page.request.get(f"{address}/export/xlsx").body()
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return "\n".join(book.read(n).decode() for n in book.namelist() if n.endswith(".xml"))


with sync_playwright() as player:
    browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])

    # By mouse: find a document without typing marks, correct a word of a task, see it in the workbook, undo.
    page = opened(browser)
    page.goto(f"{address}/documents")
    shot(page, "list")
    page.fill("#q", "cai cach hanh chinh")
    page.press("#q", "Enter")
    expect(page.locator(".snippet mark").first).to_have_text("Cải cách hành chính")
    shot(page, "search")
    page.fill("#name", "Kiểm tra")
    page.press("#name", "Enter")
    page.locator("#list tbody a").first.click()
    page.wait_for_selector("#text")
    shot(page, "document")
    task = page.locator("#tasks .task").first
    task.hover()
    word = page.locator(".w.lit-task").nth(2)
    old = word.text_content()
    word.click()
    expect(page.locator("#word-raw")).not_to_be_empty()
    page.fill("#after", "Kiểmthử")
    page.press("#after", "Enter")
    said(page, "Đã lưu")
    assert "Kiểmthử" in register(page), "the correction is not in the workbook"
    shot(page, "corrected")
    page.click("#undo")
    said(page, "Đã hoàn tác")
    assert "Kiểmthử" not in register(page), "the correction is still in the workbook"

    # A task is changed and accepted.
    page.locator("#tasks .task button[data-do=edit]").first.click()
    page.locator("#task-dialog button[data-add=unit]").click()
    row = page.locator("#task-units .row").last
    row.locator("input").fill("Sở Thử nghiệm")
    page.locator("#task-dialog button[data-add=deadline]").click()
    page.locator("#task-deadlines .row").last.locator("[name=date]").fill("2031-05-20")
    shot(page, "task")
    page.locator("#task-form button[type=submit]").click()
    said(page, "Đã lưu")
    assert "Sở Thử nghiệm" in register(page)
    page.goto(f"{address}/calendar?month=2031-05")
    expect(page.locator(".month td.due")).to_have_count(1)
    shot(page, "calendar")
    page.goto(f"{address}/units/so-thu-nghiem")
    expect(page.locator("h1")).to_have_text("Sở Thử nghiệm")
    shot(page, "unit")
    page.locator(".list a").first.click()
    page.wait_for_selector("#undo:not([disabled])")
    page.click("#undo")
    said(page, "Đã hoàn tác")
    assert "Sở Thử nghiệm" not in register(page)

    # Two reviewers: the later one is told.
    other = opened(browser)
    other.goto(page.url)
    other.wait_for_selector("#text .w")
    page.locator("#reviewed").click()
    said(page, "Đã lưu")
    other.locator("#reviewed").click()
    expect(other.locator("#said")).to_contain_text("vừa thay đổi", timeout=20000)
    page.click("#undo")
    said(page, "Đã hoàn tác")

    # By keyboard alone: search without marks, open, next word in doubt, correct, see it in the workbook, undo.
    page = opened(browser, color_scheme="dark", viewport={"width": 1920, "height": 1080}, locale="en")
    page.goto(f"{address}/documents")
    shot(page, "list-dark")
    page.keyboard.press("/")
    page.keyboard.type("cai cach hanh chinh")
    page.keyboard.press("Enter")
    expect(page.locator(".snippet mark").first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#text .w")
    page.keyboard.press("n")
    expect(page.locator(".w.chosen")).to_have_count(1)
    expect(page.locator("#readings li").first).to_be_visible(timeout=30000)
    shot(page, "document-dark")
    place = page.locator(".w.chosen").get_attribute("id")
    old = page.locator(".w.chosen").text_content()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("Thử")
    page.keyboard.press("Enter")
    said(page, "Saved")
    expect(page.locator(f"#{place}")).to_have_text("Thử")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    said(page, "Undone")
    expect(page.locator(f"#{place}")).to_have_text(old)

    # A task accepted, then changed, then both undone.
    page.keyboard.press("j")
    page.keyboard.press("a")
    said(page, "Saved")
    expect(page.locator("#tasks .task.accepted")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator("#task-dialog")).to_be_visible()
    tabs(page, "#task-dialog button[data-add=unit]")
    page.keyboard.press("Enter")
    page.keyboard.type("Sở Bàn phím")
    page.keyboard.press("Enter")
    expect(page.locator("#task-dialog")).to_be_hidden(timeout=20000)
    expect(page.locator("#tasks .task").first).to_contain_text("Sở Bàn phím")
    assert "Sở Bàn phím" in register(page), "the task is not in the workbook"
    page.keyboard.press("u")
    expect(page.locator("#tasks .task").first).not_to_contain_text("Sở Bàn phím", timeout=20000)
    page.keyboard.press("u")
    expect(page.locator("#tasks .task.accepted")).to_have_count(0, timeout=20000)
    assert "Sở Bàn phím" not in register(page)
    page.keyboard.press("?")
    shot(page, "keys-dark")
    for name in ["units", "export", "api"]:
        page.goto(f"{address}/{name}")
        shot(page, name)
    browser.close()

assert not complaints, complaints
print("the reviewer's way holds")
