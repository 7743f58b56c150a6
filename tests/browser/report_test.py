#!/usr/bin/env python3
"""The HTML report as people meet it: opened in a browser, clicked through, narrow and wide, dark and light, on
paper, and without scripts. Usage: report_test.py CAUSEWAY"""

import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import browser

CAUSEWAY = sys.argv.pop(1) if len(sys.argv) > 1 else "build/dev/causeway"
AT = "2026-11-20T12:00:00Z"
HOSTILE = "<script>document.title='owned'</script><img src=x>\"'&"
LONG = "jabber-of-the-department-in-the-third-floor-of-the-new-house"
FOLDER = tempfile.TemporaryDirectory(prefix="causeway-report-")
SHOWN = "[...document.querySelectorAll(%r)].filter(e => e.checkVisibility()).length"


def causeway(*words):
    done = subprocess.run([CAUSEWAY, *words], capture_output=True, text=True)
    if done.returncode > 1:
        raise RuntimeError(done.stderr)


def lab(name, *options):
    folder = os.path.join(FOLDER.name, name)
    causeway("lab", "new", folder, "--key", "ec", "--at", AT, *options)
    return folder


def report(name, *folders):
    path = os.path.join(FOLDER.name, name + ".html")
    causeway("check", "-f", "html", "-o", path, "--at", AT, *folders)
    return path


def make_hostile():
    """A lab in which a certificate and an endpoint bear names that want to be markup."""
    folder = lab("hostile")
    made = os.path.join(folder, "evil.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", os.devnull, "-out", made, "-subj", "/CN=" + HOSTILE.replace("/", "\\/")],
                   check=True, capture_output=True)
    with open(made) as evil, open(os.path.join(folder, "c1", "ca.pem"), "a") as trusted:
        trusted.write(evil.read())
    path = os.path.join(folder, "deployment.yaml")
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(text.replace("name: laptop", "name: '%s'" % HOSTILE.replace("'", "''")))
    return folder


def make_long():
    """A lab in which an endpoint has a name that is longer than its box is wide."""
    folder = lab("long")
    path = os.path.join(folder, "deployment.yaml")
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(text.replace("name: laptop", "name: " + LONG))
    return folder


