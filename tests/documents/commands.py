"""Commands that documents show: found, run in a clean folder, what they print compared with what stands there."""

import os
import re
import subprocess

DEADLINE = 600  # seconds; a command that has not ended by then never will


def blocks(text):
    """The indented or fenced blocks of a document in which a line begins with "$ "."""
    for fenced in re.finditer(r"^( *)```[a-z]*\n(.*?)^\1```$", text, re.M | re.S):
        if re.search(r"^ *\$ ", fenced.group(2), re.M):
            yield fenced.group(2)


def outdented(block):
    """(the spaces before each line of a block inside a list, the block without them)"""
    indent = re.match(r" *", block).group(0)
    return indent, re.sub("^" + indent, "", block, flags=re.M)


def commands(block):
    """[(command, what it prints)] of a block."""
    found = []
    for line in block.rstrip("\n").splitlines():
        if found and found[-1][0].endswith("\\") and not found[-1][1]:
            found[-1] = (found[-1][0][:-1] + line.strip(), [])
        elif line.startswith("$ "):
            found.append((line[2:], []))
        elif found:
            found[-1][1].append(line.rstrip())
    return found


def run(command, folder, causeway):
    """(exit status, [line]) of a command in the shell, with standard error among the lines."""
    environment = {"PATH": os.path.dirname(os.path.abspath(causeway)) + ":" + os.environ["PATH"], "HOME": folder,
                   "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "ASAN_OPTIONS": "detect_leaks=0"}
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=DEADLINE)
    return done.returncode, [line.rstrip() for line in done.stdout.decode().splitlines()]


def without_chance(line):
    """Dates, fingerprints and counts of days differ from run to run, and with them where a line is broken."""
    line = re.sub(r"\d{4}-\d\d-\d\d(T[\d:.]+Z|_\d\d_\d\d_\d\d)?", "DATE", line)
    line = re.sub(r'DATE \d\d:\d\d:\d\d,\d+|DATET[\d:.+]+', "DATE", line)
    line = re.sub(r"\b[0-9a-f]{12,}\b", "HEX", line)
    line = re.sub(r"(\bin |\(|first_break_days\{.*\} )\d+(\.\d+)?( days|$)", r"\1N\3", line)
    return re.sub(r"days_to_break=\d+", "days_to_break=N", line)


def matches(want, got):
    """Whether the lines are those; "..." stands for any number of lines, behind a space for the rest of its line."""
    want = [without_chance(line) for line in want]
    got = [without_chance(line) for line in got]
    while want and not want[-1]:
        want.pop()
    while got and not got[-1]:
        got.pop()

    def fits(i, j):
        if i == len(want):
            return j == len(got)
        if want[i].strip() == "...":
            return any(fits(i + 1, k) for k in range(j, len(got) + 1))
        return j < len(got) and same(want[i], got[j]) and fits(i + 1, j + 1)

    def same(one, other):
        return other.startswith(one[:-4]) if one.endswith(" ...") else one == other
    return fits(0, 0)
