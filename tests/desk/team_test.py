#!/usr/bin/env python3
"""team_test.py CAUSEWAY: the desk for those who are not at its machine: what it wants to be let run so, who is let in, and what
one person sees of another. A test for each rule, that breaks it.
"""
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from desk import Desk, Visitor  # noqa: E402

CAUSEWAY = os.path.abspath(sys.argv.pop(1))
FOLDER = tempfile.mkdtemp(prefix="causeway-team-")
PASSWORDS = {"alice": "correct horse battery staple", "bob": "another horse, another battery"}


def at(name):
    return os.path.join(FOLDER, name)


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def authority(name):
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
            f"/CN={name}", "-keyout", at(name + ".key"), "-out", at(name + ".pem"))


def certificate(ca, file, name, usage, days="10"):
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout",
            at(file + ".key"), "-out", at(file + ".csr"))
    with open(at(file + ".cnf"), "w", encoding="utf-8") as out:
        out.write(f"extendedKeyUsage={usage}\nkeyUsage=digitalSignature\nsubjectAltName=DNS:desk.acme.test,IP:127.0.0.1,IP:127.0.0.77\n")
    openssl("x509", "-req", "-in", at(file + ".csr"), "-CA", at(ca + ".pem"), "-CAkey", at(ca + ".key"), "-CAcreateserial",
            "-days", days, "-extfile", at(file + ".cnf"), "-out", at(file + ".pem"))


def write(name, text):
    with open(at(name), "w", encoding="utf-8") as file:
        file.write(text)
    return at(name)


def read(name):
    with open(at(name), "rb") as file:
        return file.read()


def desk_verb(*words):
    return subprocess.run([CAUSEWAY, "desk", *words], capture_output=True, text=True, timeout=60, check=False)


def add_user(file, name, password):
    return desk_verb("--users", at(file), "--add-user", name, "--password-file", write("typed.txt", password + "\n"))


SERVE = ("--certificate", at("desk.pem"), "--key", at("desk.key"))


class Person(Visitor):
    """A visitor over TLS, perhaps with a certificate, who has not asked for anything yet."""

    def __init__(self, desk, shows=None, source=None):  # no first page: pylint: disable=super-init-not-called
        self.desk, self.cookie, self.token, self.source = desk, None, "", source
        self.tls = ssl.create_default_context(cafile=at("public.pem"))
        if shows:
            self.tls.load_cert_chain(at(shows + ".pem"), at(shows + ".key"))

    def log_in(self, user, password=None, **fields):
        body = f"user={user}&password={(password or PASSWORDS[user]).replace(' ', '+').replace(',', '%2C')}"
        return self.ask("POST", "/login", body, Content_Type="application/x-www-form-urlencoded", **fields)

    def come_in(self, user):
        answer, text = self.follow(*self.log_in(user))
        if answer.status != 200 or not self.token:
            raise AssertionError(f"{user} is not let in: {answer.status} {text}")
        return self


class Served(unittest.TestCase):
    options = ("--users", at("users.json"))

    def setUp(self):
        shutil.copy(at("both.json"), at("users.json"))
        self.desk = Desk(CAUSEWAY, *SERVE, *self.options)
        self.addCleanup(lambda: self.assertEqual(self.desk.close(), ""))