def make_ca():
    """A CA that no list knows: every judge must be given it first."""
    folder = os.path.join(FOLDER.name, "other")
    causeway("ca", "new", folder, "--at", AT, "--cn", "Other Public CA")
    return os.path.join(folder, "ca.pem")


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        small = lab("small", "--fault", "issuer-missing")
        cls.small = report("small", small)
        cls.large = report("large", lab("large", "--size", "large", "--fault", "issuer-missing"))
        cls.hostile = report("hostile", make_hostile())
        cls.both = report("both", small, small)
        cls.fix = os.path.join(FOLDER.name, "fix.html")
        causeway("fix", "-f", "html", "-o", cls.fix, "--at", AT, small)
        cls.horizon = os.path.join(FOLDER.name, "horizon.html")
        causeway("horizon", "-f", "html", "-o", cls.horizon, "--at", AT, small)
        cls.renewal = os.path.join(FOLDER.name, "renewal.html")
        causeway("renew", "-f", "html", "-o", cls.renewal, "--at", AT, "--cert", "e1.acme.test=?", "--cert",
                 "c1.acme.test=?", "--ca", make_ca(), lab("cluster", "--size", "cluster"))
        cls.long = report("long", make_long())
        cls.page = browser.Page(browser.find())

    @classmethod
    def tearDownClass(cls):
        cls.page.close()
        FOLDER.cleanup()

    def open(self, path, width=1280, scheme="light", scripts=True):
        self.page.resize(width, 900, phone=width < 500)
        self.page.call("Emulation.setEmulatedMedia", media="",
                       features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.page.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.page.open("file://" + path)

    def shown(self, selector):
        return self.page.run(SHOWN % selector)

    def text(self, selector):
        return self.page.run("document.querySelector(%r).innerText" % selector)

    def test_people_come_first_then_the_plan_then_the_map_then_the_causes(self):
        self.open(self.small)
        order = self.page.run("[...document.querySelectorAll('section')].map(e => e.className)")
        self.assertEqual(order[:4], ["services", "plan", "picture", "causes"])
        self.assertIn("sign-in is dead for jabber laptop and 2 more", self.text(".services"))

    def test_it_asks_nothing_of_anybody_and_complains_of_nothing(self):
        for path in (self.small, self.large, self.hostile, self.both):
            self.open(path)
            self.assertEqual(self.page.requests(), ["file://" + path])
            self.assertEqual(self.page.troubles(), [])

    def test_every_link_of_a_small_deployment_is_an_arrow(self):
        self.open(self.small)
        self.assertEqual(self.shown(".map a.link"), 17)
        self.assertEqual(self.shown(".map a.refused"), 2)

    def test_a_click_on_an_arrow_shows_chain_handshake_reason_and_remedy(self):
        for width, kind in ((1280, "wide"), (390, "narrow")):
            self.open(self.small, width)
            self.page.click(".map.%s a.refused[href$='link-2'] text.kind" % kind)
            self.assertTrue(self.page.run("document.querySelector('dialog').open"))
            words = self.text("dialog")
            for want in ("tunnel", "issuer-missing", "Not Trusted!", "chain complete!", "here it ends",
                         "refuses the server's whole chain", "Trusted CA certificate on c1.acme.test: append"):
                self.assertIn(want, words)
            self.page.click("dialog button")
            self.assertFalse(self.page.run("document.querySelector('dialog').open"))

    def test_without_scripts_the_arrow_leads_to_the_same_words(self):
        self.open(self.small, scripts=False)
        self.assertEqual(self.shown(".ladder"), 0)
        self.page.click(".map.wide a.refused text.kind")
        self.page.call("Emulation.setScriptExecutionDisabled", value=False)
        self.assertIn("#d0-link-", self.page.run("location.hash"))
        self.assertEqual(self.shown("details.refused .ladder"), 1)
        self.assertEqual(self.shown("dialog"), 0)

    def test_no_window_is_too_narrow(self):
        for path in (self.small, self.large, self.hostile):
            self.open(path, 390)
            self.assertLessEqual(self.page.run("document.documentElement.scrollWidth"), 390)
            self.assertEqual((self.shown(".map.wide"), self.shown(".map.narrow")), (0, 1))

    def test_dark_is_dark_and_light_is_light(self):
        background = "getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number)"
        self.open(self.small, scheme="light")
        self.assertGreater(min(self.page.run(background)), 200)
        self.open(self.small, scheme="dark")
        self.assertLess(max(self.page.run(background)), 60)

    def test_a_large_estate_is_still_a_picture(self):
        self.assertLess(os.path.getsize(self.large), 2_000_000)
        self.open(self.large)
        self.assertLess(self.shown(".map a.link"), 40)
        self.page.click("details.link.refused > summary")
        self.page.click("details.link.refused .members > summary")
        self.assertEqual(self.shown("details.link.refused .members li"), 36)
        self.page.click("details.link.refused .members li a.ref")
        self.assertIn("Not Trusted!", self.text("details.link.refused .members li figure"))

    def test_names_are_never_markup(self):
        self.open(self.hostile)
        self.assertEqual(self.page.run("document.querySelectorAll('script').length"), 1)
        self.assertEqual(self.page.run("document.querySelectorAll('img').length"), 0)
        self.assertTrue(self.page.run("document.title").startswith("Causeway"))
        self.assertIn("<script>document.title='owned'", self.page.run("document.body.textContent"))

    def test_a_phone_shows_the_plan_without_scrolling_past_the_map(self):
        for path in (self.small, self.large, self.fix):
            self.open(path, 375)
            top = self.page.run("document.querySelector('.card input').getBoundingClientRect().top")
            self.assertLess(top, 900)
            wide = self.page.run("[...document.querySelectorAll('.plan *')].filter(e => e.checkVisibility() &&"
                                 " e.getBoundingClientRect().right > 375).map(e => e.outerHTML)")
            self.assertEqual(wide, [])

    def test_the_same_on_six_boxes_is_one_card_with_a_box_to_tick_for_each(self):
        self.open(self.large)
        self.assertEqual(self.shown(".card"), 1)
        self.assertEqual(self.shown(".card .boxes-done input"), 6)
        self.assertIn("c1.acme.test, c2.acme.test, c3.acme.test and 3 more", self.text(".card h4"))

    def test_what_was_ticked_off_stays_so(self):
        self.open(self.small)
        ticked = "document.querySelector('.card input').checked"
        done = "document.querySelector('.card').classList.contains('done')"
        self.assertEqual((self.page.run(ticked), self.page.run(done)), (False, False))
        self.page.click(".card input")
        self.assertEqual((self.page.run(ticked), self.page.run(done)), (True, True))
        self.open(self.small, 375)
        self.assertEqual((self.page.run(ticked), self.page.run(done)), (True, True))
        self.page.click(".card input")
        self.open(self.small)
        self.assertFalse(self.page.run(ticked))

    def test_what_is_uploaded_is_in_the_page_to_be_saved_and_copied(self):
        folder = tempfile.mkdtemp(dir=FOLDER.name)
        for scripts in (True, False):
            self.open(self.small, scripts=scripts)
            self.page.call("Page.setDownloadBehavior", behavior="allow", downloadPath=folder)
            self.page.click(".pem a[download]")
            self.page.wait_for("Page.downloadProgress")
            while not any(event.get("method") == "Page.downloadProgress" and
                          event["params"]["state"] == "completed" for event in self.page.events):
                self.page.events.append(self.page.message())
            made = os.path.join(folder, "c1.acme.test-trusted-ca.pem")
            with open(made) as file:
                text = file.read()
            os.remove(made)
            self.page.call("Emulation.setScriptExecutionDisabled", value=False)
            self.assertEqual(text, self.page.run("document.querySelector('.pem pre').textContent"))
            sha256 = subprocess.run(["openssl", "x509", "-noout", "-fingerprint", "-sha256"], input=text,
                                    capture_output=True, text=True, check=True).stdout
            sha256 = sha256.split("=")[1].strip().replace(":", "").lower()
            self.assertIn(sha256, self.page.run("document.querySelector('.card .more').textContent"))
        self.open(self.small)
        self.page.click(".pem button")
        self.page.run("new Promise(done => setTimeout(done, 0))")
        self.assertRegex(self.text(".pem button"), "Copied|Selected")

    def test_the_whole_sha256_is_a_click_away(self):
        self.open(self.small)
        code = ".card .more code"
        self.assertEqual(self.shown(code), 0)
        self.page.click(".card .more summary")
        self.assertRegex(self.text(code), "^[0-9a-f]{64}$")

    def test_codes_lead_to_what_they_mean(self):
        self.open(self.small)
        self.page.click(".cause h3 a.code")
        self.assertRegex(self.page.run("location.hash"), "^#d0-code-")
        meaning = "document.getElementById(location.hash.slice(1))"
        self.assertTrue(self.page.run(meaning + ".innerText").startswith("issuer-missing"))
        self.assertIn("Causeway", self.text("footer"))
        self.assertRegex(self.text("footer"), "[0-9]+[.][0-9]+")

    def test_fix_is_a_page_with_the_plan_alone(self):
        self.open(self.fix)
        sections = self.page.run("[...document.querySelectorAll('section')].map(e => e.className)")
        self.assertEqual(sections, ["services", "plan"])
        self.assertEqual(self.page.troubles(), [])
        self.assertEqual(self.page.run("document.querySelectorAll('a:not([download])').length"), 0)

    def test_the_horizon_says_first_what_is_dead_then_each_date(self):
        for width in (375, 1280):
            self.open(self.horizon, width)
            sections = self.page.run("[...document.querySelectorAll('section')].map(e => e.className)")
            self.assertEqual(sections, ["services", "horizon"])
            self.assertGreater(self.shown(".card"), 0)
            self.assertRegex(self.text(".card h3"), "^20[0-9-]+, in [0-9]+ days: [0-9]+ links? break")
            self.assertLessEqual(self.page.run("document.documentElement.scrollWidth"), width)
            self.assertEqual((self.page.requests(), self.page.troubles()), (["file://" + self.horizon], []))

    def test_a_renewal_has_cards_downloads_and_a_table_of_states(self):
        for width in (375, 1280):
            self.open(self.renewal, width)
            sections = self.page.run("[...document.querySelectorAll('section')].map(e => e.className)")
            self.assertEqual(sections, ["services", "doubts", "plan", "states"])
            self.assertIn("2 links cannot be kept up", self.text(".services"))  # the phone's list has no such CA
            self.assertGreater(self.shown(".card input"), 4)
            self.assertGreater(self.shown("a[download]"), 0)
            self.assertEqual(self.text(".states tbody th"), "now")
            kinds = self.page.run("[...document.querySelectorAll('.states thead th')].map(e => e.innerText)")
            self.assertIn("traversal", kinds)
            rows = self.page.run("[...document.querySelectorAll('.states tbody tr')].map(e => e.cells.length)")
            self.assertEqual(set(rows), {len(kinds)})
            self.assertIn("wait", self.text(".states tbody"))
            self.assertLessEqual(self.page.run("document.documentElement.scrollWidth"), width)
            self.assertEqual((self.page.requests(), self.page.troubles()), (["file://" + self.renewal], []))

    def test_a_long_name_fits_into_its_box(self):
        self.open(self.long)
        words = self.page.run("[...document.querySelectorAll('.map.wide .box')].map(b => ["
                              "b.querySelector('rect').getBoundingClientRect().right,"
                              "...[...b.querySelectorAll('text')].map(t => t.getBoundingClientRect().right)])")
        self.assertGreater(len(words), 3)
        for right, *texts in words:
            self.assertLessEqual(max(texts), right)
        self.assertEqual(self.page.run(
            "[...document.querySelectorAll('.map.wide .box title')].filter(t => t.textContent.includes(%r)).length"
            % LONG), 1)

    def test_a_large_map_begins_with_e_and_c(self):
        self.open(self.large)
        tops = self.page.run("[...document.querySelectorAll('.map.wide .box .name')].map(e => ["
                             "e.textContent, e.getBoundingClientRect().top -"
                             " document.querySelector('.map.wide').getBoundingClientRect().top])")
        for name, top in tops:
            if name.startswith("Expressway"):
                self.assertLess(top, 60)
        self.open(self.large, 375)
        order = self.page.run("[...document.querySelectorAll('.map.narrow .box .name')].map(e => e.textContent)")
        self.assertLess(order.index("Expressway-C"), order.index("CUCM"))

    def test_paper_gets_the_wide_map_and_no_buttons(self):
        self.open(self.small, 390)
        self.page.call("Emulation.setEmulatedMedia", media="print")
        self.assertEqual((self.shown(".map.wide"), self.shown(".tools")), (1, 0))
        self.assertGreater(len(self.page.call("Page.printToPDF")["data"]), 10000)

    def test_several_deployments_share_a_page_and_no_anchor(self):
        self.open(self.both)
        self.assertEqual(self.shown(".deployment"), 2)
        self.assertEqual(self.shown("nav li a"), 2)
        self.page.click("nav li:last-child a")
        self.assertGreater(self.page.run("scrollY"), 1000)
        repeated = "(i => i.length - new Set(i).size)([...document.querySelectorAll('[id]')].map(e => e.id))"
        for path in (self.both, self.large):
            self.open(path)
            self.assertEqual(self.page.run(repeated), 0)
            missing = "[...document.querySelectorAll('a:not([download])')].filter(a => !document.getElementById(" \
                      "a.getAttribute('href').slice(1))).length"
            self.assertEqual(self.page.run(missing), 0)


if __name__ == "__main__":
    if not browser.find():
        print("skipped: no chromium here (scripts/setup test installs it)")
        sys.exit(77)
    unittest.main(verbosity=2)
