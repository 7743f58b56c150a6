#!/usr/bin/env python3
"""clicks_test.py CAUSEWAY: the desk in a real browser: files dropped, questions answered, report, repair, narrow and wide;
and axe-core finds nothing serious. With CAUSEWAY_PICTURES=DIR pictures of its pages are written there."""
import base64
import json
import os
import sys
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "browser"), os.path.join(os.path.dirname(HERE), "admin")]
import browser  # noqa: E402
from desk import Desk, Made  # noqa: E402

CAUSEWAY = os.path.abspath(sys.argv.pop(1))
EXECUTABLE = browser.find()


def axe():
    for root in (os.path.join(os.path.dirname(os.path.dirname(HERE)), "node_modules"), "/usr/share/nodejs",
                 "/usr/lib/node_modules", "/usr/local/lib/node_modules", "/usr/share/javascript"):
        path = os.path.join(root, "axe-core", "axe.min.js")
        if os.path.exists(path):
            with open(path) as file:
                return file.read()
    return None


class Clicks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = Made(CAUSEWAY, "--fault", "issuer-missing")
        cls.desk = Desk(CAUSEWAY)
        cls.page = browser.Page(EXECUTABLE)

    @classmethod
    def tearDownClass(cls):
        cls.page.close()
        cls.made.close()
        said = cls.desk.close()
        if said:
            raise AssertionError(said)

    def choose(self, selector, *paths):
        root = self.page.call("DOM.getDocument")["root"]["nodeId"]
        node = self.page.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.page.call("DOM.setFileInputFiles", nodeId=node, files=list(paths))

    def go(self, action):
        self.page.events = []
        action()
        self.page.wait_for("Page.loadEventFired")

    def text(self):
        return self.page.run("document.body.innerText")

    def look(self, name):
        script = axe()
        folder = os.environ.get("CAUSEWAY_PICTURES")
        for width in (375, 1280):
            self.page.resize(width, 900, width < 500)
            wide = self.page.run("document.documentElement.scrollWidth")
            self.assertLessEqual(wide, width, name)
            if folder:
                shot = self.page.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
                with open(os.path.join(folder, f"desk-{name}-{width}.png"), "wb") as file:
                    file.write(base64.b64decode(shot))
        if script:
            self.page.run(script + ";0")
            found = json.loads(self.page.run(
                "axe.run(document, {resultTypes: ['violations'], iframes: false}).then(r => JSON.stringify("
                "r.violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => v.id + ': ' + "
                "v.nodes.map(n => n.html).join(' '))))"))
            self.assertEqual(found, [], name)

    def test_from_dropped_files_to_the_files_to_upload(self):
        self.page.resize(1280, 900)
        self.page.open(self.desk.url)
        self.look("drop")
        self.choose("#files", *self.made.files)
        self.go(lambda: self.page.click("form button"))
        self.assertIn("4 nodes from", self.text())
        self.look("site")
        # answer the first two questions
        self.page.run("document.querySelector('select').value = 'on'; 0")
        self.choose("input[type=file]", os.path.join(self.made.lab, "endpoints", "laptop.pem"))
        self.go(lambda: self.page.click("form[action='/answer'] button"))
        self.assertIn("The answers are in the deployment file.", self.text())
        self.go(lambda: self.page.click("nav a[href='/report']"))
        self.assertEqual(self.page.run("document.querySelector('iframe').clientHeight > 300"), True)
        self.look("report")
        self.go(lambda: self.page.click("nav a[href='/plan']"))
        self.assertIn("1 upload on 1 node repairs it", self.text())
        self.assertIn("c1.acme.test-trusted-ca.pem", self.text())
        self.look("plan")
        self.go(lambda: self.page.click("nav a[href='/renew']"))
        self.page.run("document.querySelector('[name=box]').value = 'e1.acme.test'; 0")
        self.choose("[name=file]", os.path.join(self.made.lab, "e1", "server.pem"))
        self.go(lambda: self.page.click("form[action='/renew'] button"))
        self.assertIn("If it were installed now", self.text())
        self.look("renew")
        self.go(lambda: self.page.click("nav a[href='/log']"))
        self.go(lambda: self.page.click("form[action='/log'] button"))
        self.assertIn("lines of", self.text())
        self.look("log")
        self.go(lambda: self.page.click("form[action='/forget'] button"))
        self.assertIn("Everything is forgotten.", self.text())
        self.assertEqual(self.page.troubles(), [])


if __name__ == "__main__":
    if not EXECUTABLE:
        print("no browser here: chromium is not installed")
        sys.exit(77)
    unittest.main()
