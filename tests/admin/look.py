#!/usr/bin/env python3
"""look.py ADMIN_RENDER CAUSEWAY FOLDER [NAME...]: pictures of the nodes' pages, whole, at 1280 and at 375 pixels, to be looked at.
look.py ADMIN_RENDER CAUSEWAY --keep [FOLDER]: the few that docs/pages.md shows, into its folder or another."""

import base64
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "browser"))
import browser
import pages


ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BYTES_MAX = 120000
# name, width, height of what is kept
KEPT = [
    ("trusted-ca", 1280, 520),
    ("effect-trust-append", 1280, 430),
    ("client-test-crl", 1280, 430),
    ("cucm-certificate", 1280, 520),
    ("lab", 1280, 860),
    ("server-certificate", 375, 760),
]


def keep(render, causeway, to):
    served = pages.Served(render, causeway)
    page = browser.Page(browser.find())
    page.call("Emulation.setScrollbarsHidden", hidden=True)
    os.makedirs(to, exist_ok=True)
    for name, width, height in KEPT:
        page.resize(width, height, phone=width == 375)
        page.open(served.address(name))
        shot = base64.b64decode(page.call("Page.captureScreenshot", format="png")["data"])
        if len(shot) > BYTES_MAX:
            sys.exit("look.py: %s has %d bytes, wanted at most %d" % (name, len(shot), BYTES_MAX))
        with open(os.path.join(to, "page-%s.png" % name), "wb") as file:
            file.write(shot)
    page.close()
    served.close()


def main(render, causeway, to, names):
    served = pages.Served(render, causeway)
    page = browser.Page(browser.find())
    page.call("Emulation.setScrollbarsHidden", hidden=True)
    os.makedirs(to, exist_ok=True)
    for name in names or served.names:
        for width in (1280, 375):
            page.resize(width, 800, phone=width == 375)
            page.open(served.address(name))
            height = min(page.run("document.documentElement.scrollHeight"), 4000)
            page.resize(width, height, phone=width == 375)
            shot = page.call("Page.captureScreenshot", format="png")["data"]
            with open(os.path.join(to, "%s-%d.png" % (name, width)), "wb") as file:
                file.write(base64.b64decode(shot))
    page.close()
    served.close()


if sys.argv[3] == "--keep":
    keep(sys.argv[1], sys.argv[2], sys.argv[4] if len(sys.argv) > 4 else os.path.join(ROOT, "docs", "pages"))
else:
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
