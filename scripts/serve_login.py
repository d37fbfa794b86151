#!/usr/bin/env python3
"""Drives a `vanthu serve` with accounts in a browser: log in by keyboard, upload, audit log, what each role is offered.

usage: serve_login.py ADDRESS FOLDER_FOR_PICTURES FILE_TO_UPLOAD [CHROMIUM]

There are the accounts `quan-tri` (admin) and `xem` (reader) with the password "mật khẩu để thử".
"""

import sys

from playwright.sync_api import expect, sync_playwright

address, pictures, file = sys.argv[1].rstrip("/"), sys.argv[2], sys.argv[3]
chromium = sys.argv[4] if len(sys.argv) > 4 else "/usr/bin/chromium"
password = "mật khẩu để thử"
complaints = []


def opened(browser, **settings):
    page = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **settings}).new_page()
    page.on("pageerror", lambda e: complaints.append(f"{page.url}: {e}"))
    # A wrong password is answered 401, which the browser complains of.
    told = lambda m: m.type == "error" and "401" not in m.text
    page.on("console", lambda m: complaints.append(f"{page.url}: {m.text}") if told(m) else None)
    return page


def shot(page, name):
    page.screenshot(path=f"{pictures}/{name}.png")


def log_in(page, name, word):
    """By keyboard alone: the first field has the focus."""
    expect(page.locator("#account")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(word)
    page.keyboard.press("Enter")


with sync_playwright() as player:
    browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    page = opened(browser, locale="vi")
    page.goto(f"{address}/calendar")
    expect(page.locator("h1")).to_have_text("Đăng nhập")
    shot(page, "login")
    log_in(page, "quan-tri", "không phải mật khẩu")
    expect(page.locator("[role=alert]")).to_be_visible()
    shot(page, "login-wrong")
    log_in(page, "quan-tri", password)
    # Back where they wanted to go.
    expect(page).to_have_url(f"{address}/calendar")
    session = [c for c in page.context.cookies() if c["name"].startswith("vanthu-8")]
    assert session and session[0]["httpOnly"] and session[0]["sameSite"] == "Strict", page.context.cookies()

    # A file is sent, read and found.
    page.goto(f"{address}/uploads")
    page.set_input_files("#files", file)
    page.locator("#send button").click()
    expect(page.locator("#sending")).to_contain_text("1/1", timeout=20000)
    expect(page.locator("#all .status").first).to_have_text("đã đọc", timeout=120000)
    shot(page, "uploads")
    page.locator("#all a").first.click()
    expect(page.locator("#list tbody tr")).to_have_count(1, timeout=20000)
    page.locator("#list tbody a").first.click()
    page.wait_for_selector("#text .w")
    page.locator("#reviewed").click()
    expect(page.locator("#said")).to_have_text("Đã lưu", timeout=20000)
    page.locator("#undo").click()
    expect(page.locator("#said")).to_have_text("Đã hoàn tác", timeout=20000)
    shot(page, "document-guarded")
    page.goto(f"{address}/audit")
    for what in ["đăng nhập", "tải lên", "hoàn tác", "bị từ chối"]:
        expect(page.locator("table")).to_contain_text(what)
    shot(page, "audit")
    page.locator("#log-out").click()
    expect(page.locator("h1")).to_have_text("Đăng nhập")
    page.goto(f"{address}/documents")
    expect(page.locator("h1")).to_have_text("Đăng nhập")

    # A reader is offered nothing that is refused.
    page = opened(browser, locale="en", color_scheme="dark")
    page.goto(f"{address}/documents?doubtful=1")
    log_in(page, "xem", password)
    page.locator("#list tbody a").first.click()
    page.wait_for_selector("#text .w")
    for hidden in ["#undo", "#reviewed", "#tasks button[data-do]"]:
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator("a[href='/audit']").count() == 0
    assert page.request.get(f"{address}/audit").status == 403
    shot(page, "document-reader")
    browser.close()

assert not complaints, complaints
print("log-in, upload, audit log and roles hold")
