#!/usr/bin/env python3
"""workers_test.py CAUSEWAY: the processes of a running node besides its core, looked at from outside.

quiet      a sound lab starts without an alarm.
inside     what a worker and the history's writer are: confined, with no file of the node open, no password in memory (the
           writer no key either, also one that was started later). The core's memory holds both: so the search finds them.
killed     a killed worker is replaced, who connects meanwhile is served, the history tells it; again and again is an alarm.
stopped    one that does not answer is replaced.
changes    a changed list reaches the workers before anybody is judged by it; another number of workers is that many.
"""
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time

import nodes_test
from nodes_test import FOLDER, PATIENCE, Lab, blocks, read, subject, want, write

PASSWORD = "p4ssw0rd-0f-the-z0ne"


def until(what, text):
    deadline = time.monotonic() + PATIENCE
    while True:
        found = what()
        if found:
            return found
        want(time.monotonic() < deadline, f"in time: {text}")
        time.sleep(0.05)


def workers(lab, node="c1.acme.test"):
    return lab.status(node)["workers"]


def active(lab, count=1):
    """Waits until so many workers serve, by the node's own snapshot; their rows."""
    def rows():
        status = lab.status("c1.acme.test")
        found = [row for row in status["workers"] if row["state"] == "Active"]
        ports = [row for row in status["services"] if row["peer"].startswith("sip:") and row["state"] == "On"]
        same = all(row["snapshot"] == status["snapshot"] for row in found)
        return found if ports and same and len(found) == len(status["workers"]) == count else None
    return until(rows, f"{count} workers are active")


def holds(pid, *needles):
    """Whether the memory of a process has all of these bytes; None: this user may not look."""
    found = set()
    try:
        with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
            for line in maps:
                begin, end = (int(word, 16) for word in line.split()[0].split("-"))
                if " rw" not in line or end - begin > 1 << 28:
                    continue
                try:
                    memory.seek(begin)
                    part = memory.read(end - begin)
                except (OSError, ValueError, OverflowError):
                    continue
                found |= {needle for needle in needles if needle in part}
    except PermissionError:
        return None
    return len(found) == len(needles)


def scalar(path):
    """The private number of an EC key, as OpenSSL has it in memory: the lowest byte first."""
    text = subprocess.run(["openssl", "ec", "-in", path, "-noout", "-text"], capture_output=True, check=True, text=True).stdout
    digits = re.search(r"priv:\n((?:\s+[0-9a-f:]+\n)+)", text).group(1)
    number = bytes.fromhex(re.sub(r"[\s:]", "", digits))
    return number[::-1].rstrip(b"\0")[:24]


def state_of(pid):
    return dict(line.split(":\t", 1) for line in read(f"/proc/{pid}/status").splitlines() if ":\t" in line)


def child_named(lab, name):
    core = lab.status("c1.acme.test")["pid"]
    def search():
        for pid in read(f"/proc/{core}/task/{core}/children").split():
            try:
                if read(f"/proc/{pid}/comm").strip() == name[:15]:
                    return int(pid)
            except FileNotFoundError:
                pass
        return None
    return until(search, f"{name} runs")


def confined(lab, pid):
    state = state_of(pid)
    want(state["NoNewPrivs"] == "1" and state["Seccomp"] == "2", f"{pid} is confined: {state}")
    want(int(state["CapEff"], 16) == 0 or state["Name"] != "causeway-edge", f"{pid} has no capabilities")
    want(read(f"/proc/{pid}/environ") == "", f"{pid} has no environment")
    for name in os.listdir(f"/proc/{pid}/fd"):
        target = os.readlink(f"/proc/{pid}/fd/{name}")
        inside = target.startswith(lab.state) and "/history/" not in target
        want(not inside, f"{pid} has {target} open")