class Passwords(Served):
    def test_nothing_is_seen_without_logging_in(self):
        self.assertTrue(self.desk.url.startswith("https://"))
        nobody = Person(self.desk)
        for path in ("/", "/site", "/report", "/report/page", "/plan", "/log", "/download/deployment.tar.gz"):
            answer, text = nobody.ask("GET", path)
            self.assertEqual((answer.status, answer.getheader("Location")), (303, "/login"), path)
            self.assertIsNone(answer.getheader("Set-Cookie"))
        for method, path in (("PUT", "/drop/x"), ("POST", "/import"), ("POST", "/forget"), ("POST", "/logout")):
            answer, _ = nobody.ask(method, path, b"", Content_Type="application/x-www-form-urlencoded")
            self.assertEqual(answer.status, 403, path)

    def test_a_log_in_gives_a_new_cookie_for_tls_alone(self):
        alice = Person(self.desk)
        answer, text = alice.ask("GET", "/login")
        self.assertEqual(answer.status, 200)
        self.assertIn(b'type="password"', text)
        alice.cookie = "__Host-causeway-desk=" + "0" * 64  # one that somebody else put there
        answer, _ = alice.log_in("alice")
        cookie = answer.getheader("Set-Cookie")
        for flag in ("__Host-causeway-desk=", "Path=/", "Secure", "HttpOnly", "SameSite=Strict"):
            self.assertIn(flag, cookie)
        self.assertNotIn("0" * 64, cookie)
        self.assertIn("max-age", answer.getheader("Strict-Transport-Security"))
        self.assertIn("Here as alice.", Visitor.shown(alice.get("/")[1]))
        first = alice.cookie
        alice.come_in("alice")
        alice.cookie = first
        self.assertEqual(alice.ask("GET", "/")[0].status, 303, "the session before the log-in goes on")

    def test_wrong_users_and_passwords_are_answered_alike_and_wait(self):
        answers = [Person(self.desk).log_in(user, "a wrong password") for user in ("alice", "nobody")]
        self.assertEqual([answer.status for answer, _ in answers], [401, 401])
        self.assertEqual(answers[0][1], answers[1][1])
        seen = [Person(self.desk, source="127.0.0.7").log_in("bob", f"guess {number}")[0].status for number in range(7)]
        self.assertEqual(seen[:3], [401] * 3)
        self.assertIn(429, seen)
        answer, text = Person(self.desk, source="127.0.0.7").log_in("bob")
        self.assertEqual(answer.status, 429, "the right password is no way round the waiting")
        self.assertIn("try again in", Visitor.shown(text))
        Person(self.desk, source="127.0.0.8").come_in("alice")

    def test_another_site_logs_nobody_in(self):
        for fields in ({"Origin": "https://evil.example"}, {"Origin": None}, {"Sec_Fetch_Site": "cross-site"},
                       {"Origin": "http://" + self.desk.host}):
            self.assertEqual(Person(self.desk).log_in("alice", **fields)[0].status, 403, fields)

    def test_a_session_is_its_users(self):
        alice, bob = Person(self.desk).come_in("alice"), Person(self.desk).come_in("bob")
        self.assertEqual(alice.put("ca.pem", read("public.pem"))[0].status, 200)
        self.assertIn("1 so far", Visitor.shown(alice.get("/")[1]))
        self.assertNotIn("so far", Visitor.shown(bob.get("/")[1]))
        self.assertEqual(bob.ask("PUT", "/drop/x", b"x", X_CSRF_Token=alice.token,
                                 Content_Type="application/octet-stream")[0].status, 403)
        twice = Person(self.desk).come_in("alice")  # another browser of the same person is another session
        self.assertNotIn("so far", Visitor.shown(twice.get("/")[1]))
        children = subprocess.run(["ps", "--ppid", str(self.desk.process.pid), "-o", "pid="], capture_output=True,
                                  text=True, check=False).stdout.split()
        self.assertEqual(len(children), 1)
        cookie = alice.cookie
        self.assertEqual(alice.press("/logout")[0].status, 200)
        self.assertFalse(os.path.exists(f"/proc/{children[0]}"), "what was dropped outlives the log-out")
        alice.cookie = cookie
        self.assertEqual(alice.ask("GET", "/")[0].status, 303)

    def test_who_is_taken_out_or_gets_another_password_is_out_at_once(self):
        alice, bob = Person(self.desk).come_in("alice"), Person(self.desk).come_in("bob")
        self.assertEqual(add_user("users.json", "alice", "a third horse and staple").returncode, 0)
        self.assertEqual(alice.ask("GET", "/")[0].status, 303)
        self.assertEqual(bob.ask("GET", "/")[0].status, 200)
        self.assertEqual(Person(self.desk).log_in("alice")[0].status, 401)
        self.assertIn(b"$argon2id$", read("users.json"))
        self.assertNotIn(b"a third horse", read("users.json"))
        self.assertEqual(os.stat(at("users.json")).st_mode & 0o777, 0o600)
        write("users.json", "{}")  # it can be read no more: nobody is in
        self.assertEqual(bob.ask("GET", "/")[0].status, 303)
        os.unlink(at("users.json"))


