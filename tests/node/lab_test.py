#!/usr/bin/env python3
"""lab_test.py CAUSEWAY seeds|cluster|exercise|wireshark|terminal: what a person does with a running lab.

seeds      the procedures of the vendor's documents by hand: a fault is planted into the running lab, the nodes show it, the
           nodes' own files are repaired, everything comes up: and `check` of the lab's folder says so before and after.
cluster    a peer's certificate without the cluster's name: that peer alone is refused; re-issued and restarted it is back.
exercise   a hidden fault: task, hints, the judge of the repair, reset; a trainer's sheet.
wireshark  the chapter on Wireshark with a capture of the lab: certificates of the zone's handshake, and with the key log
           what was said in it.
terminal   the table is drawn anew on a terminal; Ctrl-C leaves no process and no folder; other machines' ports.
"""
import glob
import json
import os
import pty
import re
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time

import nodes_test
from nodes_test import ENV, FOLDER, PATIENCE, PROGRAM, Lab, blocks, read, run, subject, want, write

C, E, PUB = "c1.acme.test", "e1.acme.test", "pub.acme.test"


def causeway(*words, good=(0,)):
    return run(PROGRAM, *words, good=good)


def verdicts(folder):
    """The codes that refuse anything, as `check` has it."""
    done = subprocess.run([PROGRAM, "check", folder], capture_output=True, check=False, env=ENV)
    want(done.returncode in (0, 1), done.stderr.decode())
    return done.returncode


# ---------------------------------------------------------------- repairs by hand

def issue(lab, node, authority, names, path, key=None):
    """A certificate for the node's key (or a new one, written in front of it), from a CA of the lab."""
    request = os.path.join(FOLDER, "request.csr")
    words = ["openssl", "req", "-new", "-subj", f"/O=Acme/CN={names[0]}", "-addext",
             "subjectAltName=" + ",".join("DNS:" + name for name in names), "-out", request]
    if key:
        words += ["-key", key]
    else:
        key = os.path.join(FOLDER, "new.key")
        words += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key]
    run(*words)
    made = causeway("ca", "sign", "--ca", os.path.join(lab.deployment, "ca", authority), "--template", "both", request)
    where = lab.file(node, path)
    whole = made if path.endswith("server.pem") else read(key) + made
    os.chmod(where, 0o600)
    write(where, whole)


def restart(lab, *nodes):
    causeway("lab", "restart", lab.state, *nodes)
    for node in nodes:
        lab.until(rf"^{re.escape(node)}: ended with status 0")


def upload_intermediate(lab):
    missing = [block for block in blocks(read(lab.file(E, "certs/trusted-ca.pem"))) if "Issuing CA G2" in subject(block)]
    path = os.path.join(FOLDER, "g2.pem")
    write(path, missing[0])
    causeway("trust", "append", lab.file(C, "certs/trusted-ca.pem"), path)


def edit(node, old, new):
    def repair(lab):
        path = lab.file(node, "node.yaml")
        text = read(path)
        want(old in text, f"{old} is not in {path}")
        write(path, text.replace(old, new))
    return repair


def reissue_c(lab):
    issue(lab, C, "private-issuing", [C, "acme.test", "conference.acme.test", "secure-jabber.acme.test"],
          "certs/server.pem", lab.key(C))
    restart(lab, C)


def renew_e(lab):
    issue(lab, E, "public-issuing", [E, "acme.test", "conference.acme.test", "im.acme.test"], "certs/server.pem", lab.key(E))
    restart(lab, E)


def sign_pair(lab):
    for name in ("tomcat", "CallManager"):
        issue(lab, PUB, "private-issuing", [PUB], f"certs/{name}.pem")
    path = lab.file(C, "certs/trusted-ca.pem")  # "trust that CA alone"
    write(path, "".join(block for block in blocks(read(path)) if PUB not in subject(block)))
    restart(lab, PUB)


UP = [rf"^{re.escape(C)}: tunnel to \S+: Active", rf"^{re.escape(E)}: tunnel of \S+: Active"]

