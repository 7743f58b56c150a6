#!/usr/bin/env python3
"""played_test.py CAUSEWAY: `causeway sign-in` against a played edge with the certificates of a lab: what it asks, to whom
the password goes, and what each fault is called."""
import base64
import hashlib
import http.server
import json
import os
import re
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

CAUSEWAY = os.path.abspath(sys.argv.pop(1))
FOLDER = tempfile.mkdtemp()
LAB = os.path.join(FOLDER, "lab")
PASSWORD = "Xpw-alice-4711"
BASIC = "Basic " + base64.b64encode(f"alice:{PASSWORD}".encode()).decode()
COOKIE = "X-Auth=token4711; Expires=Fri, 20 Nov 2099 12:00:00 GMT; Domain=.acme.test; Path=/; Secure; HttpOnly"
DOMAIN = base64.urlsafe_b64encode(b"acme.test").decode().rstrip("=")


def prefix(port, host="pub.acme.test"):
    return "/" + base64.urlsafe_b64encode(f"acme.test/https/{host}/{port}".encode()).decode().rstrip("=")


DEVICES = ("<devices><device><name>CSFALICE</name><model>Cisco Unified Client Services Framework</model></device>"
           "</devices>")


def device_file(*registrars):
    members = "".join(f"<member priority='{i}'><callManager><name>{name}</name><processNodeName>{name}</processNodeName>"
                      "</callManager></member>" for i, name in enumerate(registrars))
    return (f"<device><devicePool><callManagerGroup><members>{members}</members></callManagerGroup>"
            "</devicePool></device>")


FILE = device_file("pub.acme.test")


def config(sip_port, edges=("e1.acme.test",), inside=("pub.acme.test",)):
    uds = "".join(f"<server><priority>1</priority><weight>1</weight><port>8443</port><address>{name}</address></server>"
                  for name in inside)
    tftp = "".join(f"<address>{name}</address>" for name in inside)
    servers = "".join(f"<server><address>{e}</address><tlsPort>{sip_port}</tlsPort></server>" for e in edges)
    return ('<?xml version="1.0" encoding="UTF-8"?><getEdgeConfigResponse version="1.0"><serviceConfig><service>'
            f"<name>_cisco-uds</name>{uds}</service><service><name>tftpServer</name>"
            f"{tftp}</service></serviceConfig><edgeConfig><sipEdgeServer>"
            f"{servers}</sipEdgeServer><sipRequest><route>&lt;sip:10.0.0.9:5061;transport=tls;zone-id=3;directed;lr&gt;"
            "</route></sipRequest></edgeConfig></getEdgeConfigResponse>")


