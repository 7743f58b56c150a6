#!/usr/bin/env python3
"""peers_test.py CAUSEWAY hostile|cut|interop: running nodes against peers that are none of ours.

hostile   who is rude to 7001 and 2222 gets an alert, an end or nothing, and costs nobody else anything: zone and tunnel
          stay up, the process is the same, its memory does not grow.
cut       sshd opened to a peer whose certificate was refused: no byte through; a session that stands is cut within a second.
interop   the zone's TLS and its OPTIONS with digest by openssl, GnuTLS and sipp at Expressway-E, by Kamailio and a GnuTLS
          server in Expressway-E's place. Each is skipped, and told, where it is not installed.
"""
import concurrent.futures
import hashlib
import os
import re
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

import nodes_test
from nodes_test import ENV, FOLDER, PATIENCE, PROGRAM, Lab, account, blocks, read, run, ssh_lets_in, subject, want, write

C, E = "c1.acme.test", "e1.acme.test"


# ---------------------------------------------------------------- TLS and SIP by other hands

def chain_of_c(lab):
    path = os.path.join(FOLDER, "c.pem")
    issuers = [block for block in blocks(read(lab.file(C, "certs/trusted-ca.pem"))) if "Acme" in subject(block)]
    write(path, read(lab.file(C, "certs/server.pem")) + "".join(issuers))
    return path


def chain_of_e(lab):
    path = os.path.join(FOLDER, "e.pem")
    issuers = [block for block in blocks(read(lab.file(E, "certs/trusted-ca.pem"))) if "Public" in subject(block)]
    write(path, read(lab.file(E, "certs/server.pem")) + "".join(issuers))
    return path


def client_context(lab, shows=True):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if shows:
        context.load_cert_chain(chain_of_c(lab), lab.key(C))
    return context


def request(method, number, extra="", body=b""):
    head = (f"{method} sip:{E}:7001;transport=tls SIP/2.0\r\nVia: SIP/2.0/TLS x:5061;branch=z9hG4bK{number};rport\r\n"
            f"Max-Forwards: 0\r\nFrom: <sip:x>;tag=1\r\nTo: <sip:{E}:7001>\r\nCall-ID: a@x\r\nCSeq: {number} {method}\r\n"
            f"{extra}Content-Length: {len(body)}\r\n\r\n")
    return head.encode() + body


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def authorization(answer, method, username, password):
    """RFC 2617: the answer to a digest challenge."""
    challenge = re.search(rb"^WWW-Authenticate: Digest (.*?)\r$", answer, re.M | re.I).group(1).decode()
    given = {key.lower(): first or second for key, first, second in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]+))', challenge)}
    want(given.get("algorithm", "MD5").upper() == "MD5", f"a challenge that old peers know: {challenge}")
    uri = f"sip:{E}:7001;transport=tls"
    first, second = md5(f"{username}:{given['realm']}:{password}"), md5(f"{method}:{uri}")
    response = md5(f"{first}:{given['nonce']}:00000001:abcdef01:auth:{second}") if "qop" in given else \
        md5(f"{first}:{given['nonce']}:{second}")
    line = (f'Authorization: Digest username="{username}", realm="{given["realm"]}", nonce="{given["nonce"]}", uri="{uri}", '
            f'response="{response}", algorithm=MD5')
    if "qop" in given:
        line += ', qop=auth, cnonce="abcdef01", nc=00000001'
    if "opaque" in given:
        line += f', opaque="{given["opaque"]}"'
    return line + "\r\n"


def log_in(send, receive, password="lab-password"):
    """OPTIONS, the challenge, OPTIONS with digest: the status of the second answer."""
    send(request("OPTIONS", 1))
    answer = receive()
    want(answer.startswith(b"SIP/2.0 401 "), f"wanted a challenge, found {answer[:200]!r}")
    send(request("OPTIONS", 2, authorization(answer, "OPTIONS", "traversal", password)))
    return receive().split(b" ")[1].decode()


# ---------------------------------------------------------------- hostile

