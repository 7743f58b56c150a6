#!/usr/bin/env python3
"""What the documents show is what happens: each block of commands in a folder of its own, output compared.
Usage: readme_test.py CAUSEWAY SOURCE-FOLDER"""

import difflib
import os
import sys
import tempfile
import unittest

import commands

CAUSEWAY, SOURCE = sys.argv[1:3]
del sys.argv[1:3]
DOCUMENTS = ["README.md"]
BLOCKS_MIN = 12  # the twelve questions: a document whose blocks are not found would pass


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
    with tempfile.TemporaryDirectory(prefix="causeway-readme-") as folder:
        for command, want in commands.commands(block):
            status, got = commands.run(command, folder, CAUSEWAY)
            if status > 1:
                wrong.append("$ %s\nends with %d: %s" % (command, status, "\n".join(got[:5])))
            if not commands.matches(want, got):
                wrong.append("\n".join(["$ " + command] + list(difflib.unified_diff(want, got, "document", "now", n=1))))
            lines += ["$ " + command] + (want if commands.matches(want, got) else shorten(want, got))
    return "\n".join(lines) + "\n", wrong


class Documents(unittest.TestCase):
    maxDiff = None

    def test_every_block_prints_what_it_shows(self):
        for name in DOCUMENTS:
            with open(path_of(name), encoding="utf-8") as file:
                text = file.read()
            blocks = list(commands.blocks(text))
            self.assertGreaterEqual(len(blocks), BLOCKS_MIN)
            for block in blocks:
                now, wrong = run_block(block)
                if wrong and os.environ.get("CAUSEWAY_ACCEPT"):
                    text = text.replace(block, now)
                    continue
                with self.subTest(block.splitlines()[0]):
                    self.assertEqual("\n".join(wrong), "")
            if os.environ.get("CAUSEWAY_ACCEPT"):
                with open(path_of(name), "w", encoding="utf-8") as file:
                    file.write(text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
