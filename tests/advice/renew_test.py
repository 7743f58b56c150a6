#!/usr/bin/env python3
"""renew_test.py CAUSEWAY [N]: random renewals of healthy labs, done on the files step by step; after each step every
link that worked works. Kinds: same CA, new issuing CA, new root, several boxes at once."""
import json
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from follow_test import AT, Folder, RANK, run  # noqa: E402

NODES = ["c1.acme.test", "e1.acme.test", "pub.acme.test:tomcat", "pub.acme.test:callmanager", "sub1.acme.test:tomcat"]


def make_ca(program, lab, picked):
    """A CA of the lab's own, in its ca/ folder: below the old root, or with a root of its own."""
    where = os.path.join(lab, "ca", "new-issuing")
    chain = os.path.join(lab, "chain.pem")
    parent = os.path.join(lab, "ca", "private-root")
    if picked.random() < 0.5:
        parent = os.path.join(lab, "ca", "new-root")
        run(program, "ca", "new", parent, "--cn", "New Root CA", "--key", "ec", "--at", AT)
    run(program, "ca", "new", where, "--cn", "New Issuing CA", "--key", "ec", "--parent", parent, "--at", AT)
    with open(chain, "wb") as file:
        for part in (where, parent):
            with open(os.path.join(part, "ca.pem"), "rb") as ca:
                file.write(ca.read())
    return chain


def renew(program, picked):
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as work:
        lab = os.path.join(work, "lab")
        run(program, "lab", "new", lab, "--size", picked.choice(("small", "cluster")), "--key", "ec", "--at", AT)
        words = []
        for node in picked.sample(NODES, picked.randint(1, 3)):
            words += ["--cert", node + "=?"]
        if picked.random() < 0.7:
            words += ["--ca", make_ca(program, lab, picked)]
        folder = Folder(program, lab)
        before = {link["id"]: link["verdict"] for link in folder.check()["links"]}
        answer = json.loads(run(program, "renew", lab, "--at", AT, "-f", "json", *words, good=(0, 1)))
        named = {row["link"] for row in answer["unavoidable"]}
        for step in answer["plan"]["steps"]:
            if step["action"] == "restart":
                continue
            folder.do(step)
            for link in folder.check()["links"]:
                if RANK[link["verdict"]] > RANK[before[link["id"]]] and link["id"] not in named:
                    return f"{' '.join(words)}: after step {step['number']} {link['id']} is {link['verdict']}"
    return None


def main():
    program = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    picked = random.Random(int(os.environ.get("CAUSEWAY_SEED", "1")))
    failed = 0
    for _ in range(count):
        try:
            trouble = renew(program, picked)
        except (RuntimeError, LookupError, subprocess.CalledProcessError) as error:
            trouble = str(error)
        if trouble:
            failed += 1
            print(trouble)
    print(f"renewals: {count - failed} kept every link up, {failed} did not")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
