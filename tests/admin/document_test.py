#!/usr/bin/env python3
"""The nodes' pages as documents: some of them word for word, all of them small, in the colours of the reports. To accept a
changed page after reading it: CAUSEWAY_ACCEPT=1 ctest --test-dir build/dev -R admin/document.
Usage: document_test.py ADMIN_RENDER"""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RENDER = sys.argv.pop(1) if len(sys.argv) > 1 else "build/dev/tests/admin/admin_render"
WHOLE = ("log-in", "zone", "effect-trust-append", "client-test-crl", "cucm-certificate-trust", "exercise")
BYTES_MAX = 64 * 1024


class Documents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = tempfile.TemporaryDirectory(prefix="causeway-documents-")
        cls.addClassCleanup(cls.made.cleanup)
        subprocess.run([RENDER, os.path.join(HERE, "answers.json"), cls.made.name], check=True)

    def text(self, name):
        with open(os.path.join(self.made.name, name), encoding="utf-8") as file:
            return file.read()

    def test_pages_are_word_for_word_as_they_were(self):
        for name in WHOLE:
            path = os.path.join(HERE, "expected", name + ".html")
            # a line an element, so that a difference can be read
            found = self.text(name + ".html").replace("><", ">\n<")
            if os.environ.get("CAUSEWAY_ACCEPT"):
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(found)
            with open(path, encoding="utf-8") as file:
                self.assertEqual(found, file.read(), name)

    def test_the_guide_names_every_page(self):
        with open(os.path.join(ROOT, "docs/pages.md"), encoding="utf-8") as file:
            guide = file.read()
        with open(os.path.join(HERE, "answers.json"), encoding="utf-8") as file:
            names = {case["screen"] for case in json.load(file)["cases"].values()}
        self.assertEqual([name for name in sorted(names - {"effect", "refusal"}) if "/" + name not in guide], [])
        for picture in re.findall(r"\((pages/[^)]*)\)", guide):
            self.assertTrue(os.path.exists(os.path.join(ROOT, "docs", picture)), picture)

    def test_pages_are_small(self):
        for name in os.listdir(self.made.name):
            self.assertLess(os.path.getsize(os.path.join(self.made.name, name)), BYTES_MAX, name)

    def test_the_style_sheet_is_that_of_the_reports_and_adds_no_colour(self):
        whole = self.text("style.css")
        with open(os.path.join(ROOT, "src/report/page/report.css"), encoding="utf-8") as file:
            shared = file.read()
        self.assertTrue(whole.startswith(shared))
        self.assertEqual(re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsl", whole[len(shared):]), [])

    def test_style_and_script_ask_nobody(self):
        for name in ("style.css", "script.js"):
            self.assertNotRegex(self.text(name), r"https?://|@import|url\(")

    def test_the_script_makes_no_markup_of_text(self):
        self.assertNotRegex(self.text("script.js"), r"innerHTML\s*=[^=]|document\.write|insertAdjacentHTML|\beval\(")


if __name__ == "__main__":
    unittest.main(verbosity=2)
