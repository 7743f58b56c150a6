#!/usr/bin/env python3
"""sip_test.py CAUSEWAY [PART...]: devices register through two running nodes at the CUCM stand-in.

story      `causeway sign-in --register` ends registered; a client of this test's own: Path, Date, Supported, counters of all three
           nodes; keep-alives; calls, a way of its own, a wrong password; a worker that is killed, a zone that is lost.
refused    a CallManager certificate that Expressway-C refuses: 502, and the finding; mended: registered.
profile    no phone security profile in Expressway-C's certificate: 403 with its Warning.
service    Expressway-E's certificate is unfit in SERVICE: the client gets no answer, Expressway-C has the finding.
torture    the messages of RFC 4475: answered or refused as it says, and the nodes go on.
outward    a registrar asks back by the ways that it was told: the device answers; who has gone has failed, 430.
phones     baresip registers, at the stand-in and at Kamailio; sipp with 50 registrations on a connection each.

Nothing sleeps: the nodes' log lines are the events.
"""
import json
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

PARTS_WANTED = sys.argv[2:]
del sys.argv[2:]

import nodes_test  # pylint: disable=wrong-import-position
from nodes_test import FOLDER, PATIENCE, PROGRAM, Lab, read, want, write  # pylint: disable=wrong-import-position
from sip_client import Client, Registrar  # pylint: disable=wrong-import-position

C, E, PUB = "c1.acme.test", "e1.acme.test", "pub.acme.test"
HERE = os.path.dirname(os.path.abspath(__file__))


def until(ask, what):
    deadline = time.monotonic() + PATIENCE
    while True:
        found = ask()
        if found:
            return found
        want(time.monotonic() < deadline, f"in time: {what}")


def edge(lab, node):
    return lab.status(node)["edge"]


def client(lab, **how):
    """Expressway-E's port answers as soon as its worker has it."""
    return until(lambda: attempt(lab, how), "Expressway-E's 5061 is served")


def attempt(lab, how):
    try:
        return Client(lab.address(E), PATIENCE, **how)
    except OSError:
        return None


def registered(lab, **how):
    """Whichever way it goes: until the pair carries it."""
    def one():
        found = client(lab, **how)
        try:
            answer = found.register()
        except (EOFError, OSError):
            return None
        return (found, answer) if answer.status == 200 else None
    return until(one, "a registration through the pair")


def signs_in(lab, *more, good=(0,)):
    password = os.path.join(FOLDER, "password")
    write(password, "Xpw-alice-4711\n")
    text = nodes_test.run(PROGRAM, "sign-in", "alice@acme.test", "--edge", E, "--host", f"{E}={lab.address(E)}", "-d", lab.deployment,
                          "--register", "--device", "CSFALICE", "--password-file", password, "-f", "json", *more, good=good)
    return json.loads(text)


def last_step(record):
    return next(step for step in reversed(record["steps"]) if step["name"] == "register")


