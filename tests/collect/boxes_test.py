#!/usr/bin/env python3
"""boxes_test.py CAUSEWAY: `causeway collect` against played boxes that answer as `lab export` writes their answers."""
import base64
import http.server
import json
import os
import pty
import re
import select
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

CAUSEWAY = os.path.abspath(sys.argv.pop(1))
FOLDER = tempfile.mkdtemp()
LAB = os.path.join(FOLDER, "lab")
REST = os.path.join(FOLDER, "rest")
VOICE = os.path.join(FOLDER, "voice")
CAS = [os.path.join(LAB, "ca", name, "ca.pem") for name in ("private-root", "private-issuing", "public-root",
                                                           "public-issuing")]
PASSWORDS = {"reader": "Xpw-expressway-4711", "osadmin": "Opw-platform-4712", "axl": "Apw-soap-4713"}
SECRETS = list(PASSWORDS.values()) + [base64.b64encode(f"{u}:{p}".encode()).decode() for u, p in PASSWORDS.items()]
API = "/api/provisioning"
CERTMGR = "/platformcom/api/v1/certmgr/config"


def run(*words, want=None, **more):
    done = subprocess.run((CAUSEWAY,) + words, capture_output=True, text=True, timeout=120, **more)
    if want is not None and done.returncode != want:
        raise AssertionError(f"{words}: {done.returncode}, wanted {want}\n{done.stdout}{done.stderr}")
    return done


def read(*parts, mode="rb"):
    with open(os.path.join(*parts), mode) as file:
        return file.read()


class Box:
    """One box: its certificate, its answers by path, and what it was asked."""

    def __init__(self, host, identity=None, user_of=None):
        self.host, self.asked, self.refused, self.answers = host, [], 0, {}
        self.actions, self.schemas, self.listing = [], None, b""
        self.lock = threading.Lock()
        label = host.split(".")[0]
        certificate, key = identity or (f"{label}/server.pem", f"{label}/privkey.pem")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(LAB, certificate), os.path.join(LAB, key))
        box = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                self.request.settimeout(20)
                try:
                    self.request.do_handshake()
                except OSError:
                    self.close_connection = True
                super().setup()

            def handle(self):
                try:
                    super().handle()
                except OSError:
                    pass

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                box.play(self, self.rfile.read(length))

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=True)
        self.server.daemon_threads = True
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def play(self, handler, body):
        words = (handler.headers.get("Authorization") or "").split()
        user, _, password = base64.b64decode(words[1]).decode().partition(":") if len(words) == 2 else ("", "", "")
        with self.lock:
            self.asked.append((handler.command, handler.path, user))
            self.actions.append(handler.headers.get("SOAPAction"))
        wanted = re.search(rb"cisco.com/AXL/API/([0-9.]+)", body)
        if self.schemas and wanted and wanted[1].decode() not in self.schemas:
            return send(handler, 599, self.listing, "text/html")
        if PASSWORDS.get(user) != password:
            with self.lock:
                self.refused += 1
            return send(handler, 401, b"", "text/html")
        key = handler.path
        if body:
            key = next((k for k in self.answers if k.startswith("#") and k[1:].encode() in body), key)
        answer = self.answers.get(key)
        if callable(answer):
            return answer(handler)
        if answer is None:
            return send(handler, 404, b"not found", "text/plain")
        return send(handler, 200, answer, "text/html")

    def paths(self, user=None):
        return [path for _, path, who in self.asked if user in (None, who)]


def send(handler, status, body, kind="application/json", **more):
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in more.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def expressway(host):
    box, folder = Box(host), os.path.join(REST, host)
    c = os.path.exists(os.path.join(folder, "server_cucm.json"))
    names = {"/certs/server": "certs_server", "/certs/root": "certs_root", "/common/domain": "common_domain.json",
             "/common/mra": "common_mra.json", "/common/dns/dns": "common_dns_dns.json",
             "/common/protocol/sip/configuration": "common_protocol_sip_configuration.json"}
    if c:
        names.update({"/controller/server/cucm": "server_cucm.json", "/controller/server/imp": "server_imp.json"})
    zone = "controller" if c else "edge"
    names[f"/{zone}/zone/unifiedcommunicationstraversal"] = "zone_unifiedcommunicationstraversal.json"
    box.answers = {API + path: read(folder, name) for path, name in names.items()}
    box.answers["/status.xml"] = read(folder, "status.xml")
    return box


