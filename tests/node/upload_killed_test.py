#!/usr/bin/env python3
"""upload_killed_test.py CAUSEWAY: a running node is killed with -9 inside an upload, at its system calls, and begins anew.

strace sends the signal at the N-th call that writes, makes, renames, removes or syncs something. Each time the node starts
again, with the former list or the new one, whole; the same upload again ends with the new one; and its history has
everything that it had before, and the upload where that was answered. A few of the calls; CAUSEWAY_UPLOAD_KILLS=all all of
them (`make endurance`).
"""
import base64
import json
import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from admin_test import FOLDER, PASSWORD, PATIENCE, PROGRAM, Node, run, want  # noqa: E402

CALLS = ("openat,write,pwrite64,writev,sendmsg,sendto,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,fsync,fdatasync,"
         "flock,close,ftruncate,fchmod,chmod,link,linkat")
SAMPLE = 4
BASIC = "Basic " + base64.b64encode(f"admin:{PASSWORD}".encode()).decode()


def authority(name):
    path = os.path.join(FOLDER, name)
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
        f"/CN={name}", "-keyout", path + ".key", "-out", path + ".pem")
    with open(path + ".pem", "rb") as file:
        return file.read()


def upload(node, pem):
    """True: it was answered, and done."""
    body = json.dumps({"store": "trusted-ca", "file": base64.b64encode(pem).decode(), "file_name": "ca.pem"})
    try:
        answer = node.ask("POST", "/api/causeway/v1/trust/append", body, Authorization=BASIC, X_CSRF_Header="1", Origin=None,
                          Content_Type="application/json")
    except (OSError, ValueError, IndexError):
        return False
    want(answer.status in (0, 200), f"the upload: {answer.status} {answer.body[-300:]}")
    return answer.status == 200


def known(node):
    """The password is known from here on: no process for it comes into the upload."""
    want(node.ask("GET", "/metrics", Authorization=BASIC).status == 200, "no log-in")


def events(node):
    text = run(PROGRAM, "node", "history", node.folder, "-f", "json", "-n", "100000")[0]
    rows = json.loads(text)
    want(rows, "the history is empty")
    return {json.dumps(row, sort_keys=True) for row in rows}


class Tracer:
    """strace on the node's own process."""

    def __init__(self, node, name=None, number=0):
        self.path = os.path.join(FOLDER, "trace")
        inject = ("-e", f"inject={name}:signal=SIGKILL:when={number}") if name else ()
        # it is ended by stop: pylint: disable=consider-using-with
        self.process = subprocess.Popen(["strace", "-o", self.path, "-p", str(node.process.pid), "-e", f"trace={CALLS}", *inject],
                                        stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        if "attached" not in line:
            self.process.wait(PATIENCE)
            print(f"skipped: {line}")
            sys.exit(77)

    def stop(self):
        """The names of the calls in their order."""
        self.process.terminate()
        self.process.communicate(timeout=PATIENCE)
        with open(self.path, encoding="utf-8", errors="replace") as file:
            return re.findall(r"^(\w+)\(", file.read(), re.M)


def entries(node):
    with open(os.path.join(node.folder, "certs", "trusted-ca.pem"), "rb") as file:
        return re.findall(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", file.read(), re.S)


def kill_at(node, calls, number):
    """True: the node was killed inside the upload, at the call with that number from 0."""
    name = f"Upload {number}"
    pem = authority(name)
    before, told = entries(node), events(node)
    with node:
        known(node)
        tracer = Tracer(node, calls[number], calls[:number + 1].count(calls[number]))
        done = upload(node, pem)
        if not done:
            node.process.wait(PATIENCE)
        tracer.stop()
        killed = node.process.poll() is not None
    after = entries(node)
    want(after in (before, before + [pem.strip()]), f"call {number}: neither the former list nor the new one")
    want(not done or len(after) > len(before), f"call {number}: it was answered, and is not there")
    with node:  # what a killed one left is no hindrance
        known(node)
        if len(entries(node)) == len(before):
            want(upload(node, pem), f"call {number}: the same upload again")
        want(entries(node) == before + [pem.strip()], f"call {number}: the list is another one")
    now = events(node)
    want(told <= now, f"call {number}: gone from the history: {sorted(told - now)}")
    want(not done or any(name in event for event in now), f"call {number}: the upload is not in the history")
    return killed


def main():
    if not shutil.which("strace"):
        print("skipped: no strace here")
        return 77
    try:
        node = Node("killed")
        with node:
            node.first()
            known(node)
            tracer = Tracer(node)
            want(upload(node, authority("Counted")), "the upload")
            calls = tracer.stop()
        want(len(calls) > 20, f"an upload of {len(calls)} calls")
        numbers = range(len(calls))
        if os.environ.get("CAUSEWAY_UPLOAD_KILLS") != "all":
            numbers = [number * (len(calls) - 1) // (SAMPLE - 1) for number in range(SAMPLE)]
        killed = sum(kill_at(node, calls, number) for number in numbers)
        want(killed > len(numbers) // 2, f"only {killed} of {len(numbers)} were killed")
        print(f"an upload of {len(calls)} calls, killed at {killed} of {len(numbers)} that were tried")
        return 0
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
