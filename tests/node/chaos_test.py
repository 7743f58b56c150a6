#!/usr/bin/env python3
"""chaos_test.py CAUSEWAY kills|failover|disk|ports|partition|clock|lists: running nodes while the machine under them fails.

kills      kill -9 of any process of the lab, drawn at random: within ten seconds all is up again, and nothing else changed.
failover   a peer of Expressway-E is stopped, as by a power cut that nobody hears of: it is known within ten seconds, the
           other peer's zone and tunnel stay; when it goes on it is back.
disk       the disk is full: zone and tunnel that stand go on, what cannot be written is told, and all is up when there is room.
ports      a port is taken: told, and when it is free all is up.
partition  the whole network is gone for a while (a network namespace whose loopback is down).
clock      the nodes' clock jumps over a year, forth and back: what is not valid then goes, and is back with the right time.
lists      Expressway-C's trust list changes under traffic: no link goes that should stay, none stays that should go.

Samples; CAUSEWAY_KILLS, CAUSEWAY_CHANGES make them long. What a machine does not allow is skipped, and told.
"""
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import nodes_test
from nodes_test import ENV, FOLDER, PATIENCE, PROGRAM, Lab, blocks, read, run, subject, want, write

C, E = "c1.acme.test", "e1.acme.test"
IDLE = 10  # seconds: the limit on a machine that has its cores free
BACK = int(IDLE * nodes_test.BUSY)


def states(lab, nodes):
    """Every state that these nodes tell; one that does not answer has the state "away"."""
    found = []
    for node in nodes:
        done = subprocess.run([PROGRAM, "node", "status", os.path.join(lab.state, node), "-f", "json"], capture_output=True,
                              check=False, env=ENV)
        if done.returncode not in (0, 1):
            found.append("away")
            continue
        told = nodes_test.json.loads(done.stdout)
        found += [row["state"] for kind in ("zones", "tunnels", "services") for row in told[kind]]
    return found


def until_up(lab, nodes=(C, E), limit=BACK, about=""):
    """How long it took until all of them were up."""
    begun = time.monotonic()
    while True:
        found = states(lab, nodes)
        if found and set(found) <= {"Active", "On"}:
            return time.monotonic() - begun
        want(time.monotonic() - begun < limit, f"{about}: not up after {limit} s: {found}")


def processes_below(pid):
    found = []
    for child in read(f"/proc/{pid}/task/{pid}/children").split():
        found += [int(child)] + processes_below(int(child))
    return found


def name_of(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            words = file.read().split(b"\0")
        return " ".join(word.decode() for word in words[:4]).replace(FOLDER, "")
    except OSError:
        return "gone"


def kills():
    count = int(os.environ.get("CAUSEWAY_KILLS", "6"))
    seed = int(os.environ.get("CAUSEWAY_SEED", random.SystemRandom().randrange(1 << 30)))
    print(f"CAUSEWAY_SEED={seed}")
    chance, worst = random.Random(seed), 0
    with Lab("kills") as lab:
        lab.up()
        everyone = [name for name in os.listdir(lab.state) if os.path.exists(lab.file(name, "node.yaml"))]
        until_up(lab, everyone, limit=PATIENCE)
        before = {name: read(lab.file(C, name)) for name in ("node.yaml", "certs/server.pem", "certs/trusted-ca.pem")}
        for number in range(count):
            victims = processes_below(lab.process.pid)
            want(len(victims) >= 4, f"the lab has processes: {victims}")
            victim = chance.choice(victims)
            name = name_of(victim)
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                continue
            while name_of(victim) == name:
                pass
            took = until_up(lab, everyone, about=f"kill {number} of {name}")
            worst = max(worst, took)
            print(f"{name}: up after {took:.1f} s", flush=True)
        for name, text in before.items():
            want(read(lab.file(C, name)) == text, f"{name} is what it was")
    print(f"{count} kills, the slowest was up after {worst:.1f} s")


def fail_over(lab, other, number):
    """The other peer carries on while this one stands still; seconds until its end was known."""
    pid = lab.status(E)["pid"]
    os.kill(pid, signal.SIGSTOP)
    begun = time.monotonic()
    try:
        lab.until(rf"^{C}: zone to {E}: Failed")
        known = time.monotonic() - begun
        told = lab.status(C)
        rows = {row["peer"]: row["state"] for row in told["zones"]}
        tunnels = {row["peer"]: row["state"] for row in told["tunnels"]}
        want(rows[other] == "Active" and tunnels[other] == "Active", f"{number}: the other peer carries on: {rows} {tunnels}")
        want(tunnels[E] != "Active", f"{number}: its tunnel counts for nothing: {tunnels}")
        want(known < BACK, f"{number}: known after {known:.1f} s")
    finally:
        os.kill(pid, signal.SIGCONT)
    lab.all_of([rf"^{C}: zone to {E}: Active", rf"^{C}: tunnel to {E}: Active"])
    return known


def failover():
    count = int(os.environ.get("CAUSEWAY_FAILOVERS", "1"))
    with Lab("failover", "cluster-cn-differs") as lab:
        e2 = "e2.acme.test"
        lab.all_of([rf"^{C}: tunnel to {E}: Active", rf"^{C}: tunnel to {e2}: Active"])
        known = sorted(fail_over(lab, e2, number) for number in range(count))
        print(f"{count} fail-overs, known after {known[len(known) // 2]:.1f} s at the median, {known[-1]:.1f} s at most")


def disk():
    small = os.path.join(FOLDER, "disk")
    os.mkdir(small)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,mode=0711", "none", small], capture_output=True,
                      check=False).returncode:
        print("skipped: no tmpfs can be mounted here")
        sys.exit(77)
    try:
        full(small)
    finally:
        subprocess.run(["umount", "-l", small], check=False)