def ended(lab, address, port, data, source=None, tls=None, patience=PATIENCE):
    """What the other side says before it ends the connection; an endless one fails."""
    got = b""
    with socket.create_connection((address, port), PATIENCE, (source, 0) if source else None) as plain:
        plain.settimeout(patience)
        end = plain
        try:
            if tls:
                end = tls.wrap_socket(plain)
            end.sendall(data)
            while piece := end.recv(65536):
                got += piece
        except ssl.SSLError:
            pass
        except (ConnectionError, BrokenPipeError):
            pass
        except TimeoutError:
            raise AssertionError(f"port {port}: still open {patience} s after {data[:40]!r}") from None
    want(lab.process.poll() is None, "the lab runs")
    return got


def at_once(call, items):
    with concurrent.futures.ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(call, items))


def memory_of(pid):
    return int(re.search(r"^VmRSS:\s+(\d+)", read(f"/proc/{pid}/status"), re.M).group(1))


RUDE = [
    b"GET / HTTP/1.1\r\nHost: e1\r\n\r\n", b"\x00" * 100, b"\x16\x03\x01\xff\xff" + b"\x01" * 70000, b"SSH-2.0-x\r\n",
    b"\x80\x2e\x01\x00\x02", b"\x15\x03\x03\x00\x02\x02\x28", b"",
]
RUDE_SIP = [
    b"\xff" * 200000, b"OPTIONS " + b"a" * 200000, request("OPTIONS", 1)[:-4] + b"Content-Length: 99999999999\r\n\r\n",
    b"OPTIONS sip:x SIP/2.0\r\nContent-Length: -1\r\n\r\n", request("INFO", 1, "Content-Type: application/vnd.causeway.zone+json\r\n",
                                                                   b'{"version":1}'),
    b"SIP/2.0 200 OK\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n", b"\r\n" * 100000,
]
RUDE_DOCUMENTS = [
    b"{" * 60000, b'{"version":1,"tunnel":{"verdict":"' + b"x" * 60000 + b'"}}', b"[" * 30000 + b"]" * 30000, b"\x00\x01\x02",
    b'{"version":1,"serial":-1,"node":"\\u001b[2J","tunnel":{"verdict":"pass","login":"root","port":22}}', b"x" * 70000,
]


def rude_to_zone(lab, address, slow):
    """`slow`: those as well who wait for the end of their time."""
    for data in RUDE:
        with socket.create_connection((address, 7001), PATIENCE) as plain:  # and away again, in the middle
            plain.sendall(data)
    at_once(lambda data: ended(lab, address, 7001, data), RUDE[:-1] if slow else RUDE[:4])
    ended(lab, address, 7001, b"", tls=client_context(lab, shows=False))
    crowd = [socket.create_connection((address, 7001), PATIENCE) for _ in range(200)]
    for one in crowd:
        one.close()
    source = lab.address(C)
    context = client_context(lab)
    for got in at_once(lambda data: ended(lab, address, 7001, data, source, context), RUDE_SIP if slow else RUDE_SIP[:-1]):
        want(b" 200 " not in got, f"nothing is granted: {got[:200]!r}")


def rude_documents(lab, address):
    for data in RUDE_DOCUMENTS:
        with socket.create_connection((address, 7001), PATIENCE, (lab.address(C), 0)) as plain, \
                client_context(lab).wrap_socket(plain) as tls:
            tls.settimeout(PATIENCE)
            want(log_in(tls.sendall, lambda tls=tls: tls.recv(65536)) == "200", "the password is right")
            try:
                tls.sendall(request("INFO", 3, "Content-Type: application/vnd.causeway.zone+json\r\n", data))
                tls.recv(65536)
            except (ConnectionError, ssl.SSLError):
                pass


