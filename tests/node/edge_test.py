#!/usr/bin/env python3
"""edge_test.py CAUSEWAY [--random N] [--seed S] [PART...]: people sign in through two running nodes, by curl as Jabber does it.

story      get_edge_config with a cookie, UDS home cluster, device, configuration file; wrong password, foreign domain, what
           is not allowed, too often, maintenance: each with status and fields of its row; a killed worker takes no session along.
workers    three workers of Expressway-E let a user in no more often than one does, wherever the sign-ins come in and however
           many at once; what a worker counted stays counted when it is killed; Expressway-C says who is signed in.
refused    a tomcat certificate that Expressway-C refuses: 502 and its finding, and the other server goes on serving.
down       a tunnel that is not up: 502 "Next Hop Connection Failed", at once.
chaos      workers, a tunnel's ssh and sshd, an Expressway-C, an Expressway-E and a CUCM of a cluster killed under 40 people who sign in
           (CAUSEWAY_SIGNINS), and lists that change: 502 or a lost connection, told in the log, and everybody is back.
cluster    a cookie counts at every Expressway-E and every Expressway-C of the cluster, whichever of them gave it.
smuggling  the corpus of tests/http, and connections made of it, through both nodes to a server that records: what arrives is
           what Expressway-E read, and not a byte more.

Nothing sleeps: the nodes' log lines are the events.
"""
import argparse
import base64
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "http"))
import differential  # pylint: disable=wrong-import-position
import proxies  # pylint: disable=wrong-import-position

ARGUMENTS = argparse.ArgumentParser()
ARGUMENTS.add_argument("program")
ARGUMENTS.add_argument("parts", nargs="*")
ARGUMENTS.add_argument("--random", type=int, default=100)
ARGUMENTS.add_argument("--seed", type=int, default=1)
OPTIONS = ARGUMENTS.parse_args()
sys.argv[1:] = [OPTIONS.program]

import nodes_test  # pylint: disable=wrong-import-position
from nodes_test import FOLDER, PATIENCE, Lab, read, want, write  # pylint: disable=wrong-import-position
from workers_test import holds  # pylint: disable=wrong-import-position

C, E, PUB, SUB = "c1.acme.test", "e1.acme.test", "pub.acme.test", "sub1.acme.test"


