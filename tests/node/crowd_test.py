#!/usr/bin/env python3
"""crowd_test.py CAUSEWAY [PART...]: many connections at once from many addresses, against a node's pages and the desk.

They connect and say nothing, or shake hands and say nothing, or send a head that does not end, or ask and do not read. The
server stays the same process, what it holds is bounded by its own numbers and not by theirs, and a user is answered while
they are there and after. 1,500 of them; CAUSEWAY_CROWD=10000 as many as `make endurance` sends.
"""
import os
import re
import resource
import shutil
import socket
import ssl
import sys
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "desk")]
from admin_test import FOLDER, PATIENCE, Answer, Node, read_answer, want  # noqa: E402
from desk import Desk, Visitor  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
CROWD = int(os.environ.get("CAUSEWAY_CROWD", "1500"))
# Of all processes together, beyond what they had: 2,000 connections in TLS at most. A sanitizer keeps what was released,
# 256 MB in each process.
with open(PROGRAM, "rb") as PROGRAM_FILE:
    MEMORY = (900 if b"__asan_init" in PROGRAM_FILE.read() else 150) * 1000 * 1000
ASK = 100  # a user asks each time so many more have come


def family(pid):
    found = [pid]
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as file:
            for child in file.read().split():
                found += family(int(child))
    except OSError:
        pass
    return found


def memory_of(pid):
    total = 0
    for one in family(pid):
        try:
            with open(f"/proc/{one}/status", encoding="utf-8") as file:
                total += int((re.search(r"^VmRSS:\s+(\d+)", file.read(), re.M) or [0, 0])[1]) * 1024
        except OSError:
            pass  # a process for one password is gone
    return total


def descriptors_of(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def address_of(number):
    """One of 500 addresses: more than one address may have is not what is tried here."""
    return f"127.77.{number % 10 + 1}.{number // 10 % 50 + 1}"


class Crowd:
    """Connections of four kinds, all kept; one that the server ends stays ended."""

    def __init__(self, host, port, secure, cookie):
        self.to, self.secure, self.kept = (host, port), secure, []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.check_hostname, self.context.verify_mode = False, ssl.CERT_NONE
        begin = f"GET / HTTP/1.1\r\nHost: {host}:{port}\r\n"
        self.words = (None, b"", begin.encode(), (begin + f"Cookie: {cookie}\r\n\r\n").encode())

    def add(self, number):
        plain = socket.create_connection(self.to, PATIENCE, (address_of(number), 0))
        words = self.words[number % 4]
        try:
            if self.secure and words is not None:
                plain = self.context.wrap_socket(plain)
            if words:
                plain.sendall(words)
        except OSError:
            pass  # it made room for another one already
        self.kept.append(plain)

    def close(self):
        for one in self.kept:
            one.close()


def press(crowd, ask, pid):
    """All of them come while a user asks; the worst of his waiting, and the most memory that was seen."""
    before, worst, most = memory_of(pid), 0.0, 0
    for number in range(CROWD):
        crowd.add(number)
        if number % ASK == ASK - 1:
            begun = time.monotonic()
            ask()
            worst = max(worst, time.monotonic() - begun)
            most = max(most, memory_of(pid))
    want(most - before < MEMORY, f"it grew from {before // 1000000} to {most // 1000000} MB")
    return worst, before, most


def wait_for_descriptors(pid, most):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if descriptors_of(pid) <= most:
            return
        time.sleep(0.05)
    raise AssertionError(f"{descriptors_of(pid)} descriptors, before it {most}")


def tell(what, worst, before, most):
    print(f"{what}: {CROWD} connections, {before / 1e6:.0f} MB before, {most / 1e6:.0f} MB at most; a user's page took "
          f"{worst * 1000:.0f} ms at most")


def part_node():
    """A node's port: who is logged in is answered over new connections, and keeps the one that was there before."""
    with Node() as node:
        cookie = node.first()
        request = f"GET /overview HTTP/1.1\r\nHost: {node.address}:7443\r\nCookie: {cookie}\r\n\r\n".encode()
        kept = node.connect("127.0.99.3")

        def ask_kept():
            kept.sendall(request)
            want(Answer(read_answer(kept)).status == 200, "the connection that was there before")

        def ask():
            want(node.ask("GET", "/zones", Cookie=cookie, source="127.0.99.4").status == 200, "a new connection")
            ask_kept()
        ask()
        pid, front = node.process.pid, node.front()
        before = descriptors_of(pid)
        crowd = Crowd(node.address, 7443, True, "__Host-causeway=" + "A" * 43)
        try:
            numbers = press(crowd, ask, pid)
            want(descriptors_of(pid) < before + 2 * 2000 + 100, f"{descriptors_of(pid)} descriptors")
        finally:
            crowd.close()
        wait_for_descriptors(pid, before + 8)
        ask()
        kept.close()
        want(node.process.poll() is None and node.front() == front, "a process ended")
        tell("a node's pages", *numbers)


def part_desk():
    """The desk: what somebody dropped stays his while others come without a cookie."""
    desk = Desk(PROGRAM)
    try:
        visitor, pid = Visitor(desk), desk.process.pid
        want(visitor.put("x.pem", b"x")[0].status == 200, "nothing is taken")
        visitor.press("/import")
        before = descriptors_of(pid)
        host, port = desk.host.split(":")

        def ask():
            want("1 so far" in Visitor.shown(visitor.get("/")[1]), "the session is gone")
        ask()
        crowd = Crowd(host, int(port), False, "causeway-desk=" + "0" * 64)
        try:
            numbers = press(crowd, ask, pid)
        finally:
            crowd.close()
        wait_for_descriptors(pid, before + 8)
        ask()
        want(desk.process.poll() is None, "the desk ended")
        tell("the desk", *numbers)
    finally:
        said = desk.close()
    want(not said, said)


PARTS = {name[5:]: value for name, value in list(globals().items()) if name.startswith("part_")}


def main():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, CROWD + 2000), hard))
    if hard < CROWD + 2000:
        print(f"skipped: {hard} descriptors are too few for {CROWD} connections")
        return 77
    failed = 0
    try:
        for name in sys.argv[2:] or PARTS:
            try:
                begun = time.monotonic()
                PARTS[name]()
                print(f"{name}: good ({time.monotonic() - begun:.1f} s)", flush=True)
            except Exception as error:  # every part is tried: pylint: disable=broad-exception-caught
                failed += 1
                print(f"{name}: {type(error).__name__}: {error}", flush=True)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
