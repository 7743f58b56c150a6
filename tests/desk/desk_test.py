#!/usr/bin/env python3
"""desk_test.py CAUSEWAY: a deployment's way through the desk by requests, and requests that want more than they may."""
import glob
import http.client
import io
import os
import re
import signal
import subprocess
import sys
import tarfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from desk import Desk, Made, Visitor  # noqa: E402

CAUSEWAY = os.path.abspath(sys.argv.pop(1))
MADE = Made(CAUSEWAY, "--fault", "issuer-missing")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def worker_of(desk):
    """The process of the session."""
    children = subprocess.run(["ps", "--ppid", str(desk.process.pid), "-o", "pid="], capture_output=True,
                              text=True).stdout.split()
    return int(children[0]) if children else None


class Way(unittest.TestCase):
    def setUp(self):
        self.desk = Desk(CAUSEWAY)
        self.addCleanup(self.closed)
        self.visitor = Visitor(self.desk)

    def closed(self):
        self.assertEqual(self.desk.close(), "")

    def drop(self):
        for path in MADE.files:
            answer, text = self.visitor.put(os.path.basename(path), read(path))
            self.assertEqual((answer.status, text), (200, b"taken\n"))
        return self.visitor.press("/import")

    def test_from_files_to_the_repaired_deployment(self):
        answer, text = self.drop()
        shown = Visitor.shown(text)
        self.assertEqual(answer.status, 200)
        self.assertIn("4 nodes from", shown)
        self.assertIn("expressway-c: cucm-tls-verify", shown)
        report = self.visitor.get("/report/page")[1]
        wanted = subprocess.run([CAUSEWAY, "check", MADE.lab], capture_output=True, text=True).stdout
        self.assertIn("issuer-missing", wanted)
        self.assertIn(b"issuer-missing", report)
        plan = Visitor.shown(self.visitor.get("/plan")[1])
        self.assertIn("1 upload on 1 node repairs it", plan)
        pem = self.visitor.get("/pem/c1.acme.test-trusted-ca.pem")[1]
        self.assertTrue(pem.startswith(b"-----BEGIN CERTIFICATE-----"), pem)
        # what was taken along is judged: with the upload nothing is refused any more
        packed = self.visitor.get("/download/deployment.tar.gz")[1]
        to = os.path.join(MADE.folder, "taken")
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(to, filter="data")
        # unpacked, the paths in the page's commands are there as printed
        for path in set(re.findall(r"\bsite/[\w./-]*\w", plan)):
            self.assertTrue(os.path.exists(os.path.join(to, path)), path)
        self.assertIn("site/deployment.yaml", plan)
        self.assertIn("take it along, unpack it, and run them where it was unpacked", plan)
        to = os.path.join(to, "site")
        self.assertEqual(subprocess.run([CAUSEWAY, "check", to], capture_output=True).returncode, 1)
        with open(os.path.join(to, "c1.acme.test", "ca.pem"), "ab") as file:
            file.write(pem)
        self.assertEqual(subprocess.run([CAUSEWAY, "check", to], capture_output=True).returncode, 0)

    def test_answers_are_in_the_file_and_count(self):
        text = self.drop()[1].decode()
        word = re.search(r'name="(word-\d+)"', text).group(1)
        file = re.search(r'name="(file-\d+)"', text).group(1)
        room = read(os.path.join(MADE.lab, "endpoints", "laptop.pem"))
        answer, text = self.visitor.post("/answer", (word, "on"), (file, room, True))
        shown = Visitor.shown(text)
        self.assertIn("The answers are in the deployment file.", shown)
        self.assertIn("cucm-tls-verify: on", shown)
        self.assertRegex(shown, r"trust: answers/trust-\d+\.pem")
        report = Visitor.shown(self.visitor.get("/report/page")[1])
        self.assertTrue(re.search(r"edge-https\s+jabber\s+\S+\s+e1\.acme\.test:8443\s+pass", report))
        # a second import keeps them
        self.assertIn("cucm-tls-verify: on", Visitor.shown(self.visitor.press("/import")[1]))

    def test_a_new_certificate_is_judged_before_it_is_installed(self):
        self.drop()
        new = read(os.path.join(MADE.lab, "e1", "server.pem"))
        shown = Visitor.shown(self.visitor.post("/renew", ("box", "e1.acme.test"), ("identity", "server"),
                                                ("file", new, True))[1])
        self.assertIn("If it were installed now", shown)
        shown = Visitor.shown(self.visitor.post("/renew", ("box", "nobody.acme.test"), ("identity", "server"),
                                                ("file", b"", True))[1])
        self.assertIn("nobody.acme.test", shown)

    def test_logs_and_what_is_pasted_are_read(self):
        line = (b"2026-11-20T12:00:00.000+00:00 c1 tvcs: UTCTime=\"2026-11-20 12:00:00,000\" "
                b"Module=\"developer.ssl\" Level=\"ERROR\" CodeLocation=\"ppcmains/ssl/ttssl/ttssl_openssl.cpp(68)\" "
                b"Method=\"::TTSSLErrorOutput\" Detail=\"TTSSL_continueHandshake: Failed to establish SSL connection "
                b"iResult=\"0\" error=\"1\" bServer=\"false\" localAddress=\"['IPv4''TCP''10.0.0.1:25000']\" "
                b"remoteAddress=\"['IPv4''TCP''10.0.0.2:7001']\"\"\n"
                b"2026-11-20T12:00:00.000+00:00 c1 tvcs: Detail=\"error:14090086:SSL routines:"
                b"ssl3_get_server_certificate:certificate verify failed\"\n")
        shown = Visitor.shown(self.visitor.post("/log", ("file", line, True))[1])
        self.assertRegex(shown, r"[1-9]\d* certificate fault")
        pem = read(os.path.join(MADE.lab, "c1", "ca.pem"))
        shown = Visitor.shown(self.visitor.post("/drop", ("pasted", pem))[1])
        self.assertTrue("not placed" in shown.lower() or "nothing" in shown.lower() or "nodes" in shown, shown[:500])

    def test_forgotten_is_gone_with_its_process(self):
        self.drop()
        worker = worker_of(self.desk)
        self.assertIsNotNone(worker)
        shown = Visitor.shown(self.visitor.press("/forget")[1])
        self.assertIn("Everything is forgotten.", shown)
        self.assertFalse(os.path.exists(f"/proc/{worker}"))
        self.assertIn("Drop what", shown)
        self.assertEqual(glob.glob("/dev/shm/causeway-desk-*"), [])

    def test_a_session_whose_process_was_killed_says_so_and_another_begins(self):
        self.drop()
        os.kill(worker_of(self.desk), signal.SIGKILL)
        shown = Visitor.shown(self.visitor.get("/plan")[1])
        self.assertTrue("gone" in shown or "deployment.yaml" in shown, shown)
        self.assertEqual(self.drop()[0].status, 200)

    def test_what_is_broken_is_told_and_the_session_stands(self):
        for content in (b"", b"\x1f\x8b" + b"\0" * 100, b"PK\x03\x04" + b"\xff" * 200, b"<a>" * 10000,
                        b"{" * 10000, b"-----BEGIN CERTIFICATE-----\nAAAA\n"):
            self.assertEqual(self.visitor.put("odd", content)[0].status, 200)
            answer, text = self.visitor.press("/import")
            self.assertEqual(answer.status, 200)
            self.assertIn("Nothing could be made of this", Visitor.shown(text))
        self.assertEqual(self.drop()[0].status, 200)


