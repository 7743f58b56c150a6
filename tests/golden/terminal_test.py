#!/usr/bin/env python3
"""terminal_test.py CAUSEWAY: the text report as people meet it on terminals: the answer on the first screen, wide and
narrow, in colour and without."""
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import unicodedata
import unittest

CAUSEWAY = os.path.abspath(sys.argv.pop(1))
AT = "2026-11-20T12:00:00Z"
FOLDER = tempfile.TemporaryDirectory(prefix="causeway-terminal-")
FAULTS = ("issuer-missing", "issuer-shadowed", "revoked", "not-yet-valid", "crl-missing", "not-a-ca",
          "address-is-ip", "root-missing")


def lab(*options):
    name = os.path.join(FOLDER.name, "-".join(options).replace("--", "") or "sound")
    if not os.path.isdir(name):
        subprocess.run([CAUSEWAY, "lab", "new", name, "--key", "ec", "--at", AT, *options], check=True,
                       capture_output=True)
    return name


def on_terminal(columns, *words, **environment):
    """What the program writes on a terminal of so many columns."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    known = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "TERM")}
    process = subprocess.Popen([CAUSEWAY, *words], stdout=its, stderr=subprocess.DEVNULL,
                               env={**known, "TERM": "xterm", **environment})
    os.close(its)
    text = b""
    while True:
        try:
            more = os.read(ours, 65536)
        except OSError:  # EIO: the other end is closed
            break
        if not more:
            break
        text += more
    process.wait()
    os.close(ours)
    return text.decode().replace("\r\n", "\n")


def plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def width(line):
    return sum(not unicodedata.combining(letter) for letter in line)


def is_path(line):
    return re.fullmatch(r" *" + re.escape(FOLDER.name) + r"/[^ ]*", line) is not None


class Terminal(unittest.TestCase):
    def test_the_first_screen_has_the_people_the_plan_and_the_links_that_refuse(self):
        for size in ("small", "cluster", "large"):
            for fault in FAULTS if size != "large" else FAULTS[:2]:
                report = on_terminal(100, "check", lab("--size", size, "--fault", fault), "--at", AT)
                screen = plain(report).split("\n")[:24]
                self.assertRegex(screen[0], "^sign-in is ", fault)
                self.assertIn("The plan, proven", screen, fault)
                self.assertIn("Links", screen, fault)
                rest = plain(report).split("\n")
                rows = [line for line in rest[rest.index("Links"):] if re.match("^  [a-z-]+ .* refused ", line)]
                self.assertTrue(rows, (size, fault))
                self.assertEqual([line for line in rows if line not in screen], [], (size, fault))

    def test_an_import_fits_the_terminal_and_lines_to_paste_stay_whole(self):
        sources = os.path.join(FOLDER.name, "sources")
        subprocess.run([CAUSEWAY, "lab", "export", lab("--size", "cluster"), "--as", "folder", "-o", sources],
                       check=True, capture_output=True)
        for columns in (60, 80):
            made = os.path.join(FOLDER.name, f"made{columns}")
            lines = on_terminal(columns, "import", sources, "-o", made).rstrip("\n").split("\n")
            wide = [line for line in lines if width(line) > columns and " " in line.strip()]
            self.assertEqual([line for line in wide if not line.strip().startswith(("made ", "run sql", "Next: "))], [])
            self.assertIn("       run sql select paramname,paramvalue from processconfig where "
                          "paramname='ClusterSecurityMode'", lines)
        whole = subprocess.run([CAUSEWAY, "import", sources, "-o", made], capture_output=True, text=True).stdout
        self.assertIn("Is the CUCM cluster in mixed mode (1), so that C registers over TLS?", whole)

    def test_the_last_line_is_the_answer(self):
        report = plain(on_terminal(100, "check", lab("--fault", "issuer-missing"), "--at", AT)).rstrip("\n")
        quiet = plain(on_terminal(60, "check", "-q", lab("--fault", "issuer-missing"), "--at", AT)).rstrip("\n")
        self.assertEqual(report.split("\n")[-1], quiet)
        self.assertIn("acme: sign-in is dead for jabber laptop and 2 more: 1 upload", quiet)

    def test_lines_are_as_long_as_the_terminal_is_wide(self):
        for columns in (60, 80, 200):
            for fault in FAULTS:
                for verb in ("check", "fix"):
                    report = plain(on_terminal(columns, verb, lab("--fault", fault), "--at", AT))
                    lines = report.rstrip("\n").split("\n")
                    if verb == "check":
                        lines.pop()  # the answer is one line, for tail -1
                    # a command is copied: it is one line; so is a path, which stands on a line of its own where it is long
                    longest = max((line for line in lines if "$ causeway" not in line and not is_path(line)), key=width)
                    self.assertLessEqual(width(longest), columns, (fault, verb, longest))

    def test_names_are_whole(self):
        report = plain(on_terminal(60, "check", lab("--fault", "issuer-missing"), "--at", AT))
        self.assertIn("C=US, O=Public Trust, CN=Public Trust Issuing CA G2", report)
        self.assertNotRegex(report, r"(?m)CN=Public$|Public Trust$|Public$")

    def test_colour_is_for_terminals_that_know_it_or_where_it_is_asked_for(self):
        folder = lab("--fault", "issuer-missing")
        rows = (
            ("xterm", {}, [], True),
            ("dumb", {}, [], False),
            ("xterm", {"NO_COLOR": "1"}, [], False),
            ("xterm", {}, ["--color", "never"], False),
            ("dumb", {}, ["--color", "always"], True),
            ("xterm", {"NO_COLOR": "1"}, ["--color=always"], True),
            ("xterm", {}, ["--color", "auto"], True),
        )
        for terminal, environment, words, want in rows:
            for verb in ("check", "fix", "horizon"):
                report = on_terminal(80, verb, folder, "--at", AT, *words, TERM=terminal, **environment)
                if verb != "horizon":
                    self.assertEqual("\x1b[" in report, want, (terminal, environment, words, verb))
        piped = subprocess.run([CAUSEWAY, "check", folder, "--color", "always"], capture_output=True, text=True)
        self.assertIn("\x1b[1;31m", piped.stdout)
        piped = subprocess.run([CAUSEWAY, "check", folder], capture_output=True, text=True)
        self.assertNotIn("\x1b", piped.stdout)


if __name__ == "__main__":
    try:
        unittest.main(verbosity=2)
    finally:
        FOLDER.cleanup()
