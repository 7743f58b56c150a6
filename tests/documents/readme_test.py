#!/usr/bin/env python3
"""What the documents show is what happens: each block of commands in a folder of its own, output compared.
Usage: readme_test.py CAUSEWAY SOURCE-FOLDER"""

import difflib
import os
import re
import subprocess
import sys
import tempfile
import unittest

import commands

CAUSEWAY, SOURCE = sys.argv[1:3]
del sys.argv[1:3]
GUIDE = "docs/guide"
PAGES = 10
# A document whose blocks are not found would pass.
BLOCKS_MIN = {"README.md": 12, GUIDE: 30}


def path_of(name):
    return os.path.join(SOURCE, name)


def shorten(want, got):
    """What to write down for `got`: as many lines as stood there before the first "...", and whether one was cut."""
    if "..." not in want:
        return got
    head = want.index("...")
    tail = len(want) - 1 - head
    return got[:head] + ["..."] + (got[-tail:] if tail else [])


def run_block(block):
    """The block as it should be, and the differences."""
    lines, wrong = [], []
    indent, block = commands.outdented(block)
    with tempfile.TemporaryDirectory(prefix="causeway-readme-") as folder:
        for command, want in commands.commands(block):
            status, got = commands.run(command, folder, CAUSEWAY)
            if status > 1:
                wrong.append("$ %s\nends with %d: %s" % (command, status, "\n".join(got[:5])))
            if not commands.matches(want, got):
                wrong.append("\n".join(["$ " + command] + list(difflib.unified_diff(want, got, "document", "now", n=1))))
            lines += ["$ " + command] + (want if commands.matches(want, got) else shorten(want, got))
    return "".join((indent + line).rstrip() + "\n" for line in lines), wrong


class Documents(unittest.TestCase):
    maxDiff = None

    def every_block_of(self, name):
        """How many blocks there are, each run; with CAUSEWAY_ACCEPT the document says then what they print."""
        with open(path_of(name), encoding="utf-8") as file:
            text = file.read()
        blocks = list(commands.blocks(text))
        for block in blocks:
            now, wrong = run_block(block)
            if wrong and os.environ.get("CAUSEWAY_ACCEPT"):
                text = text.replace(block, now, 1)
                continue
            with self.subTest(name + ": " + block.splitlines()[0]):
                self.assertEqual("\n".join(wrong), "")
        if os.environ.get("CAUSEWAY_ACCEPT"):
            with open(path_of(name), "w", encoding="utf-8") as file:
                file.write(text)
        return len(blocks)

    def test_every_block_of_the_readme_prints_what_it_shows(self):
        self.assertGreaterEqual(self.every_block_of("README.md"), BLOCKS_MIN["README.md"])

    def test_every_block_of_the_guide_prints_what_it_shows(self):
        pages = [name for name in sorted(os.listdir(path_of(GUIDE))) if name.endswith(".md")]
        self.assertEqual(len(pages), PAGES + 1)
        self.assertGreaterEqual(sum(self.every_block_of(GUIDE + "/" + name) for name in pages), BLOCKS_MIN[GUIDE])

    def test_every_command_that_a_document_names_is_one(self):
        """Also those that are not run, because they wait or ask a machine that is not there: verb and options are known."""
        helps = {}
        verbs = subprocess.run([CAUSEWAY, "help", "--as", "verbs"], capture_output=True, text=True).stdout.splitlines()
        named = 0
        for folder in ("", "docs", GUIDE, "docs/monitoring"):
            for name in sorted(os.listdir(path_of(folder))):
                if not name.endswith(".md") or name == "CHANGELOG.md":
                    continue
                with open(path_of(os.path.join(folder, name)), encoding="utf-8") as file:
                    text = file.read()
                for command in re.findall(r"(?:`|^ {4}(?:sudo )?|^\$ |&& |\| )causeway ([a-z][^`\n|]*)", text, re.M):
                    words = command.split()
                    verb = next((v for v in (" ".join(words[:2]), words[0]) if v in verbs), None)
                    # "causeway trust", "causeway check" as a name of a group, or "cert accept NODE" are fine
                    group = any(v.startswith(words[0] + " ") for v in verbs)
                    with self.subTest(name + ": causeway " + command):
                        self.assertTrue(verb or group or words[0] == "desk")
                        if not verb:
                            continue
                        if verb not in helps:
                            helps[verb] = subprocess.run([CAUSEWAY, "help", *verb.split()], capture_output=True, text=True).stdout
                        for option in re.findall(r" (--[a-z][a-z-]*)", command.split(" -- ")[0].split(" #")[0]):
                            self.assertRegex(helps[verb], r"(?m)^  (-., )?%s\b" % option)
                        named += 1
        self.assertGreater(named, 100)


if __name__ == "__main__":
    unittest.main(verbosity=2)