def inside(lab):
    core = lab.status("c1.acme.test")["pid"]
    key = scalar(lab.key("c1.acme.test"))
    worker, writer = active(lab)[0]["pid"], child_named(lab, "causeway-history")
    confined(lab, worker)
    confined(lab, writer)
    if os.geteuid() == 0:
        want(state_of(worker)["Uid"].split()[0] != "0", "a worker of root's is not root's")
    if holds(core, PASSWORD.encode(), key) is None:
        print("memory was not looked at: not root")
        return
    want(holds(core, PASSWORD.encode(), key), "the search finds what the core has")
    want(holds(worker, key), "a worker has the key that it shows")
    want(not holds(worker, PASSWORD.encode()), "a worker has no password")
    os.kill(writer, signal.SIGKILL)
    later = until(lambda: next((pid for pid in [child_named(lab, "causeway-history")] if pid != writer), None), "another writer")
    for secret in (PASSWORD.encode(), key):
        want(not holds(later, secret), "the history's writer has no password and no key")
    confined(lab, later)


def dial(lab):
    """The handshake alone, without a certificate: whoever answers, answers with TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        with socket.create_connection((lab.address("c1.acme.test"), 5061), PATIENCE) as plain, \
                context.wrap_socket(plain):
            return "let in"
    except ssl.SSLError as error:
        return error.reason


def killed(lab):
    before = active(lab)[0]
    os.kill(before["pid"], signal.SIGKILL)
    answer = dial(lab)
    want("ALERT" in answer, f"who has no certificate is refused by the next worker with an alert, found {answer}")
    lab.until(r"^c1\.acme\.test: edge worker 0: was killed by signal 9")
    after = active(lab)[0]
    want(after["pid"] != before["pid"] and after["restarts"] == before["restarts"] + 1, "another one serves")
    told = subprocess.run([nodes_test.PROGRAM, "node", "history", os.path.dirname(lab.file("c1.acme.test", "x"))],
                          capture_output=True, check=True, text=True).stdout
    want("edge worker 0" in told, "the history tells of it")
    for _ in range(3):
        pid = active(lab)[0]["pid"]
        os.kill(pid, signal.SIGKILL)
        until(lambda old=pid: workers(lab)[0]["pid"] != old, "it is gone")
    lab.until(r"^c1\.acme\.test: alarm raised: edge worker 0 has ended \d+ times")
    active(lab)


def stopped(lab):
    pid = active(lab)[0]["pid"]
    os.kill(pid, signal.SIGSTOP)
    lab.until(r"^c1\.acme\.test: edge worker 0: does not answer")
    until(lambda: not os.path.exists(f"/proc/{pid}"), "the one that hung is ended")
    active(lab)


def changes(lab):
    path = lab.file("c1.acme.test", "certs/trusted-ca.pem")
    whole = read(path)
    write(path, "".join(block for block in blocks(whole) if "Acme" in subject(block)))
    lab.hup("c1.acme.test")
    lab.until(r"^c1\.acme\.test: snapshot \d+: trusted-ca: 0 added")
    active(lab)
    write(path, whole)
    lab.hup("c1.acme.test")
    lab.until(r"^c1\.acme\.test: snapshot \d+: trusted-ca: \d added, 0 removed")
    text = read(lab.file("c1.acme.test", "node.yaml"))
    write(lab.file("c1.acme.test", "node.yaml"), text + "workers: 3\n")
    lab.hup("c1.acme.test")
    want(len({row["pid"] for row in active(lab, 3)}) == 3, "three processes")
    write(lab.file("c1.acme.test", "node.yaml"), text)
    lab.hup("c1.acme.test")
    active(lab, 1)


def quiet(lab):
    """A sound lab is up, and has been for longer than it is told to be quiet: nothing was wrong."""
    begun = time.monotonic()
    until(lambda: time.monotonic() - begun > 8, "it has run for eight seconds")
    while not lab.lines.empty():
        lab.log.append(lab.lines.get())
    raised = [line for line in lab.log if "alarm raised" in line]
    want(not raised, f"a sound lab starts without an alarm: {raised}")


def main():
    with Lab("workers") as lab:
        lab.up()
        quiet(lab)
        for node in ("c1.acme.test", "e1.acme.test"):
            path = lab.file(node, "node.yaml")
            write(path, re.sub(r"password: .*", f"password: {PASSWORD}", read(path)))
            lab.hup(node)
        lab.all_of([r"^c1\.acme\.test: snapshot 2", r"^e1\.acme\.test: snapshot 2"])
        inside(lab)
        changes(lab)
        killed(lab)
        stopped(lab)
    print("workers: good")


if __name__ == "__main__":
    try:
        main()
    finally:
        nodes_test.shutil.rmtree(FOLDER, ignore_errors=True)
