#!/usr/bin/env python3
"""nodes_test.py CAUSEWAY story|agreement|cucm|zones|links [FAULT...]: running nodes, started by `lab up`, against their files and the world.

story      the vendor's procedures on running nodes: an intermediate missing on Expressway-C leaves the zone active and
           the tunnels down, an upload brings them up; a wrong password; a wrong TLS verify name; a broken upload.
agreement  labs with faults: what `check` says of zone and tunnel is what the nodes do. What Expressway-E's judge says is
           seen by Python's TLS (the alert on the wire) and by plain ssh, what Expressway-C's judge says by a TLS server.
cucm       the stand-in's ports, and what its lists refuse.
zones      two zones on one Expressway-C and two on one Expressway-E: each with its port, password and tunnels.
links      every other link that a node dials (cluster, sip-in, sip-out, sip-oauth, tomcat, tftp): what `check` says of
           it is what the dialling node tells, and a refusal of the other end is in that one's log.

Nothing sleeps: the nodes' log lines are the events.
"""
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
PATIENCE = 60
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
        return re.search(r"^      key: '(/\S+)'", read(self.file(node, "node.yaml")), re.M).group(1)

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

def tls_client(lab, address):
    """Python's TLS with C's certificate and key, at E's zone port: None where it is let in, else the alert."""
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
            want(got.startswith(b"SIP/2.0 401 "), f"wanted a challenge, found {got!r}")
            want(b"Digest" in got, "wanted a digest challenge")
            return None
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
        """None where Expressway-C goes on and speaks; else the alert that it sends."""
        with self.listener, self.listener.accept()[0] as plain:
            plain.settimeout(PATIENCE)
            try:
                with self.context.wrap_socket(plain, server_side=True) as tls:
                    got = tls.recv(4096)
                    want(got.startswith(b"OPTIONS "), f"wanted OPTIONS, found {got!r}")
                    return None
            except ssl.SSLError as error:
                want("ALERT" in error.reason, f"wanted an alert, found {error}")
                return error.reason


def ssh_lets_in(lab, login):
    """Plain ssh with C's key, from C's address: whether Expressway-E's sshd takes the key."""
    key = os.path.join(FOLDER, "ssh.key")
    shutil.copyfile(lab.key("c1.acme.test"), key)
    os.chmod(key, 0o600)
    words = ["ssh", "-F", "none", "-v", "-N", "-b", lab.address("c1.acme.test"), "-p", "2222", "-i", key,
             "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20",
             "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
             f"{login}@{lab.address('e1.acme.test')}"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        verdict, said = None, []
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
    want(verdict is not None, "ssh said neither yes nor no:\n" + "".join(said[-20:]))
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
        lab.until(r"^c1\.acme\.test: alarm raised: No SSH tunnels have been established")
        want(lab.state_of("c1.acme.test") == (["Active"], ["Off"]), f"zone active, tunnel down: {lab.state_of('c1.acme.test')}")
        text = run(PROGRAM, "node", "status", os.path.join(lab.state, "c1.acme.test"), good=(1,))
        want("No SSH tunnels have been established" in text and "issuer-missing" in text, f"the status says so:\n{text}")
        lab.until(r"^e1\.acme\.test: tunnel of \S+: refused by c1\.acme\.test: issuer-missing")

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
            tls.sendall(f"GET {path} HTTP/1.1\r\nHost: pub.acme.test\r\n{headers}\r\n".encode())
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
        seen = set()
        while len(seen) < 7:
            _, line = lab.until(r"^c1\.acme\.test: (tomcat|tftp|sip-out|tunnel) to \S+: Active")
            seen.add(line)
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
LINK_FAULTS = [((), "cluster"), (("root-missing",), "small"), (("self-signed-untrusted",), "small"),
               (("same-subject-conflict",), "small"), (("server-auth-missing",), "small"),
               (("client-auth-missing",), "small"), (("key-usage-unfit",), "small"), (("not-a-ca",), "small"),
               (("phone-profile-missing",), "small"), (("address-is-ip",), "small"), (("signature-invalid",), "small")]


def links_agree(name, faults, size):
    with Lab(name, *faults, size=size) as lab:
        deployment = os.path.join(lab.deployment, "deployment.yaml")
        if not faults:  # the strictest words, so that a cluster's judges refuse at all
            text = read(deployment)
            text = text.replace("expressway-c:\n", "expressway-c:\n  cluster-tls-verify: on\n", 1)
            write(deployment, text)
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
                wanted.append(start + f"Failed: {codes[0]}: ")
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
            links_agree("lab", tuple(sys.argv[3:]), "small")
        elif len(sys.argv) > 3:
            agree("lab", tuple(sys.argv[3:]))
        else:
            {"story": story, "agreement": agreement, "cucm": cucm, "zones": zones, "links": links}[sys.argv[2]]()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    print(f"{sys.argv[2]}: good")


if __name__ == "__main__":
    main()