def story():
    with Lab("sip-story") as lab:
        lab.up()
        record = signs_in(lab)
        want(record["registered"] is True, f"causeway sign-in registers: {record}")
        phone, answer = registered(lab)
        ways = answer.all("path")
        want(len(ways) == 2 and f"@{C}:5061" in ways[0] and f"@{E}:5061" in ways[1] and ";ob" in ways[1], f"two ways: {answer}")
        want(answer.one("expires") == "120" and "X-cisco-sis-9.2.0" in answer.one("supported") and answer.one("date").endswith(" GMT"), f"{answer}")
        want('+u.sip!userid.ccm.cisco.com="alice"' in answer.one("contact"), f"the user's id: {answer}")
        via = answer.all("via")
        want(len(via) == 1 and "received=" in via[0] and "rport=" in via[0], f"its own Via, with where it came from: {via}")
        until(lambda: edge(lab, E)["registrations"] == 1 and edge(lab, C)["registrations"] == 1, "both Expressways count one")
        want([row["registrations"] for row in edge(lab, C)["peers"]] == [1], f"over that Expressway-E: {edge(lab, C)}")
        want(edge(lab, E)["sessions"] == 1, f"one connection: {edge(lab, E)}")
        row = next(row for row in lab.status(PUB)["services"] if row["peer"].startswith("sip:"))
        want(row["registrations"] == 1, f"the stand-in has one: {row}")
        keeps_alive(phone)
        refusals(lab, phone)
        want(phone.register(expires=0).status == 200, "taken back")
        until(lambda: edge(lab, E)["registrations"] == 0 and edge(lab, C)["registrations"] == 0, "nobody is counted")
        with client(lab) as stranger:
            want(stranger.register(password="wrong").status == 401, "a wrong password")
            want(stranger.register().status == 200, "and the right one")
        until(lambda: edge(lab, E)["sessions"] == 1, "a connection that goes ends its flow")
        with client(lab) as guesser:
            tried = 0
            try:
                while tried < 20:
                    tried += guesser.register(password="wrong").status == 401
            except (EOFError, OSError):
                pass
            want(tried == 4, f"eight challenges are four guesses: {tried}")
        losses(lab, phone)
    print("story: good")


def keeps_alive(phone):
    phone.send(b"\r\n\r\n")
    want(phone.exactly(2) == b"\r\n", "CR LF are answered")
    phone.send(b"\x00\x01\x00\x00\x21\x12\xa4\x42transaction!")
    answer = phone.exactly(32)
    port = int.from_bytes(answer[26:28], "big") ^ 0x2112
    want(answer[:2] == b"\x01\x01" and port == phone.tls.getsockname()[1], f"STUN is answered with the port: {answer}")


def refusals(lab, phone):
    for method in ("INVITE", "SUBSCRIBE", "MESSAGE", "NOSUCH"):
        phone.request(method)
        answer = phone.read()
        want(answer.status == 501 and "calls are not carried" in answer.one("warning"), f"{method}: {answer}")
        want(answer.one("allow") == "REGISTER, OPTIONS", f"{answer}")
    phone.request("SERVICE")
    want(phone.read().status == 501, "SERVICE is no client's")
    phone.request("REGISTER", more="Path: <sip:evil@203.0.113.9;lr>\r\n")
    want(phone.read().status == 403, "a way of its own")
    phone.request("OPTIONS", more="Route: <sip:evil@203.0.113.9;lr>\r\n")
    want(phone.read().status == 200, "a Route of its own is not taken: Unified CM answers")
    phone.request("OPTIONS", more="Record-Route: <sip:evil@203.0.113.9;lr>\r\n")
    want(phone.read().status == 403, "a way of its own")
    phone.request("REGISTER", more="Proxy-Require: nobody-has-this\r\n")
    want(phone.read().status == 420, "an extension of nobody's")


def losses(lab, phone):
    """Who is killed takes flows along, and nothing else; a zone that is lost ends the flows over it."""
    old = lab.status(E)["workers"][0]["pid"]
    os.kill(old, signal.SIGKILL)
    lab.until(rf"^{E}: edge worker 0: was killed")
    want(ended(phone), "its connection is gone")
    phone, _ = registered(lab)
    os.kill(lab.status(C)["workers"][0]["pid"], signal.SIGKILL)
    lab.until(rf"^{C}: edge worker 0: was killed")
    until(lambda: phone.register().status == 200, "Expressway-C's next worker carries it")
    phone.request("REGISTER", more="Expires: 120\r\n")  # mid-registration
    lab.change(C, "node.yaml", "lab-password", "other-password")
    lab.until(rf"^{C}: zone to \S+: Failed: credentials-differ")
    want(ended(phone), "the zone is gone, and the flow with it")
    with client(lab) as other:
        want(other.register().status == 503, "no zone is active")
    lab.change(C, "node.yaml", "other-password", "lab-password")
    lab.until(rf"^{C}: zone to \S+: Active")
    phone, _ = registered(lab)
    phone.tls.close()


