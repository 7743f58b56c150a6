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

    def test_the_command_of_a_setting_writes_the_deployment_with_it_done(self):
        """With the options of its call: the same plan is found again, and the same step."""
        for fault, options in (("peer-name-mismatch", ()), ("verify-name-mismatch", ("--at", "+1d")),
                               ("address-is-ip", ()), ("credentials-differ", ()), ("release-differs", ()),
                               ("peer-name-mismatch", ("--set", "expressway-c.revocation=off"))):
            with self.subTest(fault), tempfile.TemporaryDirectory() as folder:
                self.assertEqual(self.run_in(folder, "lab", "new", "lab", "--key", "ec", "--fault", fault).returncode, 0)
                plan = json.loads(self.run_in(folder, "fix", "lab", "-f", "json", *options).stdout)["plan"]
                settings = [step for step in plan["steps"] if step["action"] == "set" and step["edit"]]
                self.assertTrue(settings or fault == "release-differs", plan)
                at, before = "lab", self.run_in(folder, "check", "lab").returncode
                for step in settings:
                    words = shlex.split(step["command"])
                    self.assertEqual(words[:3], ["causeway", "fix", "lab/deployment.yaml"])
                    done = self.run_in(folder, *words[1:])
                    self.assertEqual((done.returncode, done.stderr), (0, ""), step["command"])
                    at = words[words.index("--apply") + 1]
                whole = len(settings) == len(plan["steps"])
                self.assertEqual(self.run_in(folder, "check", at).returncode, 0 if whole else before)

    def test_one_step_alone_is_done(self):
        with tempfile.TemporaryDirectory() as folder:
            self.run_in(folder, "lab", "new", "lab", "--key", "ec", "--fault", "issuer-missing",
                        "--fault", "peer-name-mismatch")
            plan = json.loads(self.run_in(folder, "fix", "lab", "-f", "json").stdout)["plan"]
            self.assertEqual(len(plan["steps"]), 2)
            left = []
            for step in plan["steps"]:
                made = f"only-{step['number']}"
                done = self.run_in(folder, "fix", "lab", "--only", str(step["number"]), "--apply", made)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                left.append([other["sentence"] for other in
                             json.loads(self.run_in(folder, "fix", made, "-f", "json").stdout)["plan"]["steps"]])
            self.assertEqual([len(steps) for steps in left], [1, 1])
            self.assertNotEqual(left[0], left[1])
            for words in (("--only", "3", "--apply", "x"), ("--only", "0", "--apply", "x"),
                          ("--only", "1x", "--apply", "x"), ("--only", "1")):
                done = self.run_in(folder, "fix", "lab", *words)
                self.assertEqual(done.returncode, 2, words)
                self.assertIn("--only: wanted", done.stderr)
            self.assertFalse(os.path.exists(os.path.join(folder, "x")))


if __name__ == "__main__":
    unittest.main(verbosity=2)