# fault, what the nodes say of it, the repair, what they say then
PROCEDURES = [
    ("issuer-missing", [rf"^{C}: alarm raised: No SSH tunnels have been established", rf"^{C}: zone to \S+: Active",
                        rf"^{C}: tunnel to \S+: refused by this node: issuer-missing"], upload_intermediate, UP),
    ("peer-name-mismatch", [rf"^{C}: zone to mra\.\S+: Failed: peer-name-mismatch"],
     edit(C, "peers: ['mra.acme.test']", f"peers: ['{E}']"), UP),
    ("verify-name-mismatch", [rf"^{E}: zone from \S+ \({C}\): refused: verify-name-mismatch",
                              rf"^{C}: zone to \S+: Failed: TLS Negotiation Error"],
     edit(E, "tls-verify-name: 'vcs.acme.test'", f"tls-verify-name: '{C}'"), UP),
    ("credentials-differ", [rf"^{C}: zone to \S+: Failed: credentials-differ: Authentication Failed"], None, UP),
    ("client-auth-missing", [rf"^{E}: zone from \S+ \({C}\): refused: client-auth-missing",
                             rf"^{C}: zone to \S+: Failed: TLS Negotiation Error"], reissue_c, UP),
    ("same-subject-conflict", [rf"^{C}: (tftp|sip-out) to {PUB}: Failed: issuer-shadowed"], sign_pair,
     [rf"^{C}: tftp to {PUB}: Active", rf"^{C}: sip-out to {PUB}: Active"]),
    ("expired", [rf"^{C}: zone to \S+: Failed: expired"], renew_e, UP),
]


def same_password(lab):
    password = re.search(r"^    password: (\S+)", read(lab.file(C, "node.yaml")), re.M).group(1)
    path = lab.file(E, "node.yaml")
    write(path, re.sub(r"^    password: \S+", f"    password: {password}", read(path), flags=re.M))


def all_of(lab, patterns):
    left = list(patterns)
    while left:
        number, _ = lab.until(*left)
        del left[number]


def until_up(lab):
    """All that C and E tell of themselves is up; a node that restarts is not there for a moment."""
    deadline = time.monotonic() + PATIENCE
    while True:
        states = []
        for node in (C, E):
            done = subprocess.run([PROGRAM, "node", "status", os.path.join(lab.state, node), "-f", "json"],
                                  capture_output=True, check=False, env=ENV)
            told = json.loads(done.stdout) if done.returncode in (0, 1) else {"zones": [{"state": "does not run"}]}
            states += [row["state"] for kind in ("zones", "tunnels", "services") for row in told.get(kind, [])]
        if states and set(states) <= {"Active", "On"}:
            return
        want(time.monotonic() < deadline, f"not up: {states}")


def seeds():
    with Lab("seeds") as lab:
        all_of(lab, UP)
        want(verdicts(lab.state) == 0, "the running lab is sound")
        for fault, symptoms, repair, back in PROCEDURES:
            begun = time.monotonic()
            causeway("lab", "break", lab.deployment, fault)
            all_of(lab, symptoms)
            want(verdicts(lab.state) == 1, f"{fault}: check of the lab's folder sees it")
            (repair or same_password)(lab)
            all_of(lab, back)
            deadline = time.monotonic() + PATIENCE
            while verdicts(lab.state) != 0:  # the folder's deployment follows node.yaml within two seconds
                want(time.monotonic() < deadline, f"{fault}: repaired, and check of the lab's folder does not say so")
            print(f"{fault}: broken and repaired in {time.monotonic() - begun:.1f} s")
            causeway("lab", "repair", lab.deployment)
        lab.until(r"^lab: \S+: \d+ of its files changed")
        until_up(lab)


# ---------------------------------------------------------------- cluster

def cluster():
    with Lab("cluster", "cluster-name-missing") as lab:
        _, line = lab.until(r"^e\d\.acme\.test: zone from \S+ \(\S+\): refused: verify-name-mismatch")
        c2 = "c2.acme.test"
        lab.until(rf"^{c2}: zone to \S+: Failed: TLS Negotiation Error")
        want(lab.state_of(C)[0].count("Active") or lab.until(rf"^{C}: zone to \S+: Active"), f"the first peer is up: {line}")
        issue(lab, c2, "private-issuing", ["expc.acme.test", c2, "acme.test", "conference.acme.test", "secure-jabber.acme.test"],
              "certs/server.pem", lab.key(c2))
        restart(lab, c2)
        all_of(lab, [rf"^{c2}: zone to e1\S+: Active", rf"^{c2}: zone to e2\S+: Active", rf"^{c2}: tunnel to e1\S+: Active",
                     rf"^{c2}: tunnel to e2\S+: Active"])
        want(verdicts(lab.state) == 0, "check says the same")


# ---------------------------------------------------------------- exercise

