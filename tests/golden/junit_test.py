#!/usr/bin/env python3
"""JUnit reports are XML that a build server can read. Usage: junit_test.py CAUSEWAY"""

import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as tree

CAUSEWAY = sys.argv.pop(1) if len(sys.argv) > 1 else "build/dev/causeway"
AT = "2026-11-20T12:00:00Z"


class Junit(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="causeway-junit-")
        self.addCleanup(self.folder.cleanup)

    def lab(self, name, *faults):
        path = os.path.join(self.folder.name, name)
        options = [word for fault in faults for word in ("--fault", fault)]
        subprocess.run([CAUSEWAY, "lab", "new", path, "--key", "ec", "--at", AT, *options],
                       check=True, capture_output=True)
        return path

    def check(self, *folders):
        done = subprocess.run([CAUSEWAY, "check", "-f", "junit", "--at", AT, *folders], capture_output=True)
        return done.returncode, tree.fromstring(done.stdout)

    def count(self, suite):
        self.assertEqual(int(suite.get("tests")), len(suite.findall("testcase")))
        self.assertEqual(int(suite.get("failures")), len(suite.findall("testcase/failure")))
        self.assertEqual(int(suite.get("skipped")), len(suite.findall("testcase/skipped")))

    def test_a_sound_deployment_has_no_failure_and_a_case_for_everything(self):
        status, root = self.check(self.lab("sound"))
        suite = root.find("testsuite")
        self.count(suite)
        self.assertEqual((status, root.tag, suite.get("failures"), suite.get("skipped")), (0, "testsuites", "0", "0"))
        groups = [case.get("classname") for case in suite.findall("testcase")]
        self.assertEqual([groups.count("acme." + name) for name in ("services", "links", "nodes")], [3, 17, 4])

    def test_a_refused_link_is_a_failure_with_code_and_remedy(self):
        status, root = self.check(self.lab("faulty", "issuer-missing"))
        suite = root.find("testsuite")
        self.count(suite)
        self.assertEqual(status, 1)
        case = suite.find("testcase[@name='tunnel c1.acme.test e1.acme.test']/failure")
        self.assertEqual(case.get("type"), "issuer-missing")
        self.assertIn("Trusted CA certificate on c1.acme.test: append", case.text)
        self.assertIn('The box shows "No SSH tunnels have been established".', case.text)
        dead = suite.find("testcase[@name='sign-in laptop acme.test']/failure")
        self.assertIn("sign-in is dead", dead.get("message"))

    def test_what_is_not_known_is_skipped_and_a_warning_passes(self):
        _, root = self.check(self.lab("unknown", "not-known"), self.lab("soon", "expires-soon"))
        unknown, soon = root.findall("testsuite")
        self.count(unknown)
        self.count(soon)
        self.assertGreater(int(unknown.get("skipped")), 0)
        self.assertEqual(soon.get("failures"), "0")
        self.assertTrue(any("expires-soon" in out.text for out in soon.findall("testcase/system-out")))


if __name__ == "__main__":
    unittest.main(verbosity=2)