class Edge:
    """A played Expressway-E: HTTPS by paths, SIP over TLS by one function."""

    def __init__(self, certificate="e1"):
        self.asked, self.answers, self.sip_said, self.inside = [], {}, [], ("pub.acme.test",)
        self.register = lambda edge, request: "SIP/2.0 200 OK"
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        chain = os.path.join(FOLDER, "chain.pem")
        with open(chain, "wb") as file:
            for name in (os.path.join(certificate, "server.pem"), os.path.join("ca", "public-issuing", "ca.pem")):
                with open(os.path.join(LAB, name), "rb") as part:
                    file.write(part.read())
        self.context.load_cert_chain(chain, os.path.join(LAB, certificate, "privkey.pem"))
        edge = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                self.request.settimeout(20)
                try:
                    self.request.do_handshake()
                except OSError:
                    pass
                super().setup()

            def handle(self):
                try:
                    super().handle()
                except OSError:
                    pass

            def do_GET(self):
                edge.answer(self)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.socket = self.context.wrap_socket(self.server.socket, server_side=True,
                                                      do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.sip = socket.create_server(("127.0.0.1", 0))
        self.sip_port = self.sip.getsockname()[1]
        threading.Thread(target=self.serve_sip, daemon=True).start()
        self.play()

    def play(self):
        """An edge where everything works."""
        sso = f"/{DOMAIN}/get_edge_sso?email=alice@acme.test"
        edge_config = f"/{DOMAIN}/get_edge_config?service_name=_cisco-uds&service_name=_cuplogin"
        self.answers = {
            sso: lambda r: (404, "Not Found", {"Server": "CE_E"}, ""),
            edge_config: self.edge_config,
            prefix(8443) + "/cucm-uds/user/alice/devices": self.behind(DEVICES),
            prefix(6972) + "/CSFALICE.cnf.xml": self.behind(FILE),
        }

    def edge_config(self, request):
        if request.headers.get("Authorization") != BASIC:
            return 401, "Unauthorized", {"Server": "CE_C ECS", "WWW-Authenticate": 'Basic realm="Cisco-Edge"'}, ""
        return 200, "OK", {"Server": "CE_C ECS", "Set-Cookie": COOKIE}, config(self.sip_port, inside=self.inside)

    def behind(self, text):
        def answer(request):
            if request.headers.get("Cookie") != "X-Auth=token4711":
                return 403, "Forbidden", {"Server": "CE_E"}, ""
            return 200, "OK", {}, text
        return answer

    def answer(self, request):
        self.asked.append((request.path, request.headers.get("Authorization")))
        answer = self.answers.get(request.path, lambda r: (403, "Forbidden", {}, ""))(request)
        if isinstance(answer, bytes):  # as it is, and that is all
            request.wfile.write(answer)
            request.close_connection = True
            return
        status, phrase, fields, body = answer
        request.send_response_only(status, phrase)
        for name, value in fields.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body.encode())

    def serve_sip(self):
        while True:
            try:
                peer, _ = self.sip.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(peer,), daemon=True).start()

    def talk(self, peer):
        peer.settimeout(20)
        try:
            with self.context.wrap_socket(peer, server_side=True) as tls:
                text = b""
                while True:
                    while b"\r\n\r\n" not in text:
                        more = tls.recv(4096)
                        if not more:
                            return
                        text += more
                    head, text = text.split(b"\r\n\r\n", 1)
                    request = head.decode()
                    self.sip_said.append(request)
                    status = self.register(self, request)
                    if status:
                        kept = [line for line in request.split("\r\n")
                                if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
                        tls.sendall("\r\n".join([*status.split("\n")[:1], *kept, *status.split("\n")[1:],
                                                 "Content-Length: 0", "", ""]).encode())
        except OSError:
            pass

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.sip.close()


class Names:
    """A name server for SRV and A."""

    def __init__(self, services, addresses, silent=False):
        self.services, self.addresses, self.silent = services, addresses, silent
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.at = "127.0.0.1:%d" % self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    @staticmethod
    def label(name):
        return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"

    def serve(self):
        while True:
            try:
                packet, peer = self.socket.recvfrom(600)
            except OSError:
                return
            end, parts = 12, []
            while packet[end]:
                parts.append(packet[end + 1:end + 1 + packet[end]].decode())
                end += packet[end] + 1
            kind = struct.unpack("!H", packet[end + 1:end + 3])[0]
            end += 5
            name, records = ".".join(parts).lower(), []
            if kind == 33:
                for target, port, priority in self.services.get(name, []):
                    data = struct.pack("!HHH", priority, 1, port) + self.label(target)
                    records.append(b"\xc0\x0c" + struct.pack("!HHIH", 33, 1, 60, len(data)) + data)
            elif kind == 1 and name in self.addresses:
                records.append(b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) +
                               socket.inet_aton(self.addresses[name]))
            if self.silent and not records:
                continue
            flags = 0x8180 if records else 0x8183
            head = packet[:2] + struct.pack("!HHHHH", flags, 1, len(records), 0, 0)
            self.socket.sendto(head + packet[12:end] + b"".join(records), peer)

    def close(self):
        self.socket.close()


SSO = f"/{DOMAIN}/get_edge_sso?email=alice@acme.test"
EDGE_CONFIG = f"/{DOMAIN}/get_edge_config?service_name=_cisco-uds&service_name=_cuplogin"


def run(*words, want=None, more=(), who="alice@acme.test"):
    with open(os.path.join(FOLDER, "password"), "w") as file:
        file.write(PASSWORD + "\n")
    done = subprocess.run((CAUSEWAY, "sign-in", who, *words, "--password-file",
                           os.path.join(FOLDER, "password"), *more), capture_output=True, text=True, timeout=120)
    if want is not None and done.returncode != want:
        raise AssertionError(f"{words}: {done.returncode}, wanted {want}\n{done.stdout}{done.stderr}")
    if PASSWORD in done.stdout + done.stderr or "token4711" in done.stdout + done.stderr:
        raise AssertionError("a secret was printed")
    return done


