#!/usr/bin/env python3
"""Man page, completions and docs/findings.md are those of this program, and their readers take them.
Usage: reference_test.py CAUSEWAY BUILD-FOLDER SOURCE-FOLDER"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from shell import Shell, terminals_are_here

CAUSEWAY, BUILD, SOURCE = sys.argv[1:4]
del sys.argv[1:4]


def run(*words, **options):
    return subprocess.run(words, capture_output=True, text=True, **options)


def form(name):
    return run(CAUSEWAY, "help", "--as", name, check=True).stdout


def verbs():
    """("check", ["--format", …]) for every verb, out of the help."""
    overview = run(CAUSEWAY, "help", check=True).stdout.split("\nVerbs\n")[1].split("\n\n")[0]
    for line in overview.splitlines():
        words = line.split()
        name = words[0]
        if run(CAUSEWAY, "help", name).stdout.startswith("usage: causeway %s VERB" % name):
            name += " " + words[1]
        text = run(CAUSEWAY, "help", *name.split(), check=True).stdout
        yield name, re.findall(r"^  (?:-., )?(--[a-z-]+)", text, re.MULTILINE)


def complete(*words):
    """What bash offers for the last of these words."""
    script = form("bash") + """
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_causeway
printf '%s\\n' "${COMPREPLY[@]}"
"""
    done = run("bash", "-c", script, "bash", "causeway", *words)
    assert not done.stderr, done.stderr
    return done.stdout.split()


class Reference(unittest.TestCase):
    def test_the_finding_codes_are_those_of_the_table(self):
        with open(os.path.join(SOURCE, "docs", "findings.md")) as file:
            self.assertEqual(file.read(), form("findings"), "old: run scripts/generate-docs")

    def test_every_verb_and_option_is_in_every_form(self):
        man, bash, zsh = form("man").replace("\\", ""), form("bash"), form("zsh")
        for name, options in verbs():
            self.assertIn(".SS %s\n" % name, man)
            self.assertIn('"%s")' % name, bash)
            self.assertIn("'%s')" % name, zsh)
            for option in options:
                for text in (man, bash, zsh):
                    self.assertIn(option, text)

    @unittest.skipUnless(shutil.which("mandoc"), "no mandoc here (scripts/setup test installs it)")
    def test_the_man_page_is_valid(self):
        done = run("mandoc", "-Tlint", "-Wwarning", input=form("man"))
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_no_line_of_the_man_page_is_an_unknown_request(self):
        known = {".TH", ".SH", ".SS", ".PP", ".TP", ".nf", ".fi", ".RS", ".RE"}
        for line in form("man").splitlines():
            if line.startswith((".", "'")):
                self.assertIn(line.split()[0], known)

    def test_bash_takes_its_completion(self):
        done = run("bash", "-n", input=form("bash"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    @unittest.skipUnless(shutil.which("zsh"), "no zsh here (scripts/setup test installs it)")
    def test_zsh_takes_its_completion(self):
        done = run("zsh", "-n", "/dev/stdin", input=form("zsh"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_bash_completes_what_the_tables_hold(self):
        with tempfile.TemporaryDirectory() as folder:
            name = os.path.join(folder, "deployment.yaml")
            open(name, "w").close()
            rows = [
                (["che"], ["check"]),
                (["cer"], ["cert"]),
                (["cert", "s"], ["show", "split"]),
                (["cert", "ver"], ["verify"]),
                (["check", "--form"], ["--format"]),
                (["check", "--format", "ht"], ["html"]),
                (["check", "--format", "=", "ju"], ["junit"]),
                (["check", "-f", "js"], ["json"]),
                (["check", name[:-4]], [name]),
                (["check", "-o", name[:-4]], [name]),
                (["lab", "new", "--fault", "issuer-s"], ["issuer-shadowed"]),
                (["explain", "trust-l"], ["trust-list", "trust-lists-differ"]),
                (["explain", "handsh"], ["handshake"]),
                (["help", "hor"], ["horizon"]),
                (["cert", "verify", "--purpose", "cl"], ["client"]),
            ]
            for words, want in rows:
                self.assertEqual(sorted(complete(*words)), want, words)

    def complete_at_a_terminal(self, name, file_name):
        if not terminals_are_here():
            self.skipTest("no terminals here: /dev/pts is missing")
        with tempfile.TemporaryDirectory() as folder:
            completion = os.path.join(folder, file_name)
            with open(completion, "w") as file:
                file.write(form(name))
            deployment = os.path.join(folder, "deployment.yaml")
            open(deployment, "w").close()
            shell = Shell(name, completion, folder)
            rows = [
                ("che", "check "),
                ("cert ver", "cert verify "),
                ("check --form", "check --format "),
                ("check -f js", "check -f json "),
                ("check " + deployment[:-8], "check %s " % deployment),
                ("lab new --fault issuer-s", "lab new --fault issuer-shadowed "),
                ("cert verify --purpose cl", "cert verify --purpose client "),
                ("explain handsh", "explain handshake "),
                ("help hor", "help horizon "),
                ("trust tidy --app", "trust tidy --apply "),
            ]
            for typed, want in rows:
                self.assertEqual(shell.line_after("causeway " + typed + "\t"), "causeway " + want)
            shell.close()

    def test_bash_completes_at_a_terminal(self):
        self.complete_at_a_terminal("bash", "causeway")

    @unittest.skipUnless(shutil.which("zsh"), "no zsh here (scripts/setup test installs it)")
    def test_zsh_completes_at_a_terminal(self):
        self.complete_at_a_terminal("zsh", "_causeway")

    def test_all_of_it_is_installed(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run("cmake", "--install", BUILD, "--prefix", folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            for path in ("bin/causeway", "share/man/man1/causeway.1", "share/doc/causeway/findings.md",
                         "share/bash-completion/completions/causeway", "share/zsh/site-functions/_causeway"):
                self.assertGreater(os.path.getsize(os.path.join(folder, path)), 0, path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