def rude_to_tunnels(lab, address):
    want(ended(lab, address, 2222, b"SSH-2.0-x\r\n") == b"", "an address without a zone hears not one byte")
    source = lab.address(C)
    rude = (b"SSH-1.5-x\r\n", b"x" * 300000, b"GET / HTTP/1.1\r\n\r\n", b"SSH-2.0-x\r\n" + b"\xff" * 50000)
    for data in rude:
        ended(lab, address, 2222, data, source)
    strange = os.path.join(FOLDER, "strange")
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", strange)
    done = subprocess.run(["ssh", "-F", "none", "-N", "-b", source, "-p", "2222", "-i", strange, "-oIdentitiesOnly=yes",
                           "-oIdentityAgent=none", "-oBatchMode=yes", "-oStrictHostKeyChecking=no",
                           "-oUserKnownHostsFile=/dev/null", f"{account()}@{address}"], capture_output=True, check=False,
                          timeout=PATIENCE)
    # no, or, after so many of them, not even that
    want(done.returncode == 255 and re.search(rb"Permission denied|Connection closed", done.stderr), done.stderr.decode())


def hostile():
    ENV["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=4"  # what was freed is free
    with Lab("hostile") as lab:
        lab.up()
        address, pid = lab.address(E), lab.status(E)["pid"]
        rude_to_zone(lab, address, True)
        before = memory_of(pid)
        rude_to_zone(lab, address, False)
        rude_documents(lab, address)
        rude_to_tunnels(lab, address)
        grown = memory_of(pid) - before
        want(grown < 20000, f"Expressway-E grew by {grown} kB")
        want(lab.status(E)["pid"] == pid, "it is the same process")
        # who had C's key and password was C for a moment, and took its tunnel
        begun = time.monotonic()
        while not all("Active" in zones and "Active" in tunnels for zones, tunnels in map(lab.state_of, (C, E))):
            want(time.monotonic() - begun < 15 * nodes_test.BUSY, f"still not up: {lab.state_of(C)} {lab.state_of(E)}")
        print(f"the second round cost {grown} kB; all was up {time.monotonic() - begun:.1f} s after the last of them")


# ---------------------------------------------------------------- cut

def cut():
    """Expressway-E's list loses the issuer of C's certificate: C sends it along, so the zone passes and the tunnel does not."""
    with Lab("cut") as lab:
        lab.up()
        path = lab.file(E, "certs/trusted-ca.pem")
        whole = read(path)
        key = os.path.join(FOLDER, "cut.key")
        shutil.copyfile(lab.key(C), key)
        os.chmod(key, 0o600)
        words = ["ssh", "-F", "none", "-v", "-N", "-b", lab.address(C), "-p", "2222", "-i", key, "-oIdentitiesOnly=yes",
                 "-oIdentityAgent=none", "-oBatchMode=yes", "-oStrictHostKeyChecking=no", "-oUserKnownHostsFile=/dev/null",
                 f"{account()}@{lab.address(E)}"]
        with subprocess.Popen(words, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as stands:
            for line in stands.stderr:
                if "Authenticated to" in line:
                    break
            write(path, "".join(block for block in blocks(whole) if "Acme Issuing" not in subject(block)))
            lab.hup(E)
            lab.until(rf"^{re.escape(E)}: tunnel of \S+.*: refused by this node: issuer-missing")
            begun = time.monotonic()
            for line in stands.stderr:  # until it ends
                pass
            took = time.monotonic() - begun
            want(stands.wait(PATIENCE) == 255, "the session that stood is over")
            want(took < nodes_test.BUSY, f"cut within a second: {took:.2f} s")
        want(lab.state_of(E)[0] == ["Active"], "the zone is up all the same")
        want(not ssh_lets_in(lab, account()), "the refused certificate's key opens nothing")
        done = subprocess.run(words[:3] + ["-R", "127.0.0.1:0:127.0.0.1:1"] + words[4:], capture_output=True, check=False,
                              timeout=PATIENCE, stdin=subprocess.DEVNULL)
        want(done.returncode == 255 and b"Allocated port" not in done.stderr, done.stderr.decode()[-400:])
        write(path, whole)
        lab.hup(E)
        lab.until(rf"^{re.escape(C)}: tunnel to \S+: Active")
        print(f"cut after {took:.2f} s")


# ---------------------------------------------------------------- interop

class Piped:
    """A TLS client program whose standard input and output are the connection."""

    def __init__(self, words):
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.left = b""

    def send(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def receive(self):
        """The next SIP answer; the program's own words in front of it are read over."""
        deadline = time.monotonic() + PATIENCE
        while True:
            match = re.search(rb"SIP/2\.0 .*?\r\n\r\n", self.left, re.S)
            if match:
                self.left = self.left[match.end():]
                return match.group(0)
            want(time.monotonic() < deadline, f"no answer: {self.left[-500:]!r}")
            if select.select([self.process.stdout], [], [], 1)[0]:
                piece = os.read(self.process.stdout.fileno(), 65536)
                want(piece, f"it ended: {self.left[-500:]!r}")
                self.left += piece

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


def by_programs(lab, told):
    address, chain, key = lab.address(E), chain_of_c(lab), lab.key(C)
    programs = {
        "openssl": ["openssl", "s_client", "-quiet", "-connect", f"{address}:7001", "-cert", chain, "-cert_chain", chain, "-key", key],
        "gnutls-cli": ["gnutls-cli", "--no-ca-verification", "--x509certfile", chain, "--x509keyfile", key, "-p", "7001", address],
    }
    for name, words in programs.items():
        if not shutil.which(name):
            told.append(f"{name} is not installed")
            continue
        for password, status in (("lab-password", "200"), ("wrong", "403")):
            client = Piped(words)
            found = log_in(client.send, client.receive, password)
            client.end()
            want(found == status or (status == "403" and found in ("401", "403")), f"{name}: wanted {status}, found {found}")
        told.append(f"{name} in the place of Expressway-C: OPTIONS with digest")


class Relay:
    """Plain TCP here, TLS there: for programs without TLS."""

    def __init__(self, accept, dial):
        self.listener, self.dial = accept, dial
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                near = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.pass_on, args=(near,), daemon=True).start()

    def pass_on(self, near):
        try:
            near, far = self.dial(near)
            while True:
                ready = [end for end in (near, far) if isinstance(end, ssl.SSLSocket) and end.pending()]
                for end in ready or select.select([near, far], [], [], PATIENCE)[0]:
                    piece = end.recv(65536)
                    if not piece:
                        return
                    (far if end is near else near).sendall(piece)
        except OSError:
            pass
        finally:
            near.close()


def by_sipp(lab, told):
    program = shutil.which("sipp")
    if not program:
        told.append("sipp is not installed")
        return
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "sip"))
    from interop import SCENARIO  # pylint: disable=import-outside-toplevel
    scenario = os.path.join(FOLDER, "options.xml")
    write(scenario, SCENARIO.replace("password=secret", "password=lab-password"))
    context = client_context(lab)

    def dial(near):
        plain = socket.create_connection((lab.address(E), 7001), PATIENCE, (lab.address(C), 0))
        return near, context.wrap_socket(plain)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Relay(listener, dial)
        port = listener.getsockname()[1]
        done = subprocess.run([program, f"127.0.0.1:{port}", "-sf", scenario, "-t", "t1", "-m", "1", "-l", "1", "-i", "127.0.0.1",
                               "-auth_uri", f"127.0.0.1:{port};transport=tcp", "-timeout", "20", "-timeout_error", "-nostdin"],
                              cwd=FOLDER, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=PATIENCE)
    want(done.returncode == 0, f"sipp: {done.stdout.decode()[-1500:]}")
    told.append("sipp in the place of Expressway-C: OPTIONS with digest")


