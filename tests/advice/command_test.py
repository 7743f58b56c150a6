#!/usr/bin/env python3
"""command_test.py CAUSEWAY: the command of each step of a plan, typed as it stands where the plan was read."""
import json
import os
import shlex
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv.pop(1))


class Commands(unittest.TestCase):
    def run_in(self, folder, *words):
        return subprocess.run([PROGRAM, *words], cwd=folder, capture_output=True, text=True)

    def test_the_commands_of_a_plan_repair_what_they_are_for(self):
        for fault in ("issuer-missing", "root-missing"):
            with self.subTest(fault), tempfile.TemporaryDirectory() as folder:
                self.assertEqual(self.run_in(folder, "lab", "new", "lab", "--fault", fault).returncode, 0)
                self.assertEqual(self.run_in(folder, "check", "lab").returncode, 1)
                plan = json.loads(self.run_in(folder, "fix", "lab", "-f", "json").stdout)["plan"]
                self.assertTrue(plan["steps"])
                for step in plan["steps"]:
                    words = shlex.split(step["command"])
                    self.assertEqual(words[0], "causeway")
                    done = self.run_in(folder, *words[1:])
                    self.assertEqual((done.returncode, done.stderr), (0, ""), step["command"])
                self.assertEqual(self.run_in(folder, "check", "lab").returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
