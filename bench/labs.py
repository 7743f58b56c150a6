"""A running lab for the benches of edge traffic: its nodes, their processes, what they cost."""
import base64
import json
import os
import re
import signal
import subprocess
import sys
import time

BUILD = os.path.abspath(sys.argv[1])
PROGRAM = f"{BUILD}/causeway"
PATIENCE = 120


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return os.path.abspath(path)


def family(pid):
    found = [pid]
    try:
        for child in read(f"/proc/{pid}/task/{pid}/children").split():
            found += family(int(child))
    except OSError:
        pass
    return found


def processor_time(pids):
    """Of these and all below them."""
    total = 0
    for pid in {one for pid in pids for one in family(pid)}:
        try:
            total += time.clock_gettime((~pid << 3) | 2)
        except OSError:
            pass
    return total


def memory_alone(pid):
    """KiB, shared pages by their share."""
    try:
        return int(re.search(r"^Pss:\s+(\d+)", read(f"/proc/{pid}/smaps_rollup"), re.M).group(1))
    except (OSError, AttributeError):
        return 0


def memory_of(pid):
    """Of a process and all below it."""
    return sum(memory_alone(one) for one in family(pid))


def base64_of(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def inside(host, port, protocol="https"):
    """The first segment of what goes to this server."""
    return base64_of(f"acme.test/{protocol}/{host}/{port}")


class Lab:
    """Nodes with RSA keys and chains of three. Each is a process of its own (`lab up` makes their folders, and is ended: it reads
    every line that a node writes), and has written to NAME.log."""

    def __init__(self, name, size="small"):
        self.state = name + "-state"
        run(PROGRAM, "lab", "new", name, "--size", size)
        with subprocess.Popen([PROGRAM, "lab", "up", name, "--state", self.state], stdout=subprocess.PIPE, text=True) as lab:
            for line in lab.stdout:
                if re.search(r"^e1\.acme\.test: zone from .*Active", line):
                    break
            lab.send_signal(signal.SIGINT)
            lab.communicate()
        self.processes = {}

    def __enter__(self):
        for node in sorted(os.listdir(self.state)):
            if os.path.exists(f"{self.state}/{node}/node.yaml"):
                self.start(node)
        return self

    def start(self, node):
        with open(f"{node}.log", "w", encoding="utf-8") as log:
            # ends in __exit__: pylint: disable=consider-using-with
            self.processes[node] = subprocess.Popen([PROGRAM, "node", "run", f"{self.state}/{node}"], stdout=log, stderr=log)

    def __exit__(self, *failure):
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(PATIENCE)

    def until(self, node, pattern):
        """A line of the node's log."""
        end = time.monotonic() + PATIENCE
        while not re.search(pattern, read(f"{node}.log"), re.M):
            if time.monotonic() > end:
                sys.exit(f"bench: {node}: no line like {pattern}:\n" + read(f"{node}.log")[-2000:])
            time.sleep(0.05)

    def up(self, edges=("e1.acme.test",), controls=("c1.acme.test",)):
        for control in controls:
            for edge in edges:
                self.until(control, rf"tunnel to {edge}: Active")
        for edge in edges:
            end = time.monotonic() + PATIENCE
            while subprocess.run(["curl", "-skf", "-u", "warm:secret", "--resolve", f"{edge}:8443:{self.address(edge)}", "-o", "/dev/null",
                                  f"https://{edge}:8443/{base64_of('acme.test')}/get_edge_config"], check=False).returncode:
                if time.monotonic() > end:
                    sys.exit(f"bench: nobody can sign in at {edge}")
                time.sleep(0.05)

    def pid(self, node):
        return self.processes[node].pid

    def address(self, node):
        return re.search(r"^listen:\n  from: (\S+)", read(f"{self.state}/{node}/node.yaml"), re.M).group(1)

    def status(self, node):
        done = subprocess.run([PROGRAM, "node", "status", f"{self.state}/{node}", "-f", "json"], capture_output=True, text=True, check=False)
        return json.loads(done.stdout)