class Small(Lab):
    """A lab whose nodes' folders stand on a disk of their own."""

    def __init__(self, name, state):
        super().__init__(name)
        self.state = state


def full(small):
    with Small("small", os.path.join(small, "state")) as lab:
        lab.up()
        until_up(lab, limit=PATIENCE)
        filler = os.path.join(small, "filler")
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        want(set(states(lab, (C, E))) <= {"Active", "On"}, "what stands goes on")
        # a list that cannot be written whole is not taken, or nothing came of it: the node has what it had
        path = lab.file(C, "certs/trusted-ca.pem")
        whole = read(path)
        try:
            write(path + ".new", whole * 100)
        except OSError:
            pass
        if os.path.exists(path + ".new"):
            os.remove(path + ".new")
        for victim in processes_below(lab.status(C)["pid"]):  # its tunnel must be made anew, with a full disk
            os.kill(victim, signal.SIGKILL)
        lab.until(rf"^{C}: tunnel to \S+: (Failed|Off|Checking)")
        want(states(lab, (C,))[0] == "Active", "the zone is not the disk's")
        os.remove(filler)
        print(f"room again: up after {until_up(lab, limit=BACK, about='room again'):.1f} s")


def steal(lab, address, port):
    """Somebody else has the port before Expressway-E is back: the lab, which starts it again, stands still meanwhile."""
    pid = lab.status(E)["pid"]
    lab.process.send_signal(signal.SIGSTOP)
    try:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                if read(f"/proc/{pid}/stat").rsplit(")", 1)[1].split()[0] == "Z":
                    return socket.create_server((address, port))
            except OSError:  # of what it has started, something has the port still
                pass
        raise AssertionError(f"port {port} cannot be had")
    finally:
        lab.process.send_signal(signal.SIGCONT)


def ports():
    with Lab("ports") as lab:
        lab.up()
        address = lab.address(E)
        for port, wanted in ((2222, "zone"), (7001, "nothing")):
            with steal(lab, address, port):
                if wanted == "nothing":
                    lab.until(rf"^{E}: .*the zone's port 7001")
                else:
                    lab.until(rf"^{E}: tunnels cannot be had: ")
                    lab.until(rf"^{C}: zone to \S+: Active")
            if wanted == "zone":  # a node whose tunnels' port was taken is told to look again
                run(PROGRAM, "lab", "restart", lab.state, E)
            took = until_up(lab, limit=2 * BACK, about=f"port {port} is free")
            print(f"port {port} free again: up after {took:.1f} s", flush=True)