class SignIn(unittest.TestCase):
    def setUp(self):
        self.edge = Edge()
        self.addCleanup(self.edge.close)

    def at(self, edge=None):
        edge = edge or self.edge
        return ("--edge", f"e1.acme.test:{edge.port}", "--host", "e1.acme.test=127.0.0.1")

    def trusting(self, name="laptop"):
        return ("--trust", os.path.join(LAB, "endpoints", name + ".pem"))

    def json(self, *words, want=None):
        done = run(*self.at(), *words, "-f", "json", want=want)
        return json.loads(done.stdout)

    def want(self, *words, want, state, ended_at, verdicts=None):
        answer = self.json(*self.trusting(), *words, want=want)
        self.assertEqual((answer["state"], answer["ended_at"]), (state, ended_at), answer)
        return answer

    def sent_passwords(self):
        return [path for path, sent in self.edge.asked if sent]

    def test_every_step_passes_where_all_is_well(self):
        answer = self.want(want=0, state="works", ended_at=None)
        self.assertEqual([step["name"] for step in answer["steps"]],
                         ["dns", "tls", "sso", "config", "tunnel", "config", "uds", "tftp", "sip"])
        self.assertEqual({step["verdict"] for step in answer["steps"]}, {"pass"})
        self.assertIsNone(answer["registered"])
        # the password: to get_edge_config once it asked for one, and to UDS behind it
        self.assertEqual(len(self.sent_passwords()), 2)

    def test_text_says_where_it_ends_and_what_is_next(self):
        self.edge.answers[f"/{DOMAIN}/get_edge_sso?email=alice@acme.test"] = \
            lambda r: (502, "Next Hop Connection Failed", {"Server": "CE_E"}, "")
        done = run(*self.at(), *self.trusting(), want=1)
        self.assertTrue(done.stdout.startswith("alice@acme.test, as jabber: dead, ended at tunnel\n"), done.stdout)
        self.assertIn("SSH tunnels status", done.stdout.replace("\n            ", " "))
        self.assertTrue(all(len(line) <= 100 for line in done.stdout.split("\n")), done.stdout)

    def test_statuses_are_called_by_their_fault(self):
        edge_config = f"/{DOMAIN}/get_edge_config?service_name=_cisco-uds&service_name=_cuplogin"
        rows = [
            (502, "Next Hop Connection Failed", "tunnel", 1), (502, "Bad Gateway", "tomcat", 1),
            (403, "Forbidden", "config", 1), (429, "Too Many Requests", "config", 1),
            (503, "Service Unavailable", "config", 1), (200, "OK", "config", 1)]
        for status, phrase, ended_at, code in rows:
            with self.subTest(status=status, phrase=phrase):
                self.edge.play()
                self.edge.answers[edge_config] = lambda r: (status, phrase, {"Server": "CE_E"}, "")
                answer = self.want(want=code, state="dead", ended_at=ended_at)
                self.assertTrue(answer["steps"][-1]["means"])
                self.assertEqual(answer["steps"][-1]["verdict"], "refused")
        self.assertEqual(self.sent_passwords(), [])

    def test_after_a_401_the_password_goes_nowhere(self):
        self.edge.edge_config = None
        edge_config = f"/{DOMAIN}/get_edge_config?service_name=_cisco-uds&service_name=_cuplogin"
        self.edge.answers[edge_config] = \
            lambda r: (401, "Unauthorized", {"WWW-Authenticate": 'Basic realm="Cisco-Edge"'}, "")
        answer = self.want(want=1, state="dead", ended_at="config")
        self.assertEqual(len(self.sent_passwords()), 1)
        self.assertIn("no certificate's fault", answer["steps"][-1]["means"])

    def test_an_edge_with_single_sign_on_alone_ends_there_and_gets_no_password(self):
        edge_config = f"/{DOMAIN}/get_edge_config?service_name=_cisco-uds&service_name=_cuplogin"
        self.edge.answers[edge_config] = lambda r: (401, "Unauthorized", {"WWW-Authenticate": "Bearer"}, "")
        answer = self.want(want=2, state="unknown", ended_at="sso")
        self.assertEqual(self.sent_passwords(), [])
        self.assertEqual([s["verdict"] for s in answer["steps"] if s["name"] == "tls"], ["pass"])

    def test_cookies_that_jabber_drops_end_it(self):
        for cookie, word in [("X-Auth=token4711; Path=/; Secure", "no valid time"),
                             (COOKIE.replace(".acme.test", "other.test"), "another domain"),
                             ("Other=1", "no cookie")]:
            with self.subTest(cookie=cookie):
                self.edge.play()
                good = self.edge.edge_config

                def answer(request):
                    status, phrase, fields, body = good(request)
                    return status, phrase, {**fields, **({"Set-Cookie": cookie} if status == 200 else {})}, body
                edge_config = f"/{DOMAIN}/get_edge_config?service_name=_cisco-uds&service_name=_cuplogin"
                self.edge.answers[edge_config] = answer
                got = self.want(want=1, state="dead", ended_at="config")
                self.assertIn(word, got["steps"][-1]["means"])

    def test_a_room_that_does_not_trust_the_edge_is_dead_and_sends_nothing(self):
        answer = self.json("--as", "telepresence", "--trust", os.path.join(LAB, "c1", "server.pem"), want=1)
        self.assertEqual((answer["state"], answer["ended_at"]), ("dead", "tls"))
        self.assertIn(answer["steps"][-1]["findings"][0]["code"], ("root-missing", "issuer-missing"))
        self.assertEqual(self.edge.asked, [])

    def test_an_endpoint_whose_list_is_not_known_sends_nothing(self):
        site = os.path.join(FOLDER, "unlisted")
        shutil.copytree(LAB, site, dirs_exist_ok=True)
        path = os.path.join(site, "deployment.yaml")
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(text.replace("trust: endpoints/laptop.pem", "trust: unknown"))
        answer = self.json("-d", site, want=2)
        self.assertEqual((answer["state"], answer["ended_at"]), ("unknown", "tls"))
        self.assertEqual(self.edge.asked, [])

    def test_jabber_prompts_and_goes_on_only_with_the_certificate_that_is_named(self):
        nobody = ("--trust", os.path.join(LAB, "c1", "server.pem"))
        answer = self.json(*nobody, want=0)
        self.assertEqual((answer["state"], answer["ended_at"]), ("prompts", "tls"))
        self.assertEqual(self.edge.asked, [])
        named = re.search(r"--accept ([0-9a-f]{64})", answer["steps"][-1]["next"]).group(1)
        with open(os.path.join(LAB, "e1", "server.pem")) as file:
            der = ssl.PEM_cert_to_DER_cert(file.read().split("-----END CERTIFICATE-----")[0] +
                                           "-----END CERTIFICATE-----\n")
        self.assertEqual(named, hashlib.sha256(der).hexdigest())
        self.assertEqual(self.json(*nobody, "--accept", "00" * 32, want=0)["ended_at"], "tls")
        self.assertEqual(self.edge.asked, [])
        answer = self.json(*nobody, "--accept", named, want=0)
        self.assertEqual((answer["state"], answer["ended_at"]), ("prompts", None))

    def test_a_file_that_no_server_has_ends_it(self):
        self.edge.answers[prefix(6972) + "/CSFALICE.cnf.xml"] = lambda r: (502, "Bad Gateway", {}, "")
        answer = self.want(want=1, state="dead", ended_at="tftp")
        self.assertEqual(answer["steps"][-1]["name"], "tftp")
        room = self.json("--as", "telepresence", *self.trusting("room"), want=1)
        self.assertEqual(room["state"], "dead")

    def cluster(self):
        """Two Unified CM instead of one."""
        self.edge.inside = ("pub.acme.test", "sub.acme.test")
        for host in self.edge.inside:
            self.edge.answers[prefix(8443, host) + "/cucm-uds/user/alice/devices"] = self.edge.behind(DEVICES)
            self.edge.answers[prefix(6972, host) + "/CSFALICE.cnf.xml"] = \
                self.edge.behind(device_file(*self.edge.inside))

    def test_every_server_of_the_answer_is_asked_and_one_that_fails_degrades(self):
        self.cluster()
        answer = self.want(want=0, state="works", ended_at=None)
        self.assertEqual([step["name"] for step in answer["steps"]][-5:], ["uds", "uds", "tftp", "tftp", "sip"])
        for host, port, path, name in [("sub.acme.test", 8443, "/cucm-uds/user/alice/devices", "tomcat"),
                                       ("pub.acme.test", 8443, "/cucm-uds/user/alice/devices", "tomcat"),
                                       ("sub.acme.test", 6972, "/CSFALICE.cnf.xml", "tftp")]:
            with self.subTest(host=host, port=port):
                self.cluster()
                self.edge.answers[prefix(port, host) + path] = lambda r: (502, "Could Not Connect", {}, "")
                answer = self.want(want=1, state="degraded", ended_at=None)
                refused = [step for step in answer["steps"] if step["verdict"] == "refused"]
                self.assertEqual([step["name"] for step in refused], [name])
                self.assertIn(f"https://{host}:{port}/", refused[0]["asked"])

    def test_after_a_401_of_one_server_the_next_is_not_asked(self):
        self.cluster()
        for host in self.edge.inside:
            self.edge.answers[prefix(8443, host) + "/cucm-uds/user/alice/devices"] = \
                lambda r: (401, "Unauthorized", {}, "")
        answer = self.want(want=1, state="dead", ended_at="uds")
        self.assertEqual([step["name"] for step in answer["steps"]].count("uds"), 1)
        self.assertEqual(len(self.sent_passwords()), 2)

    def test_answers_that_are_none_end_it_without_harm(self):
        bomb = '<!DOCTYPE a [<!ENTITY b "bbbb">]><getEdgeConfigResponse>&b;</getEdgeConfigResponse>'
        deep = "<a>" * 5000
        for body in [bomb, deep, "<html>", "\x1b[31m", "<a>" + "x" * 100000 + "</a>"]:
            with self.subTest(body=body[:20]):
                self.edge.play()
                good = self.edge.edge_config

                def answer(request):
                    status, phrase, fields, _ = good(request)
                    return status, phrase, fields, body if status == 200 else ""
                edge_config = f"/{DOMAIN}/get_edge_config?service_name=_cisco-uds&service_name=_cuplogin"
                self.edge.answers[edge_config] = answer
                got = self.want(want=1, state="dead", ended_at="config")
                self.assertIn("cannot be read", got["steps"][-1]["means"])

    def test_words_of_the_edge_do_not_write_on_the_terminal(self):
        self.edge.answers[f"/{DOMAIN}/get_edge_sso?email=alice@acme.test"] = \
            lambda r: (404, "Not Found", {"Server": "CE\x9b31m_E"}, "")
        done = run(*self.at(), *self.trusting(), want=0)
        self.assertIn("\\x9b31m", done.stdout)
        self.assertNotIn("\x9b", done.stdout)

    # --- DNS ---

    def names(self, services, addresses, silent=False):
        names = Names(services, addresses, silent)
        self.addCleanup(names.close)
        return ("--dns", names.at)

    def test_every_edge_of_the_domain_is_met_and_a_dead_one_degrades(self):
        closed = socket.create_server(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        closed.close()
        names = self.names({"_collab-edge._tls.acme.test": [("e1.acme.test", self.edge.port, 10),
                                                            ("e2.acme.test", port, 20)]},
                           {"e1.acme.test": "127.0.0.1", "e2.acme.test": "127.0.0.1"})
        done = run(*names, *self.trusting(), "-f", "json", want=1)
        answer = json.loads(done.stdout)
        self.assertEqual([(s["name"], s["verdict"]) for s in answer["steps"]][:5],
                         [("srv", "pass"), ("dns", "pass"), ("dns", "pass"), ("tls", "pass"), ("tls", "unknown")])
        self.assertEqual((answer["state"], answer["ended_at"]), ("degraded", None))
        self.assertEqual(len(self.sent_passwords()), 2)

    def test_a_domain_without_an_edge_is_dead_and_a_silent_dns_unknown(self):
        names = self.names({}, {})
        answer = json.loads(run(*names, *self.trusting(), "-f", "json", want=1).stdout)
        self.assertEqual((answer["state"], answer["ended_at"]), ("dead", "srv"))
        silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(silent.close)
        silent.bind(("127.0.0.1", 0))
        answer = json.loads(run("--dns", "127.0.0.1:%d" % silent.getsockname()[1], *self.trusting(), "-f", "json",
                                want=2).stdout)
        self.assertEqual((answer["state"], answer["ended_at"]), ("unknown", "srv"))

    def found(self, addresses, services=("e1.acme.test", "e2.acme.test"), silent=False, want=None):
        """The steps of DNS, and how it ends, where SRV names these servers and A knows these addresses."""
        places = [(name, self.edge.port, 10) for name in services]
        names = self.names({"_collab-edge._tls.acme.test": places}, addresses, silent)
        answer = json.loads(run(*names, *self.trusting(), "--timeout", "2", "-f", "json", want=want).stdout)
        return answer, [(step["name"], step["verdict"]) for step in answer["steps"] if step["name"] in ("srv", "dns")]

    def test_names_without_an_address_are_told_and_end_it_where_all_are(self):
        answer, steps = self.found({}, want=1)
        self.assertEqual(steps, [("srv", "pass"), ("dns", "refused"), ("dns", "refused")])
        self.assertEqual((answer["state"], answer["ended_at"]), ("dead", "dns"))
        self.assertIn("do not find this Expressway-E", answer["steps"][-1]["means"])
        answer, steps = self.found({"e1.acme.test": "127.0.0.1"}, want=1)
        self.assertEqual(steps, [("srv", "pass"), ("dns", "pass"), ("dns", "refused")])
        self.assertEqual((answer["state"], answer["ended_at"]), ("degraded", None))

    def test_a_name_server_that_goes_silent_refuses_nothing(self):
        answer, steps = self.found({}, services=("e1.acme.test",), silent=True, want=2)
        self.assertEqual(steps, [("srv", "pass"), ("dns", "unknown")])
        self.assertEqual((answer["state"], answer["ended_at"]), ("unknown", "dns"))
        self.assertIn("DNS does not answer", answer["steps"][-1]["means"])

    def test_what_is_no_host_name_is_not_dialled(self):
        answer, steps = self.found({"e1.acme.test": "127.0.0.1", "-e2.acme.test": "127.0.0.1"},
                                   services=("-e2.acme.test", "e1.acme.test"), want=0)
        self.assertEqual(steps, [("srv", "pass"), ("dns", "pass")])
        self.assertEqual(answer["state"], "works")
        done = run("--edge", "-e1.acme.test:8443", "--host", "-e1.acme.test=127.0.0.1", *self.trusting(), want=2)
        self.assertIn('--edge: wanted a host name, found "-e1.acme.test"', done.stderr)

    # --- answers that are none, or say too little ---

    def test_what_is_no_whole_answer_is_told_as_that(self):
        rows = [(b"HTTP/0.9 what\r\n\r\n", "its answer is no HTTP/1.1"), (b"HTTP/1.1 200 OK\r\nContent-Le", ""),
                (b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nshort", ""), (b"", "")]
        for said, words in rows:
            with self.subTest(said=said):
                self.edge.play()
                self.edge.answers[SSO] = lambda r, said=said: said
                answer = self.want(want=1, state="dead", ended_at="sso")
                self.assertEqual(answer["steps"][-1]["means"], "no whole answer came")
                self.assertIn(words, answer["steps"][-1]["answer"])
        self.assertEqual(self.sent_passwords(), [])

    def test_an_answer_that_ends_with_its_connection_is_whole(self):
        self.edge.answers[SSO] = lambda r: b"HTTP/1.1 200 OK\r\nServer: CE_E\r\n\r\nsso"
        answer = self.want(want=0, state="works", ended_at=None)
        step = [step for step in answer["steps"] if step["name"] == "sso"][0]
        self.assertEqual(step["means"], "this edge speaks of single sign-on")

    def config_of(self, text):
        good = self.edge.edge_config

        def answer(request):
            status, phrase, fields, _ = good(request)
            return status, phrase, fields, text if status == 200 else ""
        self.edge.play()
        self.edge.answers[EDGE_CONFIG] = answer

    def test_a_configuration_that_says_too_little_is_told_by_what_it_lacks(self):
        whole = config(self.edge.sip_port)
        edges = re.search("<sipEdgeServer>.*</sipEdgeServer>", whole).group(0)
        self.config_of(whole.replace(edges, ""))
        answer = self.want(want=1, state="dead", ended_at="config")
        self.assertIn("names no server for SIP", answer["steps"][-1]["means"])
        self.config_of(whole.replace("<server><priority>1</priority><weight>1</weight><port>8443</port>"
                                     "<address>pub.acme.test</address></server>", ""))
        answer = self.want(want=1, state="dead", ended_at="uds")
        self.assertEqual((answer["steps"][-1]["verdict"], answer["steps"][-1]["answer"]), ("refused", "it names none"))
        self.config_of(whole.replace("<service><name>tftpServer</name><address>pub.acme.test</address></service>", ""))
        answer = self.want(want=1, state="dead", ended_at="tftp")
        self.assertEqual((answer["steps"][-1]["verdict"], answer["steps"][-1]["answer"]), ("refused", "it names none"))
        self.config_of("<a>" + "<b/>" * 5000 + "</a>")
        answer = self.want(want=1, state="dead", ended_at="config")
        self.assertIn("too many elements", answer["steps"][-1]["means"])

    def test_behind_the_edge_what_is_no_xml_is_refused_and_no_device_is_no_fault(self):
        uds = prefix(8443) + "/cucm-uds/user/alice/devices"
        self.edge.answers[uds] = self.edge.behind("no devices")
        answer = self.want(want=1, state="dead", ended_at="uds")
        self.assertEqual(answer["steps"][-1]["verdict"], "refused")
        self.edge.answers[uds] = self.edge.behind("<devices> \n </devices>")
        answer = self.want(want=0, state="works", ended_at=None)
        self.assertNotIn("tftp", [step["name"] for step in answer["steps"]])

    def test_a_user_name_is_written_so_that_it_stays_one_parameter(self):
        run(*self.at(), *self.trusting(), who="al+i&ce@acme.test")
        self.assertEqual(self.edge.asked[0][0], f"/{DOMAIN}/get_edge_sso?email=al%2Bi%26ce@acme.test")

    # --- REGISTER ---

    def register(self, answer, **wanted):
        self.edge.register = answer
        return self.want("--register", "--device", "CSFALICE", "--timeout", "3", **wanted)

    def test_it_registers_and_takes_it_back(self):
        answer = self.register(lambda edge, request: "SIP/2.0 200 OK", want=0, state="works", ended_at=None)
        self.assertTrue(answer["registered"])
        self.assertEqual([re.search(r"Expires: (\d+)", said).group(1) for said in self.edge.sip_said], ["120", "0"])
        first = self.edge.sip_said[0]
        self.assertTrue(first.startswith("REGISTER sip:pub.acme.test SIP/2.0"), first)
        self.assertIn("Route: <sip:10.0.0.9:5061;transport=tls;zone-id=3;directed;lr>", first)
        self.assertIn('+u.sip!devicename.ccm.cisco.com="CSFALICE"', first)

    def test_it_registers_with_every_unified_cm_of_its_group(self):
        self.cluster()
        self.register(lambda edge, request: "SIP/2.0 200 OK", want=0, state="works", ended_at=None)
        self.assertEqual([said.split()[1] for said in self.edge.sip_said],
                         ["sip:pub.acme.test"] * 2 + ["sip:sub.acme.test"] * 2)
        for lost in self.edge.inside:
            answer = self.register(lambda edge, request, lost=lost:
                                   "SIP/2.0 502 Bad Gateway" if f"sip:{lost}" in request else "SIP/2.0 200 OK",
                                   want=1, state="degraded", ended_at=None)
            self.assertEqual([lost in step["asked"] for step in answer["steps"] if step["verdict"] == "refused"], [True])
        # where nothing comes back, or the password is wrong, one is enough
        for said in (None, 'SIP/2.0 401 Unauthorized\nWWW-Authenticate: Digest realm="c", nonce="abc"'):
            answer = self.register(lambda edge, request, said=said: said, want=1, state="degraded", ended_at="register")
            self.assertEqual([step["name"] for step in answer["steps"]].count("register"), 1)

    def test_a_digest_is_answered_once(self):
        def challenge(edge, request):
            if "Authorization: Digest" in request and 'username="alice"' in request:
                return "SIP/2.0 200 OK"
            return 'SIP/2.0 401 Unauthorized\nWWW-Authenticate: Digest realm="ccmsipline", nonce="abc", algorithm=MD5'
        self.register(challenge, want=0, state="works", ended_at=None)
        self.edge.sip_said.clear()
        answer = self.register(lambda edge, request:
                               'SIP/2.0 401 Unauthorized\nWWW-Authenticate: Digest realm="c", nonce="abc"',
                               want=1, state="degraded", ended_at="register")
        self.assertEqual(len(self.edge.sip_said), 2)
        self.assertIn("digest", answer["steps"][-1]["means"])

    def test_registrations_that_are_refused_are_called_by_their_fault(self):
        answer = self.register(lambda edge, request:
                               'SIP/2.0 403 Forbidden\nWarning: 399 pub "TLS authentication failure"',
                               want=1, state="degraded", ended_at="register")
        self.assertIn("phone security profile", answer["steps"][-1]["means"])
        self.assertIn("TLS authentication failure", answer["steps"][-1]["answer"])
        answer = self.register(lambda edge, request: None, want=1, state="degraded", ended_at="register")
        self.assertIn("SERVICE", answer["steps"][-1]["means"])
        answer = self.register(lambda edge, request: "SIP/2.0 500 Server Internal Error", want=1, state="degraded",
                               ended_at="register")
        self.assertEqual(answer["steps"][-1]["means"], "the registration is refused")
        answer = self.register(lambda edge, request: "\x16\x03\x01 no SIP", want=1, state="degraded", ended_at="register")
        self.assertIn("its answer is no SIP", answer["steps"][-1]["answer"])

    def test_who_asks_for_credentials_without_end_is_left(self):
        def challenge(edge, request):
            return (f'SIP/2.0 401 Unauthorized\nWWW-Authenticate: Digest realm="c", nonce="{len(edge.sip_said)}", '
                    'stale=true')
        answer = self.register(challenge, want=1, state="degraded", ended_at="register")
        self.assertLessEqual(len(self.edge.sip_said), 6)
        self.assertEqual(answer["steps"][-1]["verdict"], "refused")

    def test_who_lets_in_at_the_fifth_try_and_then_not_out_is_left_with_the_sixth(self):
        def challenge(edge, request):
            if len(edge.sip_said) == 5:
                return "SIP/2.0 200 OK"
            return (f'SIP/2.0 401 Unauthorized\nWWW-Authenticate: Digest realm="c", nonce="{len(edge.sip_said)}", '
                    'stale=true')
        answer = self.register(challenge, want=0, state="works", ended_at=None)
        self.assertTrue(answer["registered"])
        self.assertEqual([re.search(r"Expires: (\d+)", said).group(1) for said in self.edge.sip_said],
                         ["120"] * 5 + ["0"])

    def test_a_server_for_sip_that_dns_does_not_name_is_not_tried(self):
        self.config_of(config(self.edge.sip_port, edges=("e9.acme.test", "e1.acme.test")))
        answer = self.want(want=0, state="works", ended_at=None)
        self.assertEqual([(step["verdict"], "none of the Expressway-E" in step["answer"])
                          for step in answer["steps"] if step["name"] == "sip"], [("unknown", True), ("pass", False)])

    def test_a_port_for_sip_where_nobody_listens_is_not_known_to_refuse(self):
        closed = socket.create_server(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        closed.close()
        self.config_of(config(port))
        answer = self.want("--register", "--device", "CSFALICE", want=2, state="unknown", ended_at="sip")
        self.assertEqual(answer["steps"][-1]["verdict"], "unknown")
        self.assertEqual(self.edge.sip_said, [])

    # --- words ---

    def test_mistakes_are_told_with_what_was_wanted(self):
        for words, said in [(("--edge", "10.0.0.1"), "--edge FQDN --host"), (("--register",), "--device NAME"),
                            (("--device", "X"), "--register"), (("--accept", "zz"), "64 hex digits"),
                            (("--dns", "names.acme.test"), "IPv4"), (("--timeout", "0"), "1 to 3600"),
                            (("--host", "e1"), "FQDN=IP"), (("--endpoint", "room"), "-d DEPLOYMENT"),
                            (("--endpoint", "nobody", "-d", LAB), 'has no endpoint "nobody"')]:
            with self.subTest(words=words):
                done = run(*words, want=2)
                self.assertIn(said, done.stderr)
                self.assertEqual(done.stdout, "")

    def test_what_the_files_predict_stands_beside_it(self):
        answer = self.json("-d", LAB, "--as", "telepresence", want=0)
        self.assertEqual(answer["predicted"], {"endpoint": "room", "state": "works", "because": []})
        self.assertEqual(self.json("-d", LAB, "--endpoint", "room", want=0)["as"], "telepresence")
        done = run(*self.at(), "-d", LAB, want=0)
        self.assertIn("By the files laptop is: works", done.stdout)


if __name__ == "__main__":
    subprocess.run((CAUSEWAY, "lab", "new", LAB, "--key", "ec"), check=True, stdout=subprocess.DEVNULL)
    try:
        unittest.main()
    finally:
        shutil.rmtree(FOLDER)
