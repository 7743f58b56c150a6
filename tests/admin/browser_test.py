#!/usr/bin/env python3
"""The nodes' pages as people meet them: in a browser under the node's policy, wide and on a phone, light and dark, by
keyboard, without scripts; and axe-core finds nothing serious. Usage: browser_test.py ADMIN_RENDER CAUSEWAY"""

import json
import os
import shutil
import subprocess
import sys
import threading
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "browser"))
import browser
import pages

RENDER = sys.argv.pop(1) if len(sys.argv) > 1 else "build/dev/tests/admin/admin_render"
CAUSEWAY = sys.argv.pop(1) if len(sys.argv) > 1 else "build/dev/causeway"
# What axe-core calls serious or critical is a fault; the rest is read when screens are looked at.
SERIOUS = ("serious", "critical")


def axe():
    """The script of axe-core, or None (scripts/setup test installs it)."""
    npm = shutil.which("npm")
    roots = [os.environ.get("NODE_PATH", "")]
    if npm:
        roots.append(subprocess.run([npm, "root", "-g"], capture_output=True, text=True).stdout.strip())
    for root in roots:
        path = os.path.join(root, "axe-core", "axe.min.js")
        if root and os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                return file.read()
    return None


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.served = pages.Served(RENDER, CAUSEWAY)
        cls.addClassCleanup(cls.served.close)
        cls.page = browser.Page(browser.find())
        cls.addClassCleanup(cls.page.close)

    def open(self, name, width=1280, scripts=True, dark=False):
        self.page.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.page.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.page.resize(width, 900, phone=width < 500)
        self.page.open(self.served.address(name))
        self.page.call("Emulation.setScriptExecutionDisabled", value=False)

    def faults(self, name, script):
        self.page.run(script)
        found = json.loads(self.page.run(
            "axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations.map(v => "
            "[v.id, v.impact, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + n.failureSummary)])))"))
        return [(name, *fault) for fault in found]

    def test_axe_finds_nothing_serious(self):
        script = axe()
        if not script:
            self.skipTest("no axe-core here (scripts/setup test installs it)")
        self.open("overview")
        self.page.run("document.querySelector('main').append(document.createElement('input'))")
        self.assertEqual([fault[1] for fault in self.faults("an input without a label", script)], ["label"])
        found = []
        for dark, width in ((False, 1280), (True, 375)):
            for name in self.served.names:
                self.open(name, width, dark=dark)
                found += self.faults(name, script)
        for fault in found:
            print(*fault, sep="\n  ", file=sys.stderr)
        self.assertEqual([fault[:3] for fault in found if fault[2] in SERIOUS], [])

    def test_nothing_is_refused_by_the_policy(self):
        for name in self.served.names:
            self.open(name)
            # the event stream of the page before ends with it; what the browser recommends is not refused
            self.assertEqual([trouble for trouble in self.page.troubles()
                              if trouble["params"].get("type") != "EventSource" and
                              trouble["params"].get("entry", {}).get("source") != "recommendation"], [], name)

    def test_no_width_scrolls_sideways(self):
        for name in self.served.names:
            self.open(name, 375)
            for width in (375, 1020, 1240):
                self.page.resize(width, 900, phone=width < 500)
                self.assertLessEqual(self.page.run("document.documentElement.scrollWidth"), width, name)

    def test_the_menu_of_a_phone_opens_without_a_script(self):
        self.open("overview", 375, scripts=False)
        shown = "document.querySelector('nav.menu').checkVisibility()"
        self.assertFalse(self.page.run(shown))
        self.page.click(".to-menu")
        self.assertTrue(self.page.run(shown))
        self.page.click(".from-menu")
        self.assertFalse(self.page.run(shown))

    def test_by_keyboard_the_content_is_one_step_away(self):
        self.open("server-certificate")
        for key in ("Tab", "Enter"):
            for kind in ("keyDown", "keyUp"):
                self.page.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                               windowsVirtualKeyCode={"Tab": 9, "Enter": 13}[key],
                               text="\r" if key == "Enter" and kind == "keyDown" else "")
        self.assertEqual(self.page.run("location.hash"), "#main")

    def test_every_focus_is_seen(self):
        self.open("server-certificate")
        self.page.run("document.querySelector('form#upload button').focus({focusVisible: true})")
        self.assertNotEqual(self.page.run("getComputedStyle(document.activeElement).outlineStyle"), "none")

    def test_a_button_that_takes_away_waits_for_its_tick(self):
        self.open("effect-trust-remove")
        disabled = "document.querySelector('form#do button').disabled"
        self.assertTrue(self.page.run(disabled))
        self.page.click("input[name=confirm]")
        self.assertFalse(self.page.run(disabled))
        self.open("effect-trust-remove", scripts=False)
        self.assertFalse(self.page.run(disabled))
        self.assertTrue(self.page.run("document.querySelector('input[name=confirm]').required"))

    def test_an_arrow_of_the_lab_s_map_leads_to_its_link(self):
        self.open("lab")
        refused = self.page.run("document.querySelectorAll('.map.wide a.refused').length")
        self.assertGreater(refused, 0)
        self.page.click(".map.wide a.refused text.kind")
        self.assertTrue(self.page.run("document.getElementById(location.hash.slice(1)).checkVisibility()"))

    def test_what_changes_by_itself_is_shown_and_what_is_typed_stays(self):
        text = self.served.text("zone")
        self.served.server.change = threading.Event()
        self.addCleanup(setattr, self.served.server, "change", None)
        self.addCleanup(self.served.write, "zone", text)
        self.open("zone")
        self.page.run("document.querySelector('[name=user]').value = 'typed'")
        self.served.write("zone", text.replace("root-missing", "revoked"))
        self.served.server.change.set()
        self.page.run("new Promise(done => { const look = () => document.querySelector('#zone-state').textContent"
                      ".includes('revoked') ? done() : setTimeout(look, 50); look(); })")
        self.assertEqual(self.page.run("document.querySelector('[name=user]').value"), "typed")

    def test_the_certificate_is_shown_without_a_script(self):
        self.open("server-certificate", scripts=False)
        text = "document.querySelector('#data pre').checkVisibility({contentVisibilityAuto: true})"
        self.page.click("#data details summary")
        self.assertTrue(self.page.run(text))
        self.assertIn("Certificate:", self.page.run("document.querySelector('#data pre').innerText"))


if __name__ == "__main__":
    if not browser.find():
        print("skipped: no chromium here (scripts/setup test installs it)")
        sys.exit(77)
    unittest.main(verbosity=2)
