#!/usr/bin/env python3
"""Every worked example of the help runs as it stands, in a folder of its own, and what it shows is what comes.
Usage: help_test.py CAUSEWAY SOURCE-FOLDER"""

import difflib
import subprocess
import sys
import tempfile
import unittest

import commands

CAUSEWAY = sys.argv[1]
del sys.argv[1:3]
# They wait for somebody, or ask machines that are not there.
WAIT_OR_ASK = {"watch", "probe", "crl fetch", "node run", "node status", "node history", "node try", "node link", "lab up", "lab restart", "lab exercise", "desk", "collect", "sign-in"}


def ask(*words):
    return subprocess.run([CAUSEWAY, *words], capture_output=True, text=True, check=True).stdout


def example(verb):
    text = ask("help", *verb.split()).split("\nExample\n", 1)[1]
    return "\n".join(line[2:] for line in text.splitlines())


class Help(unittest.TestCase):
    def test_every_example_runs(self):
        ran = compared = 0
        for verb in ask("help", "--as", "verbs").splitlines():
            if verb in WAIT_OR_ASK:
                continue
            with tempfile.TemporaryDirectory(prefix="causeway-help-") as folder:
                for command, want in commands.commands(example(verb)):
                    with self.subTest(verb=verb, command=command):
                        status, got = commands.run(command, folder, CAUSEWAY)
                        self.assertLess(status, 2, "\n".join(got[:5]))
                        ran += 1
                        if want:  # many a command is shown alone
                            compared += 1
                            self.assertTrue(commands.matches(want, got),
                                            "\n".join(difflib.unified_diff(want, got, "help", "now", n=1)))
        self.assertGreater(ran, 60)
        self.assertGreater(compared, 25)

    def test_the_first_steps_run(self):
        text = ask("help").split("First steps\n", 1)[1].split("\n\n", 1)[0]
        with tempfile.TemporaryDirectory(prefix="causeway-help-") as folder:
            for line in text.splitlines():
                command = line.strip().split("   ")[0]
                self.assertTrue(command.startswith("causeway "), line)
                status, got = commands.run(command, folder, CAUSEWAY)
                self.assertLess(status, 2, "\n".join(got[:5]))


if __name__ == "__main__":
    unittest.main(verbosity=2)
