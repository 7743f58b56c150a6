#!/usr/bin/env python3
"""HTML reports as documents: well-formed, self-contained, escaped, every anchor there. (tests/browser looks at them as
people do, where there is a browser.) Usage: html_test.py CAUSEWAY"""

import base64
import hashlib
import html.parser
import os
import re
import subprocess
import sys
import tempfile
import unittest

CAUSEWAY = sys.argv.pop(1) if len(sys.argv) > 1 else "build/dev/causeway"
AT = "2026-11-20T12:00:00Z"
HOSTILE = "<script>document.title='owned'</script><img src=x>\"'&"
VOID = {"meta", "br", "img", "link", "input", "hr"}


class Document(html.parser.HTMLParser):
    """Elements that are not closed, or not in order, are a failure; the rest is kept."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.links, self.counts, self.outside, self.script = [], [], [], {}, [], ""
        self.files = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.counts[tag] = self.counts.get(tag, 0) + 1
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.links.append(value)
            if name == "href" and value.startswith("data:application/x-pem-file,"):
                self.links.pop()  # what is uploaded, in the page itself
                self.files.append(dict(attributes).get("download"))
                continue
            if name in ("src", "href", "action") and not value.startswith("#") or name.startswith("on"):
                self.outside.append((tag, name, value))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open[-5:], self.getpos())
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.script += data


class Html(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="causeway-html-")
        cls.addClassCleanup(cls.folder.cleanup)

    def lab(self, name, *options):
        path = os.path.join(self.folder.name, name)
        if not os.path.exists(path):
            subprocess.run([CAUSEWAY, "lab", "new", path, "--key", "ec", "--at", AT, *options],
                           check=True, capture_output=True)
        return path

    def check(self, *folders):
        done = subprocess.run([CAUSEWAY, "check", "-f", "html", "--at", AT, *folders], capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def is_sound(self, text):
        page = Document(text)
        self.assertEqual(len(page.ids), len(set(page.ids)))
        self.assertEqual([link for link in page.links if link[1:] not in page.ids], [])
        self.assertEqual(page.outside, [])
        self.assertNotRegex(text, r"https?://|url\((?!#)|@import")
        self.assertEqual((page.counts["script"], page.counts["h1"] > 0), (1, True))
        return page

    def test_every_kind_of_fault_makes_a_sound_page(self):
        for fault in ("issuer-missing", "client-auth-missing", "credentials-differ", "not-known", "key-mismatch"):
            with self.subTest(fault):
                text = self.check(self.lab(fault, "--fault", fault))
                self.assertIn(fault, text)
                self.is_sound(text)

    def test_a_large_estate_is_a_small_file(self):
        text = self.check(self.lab("large", "--size", "large", "--fault", "issuer-missing"))
        self.is_sound(text)
        self.assertLess(len(text.encode()), 2_000_000)
        self.assertIn("All 36 links that fare alike", text)

    def test_several_deployments_have_anchors_of_their_own(self):
        folder = self.lab("issuer-missing", "--fault", "issuer-missing")
        page = self.is_sound(self.check(folder, folder))
        self.assertEqual(page.counts["h1"], 2)

    def test_the_only_script_is_the_one_that_the_policy_names(self):
        text = self.check(self.lab("issuer-missing", "--fault", "issuer-missing"))
        named = re.search(r"script-src 'sha256-([^']+)'", text).group(1)
        digest = hashlib.sha256(Document(text).script.encode()).digest()
        self.assertEqual(named, base64.b64encode(digest).decode())

    def test_names_are_text(self):
        folder = self.lab("hostile")
        path = os.path.join(folder, "deployment.yaml")
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(text.replace("name: laptop", "name: '%s'" % HOSTILE.replace("'", "''")))
        page = self.check(folder)
        self.is_sound(page)
        self.assertNotIn("<img", page)
        self.assertIn("&lt;script&gt;document.title=&#39;owned&#39;", page)


if __name__ == "__main__":
    unittest.main(verbosity=2)
