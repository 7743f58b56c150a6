#!/usr/bin/env python3
"""nodes_test.py CAUSEWAY story|agreement|cucm|changes|replica|zones|links [FAULT...]: running nodes, started by `lab up`, against their files and the world.

story      the vendor's procedures on running nodes: an intermediate missing on Expressway-C leaves the zone active and
           the tunnels down, an upload brings them up; a wrong password; a wrong TLS verify name; a broken upload.
agreement  labs with faults: what `check` says of zone and tunnel is what the nodes do. What Expressway-E's judge says is
           seen by Python's TLS (the alert on the wire) and by plain ssh, what Expressway-C's judge says by a TLS server.
cucm       the stand-in's ports, and what its lists refuse.
changes    what changes while nodes run: `node try` before, the node's own answer after, `whatif` on the deployment's files
           beside both; another certificate, other tunnel key algorithms, a name in DNS; SIGHUP, what systemd is told, kill -9.
replica    the publisher's trust lists go to a subscriber, also to one that was down; never without the security password.
zones      two zones on one Expressway-C and two on one Expressway-E: each with its port, password and tunnels.
links      every other link that a node dials (cluster, sip-in, sip-out, sip-oauth, tomcat, tftp): what `check` says of
           it is what the dialling node tells, and a refusal of the other end is in that one's log.

Nothing sleeps: the nodes' log lines are the events.
"""
import contextlib
import fcntl
import json
import os
import queue
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

PROGRAM = sys.argv[1]
# How many want to run for each core: where it is more than one, everything takes that much longer.
BUSY = max(1.0, os.getloadavg()[0] / len(os.sched_getaffinity(0)))
PATIENCE = int(60 * max(1.0, BUSY / 3))
ENV = dict(os.environ, NO_COLOR="1")
FOLDER = tempfile.mkdtemp(prefix="causeway-nodes-")
os.chmod(FOLDER, 0o711)


def run(*words, good=(0,)):
    done = subprocess.run(words, capture_output=True, check=False, env=ENV)
    if done.returncode not in good:
        raise RuntimeError(f"{' '.join(words)}: {done.returncode}: {done.stderr.decode()}{done.stdout.decode()}")
    return done.stdout.decode()


def want(truth, text):
    if not truth:
        raise AssertionError(text)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