class Hostile(unittest.TestCase):
    def test_what_the_fuzzers_found_is_read_or_refused_and_the_desk_goes_on(self):
        top = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "fuzz", "corpus")
        desk = Desk(CAUSEWAY)
        self.addCleanup(lambda: self.assertEqual(desk.close(), ""))
        visitor, dropped = Visitor(desk), 0
        for folder, _, names in sorted(os.walk(top)):
            for name in sorted(names):
                answer, text = visitor.put(f"{os.path.basename(folder)}-{name}", read(os.path.join(folder, name)))
                self.assertIn(answer.status, (200, 400, 413), f"{folder}/{name}: {text}")
                dropped += answer.status == 200
        self.assertGreater(dropped, 200)
        answer, text = visitor.press("/import")
        self.assertEqual(answer.status, 200, text)
        self.assertNotIn(b"\x1b", text)
        self.assertNotRegex(text, b"<script(?! src=)")
        # whoever comes next finds a desk as it was
        other = Visitor(desk)
        for path in MADE.files:
            self.assertEqual(other.put(os.path.basename(path), read(path))[0].status, 200)
        self.assertIn("4 nodes from", Visitor.shown(other.press("/import")[1]))


class Rules(unittest.TestCase):
    def setUp(self):
        self.desk = Desk(CAUSEWAY)
        self.addCleanup(lambda: self.assertEqual(self.desk.close(), ""))
        self.visitor = Visitor(self.desk)

    def test_every_change_wants_the_token_and_a_page_of_this_desk(self):
        token = self.visitor.token
        rows = [("no token", {"X_CSRF_Token": None}), ("another", {"X_CSRF_Token": "0" * 64}),
                ("no origin", {"X_CSRF_Token": token, "Origin": None}),
                ("another's page", {"X_CSRF_Token": token, "Origin": "http://evil.example"}),
                ("a page without an origin", {"X_CSRF_Token": token, "Origin": "null"}),
                ("said by the browser", {"X_CSRF_Token": token, "Sec_Fetch_Site": "cross-site"}),
                ("no cookie", {"X_CSRF_Token": token, "Cookie": None}),
                ("another's cookie", {"X_CSRF_Token": token, "Cookie": "causeway-desk=" + "0" * 64})]
        for name, fields in rows:
            with self.subTest(name):
                answer, _ = self.visitor.ask("PUT", "/drop/x.pem", b"x", Content_Type="application/octet-stream",
                                             **fields)
                self.assertEqual(answer.status, 403)
        self.assertIsNone(worker_of(self.desk))
        self.assertEqual(self.visitor.put("x.pem", b"x")[0].status, 200)
        # a form of a page that tells no referrer, as browsers send it
        answer, _ = self.visitor.ask("PUT", "/drop/x.pem", b"x", Content_Type="application/octet-stream",
                                     X_CSRF_Token=token, Origin="null", Sec_Fetch_Site="same-origin")
        self.assertEqual(answer.status, 200)

    def test_another_name_for_this_address_gets_nothing(self):
        answer, _ = self.visitor.ask("GET", "/", Host="evil.example")
        self.assertEqual(answer.status, 421)
        port = self.desk.host.split(":")[1]
        self.assertEqual(self.visitor.ask("GET", "/", Host="localhost:" + port)[0].status, 200)

    def test_nothing_changes_by_get(self):
        for path in ("/import", "/forget", "/answer", "/drop/x"):
            self.assertEqual(self.visitor.ask("GET", path)[0].status, 405)

    def test_names_do_not_leave_the_folder(self):
        for name in ("..%2F..%2Fetc%2Fpasswd", ".bashrc", "%00x", "a%2Fb", "%2e%2e", "x" * 170):
            answer, _ = self.visitor.put(name, b"x")
            self.assertIn(answer.status, (200, 400), name)
        self.assertEqual(self.visitor.ask("GET", "/pem/..%2Fsite%2Fdeployment.yaml")[0].status, 400)
        self.assertIn(self.visitor.ask("GET", "/pem/nothing.pem")[0].status, (404,))

    def test_one_visitor_sees_nothing_of_another(self):
        self.visitor.put("x.pem", read(os.path.join(MADE.lab, "c1", "ca.pem")))
        self.visitor.press("/import")
        other = Visitor(self.desk)
        self.assertNotEqual(other.cookie, self.visitor.cookie)
        self.assertEqual(other.get("/download/deployment.tar.gz")[0].status, 404)

    def test_pages_carry_their_policies(self):
        answer, _ = self.visitor.get("/")
        self.assertIn("default-src 'none'", answer.getheader("Content-Security-Policy"))
        self.assertNotIn("unsafe", answer.getheader("Content-Security-Policy"))
        answer, _ = self.visitor.get("/report/page")
        self.assertTrue(answer.getheader("Content-Security-Policy").startswith("sandbox "))
        self.assertNotIn("allow-same-origin", answer.getheader("Content-Security-Policy"))

    def test_a_body_that_is_too_long_is_refused_unread(self):
        connection = http.client.HTTPConnection(self.desk.host, timeout=30)
        connection.putrequest("PUT", "/drop/large")
        for name, value in [("Cookie", self.visitor.cookie), ("Origin", "http://" + self.desk.host),
                            ("X-CSRF-Token", self.visitor.token), ("Content-Length", str(1 << 40)),
                            ("Content-Type", "application/octet-stream")]:
            connection.putheader(name, value)
        connection.endheaders()
        self.assertEqual(connection.getresponse().status, 413)
        connection.close()

    def test_the_session_can_open_nothing_outside_and_run_nothing(self):
        self.visitor.put("x.pem", b"x")
        worker = worker_of(self.desk)
        with open(f"/proc/{worker}/status") as file:
            status = file.read()
        self.assertIn("Seccomp:\t2", status)
        self.assertIn("NoNewPrivs:\t1", status)
        if os.geteuid() == 0:
            self.assertNotIn("Uid:\t0\t", status)
        # its words are a verb's words: a file outside is not read
        shown = Visitor.shown(self.visitor.post("/renew", ("box", "a=/etc/hostname"), ("identity", "server"),
                                                ("file", b"", True))[1])
        with open("/etc/hostname") as file:
            self.assertNotIn(file.read().strip() + "\n", shown)


class Addresses(unittest.TestCase):
    def test_only_loopback_is_listened_on(self):
        for address, said in [("0.0.0.0:0", "TLS"), ("10.0.0.1", "TLS"), ("here", "127.0.0.1:8484"),
                              ("127.0.0.1:x", "127.0.0.1:8484"), ("127.0.0.1:70000", "127.0.0.1:8484")]:
            done = subprocess.run([CAUSEWAY, "desk", "--listen", address], capture_output=True, text=True, timeout=30)
            self.assertEqual(done.returncode, 2)
            self.assertIn(said, done.stderr)


if __name__ == "__main__":
    try:
        unittest.main()
    finally:
        MADE.close()