def prefix(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def server(host, port, protocol="https"):
    return prefix(f"acme.test/{protocol}/{host}/{port}")


class Answer:
    def __init__(self, text):
        head, _, self.body = text.partition("\r\n\r\n")
        lines = head.split("\r\n")
        self.line = lines[0]
        self.status = int(lines[0].split(" ")[1])
        self.fields = {}
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            self.fields.setdefault(name.lower(), value)


class Client:
    """A Jabber: curl with its own cookies."""

    def __init__(self, lab, name="jabber"):
        self.lab = lab
        self.jar = os.path.join(FOLDER, f"{os.path.basename(lab.state)}-{name}")

    def get(self, path, user=None, edge=E, more=()):
        words = ["curl", "-sk", "-i", "--max-time", str(PATIENCE), "-A", "Jabber-Win-844", "-c", self.jar, "-b", self.jar,
                 "--resolve", f"{edge}:8443:{self.lab.address(edge)}", *more, f"https://{edge}:8443/{path}"]
        if user:
            words[1:1] = ["-u", user]
        done = subprocess.run(words, capture_output=True, check=False)
        want(done.returncode == 0, f"curl {path}: {done.returncode} {done.stderr.decode()}")
        return Answer(done.stdout.decode())

    def sign_in(self, user="anna:secret", edge=E):
        return self.get(prefix("acme.test") + "/get_edge_config?service_name=_cisco-uds&service_name=_cuplogin", user, edge)


def expect(answer, status, **fields):
    want(answer.status == status, f"wanted {status}, found {answer.line} {answer.fields}")
    for name, value in fields.items():
        name = name.replace("_", "-")
        want(answer.fields.get(name) == value, f"wanted {name}: {value}, found {answer.fields}")


def service(lab, node, name):
    return next(row for row in lab.status(node)["services"] if row["peer"].startswith(name + ":"))


def signs_in(client):
    answer = client.sign_in()
    expect(answer, 200, server="CE_C ECS")
    cookie = answer.fields["set-cookie"]
    want(re.fullmatch(r"X-Auth=[\w-]+; Expires=[^;]+ GMT; Path=/; Secure; HttpOnly", cookie), f"a host-only cookie: {cookie}")
    for part in (f"<address>{PUB}</address>", f"<sipEdgeServer><server><address>{E}</address><tlsPort>5061</tlsPort>",
                 "<service><name>_cuplogin</name><error>NameError</error></service>", f"<service><name>tftpServer</name><address>{PUB}"):
        want(part in answer.body, f"{part} is not in {answer.body}")
    home = client.get(server(PUB, 8443) + "/cucm-uds/clusterUser?username=anna")
    expect(home, 200)
    want(f'serversUri="https://{PUB}:8443/cucm-uds/servers"' in home.body, "the home cluster")
    devices = client.get(server(PUB, 8443) + "/cucm-uds/user/anna/devices", "anna:secret")
    expect(devices, 200)
    uri = re.search(r'provision uri="https://([^:]+):(\d+)/([^"]+)"', devices.body)
    file = client.get(server(uri.group(1), uri.group(2)) + "/" + uri.group(3))
    expect(file, 200)
    want("<deviceSecurityMode>3</deviceSecurityMode>" in file.body, "the device's file")


def refusals(lab, client):
    stranger = Client(lab, "stranger")
    config = prefix("acme.test") + "/get_edge_config"
    expect(stranger.get(config, "anna:wrong"), 401, server="CE_C ECS", www_authenticate='Basic realm="Cisco-Edge"', transfer_encoding="chunked")
    expect(stranger.get(config, "nobody:x"), 401, server="CE_C ECS", www_authenticate='Basic realm="Cisco-Edge"')
    expect(stranger.get(config), 401, server="CE_E", www_authenticate='Basic realm="Cisco-Edge"')
    expect(stranger.get(prefix("evil.test") + "/get_edge_config", "anna:secret"), 403, server="CE_E")
    expect(stranger.get(prefix("acme.test") + "/get_edge_sso?email=anna@acme.test"), 404, server="CE_E")
    expect(stranger.get("index.html"), 404, server="CE_E")
    expect(stranger.get(server(PUB, 8443) + "/cucm-uds/servers", "anna:secret"), 401, server="CE_E")
    expect(client.get(server(PUB, 8443) + "/cmplatform/"), 403, server="CE_E")
    expect(client.get(server(PUB, 22) + "/"), 403, server="CE_E")
    expect(client.get(server("127.0.0.1", 8443) + "/cucm-uds/servers"), 403, server="CE_E")
    expect(client.get(server(PUB, 8443) + "/cucm-uds/../cmplatform/", more=("--path-as-is",)), 400, server="CE_E", connection="close")
    for _ in range(8):
        stranger.sign_in("berta:secret")
    answer = stranger.sign_in("Berta:secret")
    expect(answer, 429, server="CE_E")
    want(0 < int(answer.fields["retry-after"]) <= 300, "when to come again")
    expect(client.get(server(PUB, 8443) + "/cucm-uds/servers"), 200)


def story():
    with Lab("edge-story") as lab:
        lab.up()
        client = Client(lab)
        signs_in(client)
        lab.all_of([rf"^{E}: sign-in: anna \(jabber\) from \S+: 200$", rf"^{C}: sign-in: anna \(jabber\) from \S+: 200$"])
        refusals(lab, client)
        lab.all_of([rf"^{E}: sign-in: Berta \(jabber\) from \S+: 429 rate$", rf"^{C}: sign-in: anna \(jabber\) from \S+: 401 password$"])
        lab.change(E, "node.yaml", "listen:", "edge: {maintenance: on}\nlisten:")
        lab.until(rf"^{E}: snapshot 2")
        expect(wait_for(lambda: client.sign_in(), 503), 503, server="CE_E")
        lab.change(E, "node.yaml", "edge: {maintenance: on}\n", "")
        lab.until(rf"^{E}: snapshot 3")
        wait_for(lambda: client.get(server(PUB, 8443) + "/cucm-uds/servers"), 200)
        for node in (E, C):  # keys are the core's, and the file's
            os.kill(lab.status(node)["workers"][0]["pid"], signal.SIGKILL)
            lab.until(rf"^{node}: edge worker 0: was killed")
            wait_for(lambda: client.get(server(PUB, 8443) + "/cucm-uds/servers"), 200)
        want(os.stat(lab.file(C, "secrets/session-keys")).st_mode & 0o777 == 0o600, "the keys are nobody else's")
        keys_stay_inside(lab)
    print("story: good")


def edge_of(lab, node):
    return lab.status(node)["edge"]


def until(holds, text):
    """What nodes count is told by their workers every few seconds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        want(time.monotonic() < deadline, text)


def workers():
    with Lab("edge-workers") as lab:
        lab.up()
        lab.change(E, "node.yaml", "listen:", "workers: 3\nlisten:")
        until(lambda: [row["state"] for row in lab.status(E)["workers"]] == ["Active"] * 3, "three workers")
        anna = Client(lab)
        wait_for(lambda: anna.get(prefix("acme.test") + "/get_edge_sso?email=anna@acme.test"), 404)
        each_worker_counts_for_all(lab)
        at_once(lab)
        want(anna.sign_in().status == 200, "somebody else is not meant")
        counts_stay(lab)
    print("workers: good")


def each_worker_counts_for_all(lab):
    """Only one of the three runs at a time, so that it is known to which one a sign-in comes."""
    pids = [row["pid"] for row in lab.status(E)["workers"]]
    statuses = []
    for running in pids:
        for pid in pids:
            os.kill(pid, signal.SIGCONT if pid == running else signal.SIGSTOP)
        statuses += [Client(lab, f"berta{number}").sign_in("berta:secret").status for number in range(4)]
    for pid in pids:
        os.kill(pid, signal.SIGCONT)
    want(statuses == [200] * 8 + [429] * 4, f"eight in five minutes, whichever worker it is: {statuses}")


def at_once(lab):
    answers = []
    threads = [threading.Thread(target=lambda number=number: answers.append(
        Client(lab, f"carla{number}").sign_in("carla:secret").status)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    want(sorted(answers) == [200] * 8 + [429] * 8, f"eight of sixteen at once: {sorted(answers)}")


def counts_stay(lab):
    def told():
        edge = edge_of(lab, E)
        return (edge["sign_ins"], edge["sign_ins_refused"], edge["statuses"].get("200"), edge["statuses"].get("429")) == \
            (8 + 8 + 1, 4 + 8, 17, 12) and edge["requests"] >= 30 and edge["refused"] >= 13
    until(told, f"17 sign-ins, and 12 refused, are told: {edge_of(lab, E)}")
    for row in lab.status(E)["workers"]:
        os.kill(row["pid"], signal.SIGKILL)
        lab.until(rf"^{E}: edge worker {row['peer']}: was killed")
    until(lambda: [row["state"] for row in lab.status(E)["workers"]] == ["Active"] * 3, "three others")
    want(told(), f"they are still told: {edge_of(lab, E)}")
    # anna, berta by four clients (one address, one kind of client: one session), carla by eight
    until(lambda: edge_of(lab, C)["sessions"] == 3, f"three people are signed in: {edge_of(lab, C)}")


def keys_stay_inside(lab):
    """Expressway-E's processes verify, and could sign nobody in."""
    secret = bytes.fromhex(read(lab.file(C, "secrets/session-keys")).split()[0])
    found = {node: [holds(pid, secret) for pid in (lab.status(node)["pid"], lab.status(node)["workers"][0]["pid"])] for node in (C, E)}
    if None in found[C] + found[E]:
        print("memory was not looked at: not root")
        return
    want(found == {C: [True, True], E: [False, False]}, f"who holds the key of session cookies: {found}")


def wait_for(ask, status):
    """What a node does a moment after its core has said so: its workers take a snapshot, or are new ones."""
    deadline = time.monotonic() + PATIENCE
    while True:
        answer = ask()
        if answer.status == status:
            return answer
        want(time.monotonic() < deadline, f"wanted {status} in time, found {answer.line}")


def refused():
    with Lab("edge-refused", "self-signed-untrusted") as lab:
        lab.up()
        client = Client(lab)
        expect(client.sign_in(), 200)
        lab.until(rf"^{C}: tomcat to {PUB} \(.*\): refused by this node: self-signed-untrusted: ")
        answer = client.get(server(PUB, 8443) + "/cucm-uds/servers")
        expect(answer, 502, server="CE_C ECS")
        want(answer.line == "HTTP/1.1 502 Could Not Connect" and "self-signed" not in answer.body, f"no more is told outside: {answer.line}")
        expect(client.get(server(SUB, 8443) + "/cucm-uds/servers"), 200)
        history = nodes_test.run(OPTIONS.program, "node", "history", os.path.join(lab.state, C))
        want("self-signed-untrusted" in history, "the history has the finding")
        deadline = time.monotonic() + PATIENCE  # workers tell their counts every few seconds
        while "self-signed-untrusted" not in service(lab, C, "relay")["reason"]:
            want(time.monotonic() < deadline, f"the status has it: {service(lab, C, 'relay')}")
        # mended: the next request is judged by the new list, and nothing remembers the failure
        pem = read(os.path.join(lab.state, PUB, "certs/tomcat.pem")) if os.path.exists(os.path.join(lab.state, PUB, "certs/tomcat.pem")) \
            else read(os.path.join(lab.deployment, "pub/tomcat.pem"))
        write(lab.file(C, "certs/trusted-ca.pem"), read(lab.file(C, "certs/trusted-ca.pem")) + pem)
        lab.hup(C)
        lab.until(rf"^{C}: snapshot 2")
        wait_for(lambda: client.get(server(PUB, 8443) + "/cucm-uds/servers"), 200)
        # the other way round: the server refuses Expressway-C
        path = lab.file(PUB, "certs/tomcat-trust.pem")
        write(path, "".join(block for block in nodes_test.blocks(read(path)) if "Acme" not in nodes_test.subject(block)))
        lab.hup(PUB)
        lab.until(rf"^{PUB}: snapshot 2")
        answer = wait_for(lambda: client.get(server(PUB, 8443) + "/cucm-uds/servers"), 502)
        want("unknown_ca" not in answer.body, "no more is told outside")
        lab.until(rf"^{C}: tomcat to {PUB}: the other side sent the alert unknown_ca")
    print("refused: good")


def down():
    with Lab("edge-down", "issuer-missing") as lab:
        lab.until(rf"^{C}: tunnel to \S+: refused by this node: issuer-missing")
        client = Client(lab)
        answer = wait_for(client.sign_in, 502)
        began = time.monotonic()
        answer = client.sign_in("carla:secret")
        want(time.monotonic() - began < 1 + nodes_test.BUSY, "at once")
        expect(answer, 502, server="CE_E")
        want(answer.line == "HTTP/1.1 502 Next Hop Connection Failed", answer.line)
    print("down: good")


def cluster():
    edges, controls = (E, "e2.acme.test"), (C, "c2.acme.test")
    with Lab("edge-cluster", size="cluster") as lab:
        waited = [rf"^{c}: tunnel to {e}: Active" for c in controls for e in edges]
        lab.all_of(waited)
        client = Client(lab)
        answer = client.sign_in()
        expect(answer, 200)
        want("; Domain=acme.test; " in answer.fields["set-cookie"], f"for all peers: {answer.fields}")
        path = server(PUB, 8443) + "/cucm-uds/servers"
        for edge in edges:
            wait_for(lambda at=edge: client.get(path, edge=at), 200)
        # the Expressway-C that signed it leaves: its cookie counts at the other, and at every Expressway-E
        _, line = lab.until(rf"^c[12]\.acme\.test: sign-in: anna \(jabber\) from \S+: 200$")
        gave = line.split(":")[0]
        lab.change(gave, "node.yaml", "password: 'lab-password'", "password: 'another'")
        lab.all_of([rf"^{gave}: zone to {edge}: Failed: credentials-differ" for edge in edges])
        other = next(c for c in controls if c != gave)
        for edge in edges:
            wait_for(lambda at=edge: client.get(path, edge=at), 200)
        expect(client.sign_in("dora:secret", edges[1]), 200)
        lab.until(rf"^{other}: sign-in: dora \(jabber\) from \S+: 200$")
    print("cluster: good")


# ---------------------------------------------------------------- chaos

EDGES, CONTROLS = (E, "e2.acme.test"), (C, "c2.acme.test")
SIGN_INS = int(os.environ.get("CAUSEWAY_SIGNINS", "40"))
PACE = max(0.5, SIGN_INS / 300)  # seconds between two requests of one person


class Person(threading.Thread):
    """Signs in and asks, again and again, over a connection that lasts as long as it lasts; who loses something signs in anew at
    the next Expressway-E."""

    def __init__(self, addresses, number, stop):
        super().__init__(daemon=True)
        self.addresses, self.number, self.stop = addresses, number, stop
        self.good, self.wrong, self.lost, self.turn, self.at = 0.0, [], 0, 0, number
        self.tls, self.cookie, self.home = None, None, PUB

    def ask(self, path, fields):
        if not self.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            self.tls = context.wrap_socket(socket.create_connection((self.addresses[self.at % len(self.addresses)], 8443), PATIENCE))
            self.tls.settimeout(PATIENCE)
        self.tls.sendall(f"GET /{path} HTTP/1.1\r\nHost: {E}\r\n{fields}\r\n".encode())
        got = b""
        while b"\r\n\r\n" not in got or (length(got) or 0) > len(got.split(b"\r\n\r\n", 1)[1]):
            part = self.tls.recv(65536)
            if not part:
                raise ConnectionError("ended")
            got += part
        answer = Answer(got.decode())
        if answer.fields.get("connection") == "close":
            self.tls = None
        return answer

    def next_answer(self):
        user = base64.b64encode(f"u{self.number}x{self.turn}:secret".encode()).decode()
        credentials = f"Authorization: Basic {user}\r\n"
        if self.cookie:
            return self.ask(server(self.home, 8443) + "/cucm-uds/user/u/devices", f"Cookie: {self.cookie}\r\n{credentials}")
        answer = self.ask(prefix("acme.test") + "/get_edge_config", credentials)
        if answer.status == 200:
            self.cookie = answer.fields["set-cookie"].split(";")[0]
            self.home = re.search(r"<userUdsServer><server><address>([^<]+)<", answer.body).group(1)
        return answer

    def lose(self):
        self.tls, self.cookie = None, None
        self.lost += 1
        self.at += 1
        self.stop.wait(0.1)

    def run(self):
        self.stop.wait(PACE * (self.number % 10) / 10)
        while not self.stop.is_set():
            self.turn += 1
            try:
                answer = self.next_answer()
            except (OSError, ValueError):
                self.lose()
                continue
            if answer.status == 200:
                self.good = time.monotonic()
                self.stop.wait(PACE)
                if self.turn % 5 == 0:  # at its own Expressway-E again
                    self.tls, self.cookie, self.at = None, None, self.number
            elif answer.status in (502, 503, 504):
                self.lose()
            else:
                self.wrong.append(answer.line)
                self.lose()


def length(got):
    found = re.search(rb"Content-Length: (\d+)", got)
    return int(found.group(1)) if found else None


def child_of(lab, node, name):
    """A process that the node has started."""
    core = lab.status(node)["pid"]
    for pid in read(f"/proc/{core}/task/{core}/children").split():
        if read(f"/proc/{pid}/comm").strip() == name:
            return int(pid)
    raise AssertionError(f"{node} has no {name}")


def tunnels_up(lab, controls=CONTROLS):
    """As each Expressway-C tells it, and as it was seen before."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            if all([row["state"] for row in lab.status(c)["tunnels"]] == ["Active"] * len(EDGES) for c in controls):
                return
        except (RuntimeError, json.JSONDecodeError):
            pass  # it has not begun again
        want(time.monotonic() < deadline, "the tunnels are up again")


class Chaos:
    """People, and what is done to the nodes under them."""

    def __init__(self, lab):
        self.lab, self.stop = lab, threading.Event()
        self.people = [Person([lab.address(edge) for edge in EDGES], number, self.stop) for number in range(SIGN_INS)]

    def __enter__(self):
        for person in self.people:
            person.start()
        self.back(time.monotonic(), "at first", PATIENCE)
        return self

    def __exit__(self, *failure):
        self.stop.set()
        for person in self.people:
            person.join(PATIENCE)
        wrong = [line for person in self.people for line in person.wrong]
        want(failure[0] or not wrong, f"who loses what is told so, and nobody is told anything else: {wrong[:5]}")

    def back(self, since, when, limit=None):
        """Every one had an answer after that moment. Ten seconds, on a machine that has them."""
        limit = limit or 10 * max(1.0, nodes_test.BUSY)
        while not all(person.good > since for person in self.people):
            waiting = [person.number for person in self.people if person.good <= since]
            want(time.monotonic() < since + limit, f"{when}: {len(waiting)} are not back after {limit:.0f} s: {waiting[:9]}")
            self.stop.wait(0.02)
        return time.monotonic() - since

    def at_home(self, what):
        """Everybody has an answer, and is at the Expressway-E that is its own."""
        self.back(time.monotonic(), f"before {what}")
        deadline = time.monotonic() + PATIENCE
        while not all(person.at == person.number for person in self.people):
            want(time.monotonic() < deadline, f"before {what}: everybody is at its own Expressway-E")
            self.stop.wait(0.02)

    def after(self, what, do, told, edge=None):
        """Does it, sees that everybody is back, that it was missed by nobody but those at that Expressway-E, and that it is in the
        log. Returns how many lost something."""
        self.at_home(what)
        before = [person.lost for person in self.people]
        self.lab.forget()
        do()
        seconds = self.back(time.monotonic(), f"after {what}")
        lost = [person.number for person, had in zip(self.people, before) if person.lost > had]
        others = [number for number in lost if edge and EDGES[number % len(EDGES)] != edge]
        want(not others, f"{what}: who is at another Expressway-E lost something: {others[:9]}")
        self.lab.all_of(told)
        print(f"{what}: {len(lost)} of {SIGN_INS} lost something, everybody was back in {seconds:.1f} s", flush=True)
        return len(lost)

    def killed(self, what, whom, told, edge=None):
        self.after(f"{what} killed", lambda: os.kill(whom(), signal.SIGKILL), told, edge)


def kills(chaos):
    """Each of them leaves its lines where it is missed."""
    lab = chaos.lab
    e2, c2 = EDGES[1], CONTROLS[1]
    died = "Failed: the process that carries the tunnel ended"
    for node in (E, C):
        chaos.killed(f"{node}'s worker", lambda at=node: lab.status(at)["workers"][0]["pid"], [rf"^{node}: edge worker 0: was killed"],
                     E if node == E else None)
    chaos.killed("a tunnel's ssh", lambda: child_of(lab, C, "ssh"), [rf"^{C}: tunnel to \S+: {died}", rf"^{C}: alarm raised: No SSH tunnels"])
    tunnels_up(lab)
    chaos.killed("a tunnels' sshd", lambda: child_of(lab, E, "sshd"), [rf"^{E}: tunnel of \S+: {died}", rf"^{E}: alarm raised: No SSH tunnels"])
    tunnels_up(lab)
    chaos.killed(c2, lambda: lab.status(c2)["pid"], [rf"^{E}: zone from \S+ \S+: ended: ", rf"^{C}: alarm raised: cluster to {c2}"])
    tunnels_up(lab)
    chaos.killed(e2, lambda: lab.status(e2)["pid"], [rf"^{C}: zone to {e2}: Failed: ", rf"^{C}: alarm raised: the traversal zone to {e2}"], e2)
    tunnels_up(lab)
    chaos.killed(PUB, lambda: lab.status(PUB)["pid"], [rf"^c\d\.acme\.test: tomcat to {PUB}: "])


def reloads(chaos):
    """A list that takes nothing away ends nothing; one without E's issuer ends the tunnels of that Expressway-C alone."""
    lab, path = chaos.lab, chaos.lab.file(C, "certs/trusted-ca.pem")
    whole = read(path)
    other = os.path.join(FOLDER, "other-ca")
    nodes_test.run(OPTIONS.program, "ca", "new", other, "--key", "ec", "--cn", "Nobody's Root CA", good=(0, 2))

    def take(text):
        write(path, text)
        lab.hup(C)

    more = whole + read(os.path.join(other, "ca.pem"))
    lost = chaos.after("a CA more in a list", lambda: take(more), [rf"^{C}: snapshot \d+: trusted-ca: 1 added"])
    want(lost == 0, f"what still passes stays: {lost} lost something")
    since = [row["since"] for row in lab.status(CONTROLS[1])["tunnels"]]
    less = "".join(block for block in nodes_test.blocks(more) if "Public Trust Issuing" not in nodes_test.subject(block))
    chaos.after("the issuer of Expressway-E gone from a list", lambda: take(less),
                [rf"^{C}: tunnel to {edge}: refused by this node: issuer-missing" for edge in EDGES])
    rows = lab.status(CONTROLS[1])["tunnels"]
    want([row["state"] for row in rows] == ["Active", "Active"] and [row["since"] for row in rows] == since, f"the other one's stay: {rows}")
    take(whole)
    tunnels_up(lab)


def chaos():
    with Lab("edge-chaos", size="cluster") as lab:
        lab.all_of([rf"^{c}: tunnel to {e}: Active" for c in CONTROLS for e in EDGES])
        wait_for(Client(lab).sign_in, 200)
        with Chaos(lab) as people:
            kills(people)
            reloads(people)
        for node, told in ((E, "zone"), (C, "tunnel"), (C, "issuer-missing")):
            history = nodes_test.run(OPTIONS.program, "node", "history", os.path.join(lab.state, node))
            want(told in history, f"{node}'s history has {told}")
    print("chaos: good")


# ---------------------------------------------------------------- smuggling

def rebuilt(text, path, cookie):
    """A connection of the corpus, signed in, to the recording server."""
    text = re.sub(rb"\b(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) /", lambda match: match.group(1) + b" /" + path + b"/", text)
    return text.replace(b"Host: e1.acme.test", b"Cookie: X-Auth=" + cookie + b"\r\nHost: e1.acme.test")


def ours(text):
    """Whole requests as Expressway-E's parser reads them."""
    program = os.path.join(os.path.dirname(os.path.abspath(OPTIONS.program)), "tests/http/http_reading")
    if not os.path.exists(program):
        return None
    answer = differential.ours(program, [("", None, text)])[0]
    return [(request["method"], bytes.fromhex(request["target"]), bytes.fromhex(request["body"]),
             any(bytes.fromhex(name).lower() == b"cookie" for name, _ in request["fields"])) for request in answer["requests"]]


def send(lab, text):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    answer = b""
    try:
        with socket.create_connection((lab.address(E), 8443), PATIENCE) as plain, context.wrap_socket(plain) as tls:
            tls.settimeout(0.5 * max(1.0, nodes_test.BUSY / 3))
            tls.sendall(text)
            while True:
                part = tls.recv(65536)
                if not part:
                    return answer
                answer += part
                if b"HTTP/1.1 100" not in answer and len(proxies.statuses(answer)) >= max(1, len(ours(text) or [])):
                    tls.settimeout(0.05)
    except (ssl.SSLError, OSError):
        return answer


def smuggling():
    recorder = proxies.Recorder()
    with Lab("edge-smuggling") as lab:
        methods = "[GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS]"
        lab.up()
        lab.change(C, "node.yaml", "listen:", f"allow: [{{url: 'http://{PUB}:{recorder.port}/', methods: {methods}}}]\nlisten:")
        text = read(lab.file(C, "node.yaml"))
        write(lab.file(C, "node.yaml"), re.sub(rf"({re.escape(PUB)}: )\S+", r"\g<1>127.0.0.1", text))
        lab.hup(C)
        lab.until(rf"^{C}: snapshot \d")
        client = Client(lab)
        wait_for(client.sign_in, 200)
        cookie = re.search(r"X-Auth\t(\S+)", read(client.jar)).group(1).encode()
        path = server(PUB, recorder.port, "http").encode()
        count = taken = 0
        cases = list(differential.rows()) + list(differential.changed(OPTIONS.random, OPTIONS.seed))
        for name, _, bytes_ in cases:
            case = rebuilt(bytes_, path, cookie)
            if len(case) > 60000:
                continue
            send(lab, case)
            recorder.wait()
            recorded = recorder.take(0)
            want(not any(request["surplus"] for request in recorded), f"{name}: bytes behind a request: {recorded}")
            # one that breaks off is streamed as far as it came, and is seen to be cut
            came = [(request["method"], request["target"], request["body"]) for request in recorded if request["whole"]]
            wanted = [(method, target[len(path) + 1:], body) for method, target, body, signed_in in ours(case) or []
                      if signed_in and target.startswith(b"/" + path + b"/")]
            want(came == wanted[:len(came)], f"{name}: at the server {came}, read by Expressway-E {wanted}\n{case[:400]}")
            count += 1
            taken += len(came)
    recorder.close()
    print(f"smuggling: good: {count} connections, {taken} requests arrived")


PARTS = {"story": story, "workers": workers, "refused": refused, "down": down, "cluster": cluster, "chaos": chaos, "smuggling": smuggling}


def main():
    if subprocess.run(["sh", "-c", "command -v ssh && test -x /usr/sbin/sshd && command -v openssl && command -v curl"], check=False,
                      stdout=subprocess.DEVNULL).returncode:
        print("skipped: openssh, openssl and curl are needed")
        sys.exit(77)
    for part in OPTIONS.parts or PARTS:
        PARTS[part]()


if __name__ == "__main__":
    try:
        main()
    finally:
        nodes_test.shutil.rmtree(FOLDER, ignore_errors=True)