class Lab:
    """A deployment and its running nodes."""

    def __init__(self, name, *faults, size="small"):
        self.deployment = os.path.join(FOLDER, name)
        self.state = os.path.join(FOLDER, name + "-state")
        words = [word for fault in faults for word in ("--fault", fault)]
        run(PROGRAM, "lab", "new", self.deployment, "--key", "ec", "--size", size, *words)
        self.lines = queue.Queue()
        self.log = []
        self.process = None

    def __enter__(self):
        # its output goes on being read after this: pylint: disable=consider-using-with
        self.process = subprocess.Popen([PROGRAM, "lab", "up", self.deployment, "--state", self.state],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENV)
        threading.Thread(target=self.pump, daemon=True).start()
        return self

    def pump(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def __exit__(self, *failure):
        self.process.send_signal(signal.SIGINT)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        if failure[0]:
            print("\n".join(self.log[-60:]), file=sys.stderr)
        else:
            want(code == 0, f"lab up ended with {code}:\n" + "\n".join(self.log[-30:]))
            for node in os.listdir(self.state):
                run_folder = os.path.join(self.state, node, "run")
                left = [name for _, _, names in os.walk(run_folder) for name in names]
                want(not left, f"{node} left {left} behind")

    def until(self, *patterns):
        """The first line that matches one of them, as (number of the pattern, line)."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                line = self.lines.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no line like {patterns} came:\n" + "\n".join(self.log[-30:])) from None
            want(line is not None, f"lab up ended before a line like {patterns}:\n" + "\n".join(self.log[-30:]))
            self.log.append(line)
            for number, pattern in enumerate(patterns):
                if re.search(pattern, line):
                    return number, line

    def forget(self):
        """What was said so far counts no more."""
        while not self.lines.empty():
            self.log.append(self.lines.get())

    def all_of(self, patterns):
        """Waits until every pattern has matched a line, in any order."""
        left = list(patterns)
        while left:
            number, _ = self.until(*left)
            del left[number]

    def status(self, node):
        return json.loads(run(PROGRAM, "node", "status", os.path.join(self.state, node), "-f", "json", good=(0, 1)))

    def state_of(self, node):
        status = self.status(node)
        return ([row["state"] for row in status["zones"]], [row["state"] for row in status["tunnels"]])

    def file(self, node, name):
        return os.path.join(self.state, node, name)

    def hup(self, node):
        os.kill(self.status(node)["pid"], signal.SIGHUP)

    def change(self, node, name, old, new):
        path = self.file(node, name)
        text = read(path)
        want(old in text, f"{old} is not in {path}")
        write(path, text.replace(old, new))
        self.hup(node)

    def address(self, node):
        return re.search(r"^listen:\n  from: (\S+)", read(self.file(node, "node.yaml")), re.M).group(1)

    def key(self, node):
        """A key that fits no certificate of the deployment is in the node's own folder."""
        return self.file(node, re.search(r"^      key: '(\S+)'", read(self.file(node, "node.yaml")), re.M).group(1))

    def up(self):
        """Both ends have their tunnel."""
        ends = {"c1": False, "e1": False}
        while not all(ends.values()):
            number, _ = self.until(r"^c1\.acme\.test: tunnel to \S+: Active", r"^e1\.acme\.test: tunnel of \S+: Active")
            ends["c1" if number == 0 else "e1"] = True


def blocks(text):
    return re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", text, re.S)


def subject(block):
    done = subprocess.run(["openssl", "x509", "-noout", "-subject"], input=block.encode(), capture_output=True, check=True)
    return done.stdout.decode()


# ---------------------------------------------------------------- foreign ends

TRIES = 8


def tls_client(lab, address):
    """Python's TLS with C's certificate and key, at E's zone port: None where it is let in, else the alert. One that is ended in
    between comes again: on a busy machine a zone is lost now and then, and who comes from its address with it."""
    for _ in range(TRIES):
        try:
            return tls_try(lab, address)
        except (ssl.SSLEOFError, ConnectionError) as error:
            last = error
    raise AssertionError(f"{address}: ended in between, {TRIES} times: {last}")


def tls_try(lab, address):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    # what C sends: its leaf and those of its issuers that stand in its list
    chain = os.path.join(FOLDER, "foreign.pem")
    issuers = [block for block in blocks(read(lab.file("c1.acme.test", "certs/trusted-ca.pem"))) if "Acme" in subject(block)]
    write(chain, read(lab.file("c1.acme.test", "certs/server.pem")) + "".join(issuers))
    context.load_cert_chain(chain, lab.key("c1.acme.test"))
    try:
        with socket.create_connection((address, 7001), PATIENCE, (lab.address("c1.acme.test"), 0)) as plain, \
                context.wrap_socket(plain) as tls:
            tls.sendall(b"OPTIONS sip:e1.acme.test SIP/2.0\r\nVia: SIP/2.0/TLS x;branch=z9hG4bK1\r\nMax-Forwards: 1\r\n"
                        b"From: <sip:x>;tag=1\r\nTo: <sip:e1.acme.test>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n"
                        b"Content-Length: 0\r\n\r\n")
            got = tls.recv(4096)
            if not got:
                raise ConnectionError("ended in between")
            want(got.startswith(b"SIP/2.0 401 "), f"wanted a challenge, found {got!r}")
            want(b"Digest" in got, "wanted a digest challenge")
            return None
    except ssl.SSLEOFError:
        raise
    except ssl.SSLError as error:
        want("ALERT" in error.reason, f"wanted an alert, found {error}")
        return error.reason


class Server:
    """Python's TLS in the place of an Expressway-E, with its certificate and key: what Expressway-C answers to it."""

    def __init__(self, lab, e, address):
        chain = os.path.join(FOLDER, "server.pem")
        issuers = [block for block in blocks(read(lab.file(e, "certs/trusted-ca.pem")))
                   if "Public" in subject(block)]
        write(chain, read(lab.file(e, "certs/server.pem")) + "".join(issuers))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(chain, lab.key(e))
        self.context.maximum_version = ssl.TLSVersion.TLSv1_2  # the client's refusal ends the handshake itself
        self.listener = socket.create_server((address, 7001))
        self.listener.settimeout(PATIENCE)

    def verdict(self):
        """None where Expressway-C goes on and speaks; else the alert that it sends. One that is ended in between comes again."""
        with self.listener:
            while True:
                try:
                    return self.answer()
                except (ssl.SSLEOFError, ConnectionError):
                    pass

    def answer(self):
        with self.listener.accept()[0] as plain:
            plain.settimeout(PATIENCE)
            try:
                with self.context.wrap_socket(plain, server_side=True) as tls:
                    got = tls.recv(4096)
                    if not got:
                        raise ConnectionError("ended in between")
                    want(got.startswith(b"OPTIONS "), f"wanted OPTIONS, found {got!r}")
                    return None
            except ssl.SSLEOFError:
                raise
            except ssl.SSLError as error:
                want("ALERT" in error.reason, f"wanted an alert, found {error}")
                return error.reason


def ssh_lets_in(lab, login):
    """Plain ssh with C's key, from C's address: whether Expressway-E's sshd takes the key. As tls_client: one that is ended in
    between comes again."""
    said = []
    for _ in range(TRIES):
        verdict = ssh_try(lab, login, said)
        if verdict is not None:
            return verdict
    raise AssertionError("ssh said neither yes nor no:\n" + "".join(said[-20:]))


def ssh_try(lab, login, said):
    key = os.path.join(FOLDER, "ssh.key")
    shutil.copyfile(lab.key("c1.acme.test"), key)
    os.chmod(key, 0o600)
    words = ["ssh", "-F", "none", "-v", "-N", "-b", lab.address("c1.acme.test"), "-p", "2222", "-i", key,
             "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20",
             "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
             f"{login}@{lab.address('e1.acme.test')}"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        verdict = None
        for line in process.stderr:
            said.append(line)
            if "Authenticated to" in line:
                verdict = True
            elif "Permission denied" in line:
                verdict = False
            if verdict is not None:
                break
        process.kill()
        for _ in process.stderr:
            pass
    return verdict


def account():
    if os.geteuid() != 0:
        return run("id", "-un").strip()
    done = subprocess.run(["id", "-un", "causeway"], capture_output=True, check=False)
    return "causeway" if done.returncode == 0 else "sshd"


# ---------------------------------------------------------------- story

def story():
    with Lab("story") as lab:
        lab.up()
        want(lab.state_of("c1.acme.test") == (["Active"], ["Active"]), "zone and tunnel are up on C")
        want(lab.state_of("e1.acme.test") == (["Active"], ["Active"]), "zone and tunnel are up on E")

        # the commonest fault: the intermediate that signed E's certificate is not in C's list
        path = lab.file("c1.acme.test", "certs/trusted-ca.pem")
        whole = read(path)
        missing = [block for block in blocks(whole) if "Public Trust Issuing" in subject(block)]
        want(len(missing) == 1, "C's list has the intermediate once")
        lab.change("c1.acme.test", "certs/trusted-ca.pem", missing[0], "")
        lab.until(r"^c1\.acme\.test: tunnel to \S+: refused by this node: issuer-missing")
        # a node that has just begun raises its alarm a little later than the other end tells of it
        lab.all_of([r"^c1\.acme\.test: alarm raised: No SSH tunnels have been established",
                    r"^e1\.acme\.test: tunnel of \S+: refused by c1\.acme\.test: issuer-missing"])
        want(lab.state_of("c1.acme.test") == (["Active"], ["Off"]), f"zone active, tunnel down: {lab.state_of('c1.acme.test')}")
        text = run(PROGRAM, "node", "status", os.path.join(lab.state, "c1.acme.test"), good=(1,))
        want("No SSH tunnels have been established" in text and "issuer-missing" in text, f"the status says so:\n{text}")

        # the upload: appended to the list, as the page does it
        write(path, read(path) + missing[0])
        lab.hup("c1.acme.test")
        lab.until(r"^c1\.acme\.test: snapshot \d+: trusted-ca: 1 added, 0 removed")
        lab.up()
        want(lab.state_of("c1.acme.test") == (["Active"], ["Active"]), "zone and tunnel are up again")

        # what cannot be read changes nothing
        write(path, read(path) + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        lab.hup("c1.acme.test")
        _, line = lab.until(r"^c1\.acme\.test: \S+node\.yaml:\d+:\d+: ")
        want("certs/trusted-ca.pem" in line, f"the problem names the file: {line}")
        lab.until(r"the files are not taken: the node goes on with what it has")
        want(lab.state_of("c1.acme.test") == (["Active"], ["Active"]), "nothing changed")
        write(path, whole)
        lab.hup("c1.acme.test")
        lab.until(r"^c1\.acme\.test: snapshot \d+: ")

        # a password that differs
        lab.change("c1.acme.test", "node.yaml", "lab-password", "other-password")
        lab.until(r"^c1\.acme\.test: zone to \S+: Failed: credentials-differ: Authentication Failed")
        want(lab.state_of("e1.acme.test")[0] == ["Failed"], "E has seen who could not come in")
        lab.change("c1.acme.test", "node.yaml", "other-password", "lab-password")
        lab.until(r"^c1\.acme\.test: zone to \S+: Active")
        lab.up()

        # a TLS verify name that is not C's
        lab.change("e1.acme.test", "node.yaml", "tls-verify-name: 'c1.acme.test'", "tls-verify-name: 'cx.acme.test'")
        lab.until(r"^e1\.acme\.test: zone from \S+ \(c1\.acme\.test\): refused: verify-name-mismatch")
        lab.until(r"^c1\.acme\.test: zone to \S+: Failed: TLS Negotiation Error")
        want(tls_client(lab, lab.address("e1.acme.test")), "a foreign end hears the alert too")
        lab.change("e1.acme.test", "node.yaml", "cx.acme.test", "c1.acme.test")
        lab.until(r"^c1\.acme\.test: zone to \S+: Active")
        lab.up()
        want(tls_client(lab, lab.address("e1.acme.test")) is None, "a foreign end is asked for its password")

        # plain ssh with C's key takes the tunnel's place, for a moment
        want(ssh_lets_in(lab, account()), "C's key is let in")

        # one node at a time, and what it says
        done = subprocess.run([PROGRAM, "node", "run", os.path.join(lab.state, "c1.acme.test")], capture_output=True,
                              check=False, env=ENV)
        want(done.returncode == 2 and b"a node runs here" in done.stderr, f"a second one is refused: {done.stderr}")


# ---------------------------------------------------------------- agreement

FAULTS = [(), ("root-missing",), ("issuer-missing",), ("issuer-shadowed",), ("client-auth-missing",),
          ("peer-name-mismatch",), ("verify-name-mismatch",), ("expired",), ("not-yet-valid",), ("credentials-differ",),
          ("tunnel-name-unfit",), ("revoked",), ("unknown-oid-in-name",)]


def predicted(lab):
    """What check says: of each kind of link who refuses, and with which codes."""
    said = json.loads(run(PROGRAM, "check", lab.deployment, "-f", "json", good=(0, 1)))
    links = {}
    for link in said["links"]:
        if link["kind"] in ("traversal", "tunnel"):
            codes = [finding["code"] for finding in link["findings"] if finding["severity"] == "refused"]
            links[link["kind"]] = (link["refused_by"], codes)
    return links


def agree(name, faults):
    with Lab(name, *faults) as lab:
        links = predicted(lab)
        by, codes = links["traversal"]
        c = "c1.acme.test"
        if by == c:
            _, line = lab.until(rf"^{re.escape(c)}: zone to \S+: Failed: (\S+): ")
            want(codes[0] in line, f"{name}: check says {codes}, the node: {line}")
        elif by and codes[0] == "credentials-differ":
            lab.until(rf"^{re.escape(c)}: zone to \S+: Failed: credentials-differ")
        elif by:
            _, line = lab.until(r": zone from \S+ \(.*\): refused: (\S+): ")
            want(codes[0] in line, f"{name}: check says {codes}, the node: {line}")
        else:
            by, codes = links["tunnel"]
            if by:
                _, line = lab.until(r": tunnel (?:to|of) \S+.*: refused by this node: (\S+): ")
                want(any(code in line for code in codes), f"{name}: check says {codes}, the node: {line}")
                want(line.startswith(by), f"{name}: check says that {by} refuses, the node: {line}")
            else:
                lab.up()
        foreign(name, lab, links, c)
        print(f"agreed: {' '.join(faults) or 'sound'}: zone {links['traversal'][0]} {links['traversal'][1][:1]}, "
              f"tunnel {links['tunnel'][0]} {links['tunnel'][1][:1]}")


def foreign(name, lab, links, c):
    """The judges, one at a time, as somebody else's TLS and SSH see them."""
    by, codes = links["traversal"]
    e = next(node for node in os.listdir(lab.state) if node.startswith("e"))
    e_refuses = bool(by) and by != c and codes[0] != "credentials-differ"
    if by != c:
        alert = tls_client(lab, lab.address(e))
        want(bool(alert) == e_refuses, f"{name}: at E's port Python's TLS sees {alert}, check says {by} {codes}")
    if not by and not links["tunnel"][0]:
        want(ssh_lets_in(lab, account()), f"{name}: ssh is let in")
    # Expressway-C dials somebody else's TLS server that shows E's certificate
    other = lab.address(e).rsplit(".", 1)[0] + ".250"
    server = Server(lab, e, other)
    yaml = lab.file(c, "node.yaml")
    text = read(yaml)
    peer = re.search(r"peers: \['([^']+)'\]", text).group(1)
    write(yaml, re.sub(rf"^  {re.escape(peer)}: \S+$", f"  {peer}: {other}", text, flags=re.M))
    os.kill(lab.status(c)["pid"], signal.SIGTERM)  # the lab starts it again, and it dials anew
    lab.until(rf"^{re.escape(c)}: ended with status 0")  # one that is told to end twice ends at once
    alert = server.verdict()
    want(bool(alert) == (by == c), f"{name}: a TLS server sees {alert} from C, check says {by} {codes}")


def agreement():
    for number, faults in enumerate(FAULTS):
        agree(f"lab{number}", faults)


# ---------------------------------------------------------------- cucm

def cucm_get(lab, port, path, issuers=True, headers=""):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    chain = os.path.join(FOLDER, "cucm.pem")
    cas = [block for block in blocks(read(lab.file("c1.acme.test", "certs/trusted-ca.pem"))) if "Acme" in subject(block)]
    write(chain, read(lab.file("c1.acme.test", "certs/server.pem")) + "".join(cas if issuers else []))
    context.load_cert_chain(chain, lab.key("c1.acme.test"))
    try:
        with socket.create_connection((lab.address("pub.acme.test"), port), PATIENCE) as plain, \
                context.wrap_socket(plain) as tls:
            tls.sendall(f"GET {path} HTTP/1.1\r\nHost: pub.acme.test\r\nConnection: close\r\n{headers}\r\n".encode())
            got = b""
            while piece := tls.recv(4096):
                got += piece
            return got.decode()
    except ssl.SSLError as error:
        return error.reason


def cucm():
    with Lab("cucm") as lab:
        lab.until(r"^pub\.acme\.test: .* runs, process")
        for kind in ("tomcat", "tftp", "sip-out"):
            want(any(row["peer"] == f"{kind} pub.acme.test" for row in lab.status("c1.acme.test")["services"]),
                 f"C tells of its link {kind}")
        up = r"^c1\.acme\.test: (tomcat|tftp|sip-out|tunnel) to \S+: Active"
        seen = {line for line in lab.log if re.search(up, line)}  # the other node may have been first
        while len(seen) < 7:
            seen.add(lab.until(up)[1])
        got = cucm_get(lab, 8443, "/cucm-uds/clusterUser?username=alice")
        want("200 OK" in got and 'found="true"' in got and "/cucm-uds/user/alice" in got, got)
        want("<server>pub.acme.test</server>" in cucm_get(lab, 8443, "/cucm-uds/servers"), "the servers are named")
        want(" 401 " in cucm_get(lab, 8443, "/cucm-uds/user/alice/devices"), "devices want a password")
        want(" 200 " in cucm_get(lab, 8443, "/cucm-uds/user/alice/devices", headers="Authorization: Basic YTpi\r\n"), "any will do")
        want(" 404 " in cucm_get(lab, 6972, "/SEP001122334455.cnf.xml"), "there are no files")
        # C's issuers are taken out of tomcat-trust: 8443 refuses, and says which list lacks what
        path = lab.file("pub.acme.test", "certs/tomcat-trust.pem")
        text = read(path)
        write(path, "".join(block for block in blocks(text) if "Acme" not in subject(block)))
        lab.hup("pub.acme.test")
        lab.until(r"^pub\.acme\.test: snapshot 2: tomcat-trust: 0 added, \d removed")
        got = cucm_get(lab, 8443, "/cucm-uds/servers")
        want("ALERT" in got, f"wanted an alert, found {got}")
        lab.until(r"^pub\.acme\.test: tomcat: refused: (root|issuer)-missing")
        # C asks again when it is told to, and is told no
        lab.hup("c1.acme.test")
        lab.until(r"^c1\.acme\.test: tomcat to pub\.acme\.test: Failed: the other side sent the alert")


# ---------------------------------------------------------------- changes

def sha256(block):
    done = subprocess.run(["openssl", "x509", "-noout", "-fingerprint", "-sha256"], input=block.encode(), capture_output=True, check=True)
    return done.stdout.decode().strip().split("=")[1].replace(":", "").lower()


def candidate(lab, node, name):
    """A copy of the node's files, to be changed."""
    folder = os.path.join(FOLDER, name)
    shutil.copytree(os.path.join(lab.state, node, "certs"), os.path.join(folder, "certs"))
    shutil.copy(os.path.join(lab.state, node, "node.yaml"), folder)
    return folder


def tried(lab, node, folder):
    return json.loads(run(PROGRAM, "node", "try", os.path.join(lab.state, node), folder, "-f", "json", good=(0, 1)))


def history(lab, node, kind):
    rows = json.loads(run(PROGRAM, "node", "history", os.path.join(lab.state, node), "-n", "1000", "-f", "json"))
    return [row for row in rows if row["kind"] == kind]


def whatif_removes(lab, node, block):
    """The links of that node that whatif says are refused by it afterwards. The lab's certificates are stand-ins."""
    original = next(other for other in blocks(read(os.path.join(lab.deployment, node.split(".", maxsplit=1)[0], "ca.pem")))
                    if subject(other) == subject(block))
    said = json.loads(run(PROGRAM, "whatif", lab.deployment, "--remove", f"{node}:trusted-ca={sha256(original)}", "-f", "json", good=(0, 1)))
    return {change["id"].split()[0] for change in said["changes"]
            if change["kind"] == "link" and change["change"] == "worse" and node in change["id"]
            and any(finding["judge"] == node and finding["severity"] == "refused" and finding["code"] != "traversal-refused"
                    for finding in change["findings"])}


def try_before_and_after(lab):
    c = "c1.acme.test"
    path = lab.file(c, "certs/trusted-ca.pem")
    whole = read(path)
    for number, name in enumerate(("Public Trust Issuing", "Public Trust Root")):
        block = next(block for block in blocks(whole) if name in subject(block))
        folder = candidate(lab, c, f"next{number}")
        write(os.path.join(folder, "certs/trusted-ca.pem"), whole.replace(block, ""))
        said = tried(lab, c, folder)
        ends = {row["link"] for row in said["ends"]}
        predicted_ends = whatif_removes(lab, c, block)
        want(ends == predicted_ends, f"{name}: node try says {ends}, whatif {predicted_ends}")
        want("traversal" in ends or ends == {"tunnel", "service"}, f"{name}: {ends}")
        want(lab.state_of(c) == (["Active"], ["Active"]), "nothing has changed yet")
        write(path, whole.replace(block, ""))
        lab.hup(c)
        _, line = lab.until(r"^c1\.acme\.test: snapshot \d+: trusted-ca: 0 added, 1 removed")
        for row in said["ends"]:
            want(f"{row['link']} {row['peer']} ({row['code']})" in line, f"the node's answer has {row}: {line}")
        # and back: what is refused now would pass
        write(os.path.join(folder, "certs/trusted-ca.pem"), whole)
        lab.until(r"^c1\.acme\.test: tunnel to \S+: (refused by this node|Off|Failed)")
        write(path, whole)
        lab.hup(c)
        lab.until(r"^c1\.acme\.test: snapshot \d+: .*passes now: ")
        lab.up()
    changes_ = [row for row in history(lab, c, "change") if row["about"] == "trusted-ca"]
    want(len(changes_) == 4 and sha256(block) in changes_[-1]["after"].lower() and changes_[-1]["who"] == "files",
         f"the history has every change: {changes_}")


def another_certificate(lab):
    """E's certificate is renewed by another CA, whose root went into both lists before: both links come back."""
    c, e = "c1.acme.test", "e1.acme.test"
    ca, key, request, extensions = (os.path.join(FOLDER, name) for name in ("new-ca.pem", "new-ca.key", "new.csr", "new.cnf"))
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
        "-subj", "/CN=New Root", "-days", "100", "-out", ca)
    for node in (c, e):
        write(lab.file(node, "certs/trusted-ca.pem"), read(lab.file(node, "certs/trusted-ca.pem")) + read(ca))
        lab.hup(node)
        lab.until(rf"^{re.escape(node)}: snapshot \d+: trusted-ca: 1 added, 0 removed")
    run("openssl", "req", "-new", "-key", lab.key(e), "-subj", f"/CN={e}", "-out", request)
    write(extensions, f"subjectAltName=DNS:{e},DNS:acme.test\nextendedKeyUsage=serverAuth,clientAuth\n"
                      "keyUsage=digitalSignature\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
    lab.change(e, "node.yaml", "apply: restart", "apply: at-once")  # a lab's nodes show it after a restart, as the boxes do
    lab.until(r"^e1\.acme\.test: snapshot \d+: no list and no certificate is another")
    old = read(lab.file(e, "certs/server.pem"))
    new = run("openssl", "x509", "-req", "-in", request, "-CA", ca, "-CAkey", key, "-days", "50", "-extfile", extensions)
    write(lab.file(e, "certs/server.pem"), new)
    lab.hup(e)
    lab.until(r"^e1\.acme\.test: snapshot \d+: server: another certificate")
    lab.until(r"^c1\.acme\.test: zone to e1\.acme\.test: Active")
    lab.up()
    shown = run("sh", "-c", f"openssl s_client -connect {lab.address(e)}:7001 </dev/null 2>/dev/null | openssl x509", good=(0, 1))
    want(blocks(shown)[:1] == blocks(new)[:1], "the new one is on the wire")
    row = [row for row in history(lab, e, "change") if row["about"] == "server"][-1]
    want(sha256(old) in row["before"].lower() and sha256(new) in row["after"].lower(), f"before and after: {row}")


def other_algorithms(lab):
    """RSA alone: the labs' EC keys are out, on both sides' lists; and back."""
    e = "e1.acme.test"
    path = lab.file(e, "node.yaml")
    text = read(path)
    write(path, text.replace("  nodes:\n", "  tunnel-key-algorithms: [RSA]\n  nodes:\n", 1))
    lab.hup(e)
    lab.all_of([r"^e1\.acme\.test: tunnel of \S+ \(.*\): refused by this node: tunnel-key-unfit",
                r"^c1\.acme\.test: alarm raised: No SSH tunnels have been established"])
    write(path, text)
    lab.hup(e)
    lab.up()


class NameServer:
    """A DNS server that knows one name."""

    def __init__(self, addresses):
        self.addresses = addresses
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            packet, source = self.socket.recvfrom(600)
            end = 12
            while packet[end]:
                end += packet[end] + 1
            answers = b"".join(b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x01\x00\x04" + socket.inet_aton(address)
                               for address in self.addresses)
            self.socket.sendto(packet[:2] + b"\x81\x80\x00\x01" + len(self.addresses).to_bytes(2, "big") + b"\x00" * 4
                               + packet[12:end + 5] + answers, source)


def names_in_dns(lab):
    """The peer's name is in DNS alone, first with an address where nobody listens: the next try takes the other."""
    c = "c1.acme.test"
    server = NameServer([lab.address(c), lab.address("e1.acme.test")])
    path = lab.file(c, "node.yaml")
    text = read(path)
    write(path, re.sub(r"\n  e1\.acme\.test: \S+", "", text) + f"dns: ['127.0.0.1:{server.port}']\n")
    lab.hup(c)
    lab.until(r"^c1\.acme\.test: snapshot \d+")
    os.kill(lab.status("e1.acme.test")["pid"], signal.SIGHUP)
    # the connection that is up stays; one that is dialled anew asks DNS
    write(path, read(path).replace("lab-password", "other-password"))
    lab.hup(c)
    lab.until(r"^c1\.acme\.test: zone to e1\.acme\.test: Failed: credentials-differ")
    write(path, read(path).replace("other-password", "lab-password"))
    lab.hup(c)
    lab.until(r"^c1\.acme\.test: zone to e1\.acme\.test: Active")
    server.addresses = []
    write(path, text)
    lab.hup(c)
    lab.until(r"^c1\.acme\.test: snapshot \d+")
    lab.up()


def killed(lab):
    """kill -9: nothing that was told is lost, its alarms are there again, and the ports are free for the next one."""
    c = "c1.acme.test"
    folder = os.path.join(lab.state, c)
    e = lab.status("e1.acme.test")["pid"]
    os.kill(e, signal.SIGSTOP)  # an alarm that stays
    lab.until(r"^c1\.acme\.test: alarm raised: the traversal zone to e1\.acme\.test has failed")
    raised = [row for row in lab.status(c)["alarms"] if "has failed" in row["text"]][0]["raised"]
    os.kill(lab.status(c)["pid"], signal.SIGKILL)
    lab.until(r"^c1\.acme\.test: was killed by signal 9")
    want(os.path.exists(os.path.join(folder, "run/c0/user_key")), "a killed node leaves its tunnel's key")
    events = json.loads(run(PROGRAM, "node", "history", folder, "-n", "1000", "-f", "json"))
    want(any(row["kind"] == "alarm-raised" and "has failed" in row["text"] for row in events), "the alarm is in the history")
    notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notices.bind(os.path.join(FOLDER, "notify"))
    notices.settimeout(PATIENCE)
    environment = dict(ENV, NOTIFY_SOCKET=os.path.join(FOLDER, "notify"), WATCHDOG_USEC="1000000")
    with subprocess.Popen([PROGRAM, "node", "run", folder], stderr=subprocess.PIPE, text=True, env=environment) as node:
        want(notices.recv(100) == b"READY=1", "systemd is told that it is ready")
        want(not os.path.exists(os.path.join(folder, "run/c0/user_key")), "and its next run removes it")
        rows = [row for row in json.loads(run(PROGRAM, "node", "status", folder, "-f", "json", good=(0, 1)))["alarms"] if "has failed" in row["text"]]
        want(rows and rows[0]["raised"] == raised, f"the alarm is the one of {raised}: {rows}")
        want(notices.recv(100) == b"WATCHDOG=1", "and that it lives")
        os.kill(e, signal.SIGCONT)
        want(any(line.startswith("tunnel to e1.acme.test: Active") for line in node.stderr), "zone and tunnel come up again")
        node.send_signal(signal.SIGHUP)
        want(any("snapshot 2: " in line for line in node.stderr), "SIGHUP reads the files anew")
        node.send_signal(signal.SIGTERM)
        got = notices.recv(100)
        while got == b"WATCHDOG=1":
            got = notices.recv(100)
        want(got == b"STOPPING=1", f"systemd is told of the end: {got}")
        node.stderr.read()
        want(node.wait(PATIENCE) == 0, "a clean stop")
    kinds = [row["kind"] for row in json.loads(run(PROGRAM, "node", "history", folder, "-n", "1000", "-f", "json"))]
    want(kinds.count("start") == 2 and kinds[-1] == "stop", f"both runs are in the history: {kinds[-5:]}")


def changes():
    with Lab("changes") as lab:
        lab.up()
        try_before_and_after(lab)
        another_certificate(lab)
        other_algorithms(lab)
        names_in_dns(lab)
        killed(lab)


# ---------------------------------------------------------------- replica

def new_root(name):
    ca, key = os.path.join(FOLDER, name + ".pem"), os.path.join(FOLDER, name + ".key")
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
        "-subj", f"/CN={name}", "-days", "100", "-out", ca)
    return read(ca)


@contextlib.contextmanager
def kept_down(lab, node):
    """The node ends, and somebody has its folder's lock: the lab, which stands still until then, starts it in vain."""
    pid = lab.status(node)["pid"]
    lab.process.send_signal(signal.SIGSTOP)
    with open(lab.file(node, "lock"), "r+b") as lock:
        try:
            os.kill(pid, signal.SIGTERM)
            deadline = time.monotonic() + PATIENCE
            while read(f"/proc/{pid}/stat").rsplit(")", 1)[1].split()[0] != "Z":
                want(time.monotonic() < deadline, f"{node} ends")
            fcntl.flock(lock, fcntl.LOCK_EX)
        finally:
            lab.process.send_signal(signal.SIGCONT)
        yield


def replica():
    pub, sub = "pub.acme.test", "sub1.acme.test"
    with Lab("replica") as lab:
        lab.until(r"^pub\.acme\.test: replication to sub1\.acme\.test: Active")
        tomcat, callmanager = "certs/tomcat-trust.pem", "certs/CallManager-trust.pem"
        before = read(lab.file(sub, tomcat))
        one, two = new_root("one"), new_root("two")
        write(lab.file(pub, tomcat), read(lab.file(pub, tomcat)) + one)
        lab.hup(pub)
        lab.all_of([r"^sub1\.acme\.test: replication from pub\.acme\.test: tomcat-trust: added one",
                    r"^sub1\.acme\.test: snapshot \d+: tomcat-trust: 1 added, 0 removed"])
        want(blocks(one)[0] in read(lab.file(sub, tomcat)), "it is in the subscriber's file")
        row = [row for row in history(lab, sub, "change") if row["about"] == "replication"][0]
        want(row["who"] == pub and "added one" in row["after"], f"the history says who: {row}")
        # a subscriber that is down gets it later: one more, and one that goes
        with kept_down(lab, sub):
            lab.all_of([r"^sub1\.acme\.test: ended with status 0",
                        r"^pub\.acme\.test: alarm raised: the trust lists of sub1\.acme\.test do not follow"])
            write(lab.file(pub, tomcat), read(lab.file(pub, tomcat)).replace(one, ""))
            write(lab.file(pub, callmanager), read(lab.file(pub, callmanager)) + two)
            lab.hup(pub)
            seen = set()  # in one snapshot or two: it looks at its files by itself as well
            while len(seen) < 2:
                line = lab.until(r"^pub\.acme\.test: snapshot \d+: \S+-trust: ")[1]
                seen |= {text for text in ("tomcat-trust: 0 added, 1 removed", "callmanager-trust: 1 added, 0 removed")
                         if text in line}
        lab.all_of([r"^sub1\.acme\.test: replication from pub\.acme\.test: tomcat-trust: removed one",
                    r"^sub1\.acme\.test: replication from pub\.acme\.test: callmanager-trust: added two",
                    r"^pub\.acme\.test: replication to sub1\.acme\.test: Active"])
        want(blocks(read(lab.file(sub, tomcat))) == blocks(before), "what went is gone, and nothing else")
        want(blocks(two)[0] in read(lab.file(sub, callmanager)), "what came is there")
        # a stranger, with a certificate that anybody may have, but not the password
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection((lab.address(sub), 1515), PATIENCE) as plain, context.wrap_socket(plain) as tls:
            tls.sendall(b"INFO sip:sub1 SIP/2.0\r\nVia: SIP/2.0/TLS x;branch=z9hG4bK1\r\nMax-Forwards: 1\r\nFrom: <sip:x>;tag=1\r\n"
                        b"To: <sip:sub1>\r\nCall-ID: 1\r\nCSeq: 1 INFO\r\nContent-Type: application/vnd.causeway.zone+json\r\n"
                        b"Content-Length: 2\r\n\r\n{}")
            got = tls.recv(4096)
            want(got.startswith(b"SIP/2.0 403 "), f"a document without the password: {got!r}")
        write(lab.file(pub, "secrets/security.txt"), "another\n")
        lab.hup(pub)
        lab.until(r"^pub\.acme\.test: replication to sub1\.acme\.test: Failed: the security password is another one there")


# ---------------------------------------------------------------- zones

def cluster_of(name, node):
    folder = node.split(".", maxsplit=1)[0]
    return (f"  - name: {name}\n    release: X14.2\n    nodes:\n      - {{fqdn: {node}, server: {folder}/server.pem, "
            f"key: {folder}/privkey.pem, trusted-ca: {folder}/ca.pem}}\n")


def zones():
    lab = Lab("zones", size="cluster")
    named = "tls-verify-name: expc.acme.test, username: traversal"
    write(os.path.join(lab.deployment, "deployment.yaml"),
          "causeway: 1\ndomains: [acme.test]\nexpressway-c:\n" + cluster_of("north", "c1.acme.test")
          + cluster_of("south", "c2.acme.test") + "expressway-e:\n" + cluster_of("east", "e1.acme.test")
          + cluster_of("west", "e2.acme.test") + "zones:\n"
          f"  - {{name: ne, c: north, e: east, port: 7001, peers: [e1.acme.test], {named}, password: one}}\n"
          f"  - {{name: nw, c: north, e: west, port: 7001, peers: [e2.acme.test], {named}, password: two}}\n"
          f"  - {{name: se, c: south, e: east, port: 7002, peers: [e1.acme.test], {named}, password: three}}\n")
    with lab:
        lab.all_of([r"^c1\.acme\.test: tunnel to e1\.acme\.test: Active", r"^c1\.acme\.test: tunnel to e2\.acme\.test: Active",
                    r"^c2\.acme\.test: tunnel to e1\.acme\.test: Active",
                    r"^e1\.acme\.test: tunnel of \S+: Active", r"^e1\.acme\.test: tunnel of \S+: Active"])
        rows = sorted((row["zone"], row["state"]) for row in lab.status("e1.acme.test")["zones"])
        want(rows == [("ne", "Active"), ("se", "Active")], f"E has both zones: {rows}")
        rows = sorted((row["zone"], row["peer"], row["state"]) for row in lab.status("c1.acme.test")["zones"])
        want(rows == [("ne", "e1.acme.test", "Active"), ("nw", "e2.acme.test", "Active")], f"C has both zones: {rows}")
        # a password of one zone is none of the other's
        lab.change("c1.acme.test", "node.yaml", "'two'", "'other'")
        lab.until(r"^c1\.acme\.test: zone to e2\.acme\.test: Failed: credentials-differ")
        rows = sorted((row["zone"], row["state"]) for row in lab.status("c1.acme.test")["zones"])
        want(rows == [("ne", "Active"), ("nw", "Failed")], f"the other zone stays: {rows}")
        # a zone that goes from the file goes from its port; the other one stays
        path = lab.file("e1.acme.test", "node.yaml")
        write(path, re.sub(r"\n  - \{name: 'se'.*", "", read(path)))
        lab.hup("e1.acme.test")
        lab.until(r"^c2\.acme\.test: zone to e1\.acme\.test: Failed")
        want([row["zone"] for row in lab.status("e1.acme.test")["zones"]] == ["ne"], "one zone is left")
        want(lab.state_of("e1.acme.test") == (["Active"], ["Active"]), "and it is up")


# ---------------------------------------------------------------- links

DIALLED = ("cluster", "sip-in", "sip-out", "sip-oauth", "tomcat", "tftp")
LINK_FAULTS = [((), "cluster"), (("client-auth-missing",), "cluster"), (("root-missing",), "small"), (("self-signed-untrusted",), "small"),
               (("same-subject-conflict",), "small"), (("server-auth-missing",), "small"),
               (("client-auth-missing",), "small"), (("key-usage-unfit",), "small"), (("not-a-ca",), "small"),
               (("phone-profile-missing",), "small"), (("ecdsa-twin-untrusted",), "small"), (("address-is-ip",), "small"), (("signature-invalid",), "small")]


def links_agree(name, faults, size):
    lab = Lab(name, *faults, size=size)
    if size == "cluster":  # words by which every kind of link is there, and a cluster's judges refuse at all
        deployment = os.path.join(lab.deployment, "deployment.yaml")
        text = read(deployment)
        for group, more in (("expressway-c", "cluster-tls-verify: on"), ("expressway-e", "cluster-tls-verify: on"), ("cucm", "sip-oauth: on")):
            text = re.sub(rf"^({group}:.*\n)", rf"\1  {more}\n", text, count=1, flags=re.M)
        write(deployment, text)
    with lab:
        said = json.loads(run(PROGRAM, "check", lab.deployment, "-f", "json", good=(0, 1)))
        lab.until(r"^The lab is up")  # the nodes' folders are there
        wanted, refused = [], 0
        for link in said["links"]:
            if link["kind"] not in DIALLED or not {link["client"], link["server"]} <= set(os.listdir(lab.state)):
                continue  # IM and Presence and Unity Connection do not run
            start = f"^{re.escape(link['client'])}: {link['kind']} to {re.escape(link['address'])}: "
            codes = [finding["code"] for finding in link["findings"] if finding["severity"] == "refused"]
            if link["verdict"] != "refused":
                wanted.append(start + "Active")
                continue
            refused += 1
            if link["refused_by"] == link["client"] or codes[0] == "phone-profile-missing":
                # that the twin would have been trusted tells the file alone: a live end sees the one that is shown
                code = codes[0].replace("ecdsa-twin-untrusted", "(?:self-signed-untrusted|root-missing|issuer-missing)")
                wanted.append(start + f"Failed: {code}: ")
                continue
            wanted.append(start + "Failed: the other side sent the alert")
            wanted.append(rf"^{re.escape(link['server'])}: [a-z-]+: refused: {codes[0]}: ")
        want(wanted, f"{name}: there are links")
        lab.all_of(wanted)
        print(f"agreed: {' '.join(faults) or 'sound'}: {len(wanted)} links, {refused} of them refused")


def links():
    for number, (faults, size) in enumerate(LINK_FAULTS):
        links_agree(f"links{number}", faults, size)


def main():
    if subprocess.run(["sh", "-c", "command -v ssh && test -x /usr/sbin/sshd && command -v openssl"], check=False,
                      stdout=subprocess.DEVNULL).returncode:
        print("skipped: openssh and openssl are needed")
        sys.exit(77)
    try:
        if len(sys.argv) > 3 and sys.argv[2] == "links":
            links_agree("lab", tuple(sys.argv[3:]), "cluster")
        elif len(sys.argv) > 3:
            agree("lab", tuple(sys.argv[3:]))
        else:
            {"story": story, "agreement": agreement, "cucm": cucm, "changes": changes, "replica": replica, "zones": zones, "links": links}[sys.argv[2]]()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    print(f"{sys.argv[2]}: good")


if __name__ == "__main__":
    main()
