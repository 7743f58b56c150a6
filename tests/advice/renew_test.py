#!/usr/bin/env python3
"""renew_test.py CAUSEWAY [N] (or CAUSEWAY_RENEWALS=N): random renewals of healthy labs, done on the files step by step; after each step every
link that worked works, or is named for just that step. Kinds: same CA, new issuing CA, new root, new root under the old
name, new root that the old one cross-signed, other kinds of keys, several boxes at once. Lists are changed by the
command that the step shows."""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from follow_test import AT, Folder, changes, run  # noqa: E402

NODES = ["c1.acme.test", "e1.acme.test", "pub.acme.test:tomcat", "pub.acme.test:callmanager", "sub1.acme.test:tomcat"]


KINDS = ("same CA", "new issuing CA", "new root", "old name", "cross-signed")
ROOTS = {"private-root": "C=US, O=Acme, CN=Acme Root CA", "public-root": "C=US, O=Public Trust, CN=Public Trust Root CA"}


def cross_sign(new, old):
    """The new root's name and key, signed by the old root: what old lists lead to the new chain with."""
    made = os.path.join(new, "cross.pem")
    extensions = os.path.join(new, "cross.cnf")
    with open(extensions, "w", encoding="ascii") as file:
        file.write("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
                   "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
    request = os.path.join(new, "cross.csr")
    subprocess.run(["openssl", "x509", "-x509toreq", "-in", os.path.join(new, "ca.pem"), "-signkey",
                    os.path.join(new, "privkey.pem"), "-out", request], check=True, capture_output=True)
    subprocess.run(["openssl", "x509", "-req", "-in", request, "-CA", os.path.join(old, "ca.pem"), "-CAkey",
                    os.path.join(old, "privkey.pem"), "-set_serial", "4711", "-days", "1800", "-extfile", extensions,
                    "-out", made], check=True, capture_output=True)
    return made


def make_ca(program, lab, kind, picked):
    """A CA of the lab's own, in its ca/ folder. Its chain, issuing CA first."""
    where = os.path.join(lab, "ca", "new-issuing")
    chain = os.path.join(lab, "chain.pem")
    old = picked.choice(tuple(ROOTS))
    parent = os.path.join(lab, "ca", old)
    parts = []
    if kind != "new issuing CA":
        new = os.path.join(lab, "ca", "new-root")
        name = ROOTS[old] if kind == "old name" else "New Root CA"
        run(program, "ca", "new", new, "--cn", name, "--key", picked.choice(("ec", "rsa", "ec:P-384")), "--at", AT)
        parts = [cross_sign(new, parent)] if kind == "cross-signed" else []
        parent = new
    run(program, "ca", "new", where, "--cn", "New Issuing CA", "--key", picked.choice(("ec", "rsa")), "--parent", parent,
        "--at", AT)
    with open(chain, "wb") as file:
        for part in (os.path.join(where, "ca.pem"), *parts, os.path.join(parent, "ca.pem")):
            with open(part, "rb") as ca:
                file.write(ca.read())
    return chain


def do(program, folder, step, work):
    """The step on the files: a list by the command, as it stands."""
    if step["action"] not in ("append", "remove", "move-before"):
        folder.do(step)
        return
    command = step["command"].replace("causeway ", program + " ")
    done = subprocess.run(command, shell=True, cwd=work, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{step['command']}: {done.returncode} {done.stdout}{done.stderr}")


def is_named(answer, link, number):
    """The plan says that this link is down after this step."""
    return any(row["link"] == link and row["from_step"] <= number and (not row["to_step"] or number < row["to_step"])
               for row in answer["unavoidable"])


def renew(program, kind, picked, tally):
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as work:
        lab = os.path.join(work, "lab")
        run(program, "lab", "new", lab, "--size", picked.choice(("small", "cluster")), "--key", "ec", "--at", AT)
        words = []
        for node in picked.sample(NODES, picked.randint(1, 3)):
            words += ["--cert", node + "=?"]
        if kind != "same CA":
            words += ["--ca", make_ca(program, lab, kind, picked)]
        folder = Folder(program, lab)
        was = os.path.join(work, "was")
        shutil.copytree(lab, was)
        done = subprocess.run([program, "renew", "lab", "--at", AT, "-f", "json", *words], capture_output=True, cwd=work,
                              check=False)
        if done.returncode > 1:
            raise RuntimeError(done.stderr)
        answer = json.loads(done.stdout)
        # what no list of these boxes can hold twice is a root of an old name; a phone's list nobody changes
        if kind != "old name" and any(row["to_step"] for row in answer["unavoidable"]):
            return f"{kind} {' '.join(words)}: {answer['unavoidable']}"
        passes = {state["after_step"]: state for state in answer["states"] if not state["restarts"]}
        for step in answer["plan"]["steps"]:
            if step["action"] == "restart":
                continue
            do(program, folder, step, work)
            tally["steps"] += 1
            down = [row["id"] for row in changes(folder, was) if row["kind"] == "link" and row["change"] == "worse"]
            for link in down:
                tally["named"] += 1
                if not is_named(answer, link, step["number"]):
                    return f"{kind} {' '.join(words)}: after step {step['number']} {link} is down"
            if sorted(down) != sorted(passes[step["number"]]["broken"]):
                return f"{kind} {' '.join(words)}: after step {step['number']}: {passes[step['number']]}, really {down}"
    return None


def main():
    program = os.path.abspath(sys.argv[1])
    count = int(os.environ.get("CAUSEWAY_RENEWALS") or (sys.argv[2] if len(sys.argv) > 2 else 10))
    picked = random.Random(int(os.environ.get("CAUSEWAY_SEED", "1")))
    failed, tally = 0, {"steps": 0, "named": 0}
    for number in range(count):
        try:
            trouble = renew(program, KINDS[number % len(KINDS)], picked, tally)
        except (RuntimeError, LookupError, subprocess.CalledProcessError) as error:
            trouble = str(error)
        if trouble:
            failed += 1
            print(trouble)
    print(f"renewals: {count - failed} as told, {failed} not; {tally['steps']} steps, {tally['named']} times a link was "
          "down as the plan had said")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