def wait_for_port(port):
    deadline = time.monotonic() + PATIENCE
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        want(time.monotonic() < deadline, f"nobody listens on {port}")


KAMAILIO = """
debug=0
log_stderror=yes
fork=no
children=1
auto_aliases=no
listen=tcp:127.0.0.1:PORT
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "auth.so"
request_route {
	if (is_method("OPTIONS") && !pv_www_authenticate("acme.test", "lab-password", "0")) {
		www_challenge("acme.test", "1");
		exit;
	}
	sl_send_reply("200", "OK");
	exit;
}
"""


def other_e(lab, place):
    """Where Expressway-C is sent in the place of Expressway-E."""
    address = lab.address(E).rsplit(".", 1)[0] + f".{place}"
    path = lab.file(C, "node.yaml")
    text = read(path)
    write(path, re.sub(rf"^  {re.escape(E)}: \S+$", f"  {E}: {address}", text, flags=re.M))
    return address, text


def by_kamailio(lab, told):
    program = shutil.which("kamailio") or shutil.which("kamailio", path="/usr/sbin")
    if not program:
        told.append("kamailio is not installed")
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = os.path.join(FOLDER, "kamailio.cfg")
    write(config, KAMAILIO.replace("PORT", str(port)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain_of_e(lab), lab.key(E))
    address, yaml = other_e(lab, 251)

    def dial(near):
        return context.wrap_socket(near, server_side=True), socket.create_connection(("127.0.0.1", port), PATIENCE)

    with subprocess.Popen([program, "-f", config, "-DD", "-E", "-m", "32", "-M", "4", "-Y", FOLDER, "-w", FOLDER],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          start_new_session=True) as server, socket.create_server((address, 7001)) as listener:
        try:
            wait_for_port(port)
            Relay(listener, dial)
            os.kill(lab.status(C)["pid"], signal.SIGTERM)
            lab.until(rf"^{re.escape(C)}: ended with status 0")
            lab.until(rf"^{re.escape(C)}: zone to \S+: Active")
        finally:
            os.killpg(server.pid, signal.SIGKILL)  # its children too
    told.append("kamailio in the place of Expressway-E: the zone is active")
    write(lab.file(C, "node.yaml"), yaml)


def by_gnutls_server(lab, told):
    if not shutil.which("gnutls-serv"):
        told.append("gnutls-serv is not installed")
        return
    address, yaml = other_e(lab, 252)
    words = ["gnutls-serv", "--echo", "-p", "7001", "--x509certfile", chain_of_e(lab), "--x509keyfile", lab.key(E),
             "--require-client-cert"]
    # it listens at every address of the machine, which the lab's own ports forbid: a relay passes bytes on, no TLS in it
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        words[3] = str(probe.getsockname()[1])
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server, \
            socket.create_server((address, 7001)) as listener:
        try:
            wait_for_port(int(words[3]))
            Relay(listener, lambda near: (near, socket.create_connection(("127.0.0.1", int(words[3])), PATIENCE)))
            os.kill(lab.status(C)["pid"], signal.SIGTERM)
            lab.until(rf"^{re.escape(C)}: ended with status 0")
            # what it says comes back as it is: TLS is up, and the conversation is none
            _, line = lab.until(rf"^{re.escape(C)}: zone to \S+: Failed: (?!connecting).*")
            want("alert" not in line and "TLS" not in line, f"GnuTLS's TLS is understood: {line}")
        finally:
            server.kill()
    told.append(f"gnutls-serv in the place of Expressway-E: {line.split('Failed: ')[1]}")
    write(lab.file(C, "node.yaml"), yaml)


class Told(list):
    """Lines that are printed as they come."""

    def append(self, line):
        print(line, flush=True)


def interop():
    told = Told()
    with Lab("interop") as lab:
        lab.up()
        by_programs(lab, told)
        by_sipp(lab, told)
        by_kamailio(lab, told)
        by_gnutls_server(lab, told)


def main():
    if subprocess.run(["sh", "-c", "command -v ssh && test -x /usr/sbin/sshd && command -v openssl"], check=False,
                      stdout=subprocess.DEVNULL).returncode:
        print("skipped: openssh and openssl are needed")
        sys.exit(77)
    try:
        {"hostile": hostile, "cut": cut, "interop": interop}[sys.argv[2]]()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    print(f"{sys.argv[2]}: good")


if __name__ == "__main__":
    main()