def ended(phone):
    try:
        while True:
            phone.read()
    except (EOFError, ssl.SSLError, OSError):
        return True


def refused():
    with Lab("sip-refused", "same-subject-conflict") as lab:
        lab.up()
        with client(lab) as phone:
            answer = until(lambda: settled(phone), "an answer of Expressway-C's")
            want(answer.status == 502 and answer.one("warning").startswith(f"399 {C}:5061 "), f"wanted 502: {answer}")
            want("shadowed" not in repr(answer), "no more is told outside")
        lab.until(rf"^{C}: sip-out to {PUB} \(.*\): refused by this node: issuer-shadowed: ")
        history = nodes_test.run(PROGRAM, "node", "history", os.path.join(lab.state, C))
        want("issuer-shadowed" in history and "sip-out" in history, "the history has the finding")
        until(lambda: any("issuer-shadowed" in (row["reason"] or "") for row in lab.status(C)["services"]
                          if row["peer"].startswith("sip-relay:")), "the status has it")
    print("refused: good")


def settled(phone):
    answer = phone.register()
    return answer if answer.status != 503 else None


def profile():
    with Lab("sip-profile", "phone-profile-missing") as lab:
        lab.up()
        with client(lab) as phone:
            answer = until(lambda: settled(phone), "an answer of Unified CM's")
            want(answer.status == 403 and answer.one("warning") == f'399 {PUB} "TLS authentication failure"', f"{answer}")
        record = signs_in(lab, good=(1,))
        want("403" in last_step(record)["answer"], f"sign-in says so: {record}")
    print("profile: good")


def service():
    with Lab("sip-service") as lab:
        lab.up()
        for_servers_only(lab)
        with client(lab) as phone:
            phone.request("REGISTER")
            challenge = phone.read()
            want(challenge.status == 401, f"the first passes: {challenge}")
            phone.request("REGISTER", more=phone.credentials(challenge, "secret"))
            lab.until(rf"^{C}: service \(.*\): refused by this node: \S+: ")
            lab.until(rf"^{E}: sip: \S+: SERVICE is refused by Expressway-C with 408")
            phone.send(b"\r\n\r\n")
            want(phone.exactly(2) == b"\r\n", "no answer comes, and the connection stays")
        until(lambda: any("SERVICE" in (row["reason"] or "") for row in lab.status(E)["services"] if row["peer"].startswith("sip:")), "E's status")
    print("service: good")