def web_identity(host):
    """The boxes' keys are in no lab: a certificate of that name, which --ca takes as it is."""
    certificate, key = os.path.join(FOLDER, host + ".pem"), os.path.join(FOLDER, host + ".key")
    if not os.path.exists(certificate):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", key, "-out", certificate, "-days", "2", "-subj", f"/CN={host}", "-addext",
                        f"subjectAltName=DNS:{host}"], check=True, capture_output=True)
        CAS.append(certificate)
    return certificate, key


def voice(host, publisher):
    box = Box(host, web_identity(host))
    box.answers[CERTMGR + "/snapshot/server"] = read(VOICE, f"snapshot_{host}.json")
    if publisher:
        for name in ("listProcessNode", "listPhoneSecurityProfile"):
            box.answers["#" + name] = axl(name)
        box.answers["#ClusterSecurityMode"] = axl("processconfig")
        box.answers["#typemodel"] = axl("models")
    return box


def axl(name):
    found, = [entry for entry in os.listdir(VOICE) if entry.startswith(f"axl_{name}_")]
    return read(VOICE, found)


class Collected(unittest.TestCase):
    def setUp(self):
        self.out = os.path.join(tempfile.mkdtemp(dir=FOLDER), "out")
        self.boxes = []

    def box(self, box):
        self.boxes.append(box)
        self.addCleanup(box.close)
        return box

    def estate(self):
        return [self.box(expressway("c1.acme.test")), self.box(expressway("e1.acme.test")),
                self.box(voice("pub.acme.test", True)), self.box(voice("sub1.acme.test", False))]

    def words(self, *more, users=("reader", "osadmin", "axl"), trust=True):
        words = ["collect", "-o", self.out]
        for box in self.boxes:
            kind = "--cucm" if box.host.startswith(("pub", "sub")) else "--expressway"
            words += [kind, f"{box.host}:{box.port}", "--host", f"{box.host}=127.0.0.1"]
        for user, option in zip(("reader", "osadmin", "axl"), ("expressway", "os", "axl")):
            if user in users and (option != "expressway") in [b.host.startswith(("pub", "sub")) for b in self.boxes]:
                file = os.path.join(FOLDER, f"{user}.txt")
                with open(file, "w") as text:
                    text.write(PASSWORDS[user] + "\nnot this line\n")
                words += [f"--{option}-user", user, f"--{option}-password-file", file]
        if trust:
            words += [word for ca in CAS for word in ("--ca", ca)]
        return words + list(more)

    def collect(self, *more, want=None, **how):
        env = how.pop("env", None)
        done = run(*self.words(*more, **how), want=want, env=env)
        self.no_secret(done.stdout + done.stderr)
        return done

    def no_secret(self, text):
        for secret in SECRETS:
            self.assertNotIn(secret, text)
        for folder, _, names in os.walk(self.out):
            for name in names:
                content = read(folder, name)
                for secret in SECRETS + ["PRIVATE KEY", "{cipher}"]:
                    self.assertNotIn(secret.encode(), content, os.path.join(folder, name))

    def one(self, host="c1.acme.test"):
        return self.box(expressway(host))