class Apart(Lab):
    """A lab in a network namespace of its own."""

    def __enter__(self):
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen(
            ["unshare", "-n", "sh", "-c", f"ip link set lo up && exec {PROGRAM} lab up {self.deployment} --state {self.state}"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENV)
        nodes_test.threading.Thread(target=self.pump, daemon=True).start()
        return self

    def network(self, state):
        run("nsenter", "-t", str(self.process.pid), "-n", "ip", "link", "set", "lo", state)


def partition():
    if subprocess.run(["unshare", "-n", "ip", "link", "set", "lo", "up"], capture_output=True, check=False).returncode:
        print("skipped: no network namespace can be made here")
        sys.exit(77)
    with Apart("partition") as lab:
        lab.up()
        until_up(lab, limit=PATIENCE)
        lab.network("down")
        begun = time.monotonic()
        lab.until(rf"^{C}: zone to \S+: Failed")
        known = time.monotonic() - begun
        want(known < BACK + 1, f"known after {known:.1f} s")
        lab.network("up")
        took = until_up(lab, limit=BACK + 5, about="the network is back")
        print(f"known after {known:.1f} s, up {took:.1f} s after the network")


FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


def jump(days):
    """The clock of all nodes at once: libfaketime reads the file again at each look."""
    path = ENV["FAKETIME_TIMESTAMP_FILE"]
    write(path + ".new", f"{days:+d}d\n")
    os.replace(path + ".new", path)


def clock():
    """Only the lab's processes: the machine's own clock stays what it is."""
    if not os.path.exists(FAKETIME):
        print("skipped: libfaketime is needed")
        sys.exit(77)
    ENV.update(LD_PRELOAD=FAKETIME, FAKETIME_TIMESTAMP_FILE=os.path.join(FOLDER, "clock.time"), FAKETIME_NO_CACHE="1",
               FAKETIME_DONT_FAKE_MONOTONIC="1", DONT_FAKE_MONOTONIC="1",
               ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0")
    jump(0)
    with Lab("clock") as lab:
        lab.up()
        until_up(lab, limit=PATIENCE)
        for days, code in ((400, "expired"), (-400, "not-yet-valid")):
            begun = time.monotonic()
            jump(days)
            lab.until(rf"^{C}: zone to \S+: Failed: {code}")
            known = time.monotonic() - begun
            want(known < BACK, f"{days:+} days: known after {known:.1f} s")
            jump(0)
            took = until_up(lab, limit=2 * BACK, about="the right time again")
            print(f"{days:+} days: {code} after {known:.1f} s; the right time again: up after {took:.1f} s", flush=True)


def memory_of(pid):
    return int(re.search(r"^VmRSS:\s+(\d+)", read(f"/proc/{pid}/status"), re.M).group(1))


def lists():
    """Three lists in turns: the whole, one with a CA that nobody needs, and now and then one without which the tunnel goes."""
    count = int(os.environ.get("CAUSEWAY_CHANGES", "24"))
    ENV["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=4"
    with Lab("lists") as lab:
        lab.up()
        path = lab.file(C, "certs/trusted-ca.pem")
        whole = read(path)
        other = os.path.join(FOLDER, "other-ca")
        run(PROGRAM, "ca", "new", other, "--key", "ec", "--cn", "Nobody's Root CA", good=(0, 2))
        more = whole + read(os.path.join(other, "ca.pem"))
        less = "".join(block for block in blocks(whole) if "Public Trust Issuing" not in subject(block))
        told = lab.status(C)
        pid, worker, early, worker_early, last = told["pid"], told["workers"][0]["pid"], 0, 0, whole
        for number in range(1, count + 1):
            text = less if number % 12 == 0 else (more if last == whole else whole)
            since = lab.status(C)["zones"][0]["since"] if number % 6 == 0 else None
            write(path, text)
            os.kill(pid, signal.SIGHUP)
            lab.until(rf"^{C}: snapshot \d+: trusted-ca: ")
            if text == less:
                lab.until(rf"^{C}: tunnel to \S+: refused by this node: issuer-missing")
                lab.until(rf"^{C}: tunnel to \S+: Off")
            elif last == less:
                lab.until(rf"^{C}: tunnel to \S+: Active")
            elif since:
                told = lab.status(C)
                want(told["zones"][0]["state"] == "Active" and told["zones"][0]["since"] == since and
                     told["tunnels"][0]["state"] == "Active", f"change {number}: nothing should have ended: {told}")
            last = text
            if number == max(count // 5, 1):
                early, worker_early = memory_of(pid), memory_of(worker)
            if number % 1000 == 0:
                print(f"{number} changes: {memory_of(pid)} kB, the worker {memory_of(worker)} kB", flush=True)
        grown, worker_grown = memory_of(pid) - early, memory_of(worker) - worker_early
        want(max(grown, worker_grown) < 12000,
             f"Expressway-C grew by {grown} kB in {count} changes, its worker by {worker_grown} kB")
        told = lab.status(C)
        want(told["pid"] == pid and told["workers"][0]["pid"] == worker, "they are the same processes")
        print(f"{count} changes, memory {grown:+} kB, of the worker {worker_grown:+} kB")


def main():
    if subprocess.run(["sh", "-c", "command -v ssh && test -x /usr/sbin/sshd && command -v openssl"], check=False,
                      stdout=subprocess.DEVNULL).returncode:
        print("skipped: openssh and openssl are needed")
        sys.exit(77)
    print(f"times count up to {BACK} s: {IDLE} s where cores are free, x {nodes_test.BUSY:.2f} for the load of this machine", flush=True)
    try:
        {"kills": kills, "failover": failover, "disk": disk, "ports": ports, "partition": partition,
         "clock": clock, "lists": lists}[sys.argv[2]]()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    print(f"{sys.argv[2]}: good")


if __name__ == "__main__":
    main()