class Certificates(Served):
    options = ("--client-ca", at("people.pem"))

    def test_only_who_shows_a_certificate_of_the_list_is_let_in(self):
        for shows in (None, "stranger", "expired", "server-only"):
            with self.subTest(shows), self.assertRaises((ssl.SSLError, ConnectionError, OSError)):
                Person(self.desk, shows).get("/")
        self.assertIn("Here as carol.", Visitor.shown(Person(self.desk, "carol").get("/")[1]))

    def test_a_cookie_over_another_certificate_is_nobodys(self):
        carol, dave = Person(self.desk, "carol"), Person(self.desk, "dave")
        carol.get("/")
        self.assertEqual(carol.put("ca.pem", read("public.pem"))[0].status, 200)
        dave.cookie = carol.cookie
        text = dave.get("/")[1]
        self.assertNotIn("so far", Visitor.shown(text))
        self.assertIn("Here as dave.", Visitor.shown(text))
        self.assertNotEqual(dave.cookie, carol.cookie)
        self.assertIn("1 so far", Visitor.shown(carol.get("/")[1]))
        self.assertEqual(dave.ask("GET", "/login")[0].status, 404)


class Both(Served):
    options = ("--client-ca", at("people.pem"), "--users", at("users.json"))

    def test_the_certificate_does_not_take_the_place_of_the_password(self):
        carol = Person(self.desk, "carol")
        self.assertEqual(carol.ask("GET", "/")[0].getheader("Location"), "/login")
        with self.assertRaises((ssl.SSLError, ConnectionError, OSError)):
            Person(self.desk).log_in("alice")
        carol.come_in("alice")
        dave = Person(self.desk, "dave")
        dave.cookie = carol.cookie
        self.assertEqual(dave.ask("GET", "/")[0].status, 303)


class Beginnings(unittest.TestCase):
    def refused(self, said, *words):
        done = desk_verb(*words)
        self.assertEqual(done.returncode, 2, words)
        self.assertIn(said, done.stderr)
        self.assertEqual(done.stdout, "")

    def test_beyond_loopback_it_wants_tls_and_to_know_who_asks(self):
        self.refused("--certificate PEM --key PEM", "--listen", "0.0.0.0:0")
        self.refused("--certificate PEM is missing", "--listen", "0.0.0.0:0", "--users", at("users.json"))
        self.refused("--certificate PEM is missing", "--client-ca", at("people.pem"))
        self.refused("--users FILE (passwords", "--listen", "0.0.0.0:0", *SERVE)
        self.refused("is not the key of this certificate", "--listen", "0.0.0.0:0", "--certificate", at("desk.pem"),
                     "--key", at("carol.key"), "--client-ca", at("people.pem"))
        self.refused("is not the key of this certificate", "--certificate", at("desk.pem"))
        self.refused("--add-user NAME", "--listen", "0.0.0.0:0", *SERVE, "--users", at("nobody.json"))
        self.refused("no CA certificate in it", *SERVE, "--client-ca", write("empty.pem", ""))
        self.refused("nowhere.pem", *SERVE, "--client-ca", at("nowhere.pem"))
        self.refused("--users FILE is missing", "--add-user", "alice")

    def test_a_user_needs_a_name_and_a_password_that_is_long_enough(self):
        for name, password in (("alice", "short"), ("a/b", PASSWORDS["alice"]), ("", PASSWORDS["alice"])):
            self.assertEqual(add_user("few.json", name, password).returncode, 2)
        self.assertFalse(os.path.exists(at("few.json")))

    def test_with_all_of_it_it_listens_everywhere(self):
        desk = Desk(CAUSEWAY, *SERVE, "--client-ca", at("people.pem"), listen="0.0.0.0:0")
        try:
            # what it printed can be opened as it is, and so can another of its addresses
            self.assertTrue(desk.host.startswith("127.0.0.1:"), desk.said)
            self.assertIn("/ and every other address of this machine  (", desk.said)
            for host in (desk.host, desk.host.replace("127.0.0.1", "127.0.0.77")):
                desk.host = host
                self.assertIn("Here as carol.", Visitor.shown(Person(desk, "carol").get("/")[1]))
        finally:
            self.assertEqual(desk.close(), "")


def make_files():
    for name in ("public", "people", "strangers"):
        authority(name)
    certificate("public", "desk", "desk.acme.test", "serverAuth")
    for name in ("carol", "dave"):
        certificate("people", name, name, "clientAuth")
    certificate("strangers", "stranger", "carol", "clientAuth")
    certificate("people", "expired", "carol", "clientAuth", days="-1")
    certificate("people", "server-only", "carol", "serverAuth")
    for name, password in PASSWORDS.items():
        add_user("both.json", name, password).check_returncode()


if __name__ == "__main__":
    try:
        make_files()
        unittest.main()
    finally:
        shutil.rmtree(FOLDER)
