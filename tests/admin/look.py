#!/usr/bin/env python3
"""look.py ADMIN_RENDER CAUSEWAY FOLDER [NAME...]: pictures of the nodes' pages, whole, at 1280 and at 375 pixels, to be looked at."""

import base64
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "browser"))
import browser
import pages


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


main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