class Whole(Collected):
    def test_a_whole_estate_is_collected_imported_and_judged_as_it_is(self):
        boxes = self.estate()
        done = self.collect()
        self.assertIn(done.returncode, (0, 1), done.stdout + done.stderr)
        for box in boxes:
            self.assertIn(f"{box.host}: ", done.stdout)
            self.assertEqual(box.refused, 0)
        self.assertIn("nodes of the cluster: 404: AXL is not active on this node; pub.acme.test, which names it as a "
                      "node of its cluster, answered", done.stdout)
        self.assertNotIn("not had", done.stdout)
        self.assertIn("kind: phone-8800", read(self.out, "deployment.yaml", mode="r"))
        wanted = json.loads(run("check", LAB, "-f", "json").stdout)
        found = json.loads(run("check", self.out, "-f", "json").stdout)
        verdicts = [{link["id"]: link["verdict"] for link in answer["links"] if link["client"] != "endpoint"}
                    for answer in (wanted, found)]
        for name, verdict in verdicts[1].items():
            if verdict != "unknown":
                self.assertEqual(verdict, verdicts[0].get(name), name)
        for kind in ("traversal", "service", "tomcat", "sip-out"):
            self.assertTrue(any(name.startswith(kind + " ") and verdict == "pass"
                                for name, verdict in verdicts[1].items()), f"{kind}: {verdicts[1]}")

    def test_only_reading_requests_are_sent_and_each_once(self):
        for box in self.estate():
            del box
        self.collect()
        for box in self.boxes:
            posts = [path for method, path, _ in box.asked if method != "GET"]
            self.assertTrue(all(path == "/axl/" for path in posts), posts)
            gets = [path for method, path, _ in box.asked if method == "GET"]
            self.assertEqual(len(gets), len(set(gets)))

    def test_without_an_account_its_interface_is_not_asked(self):
        self.estate()
        done = self.collect(users=("reader", "osadmin"))
        self.assertEqual(self.boxes[2].paths("axl"), [])
        self.assertIn("phone security profiles: no account", done.stdout.replace("nodes of the cluster", "phone security profiles"))

    def test_an_edge_peer_is_asked_for_its_own_zone(self):
        self.one("e1.acme.test")
        self.collect(users=("reader",))
        self.assertIn(API + "/edge/zone/unifiedcommunicationstraversal", self.boxes[0].paths())
        self.assertNotIn(API + "/controller/server/cucm", self.boxes[0].paths())
        self.assertIn("tls-verify-name", read(self.out, "deployment.yaml", mode="r"))


class Certificates(Collected):
    def test_without_trust_and_terminal_nothing_is_sent(self):
        self.one()
        done = self.collect(users=("reader",), trust=False, want=2)
        self.assertEqual(self.boxes[0].asked, [])
        self.assertIn("--pin HOST=SHA256", done.stderr)
        self.assertIn("SHA-256", done.stderr)

    def test_the_pinned_certificate_is_taken_whatever_its_name_is(self):
        pin = subprocess.run(["openssl", "x509", "-in", os.path.join(LAB, "c1/server.pem"), "-noout", "-fingerprint",
                              "-sha256"], capture_output=True, text=True).stdout.split("=")[1].strip()
        self.one()
        done = self.collect("--pin", f"c1.acme.test={pin}", users=("reader",), trust=False)
        self.assertIn("c1.acme.test: ", done.stdout)
        self.assertTrue(self.boxes[0].asked)

    def test_another_certificate_than_the_pinned_one_is_refused(self):
        self.one()
        done = self.collect("--pin", "c1.acme.test=" + "ab" * 32, users=("reader",), want=2)
        self.assertEqual(self.boxes[0].asked, [])
        self.assertIn("another certificate than the pinned one", done.stdout)

    def test_a_certificate_of_another_name_is_refused(self):
        box = self.box(expressway("c1.acme.test"))
        box.host = "other.acme.test"
        done = self.collect(users=("reader",), want=2)
        self.assertEqual(box.asked, [])
        self.assertIn("other.acme.test", done.stdout)

    def at_a_terminal(self, answers, *more):
        """Runs collect with a terminal of its own; answers: (text waited for, what is typed then)."""
        words = self.words(*more, users=(), trust=False) + ["--expressway-user", "reader"]
        child, terminal = pty.fork()
        if child == 0:
            os.execv(CAUSEWAY, [CAUSEWAY] + words)
        seen, waiting = b"", list(answers)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if not select.select([terminal], [], [], 1)[0]:
                continue
            try:
                came = os.read(terminal, 4096)
            except OSError:
                break
            if not came:
                break
            seen += came
            if waiting and waiting[0][0].encode() in seen:
                os.write(terminal, waiting.pop(0)[1].encode() + b"\n")
        os.close(terminal)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        self.no_secret(seen.decode(errors="replace"))
        return status, seen.decode(errors="replace"), waiting

    def test_the_certificate_is_shown_and_asked_for_before_the_password(self):
        self.one()
        status, seen, left = self.at_a_terminal([("(yes or no)", "yes"), ("Password of", PASSWORDS["reader"])])
        self.assertIn(status, (0, 1), seen)
        self.assertEqual(left, [])
        self.assertLess(seen.index("SHA-256"), seen.index("Password of"))
        self.assertRegex(seen, r"causeway: c1\.acme\.test: \d+ answers")
        self.assertTrue(self.boxes[0].asked)

    def test_a_no_sends_nothing_and_asks_for_no_password(self):
        self.one()
        status, seen, _ = self.at_a_terminal([("(yes or no)", "no")])
        self.assertEqual(status, 2)
        self.assertEqual(self.boxes[0].asked, [])
        self.assertNotIn("Password of", seen)