class Exercise(Lab):
    """`lab up --exercise`: the lab is its own."""

    def __init__(self, name, *words):  # pylint: disable=super-init-not-called
        self.deployment = None
        self.state = os.path.join(FOLDER, name)
        self.words = words
        self.lines = nodes_test.queue.Queue()
        self.log = []
        self.process = None

    def __enter__(self):
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen([PROGRAM, "lab", "up", "--state", self.state, "--key", "ec", *self.words],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENV)
        nodes_test.threading.Thread(target=self.pump, daemon=True).start()
        return self

    def key(self, node):
        return self.file(node, "certs/server.key")


def exercise():
    sheet = causeway("lab", "exercise", "--sheet")
    want(sheet.startswith("Exercises of") and "1. issuer-missing" in sheet and "Solution: " in sheet, sheet)
    done = subprocess.run([PROGRAM, "lab", "up", "--exercise", "99"], capture_output=True, check=False, env=ENV)
    want(done.returncode == 2 and b"wanted 1 to" in done.stderr, done.stderr)
    with Exercise("exercise", "--exercise", "1") as lab:
        lab.until(r"^Exercise 1\. Something was changed; people report:")
        lab.until(r"laptop \(jabber\): cannot sign in")
        lab.until(rf"^{C}: tunnel to \S+: refused by this node: issuer-missing")
        want("issuer-missing" not in "\n".join(lab.log[:10]), "the task does not tell the fault")
        want("not repaired" in causeway("lab", "exercise", lab.state, "--check", good=(1,)), "nothing is repaired")
        hints = [causeway("lab", "exercise", lab.state, "--hint") for _ in range(4)]
        want("Hint 1 of 4" in hints[0] and "is refused by c1.acme.test" in hints[0], hints[0])
        want("issuer-missing" in hints[2] and "Hint 4 of 4" in hints[3], hints[2])
        # a wrong repair: C trusts nobody any more
        path = lab.file(C, "certs/trusted-ca.pem")
        whole = read(path)
        own = [block for block in blocks(whole) if "Public" not in subject(block)]
        write(path, "".join(own))
        lab.until(rf"^{C}: snapshot \d+: trusted-ca: 0 added, \d removed")
        told = causeway("lab", "exercise", lab.state, "--check", good=(1,))
        want("worse than before the repair: traversal" in told, told)
        causeway("lab", "exercise", lab.state, "--reset")
        lab.until(rf"^{C}: snapshot \d+: trusted-ca: \d added, 0 removed")
        want(read(path) == whole, "reset brings the beginning back")
        restart(lab, C)
        lab.until(rf"^{C}: tunnel to \S+: refused by this node: issuer-missing")
        upload_intermediate(lab)
        lab.until(rf"^{C}: tunnel to \S+: Active")
        deadline = time.monotonic() + PATIENCE
        while True:
            told = subprocess.run([PROGRAM, "lab", "exercise", lab.state, "--check"], capture_output=True, check=False,
                                  env=ENV)
            if told.returncode == 0 or time.monotonic() > deadline:
                break
        want(b"The repair is good." in told.stdout and b"restarts: 1, hints: 0" in told.stdout, told.stdout.decode())
        want("Solution: " in causeway("lab", "exercise", lab.state, "--solution"), "there is a solution")


# ---------------------------------------------------------------- Wireshark

def tshark(*words):
    return run("tshark", "-n", *words)