def for_servers_only(lab):
    """Expressway-E is renewed as public CAs do it now: without clientAuth."""
    ca, key, request, extensions = (os.path.join(FOLDER, name) for name in ("sip-ca.pem", "sip-ca.key", "sip.csr", "sip.cnf"))
    nodes_test.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
                   "-subj", "/CN=New Root", "-days", "100", "-out", ca)
    for node in (C, E):
        write(lab.file(node, "certs/trusted-ca.pem"), read(lab.file(node, "certs/trusted-ca.pem")) + read(ca))
        lab.hup(node)
        lab.until(rf"^{node}: snapshot \d+: trusted-ca: 1 added")
    nodes_test.run("openssl", "req", "-new", "-key", lab.key(E), "-subj", f"/CN={E}", "-out", request)
    write(extensions, f"subjectAltName=DNS:{E},DNS:acme.test\nextendedKeyUsage=serverAuth\nkeyUsage=digitalSignature\n"
                      "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
    lab.change(E, "node.yaml", "apply: restart", "apply: at-once")
    lab.until(rf"^{E}: snapshot \d+: no list and no certificate is another")
    write(lab.file(E, "certs/server.pem"),
          nodes_test.run("openssl", "x509", "-req", "-in", request, "-CA", ca, "-CAkey", key, "-days", "50", "-extfile", extensions))
    lab.hup(E)
    lab.all_of([rf"^{C}: zone to {E}: Active", rf"^{C}: service from {E}: Failed: "])


# ---------------------------------------------------------------- RFC 4475

def torture_rows():
    program = os.path.join(os.path.dirname(os.path.abspath(PROGRAM)), "tests/node/sip_rows")
    if not os.path.exists(program):
        print("torture: skipped: tests/node/sip_rows is not built")
        return []
    return json.loads(nodes_test.run(program))


def torture():
    rows = torture_rows()
    with Lab("sip-torture") as lab:
        lab.up()
        phone, _ = registered(lab)
        for row in rows:
            with client(lab) as one:
                one.send(bytes.fromhex(row["bytes"]))
                one.tls.settimeout(PATIENCE)
                statuses = answers_of(one, row)
                wanted = row["wanted"]  # 0: carried, and answered by whom it is for
                fits = len(statuses) == len(wanted) and all(statuses.count(wish) >= wanted.count(wish) for wish in wanted if wish)
                want(fits, f"{row['section']} {row['name']}: wanted {wanted}, found {statuses}")
            want(phone.register().status == 200, f"{row['name']}: everybody else goes on")
        pids = [lab.status(node)["workers"][0]["restarts"] for node in (C, E)]
        want(pids == [0, 0], f"no worker has ended: {pids}")
        phone.tls.close()
    print(f"torture: good: {len(rows)} messages")


def answers_of(one, row):
    """What comes back, up to the end of the connection or the answer to a REGISTER that is sent behind it."""
    found = []
    try:
        if row["frame"] == "message":
            one.request("OPTIONS", more="Proxy-Require: the-end\r\n")
        if row["frame"] == "more":  # it waits for the rest: nothing comes
            return found
        while True:
            answer = one.read()
            if answer.one("unsupported") == "the-end":
                # what is carried is answered later than what is refused
                found += [one.read().status for _ in range(len(row["wanted"]) - len(found))]
                return found
            found.append(answer.status)
    except (EOFError, ssl.SSLError, OSError):
        return found


# ---------------------------------------------------------------- other people's phones

def phones():
    missing = [name for name in ("baresip", "sipp") if not shutil.which(name)]
    if missing:
        print(f"phones: skipped: {' and '.join(missing)} not there")
        return
    with Lab("sip-phones") as lab:
        lab.up()
        phone, _ = registered(lab)
        want(phone.register(expires=0).status == 200, "taken back")
        phone.tls.close()
        until(lambda: edge(lab, E)["registrations"] == 0 and edge(lab, C)["registrations"] == 0, "nobody is counted")
        sipp(lab)
        until(lambda: edge(lab, E)["registrations"] == 0, "they have gone")
        baresip(lab)
        kamailio(lab)
    print("phones: good")


def elsewhere(lab):
    """Unified CM is at another address for Expressway-C, where this test listens."""
    address = lab.address(PUB).rsplit(".", 1)[0] + ".99"
    lab.change(C, "node.yaml", f"{PUB}: {lab.address(PUB)}", f"{PUB}: {address}")
    lab.until(rf"^{C}: snapshot \d+")
    for pid in (row["pid"] for row in lab.status(C)["workers"]):
        os.kill(pid, signal.SIGKILL)  # its connection to the stand-in goes with it
    lab.until(rf"^{C}: edge worker 0: was killed")
    return address


def outward():
    with Lab("sip-outward") as lab:
        lab.up()
        registrar = Registrar(elsewhere(lab), lab.file(PUB, "certs/CallManager.pem"), PATIENCE)
        phone, _ = registered(lab)
        stream, request = registrar.came.get(timeout=PATIENCE)
        ways = [way for line in request.all("path") for way in line.split(", ")]
        want(len(ways) == 2, f"both have written one: {ways}")
        registrar.ask(stream, ways)
        asked = phone.read()
        want(asked.line.startswith("OPTIONS ") and not asked.all("route") and len(asked.all("via")) == 3, f"it comes to the device: {asked}")
        phone.answer(asked, 200)
        answer = registrar.answers.get(timeout=PATIENCE)
        want(answer.status == 200 and len(answer.all("via")) == 1, f"and its answer goes back: {answer}")
        forged = [ways[0], ways[1].replace("@", "x@", 1)]
        registrar.ask(stream, forged)
        want(registrar.answers.get(timeout=PATIENCE).status == 403, "a token that Expressway-E has not made")
        registrar.ask(stream, ways[1:])
        want(registrar.answers.get(timeout=PATIENCE).status == 403, "nor Expressway-C")
        phone.tls.close()
        until(lambda: edge(lab, E)["sessions"] == 0, "it has gone")
        registrar.ask(stream, ways)
        want(registrar.answers.get(timeout=PATIENCE).status == 430, "its flow has failed")
        registrar.close()
        # without secure registration: in the clear
        plain = Registrar(registrar.address, None, PATIENCE)
        lab.change(C, "node.yaml", "secure-registration: on", "secure-registration: off")
        lab.until(rf"^{C}: snapshot \d+")
        phone, _ = registered(lab)
        plain.came.get(timeout=PATIENCE)
        phone.tls.close()
        plain.close()
    print("outward: good")


KAMAILIO = """
debug=0
log_stderror=yes
children=1
tcp_children=2
enable_tls=yes
listen=tls:ADDRESS:5061
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "tls.so"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "textops.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
modparam("tls", "certificate", "CERTIFICATE")
modparam("tls", "tls_method", "TLSv1.2+")
modparam("tls", "cipher_list", "DEFAULT")
modparam("tls", "private_key", "CERTIFICATE")
modparam("usrloc", "db_mode", 0)
modparam("registrar", "use_path", 1)
modparam("registrar", "path_mode", 0)
event_route[core:worker-one-init] {
	xlog("L_ALERT", "it listens\n");
}
request_route {
	if (!is_method("REGISTER")) {
		sl_send_reply("405", "Method Not Allowed");
		exit;
	}
	if (!pv_www_authenticate("acme.test", "secret", "0")) {
		www_challenge("acme.test", "1");
		exit;
	}
	if (!save("location"))
		sl_reply_error();
	exit;
}
"""


def kamailio(lab):
    """The same with somebody else's registrar."""
    program = shutil.which("kamailio", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if not program or not os.path.exists("/usr/lib/x86_64-linux-gnu/kamailio/modules/tls.so"):
        print("phones: kamailio with TLS is not there: skipped")
        return
    folder, address = os.path.join(FOLDER, "kamailio"), elsewhere(lab)
    os.makedirs(folder)
    config = os.path.join(folder, "kamailio.cfg")
    write(config, KAMAILIO.replace("ADDRESS", address).replace("CERTIFICATE", lab.file(PUB, "certs/CallManager.pem")))
    with subprocess.Popen([program, "-f", config, "-DD", "-E", "-m", "128", "-M", "16", "-Y", folder, "-w", folder], stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        try:
            before = []
            for line in server.stderr:
                before.append(line)
                if "it listens" in line:
                    break
            else:
                raise AssertionError("kamailio does not start:\n" + "".join(before[-20:]))
            with until(lambda: attempt(lab, {"user": "CSFKAM", "device": "CSFKAM"}), "Expressway-E's 5061") as phone:
                answer = until(lambda: settled(phone), "an answer of Kamailio's")
                want(answer.status == 200 and len(answer.all("contact")) == 1, f"Kamailio registers: {answer}")
            baresip(lab)
        finally:
            server.terminate()
    print("phones: baresip is registered at Kamailio")


def baresip(lab):
    folder = os.path.join(FOLDER, "baresip")
    os.makedirs(folder, exist_ok=True)
    before = edge(lab, C)["registrations"]
    # what its package's configuration has, without sound
    modules = next((path for path in ("/usr/lib/baresip/modules", "/usr/lib/x86_64-linux-gnu/baresip/modules") if os.path.isdir(path)), None)
    want(modules, "where baresip's modules are")
    write(os.path.join(folder, "config"), f"sip_verify_server no\nmodule_path {modules}\nmodule_app account.so\nmodule_app menu.so\n")
    write(os.path.join(folder, "accounts"),
          f"<sip:CSFBARE@{PUB};transport=tls>;auth_user=bare;auth_pass=secret;regint=60;outbound=\"sip:{lab.address(E)}:5061;transport=tls\"\n")
    write(os.path.join(folder, "contacts"), "")
    with subprocess.Popen(["baresip", "-f", folder, "-v"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          text=True) as process:
        try:
            until(lambda: edge(lab, E)["registrations"] == 1 and edge(lab, C)["registrations"] > before, "baresip is registered")
        finally:
            process.terminate()
            said = process.communicate()[0]
    want("200 OK" in said or "registered" in said.lower(), f"baresip says so too: {said[-2000:]}")
    print("phones: baresip is registered")


class Wrapper:
    """TLS for who has none: each connection in the clear is one to Expressway-E (Debian's sipp is built without)."""

    def __init__(self, lab):
        self.to = (lab.address(E), 5061)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.check_hostname, self.context.verify_mode = False, ssl.CERT_NONE
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self.listener.getsockname()[1]
        self.count = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                plain = self.listener.accept()[0]
            except OSError:
                return
            self.count += 1
            threading.Thread(target=self.carry, args=(plain,), daemon=True).start()

    def carry(self, plain):
        try:
            with plain, socket.create_connection(self.to, PATIENCE) as far, self.context.wrap_socket(far) as tls:
                while True:
                    ready = select.select([plain, tls], [], [])[0]
                    for one, other in ((plain, tls), (tls, plain)):
                        part = one.recv(65536) if one in ready else None
                        if part == b"":
                            return
                        if part:
                            other.sendall(part)
        except OSError:
            pass


def sipp(lab):
    users, wrapper = os.path.join(FOLDER, "users.csv"), Wrapper(lab)
    before = edge(lab, C)["registrations"]
    write(users, "SEQUENTIAL\n" + "".join(f"SIPP{i};[authentication username=sipp{i} password=secret]\n" for i in range(50)))
    done = subprocess.run(["sipp", f"127.0.0.1:{wrapper.port}", "-sf", os.path.join(HERE, "register.xml"), "-inf", users, "-t", "tn", "-max_socket",
                           "100", "-m", "50", "-r", "20", "-l", "50", "-nostdin", "-auth_uri", PUB, "-timeout", f"{PATIENCE}s"],
                          capture_output=True, check=False, cwd=FOLDER, text=True, env=dict(os.environ, TERM="dumb"))
    want(done.returncode == 0, f"sipp: {done.returncode} {done.stdout[-1500:]} {done.stderr[-1500:]}")
    want(wrapper.count == 50, f"a connection each: {wrapper.count}")
    until(lambda: edge(lab, C)["registrations"] >= before + 50, "Expressway-C counts them")
    wrapper.listener.close()
    print("phones: sipp: 50 registrations, a connection each")


PARTS = {"story": story, "refused": refused, "profile": profile, "service": service, "torture": torture, "outward": outward, "phones": phones}


def main():
    if subprocess.run(["sh", "-c", "command -v ssh && test -x /usr/sbin/sshd && command -v openssl"], check=False,
                      stdout=subprocess.DEVNULL).returncode:
        print("skipped: openssh and openssl are needed")
        sys.exit(77)
    for part in PARTS_WANTED or PARTS:
        PARTS[part]()


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
