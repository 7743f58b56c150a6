#!/usr/bin/env python3
"""alternatives_test.py CAUSEWAY [FAULT...]: what `fix` offers besides its plan is tried on the files.

Every alternative in place of the steps that it replaces: what the plan promised is so, and nothing is worse. Every
workaround by itself: who is said to be better off is, nothing is worse; undone, all is as before.
"""
import json
import os
import re
import shutil
import sys
import tempfile

from follow_test import AT, Folder, better, broken, run, worse

FAULTS = ["peer-name-mismatch", "verify-name-mismatch", "client-auth-missing", "address-is-ip", "expired",
          "ecdsa-twin-untrusted", "self-signed-untrusted", "phone-profile-missing", "name-constraint", "issuer-shadowed"]
CLUSTERED = {"client-auth-missing", "expired"}
KEYS = {"verify-origin-server": "expressway-c", "cucm-tls-verify": "expressway-c", "prefer": "expressway-c",
        "eku-check": None, "cluster-tls-verify": None}


def with_key(text, group, key, value):
    """The group's settings with this one in place of what stands there."""
    found = re.search(r"^" + group + r":.*?(?=^\S|\Z)", text, re.S | re.M)
    block = re.sub(r"^  " + key + r":.*\n", "", found.group(0), flags=re.M)
    head, rest = block.split("\n", 1)
    return text[:found.start()] + f"{head}\n  {key}: {value}\n{rest}" + text[found.end():]


def work_around(folder, workaround):
    """False: the files have no word for it."""
    for step in workaround["steps"]:
        text = "\n".join(folder.lines())
        if step["setting"] in KEYS:
            group = KEYS[step["setting"]] or ("expressway-c" if step["node"].startswith("c") else "expressway-e")
            text = with_key(text, group, step["setting"], step["value"])
        elif step["setting"] == "device security profile":
            for name in step["also"]:
                text = re.sub(r"(name: " + re.escape(name) + r"\b[^}\n]*)\}", r"\1, profile: none}", text)
        else:
            return False
        folder.write(text.split("\n"))
    return True


def differs_from_report(program, lab, answer):
    """What a report of `check` has of it is a part of what `fix` has, under the same keys."""
    report = json.loads(run(program, "check", "--at", AT, "-f", "json", lab, good=(0, 1)))
    text = run(program, "check", "--at", AT, "--color", "never", lab, good=(0, 1)).decode()
    told = re.search(r'(ways?|tonight|least):\s+"causeway\s+fix"\s', text)
    found = []
    for key in ("alternatives", "workarounds"):
        words = [[step["sentence"] for step in other["steps"]] for other in answer[key]]
        found += [f"check has another {key}: {other}" for other in report[key]
                  if [step["sentence"] for step in other["steps"]] not in words]
        if len(report[key]) < len(answer[key]) and not report["alternatives_cut"]:
            found.append(f"check has fewer {key} and does not say so")
    if bool(told) != bool(report["alternatives"] or report["workarounds"] or report["alternatives_cut"]):
        found.append("the text of check does not say what its JSON says")
    return found


def try_one(program, lab, work):
    answer = json.loads(run(program, "fix", "--at", AT, "-f", "json", lab, good=(0, 1)))
    plan, found, count, skipped = answer["plan"], [], 0, 0
    found += differs_from_report(program, lab, answer)
    for number, other in enumerate(answer["alternatives"] + answer["workarounds"], 1):
        copy = os.path.join(work, f"copy{number}")
        shutil.copytree(lab, copy)
        folder = Folder(program, copy)
        name = other.get("name") or f"alternative {number}"
        if "name" in other:
            if not work_around(folder, other):
                skipped += 1
                continue
            found += [f"{name}: {what}" for what in worse(folder, lab)]
            found += [f"{name}: {who} is not better off" for who in other["restores"] if who not in better(folder, lab)]
            found += [] if other["undo"] and other["loses"] else [f"{name}: no undo, or no price"]
        else:
            kept = [s for s in plan["steps"] if s["number"] not in other["instead_of"]]
            for step in kept + other["steps"]:
                folder.do(step)
            found += [f"{name}: {what}" for what in broken(plan, folder, lab, folder.check())]
        count += 1
    return found, count, skipped


def main():
    program = os.path.abspath(sys.argv[1])
    tried = failed = skipped = 0
    for fault in sys.argv[2:] or FAULTS:
        for size in ("small", "cluster") if fault in CLUSTERED or sys.argv[2:] else ("small",):
            with tempfile.TemporaryDirectory() as work:
                lab = os.path.join(work, "lab")
                run(program, "lab", "new", lab, "--size", size, "--key", "ec", "--at", AT, "--fault", fault)
                found, count, left = try_one(program, lab, work)
            tried, skipped = tried + count, skipped + left
            failed += len(found)
            for what in found:
                print(f"{size} {fault}: {what}")
    print(f"offers tried: {tried}, {failed} broken, {skipped} that the files have no word for")
    return 1 if failed or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