def wireshark():
    if not shutil.which("tshark"):
        print("skipped: tshark is needed")
        sys.exit(77)
    packets, keys = os.path.join(FOLDER, "lab.pcap"), os.path.join(FOLDER, "lab.keys")
    with Exercise("wireshark", "--pcap", packets, "--keylog", keys) as lab:
        number, line = lab.until(r"cannot be captured from", rf"^{C}: tunnel to \S+: Active")
        if number == 0:
            print(f"skipped: {line}")
            lab.process.wait(PATIENCE)
            sys.exit(77)
        e = lab.address(E)
    # "Filter your packet capture for the specific port … generally 7001"; the zone's node has TLS 1.2 at most
    zone = f"ip.addr == {e} && tcp.port == 7001"
    words = ["-r", packets, "-d", "tcp.port==7001,tls", "-Y", zone + " && tls.handshake.type == 11"]
    names = tshark(*words, "-T", "fields", "-e", "x509sat.uTF8String", "-e", "x509ce.dNSName")
    want(E in names and C in names, f"both certificates are in the capture: {names}")
    # "Export Selected Packet Bytes": what is exported is what is installed
    shown = tshark(*words, "-T", "fields", "-e", "tls.handshake.certificate").split()
    first = shown[0].split(",")[0].replace(":", "")
    installed = subprocess.run(["openssl", "x509", "-outform", "DER"], input=read(lab.file(E, "certs/server.pem")).encode(),
                               capture_output=True, check=True).stdout
    want(bytes.fromhex(first) == installed, "Wireshark's export of the first certificate is Expressway-E's own")
    version = tshark("-r", packets, "-d", "tcp.port==7001,tls", "-Y", zone + " && tls.handshake.type == 2", "-T", "fields", "-e",
                     "tls.handshake.version", "-e", "tls.handshake.extensions.supported_version")
    want("0x0303" in version and "0x0304" not in version, f"TLS 1.2, as X14.2 has it: {version}")
    # and with the key log what was said
    said = tshark("-r", packets, "-d", "tcp.port==7001,tls", "-d", "tls.port==7001,sip", "-o", f"tls.keylog_file:{keys}",
                  "-Y", zone + " && sip", "-T", "fields", "-e", "sip.Method", "-e", "sip.Status-Code")
    want("OPTIONS" in said and "401" in said and "200" in said, f"the zone's conversation: {said[:300]}")
    ours = causeway("capture", packets, "--keylog", keys, good=(0, 1))
    want(E in ours, "our own reader sees the same")


# ---------------------------------------------------------------- terminal

def processes_with(text):
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                if text.encode() in file.read():
                    found.append(path)
        except OSError:
            pass
    return found


def read_terminal(master, patterns):
    """What came until every pattern was seen."""
    seen, left, deadline = "", list(patterns), time.monotonic() + PATIENCE
    while left:
        want(time.monotonic() < deadline, f"not seen: {left} in\n{seen[-3000:]}")
        if select.select([master], [], [], 1)[0]:
            seen += os.read(master, 65536).decode()
        left = [pattern for pattern in left if not re.search(pattern, seen)]
    return seen


def terminal():
    base = os.path.join(FOLDER, "tmp")
    os.mkdir(base)
    os.chmod(base, 0o711)
    master, slave = pty.openpty()
    with subprocess.Popen([PROGRAM, "lab", "up", "--key", "ec", "--listen", "127.0.0.1:0"], stdout=slave, stdin=slave,
                          stderr=slave, env=dict(ENV, TMPDIR=base), start_new_session=True) as process:
        os.close(slave)
        seen = read_terminal(master, [r"The lab is up until Ctrl-C", r"\033\[\d+F\033\[J",
                                      r"c1\.acme\.test\s+expressway-c\s+\S+\s+Active\s+Active"])
        want("runs, process" not in seen, "a terminal shows the table, not the log")
        # a machine of the classroom reaches Expressway-E's zone port
        port = int(re.search(r"e1\.acme\.test zone \(\S+\): 127\.0\.0\.1:(\d+)", seen).group(1))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as plain:
            try:
                with context.wrap_socket(plain) as tls:
                    want(tls.getpeercert(True), "a certificate is shown")
            except ssl.SSLError as error:
                want("ALERT" in error.reason or "HANDSHAKE" in error.reason, f"wanted an alert, found {error}")
        folder = os.path.join(base, os.listdir(base)[0])
        want(processes_with(folder), "the nodes run")
        process.send_signal(signal.SIGINT)
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None:
            want(time.monotonic() < deadline, "it ends at Ctrl-C")
            if select.select([master], [], [], 0.2)[0]:
                try:
                    os.read(master, 65536)
                except OSError:
                    break
        want(process.wait(PATIENCE) == 0, "it ends well")
    want(not os.listdir(base), f"no folder is left: {os.listdir(base)}")
    want(not processes_with(folder), f"no process is left: {processes_with(folder)}")
    os.close(master)


def main():
    if subprocess.run(["sh", "-c", "command -v ssh && test -x /usr/sbin/sshd && command -v openssl"], check=False,
                      stdout=subprocess.DEVNULL).returncode:
        print("skipped: openssh and openssl are needed")
        sys.exit(77)
    try:
        {"seeds": seeds, "cluster": cluster, "exercise": exercise, "wireshark": wireshark,
         "terminal": terminal}[sys.argv[2]]()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    print(f"{sys.argv[2]}: good")


if __name__ == "__main__":
    main()
