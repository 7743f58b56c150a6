#!/usr/bin/env python3
"""A test run in which a group is skipped, and a folder that no test reaches, are seen.
Usage: judges_test.py SOURCE-FOLDER BUILD-FOLDER"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE, BUILD = sys.argv[1:3]
del sys.argv[1:3]


def written():
    with open(os.path.join(SOURCE, "tests", "must-run")) as file:
        return {line.split()[0]: int(line.split()[1]) for line in file if line.strip() and line[0] != "#"}


class TestsRan(unittest.TestCase):
    def judge(self, spoil=None):
        """The answer on a run in which every written test ran, but for what `spoil` does to (name, status)."""
        cases = []
        for group, count in written().items():
            for number in range(count):
                name, status = "%s/%d" % (group, number), "run"
                cases.append(spoil(name, status) if spoil else (name, status))
        text = "<testsuite>" + "".join(
            '<testcase name="%s" status="%s">%s</testcase>' % (
                name, status, "<skipped/>" if status == "notrun" else "") for name, status in cases if name) + "</testsuite>"
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write(text)
            file.flush()
            return subprocess.run([os.path.join(SOURCE, "scripts", "tests-ran"), file.name], capture_output=True, text=True)

    def test_a_whole_run_passes(self):
        done = self.judge()
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_skipped_group_is_seen(self):
        done = self.judge(lambda name, status: (name, "notrun" if name.startswith("golden/") else status))
        self.assertEqual(done.returncode, 0 if os.geteuid() else 1)  # an ordinary user lacks rights
        if not os.geteuid():
            self.assertIn("golden: 0 ran, at least", done.stderr)
        self.assertRegex(done.stdout, r"of golden 0 ran, \d+ were skipped: NOTHING OF IT RAN")
        self.assertIn("golden/0: skipped as a whole", done.stdout)

    def test_one_test_that_is_gone_is_seen(self):
        done = self.judge(lambda name, status: (None if name == "unit/trust/0" else name, status))
        self.assertEqual(done.returncode, 1)
        self.assertIn("unit/trust: ", done.stderr)

    @unittest.skipUnless(shutil.which("ctest"), "no ctest here")
    def test_what_is_written_down_is_registered(self):
        done = subprocess.run(["ctest", "--test-dir", BUILD, "-N"], capture_output=True, text=True)
        names = re.findall(r"Test\s+#\d+: (\S+)", done.stdout)
        for group, count in written().items():
            self.assertGreaterEqual(len([name for name in names if name.startswith(group + "/") or name == group]), count, group)


class Coverage(unittest.TestCase):
    def judge(self, records):
        return subprocess.run([os.path.join(SOURCE, "scripts", "coverage-table"), "92"], input=records,
                              capture_output=True, text=True)

    def records(self, **ran):
        """Every folder of src with 100 lines, of which `ran` (100) ran."""
        text = ""
        for folder in sorted(os.listdir(os.path.join(SOURCE, "src"))):
            if folder in ran and ran[folder] is None:
                continue
            text += "SF:/x/src/%s/a.c\n" % folder
            text += "".join("DA:%d,%d\n" % (line, line <= ran.get(folder, 100)) for line in range(1, 101)) + "end_of_record\n"
        return text

    def test_all_folders_are_measured(self):
        done = self.judge(self.records())
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(done.stdout.count("coverage: src/"), len(os.listdir(os.path.join(SOURCE, "src"))))

    def test_a_folder_that_falls_behind_and_one_that_is_not_measured_are_seen(self):
        rows = [({"report": 91}, "src/report      91.0 %"), ({"cli": None}, "src/cli          0.0 %")]
        for spoiled, want in rows:
            done = self.judge(self.records(**spoiled))
            self.assertEqual(done.returncode, 1)
            self.assertIn(want, done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