class Misbehaving(Collected):
    def spoil(self, path, answer, **more):
        box = self.one()
        box.answers[API + path if path.startswith(("/c", "/edge")) else path] = answer
        return self.collect(users=("reader",), **more)

    def test_a_401_stops_the_account_on_all_boxes(self):
        self.estate()
        PASSWORDS["reader"], right = "Xpw-other-9999", PASSWORDS["reader"]
        self.addCleanup(PASSWORDS.__setitem__, "reader", right)
        words = self.words()
        PASSWORDS["reader"] = right
        done = run(*words)
        self.assertEqual(self.boxes[0].refused + self.boxes[1].refused, 1)
        self.assertIn("401", done.stdout)
        self.assertIn("not asked: the account was refused", done.stdout)
        self.assertEqual(self.boxes[2].refused, 0)
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("Xpw-other-9999", done.stdout + done.stderr)

    def test_a_403_is_told_and_the_rest_is_had(self):
        done = self.spoil("/common/domain", lambda h: send(h, 403, b"{}"), want=1)
        self.assertIn("domains: 403", done.stdout)
        self.assertIn("not had", done.stdout)

    def test_an_interface_that_is_not_there_is_told(self):
        done = self.spoil("/certs/root", lambda h: send(h, 404, b""), want=1)
        self.assertIn("trusted CA list: 404: this release has no such interface", done.stdout)

    def test_a_500_is_told_with_the_words_of_axl(self):
        self.box(voice("pub.acme.test", True))
        fault = b"<e><faultstring>The specified AXL version is not supported</faultstring></e>"
        self.boxes[0].answers["#listProcessNode"] = lambda h: send(h, 500, fault, "text/xml")
        done = self.collect(users=("osadmin", "axl"), want=1)
        self.assertIn("the box answered 500: The specified AXL version is not supported", done.stdout)

    def test_a_web_page_instead_of_the_answer_is_told(self):
        done = self.spoil("/common/mra", b"\r\n<!DOCTYPE html><html><body>Login</body></html>", want=1)
        self.assertIn("MRA settings: a web page instead of the answer", done.stdout)

    def test_what_breaks_off_is_told(self):
        def cut(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", "5000")
            handler.end_headers()
            handler.wfile.write(b"[{")
            handler.close_connection = True
        done = self.spoil("/common/domain", cut, want=1)
        self.assertIn("domains: ", done.stdout)
        done = self.collect(users=("reader",), want=1)

    def test_json_that_breaks_off_is_told(self):
        done = self.spoil("/common/domain", b"[{\"Name\": \"acme", want=1)
        self.assertIn("wanted JSON, found what breaks off", done.stdout)

    def test_json_without_bottom_is_told(self):
        done = self.spoil("/common/domain", b"[" * 1000 + b"]" * 1000, want=1)
        self.assertIn("deep", done.stdout)

    def test_keys_of_another_release_are_kept_and_told(self):
        done = self.spoil("/common/domain", b"[{\"DomainV2\": \"acme.test\"}]", want=1)
        self.assertIn("common_domain.json", done.stdout)
        self.assertIn(b"DomainV2", read(self.out, "collected", "c1.acme.test", "common_domain.json"))

    def test_a_slow_box_ends_with_the_time_limit(self):
        gone = threading.Event()
        self.addCleanup(gone.set)
        began = time.monotonic()
        box = self.one()
        box.answers[API + "/common/mra"] = lambda h: gone.wait(30)
        done = self.collect("--timeout", "1", users=("reader",), want=1)
        self.assertIn("MRA settings: ", done.stdout)
        self.assertLess(time.monotonic() - began, 15)

    def test_a_redirect_to_another_host_is_not_followed(self):
        other = self.box(expressway("e1.acme.test"))
        self.boxes.remove(other)
        target = f"https://e1.acme.test:{other.port}{API}/common/mra"
        done = self.spoil("/common/mra", lambda h: send(h, 302, b"", Location=target), want=1)
        self.assertIn("a redirect to https://e1.acme.test", done.stdout)
        self.assertEqual(other.asked, [])

    def test_a_redirect_on_the_same_box_is_followed(self):
        box = self.one()
        mra = box.answers.pop(API + "/common/mra")
        box.answers["/api/v1/provisioning/common/mra"] = mra
        box.answers[API + "/common/mra"] = lambda h: send(h, 307, b"", Location="/api/v1/provisioning/common/mra")
        done = self.collect(users=("reader",))
        self.assertNotIn("MRA settings", done.stdout)

    def test_redirects_in_a_circle_end(self):
        done = self.spoil("/common/mra", lambda h: send(h, 302, b"", Location=API + "/common/mra"), want=1)
        self.assertIn("a redirect to", done.stdout)

    def test_a_huge_answer_is_cut_off(self):
        def huge(handler):
            handler.send_response(200)
            handler.end_headers()
            try:
                while True:
                    handler.wfile.write(b"x" * 1048576)
            except OSError:
                pass
            handler.close_connection = True
        done = self.spoil("/common/domain", huge, want=1)
        self.assertIn("longer than 32 MB", done.stdout)

    def test_xml_with_a_document_type_is_refused(self):
        done = self.spoil("/status.xml", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", want=1)
        self.assertIn("document type", done.stdout)

    def test_secrets_in_answers_are_masked(self):
        box = self.one()
        box.answers[API + "/common/mra"] = json.dumps({"SSO": "Off", "Enabled": "On", "Password": "hunter2-in-json"}).encode()
        status = box.answers["/status.xml"]
        box.answers["/status.xml"] = status.replace(b"</Status>", b"<Password item=\"1\">hunter2-in-xml</Password></Status>")
        self.collect(users=("reader",))
        for name in ("common_mra.json", "status.xml"):
            self.assertNotIn(b"hunter2", read(self.out, "collected", "c1.acme.test", name))

    def test_an_answer_that_repeats_the_password_is_not_kept(self):
        def echo(handler):
            return send(handler, 200, json.dumps([{"Name": "a", "EdgeSip": handler.headers["Authorization"]}]).encode())
        done = self.spoil("/common/domain", echo, want=1)
        self.assertIn("holds the password that it was asked with", done.stdout)

    def test_a_private_key_among_the_certificates_is_not_kept(self):
        key = read(LAB, "c1", "privkey.pem")
        done = self.spoil("/certs/server", read(REST, "c1.acme.test", "certs_server") + key, want=1)
        self.assertIn("private key", done.stdout)

    def test_a_box_that_is_not_there_is_told_and_the_others_are_had(self):
        self.one()
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        done = self.collect("--expressway", f"gone.acme.test:{port}", "--host", "gone.acme.test=127.0.0.1",
                            users=("reader",), want=1)
        self.assertIn("gone.acme.test: not asked", done.stdout)
        self.assertIn("c1.acme.test: ", done.stdout)

    def test_a_second_run_says_how_old_an_answer_is_that_was_not_had_again(self):
        box = self.one()
        self.collect(users=("reader",))
        box.answers[API + "/common/domain"] = lambda h: send(h, 503, b"")
        done = self.collect(users=("reader",), want=1)
        self.assertIn("domains: 503", done.stdout)
        self.assertIn("the answer of 20", done.stdout)


class Axl(Collected):
    """The schema versions that a box has, and nodes on which AXL is not active."""
    PAGE = ("<!-- custom Cisco error page --><html><body><div>HTTP Status 599 - Incorrect axl version. Supported axl "
            "versions are {0}</div><p><b>Message:</b> Incorrect axl version. Supported axl versions are {0}</p></body></html>")

    def asked_with(self, schemas, listing, want=None):
        box = self.box(voice("pub.acme.test", True))
        box.schemas, box.listing = schemas, listing.encode()
        done = self.collect(users=("osadmin", "axl"), want=want)
        return done, [re.search(r"ver=([0-9.]+) (\w+)", action).groups() for action in box.actions if action]

    def test_what_the_box_lists_is_asked_for(self):
        done, asked = self.asked_with(["12.5"], self.PAGE.format("10.x, 11.x and 12.x"))
        self.assertEqual([version for version, _ in asked], ["14.0"] + ["12.5"] * 4)
        self.assertEqual(asked[0][1], "listProcessNode")
        self.assertNotIn("not had", done.stdout)

    def test_each_form_of_the_list_is_read(self):
        for schemas, listing, wanted in ((["15.0"], "15", "15.0"), (["11.5"], "10.5,11.5", "11.5"),
                                         (["16.0"], "15.x and 16.x.", "15.0 16.0")):
            done, asked = self.asked_with(schemas, self.PAGE.format(listing))
            self.assertEqual([version for version, _ in asked][:-4], (["14.0"] + wanted.split())[:-1], listing)
            self.assertNotIn("not had", done.stdout)
            self.boxes.clear()

    def test_without_a_list_the_versions_are_tried_in_order(self):
        done, asked = self.asked_with(["12.0"], "<html>HTTP Status 599</html>")
        self.assertEqual([version for version, _ in asked][:4], ["14.0", "12.5", "15.0", "12.0"])
        self.assertNotIn("not had", done.stdout)

    def test_where_no_version_is_taken_the_list_is_told_and_the_tries_end(self):
        done, asked = self.asked_with(["none"], self.PAGE.format("14.x"), want=1)
        self.assertIn("nodes of the cluster: 599: the box takes none of the AXL versions that were asked for: Supported axl "
                      "versions are 14.x", done.stdout)
        self.assertLess(len(asked), 4)
        listing = self.PAGE.format(", ".join(f"{n}.7" for n in range(20, 90)))
        self.boxes.clear()
        _, asked = self.asked_with(["none"], listing, want=1)
        self.assertLess(len(asked), 13)

    def test_no_version_is_guessed_after_another_refusal(self):
        box = self.box(voice("pub.acme.test", True))
        box.answers["#listProcessNode"] = lambda h: send(h, 503, b"busy")
        self.collect(users=("osadmin", "axl"), want=1)
        self.assertEqual(len([action for action in box.actions if action]), 1)

    def test_a_node_that_no_answer_names_is_not_forgiven(self):
        self.estate()
        pub = self.boxes[2]
        pub.answers["#listProcessNode"] = pub.answers["#listProcessNode"].replace(b"sub1.acme.test", b"sub9.acme.test")
        done = self.collect(want=1)
        self.assertIn("nodes of the cluster: 404: AXL is not active on this node, and no node that names it as one of its "
                      "cluster answered", done.stdout)
        self.assertIn("1 not had", done.stdout)

    def test_a_publisher_without_axl_is_no_small_thing(self):
        self.box(voice("pub.acme.test", False))
        done = self.collect(users=("osadmin", "axl"), want=1)
        self.assertIn("Activate Cisco AXL Web Service on the publisher", done.stdout)
        self.assertIn("1 not had", done.stdout)

    def test_a_node_without_call_manager_has_no_axl(self):
        box = self.box(voice("sub1.acme.test", False))
        whole = json.loads(box.answers[CERTMGR + "/snapshot/server"])
        whole["identities"] = [one for one in whole["identities"] if one["service"] != "CallManager"]
        box.answers[CERTMGR + "/snapshot/server"] = json.dumps(whole).encode()
        done = self.collect(users=("osadmin", "axl"))
        self.assertIn("it has no CallManager certificate, and is no Unified CM node", done.stdout)
        self.assertNotIn("not had", done.stdout.replace("are not had either", ""))


class Voice(Collected):
    def test_without_the_snapshot_single_answers_stand_in(self):
        box = self.box(voice("pub.acme.test", False))
        whole = json.loads(box.answers.pop(CERTMGR + "/snapshot/server"))
        for identity in whole["identities"]:
            box.answers[f"{CERTMGR}/identity/certificate?service={identity['service']}"] = json.dumps(
                {"certificate": identity["certificate"]}).encode()
        for trust in whole["trusts"]:
            name = trust["service"].replace("-trust", "")
            box.answers[f"{CERTMGR}/trust/certificate?service={name}"] = json.dumps(trust["certificate_data"]).encode()
        self.collect(users=("osadmin",))
        text = read(self.out, "deployment.yaml", mode="r")
        for word in ("tomcat: ", "tomcat-trust: ", "callmanager: ", "callmanager-trust: "):
            self.assertIn(word, text)

    def test_a_release_without_certificate_management_is_told(self):
        box = self.box(voice("pub.acme.test", True))
        del box.answers[CERTMGR + "/snapshot/server"]
        done = self.collect(users=("osadmin", "axl"), want=None)
        self.assertIn("tomcat certificate: 404", done.stdout)


class Archives(Collected):
    def test_the_diagnostic_archive_is_fetched_and_imported(self):
        bundle = os.path.join(FOLDER, "bundle")
        if not os.path.exists(bundle):
            run("lab", "export", LAB, "--as", "bundle", "-o", bundle, want=0)
        archive, = [name for name in os.listdir(bundle) if "c1" in name]
        box, modes, asked = self.one(), [], []

        def logging(handler):
            asked.append(handler.command)
            ready = asked.count("GET") > 2
            return send(handler, 200, json.dumps({"DownLoadStatus": "Ready to download" if ready else "Collecting"}).encode())
        path = API + "/common/diagnosticlogging"
        box.answers[path] = logging
        for mode in ("start", "stop", "collect"):
            box.answers[f"#\"{mode}\""] = lambda h, mode=mode: (modes.append(mode), send(h, 200, b'{"Message": "ok"}'))
        box.answers["#\"download\""] = read(bundle, archive)
        done = self.collect("--diagnostic-log", users=("reader",))
        self.assertEqual(modes, ["start", "stop", "collect"])
        self.assertNotIn("diagnostic", done.stdout.split("Not used")[0].replace("diagnostic_log", ""))
        self.assertTrue(os.path.getsize(os.path.join(self.out, "collected", "c1.acme.test", "diagnostic_log")))

    def test_without_the_word_the_log_is_left_alone(self):
        self.one()
        self.collect(users=("reader",))
        self.assertFalse([path for path in self.boxes[0].paths() if "diagnostic" in path])


class Usage(unittest.TestCase):
    def test_mistakes_are_named(self):
        for words, said in (
                ((), "of which boxes"),
                (("--expressway", "c1"), "--expressway-user"),
                (("--cucm", "pub"), "--os-user"),
                (("--expressway", "https://c1/", "--expressway-user", "a", "-o", "x"), "without https://"),
                (("--expressway", "c1", "--expressway", "C1", "--expressway-user", "a", "-o", "x"), "named twice"),
                (("--expressway", "c1", "--expressway-user", "a"), "where to"),
                (("--expressway", "c1", "--expressway-user", "a", "--pin", "c2=00", "-o", "x"), "--pin"),
                (("--expressway", "c1", "--expressway-user", "a", "--timeout", "0", "-o", "x"), "--timeout"),
                (("--os-password-file", "f", "--expressway", "c1", "--expressway-user", "a"), "without --os-user")):
            done = run("collect", *words, want=2, cwd=FOLDER)
            self.assertIn(said, done.stderr)


if __name__ == "__main__":
    run("lab", "new", LAB, want=0)
    run("lab", "export", LAB, "--as", "rest", "-o", REST, want=0)
    run("lab", "export", LAB, "--as", "certmgr", "-o", VOICE, want=0)
    try:
        unittest.main()
    finally:
        shutil.rmtree(FOLDER)
