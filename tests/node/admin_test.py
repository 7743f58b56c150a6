#!/usr/bin/env python3
"""admin_test.py CAUSEWAY [PART...]: the pages of a running node, attacked: one part for each rule of who may do what.

A node is made by `node init` and run by `node run`; everything goes over its TLS port, by hand, so that what a browser would
never send can be sent. Nothing sleeps but where time itself is the rule.
"""
import base64
import html
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

PROGRAM = os.path.abspath(sys.argv[1])
HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = tempfile.mkdtemp(prefix="causeway-admin-")
os.chmod(FOLDER, 0o711)
ENV = dict(os.environ, NO_COLOR="1")
PATIENCE = 90
PASSWORD = "correct horse battery staple"
FORM = "application/x-www-form-urlencoded"


def run(*words):
    done = subprocess.run(words, capture_output=True, check=False, env=ENV, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr}")
    return done.stdout, done.stderr


def want(truth, text):
    if not truth:
        raise AssertionError(text)


def free_address():
    """One of the loopback network's addresses for each node: the ports can be the usual ones."""
    free_address.last += 1
    return f"127.{os.getpid() % 200 + 20}.{os.getpid() // 200 % 200}.{free_address.last}"


free_address.last = 1


class Answer:
    def __init__(self, data):
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1]) if lines[0] else 0
        self.fields = [line.split(": ", 1) for line in lines[1:] if ": " in line]

    def field(self, name):
        return next((value for key, value in self.fields if key.lower() == name.lower()), None)

    def cookie(self):
        value = self.field("Set-Cookie")
        return value.split(";")[0] if value else None

    def csrf(self):
        found = re.search(rb'name="?csrf"? value="?([0-9a-f]{64})', self.body)
        return found.group(1).decode() if found else None


class Node:
    def __init__(self, name="e1", deployment=None, more=b""):
        self.deployment = deployment or os.path.join(FOLDER, "demo")
        if not os.path.exists(self.deployment):
            run(PROGRAM, "lab", "new", self.deployment, "--key", "ec")
        self.address = free_address()
        self.folder = os.path.join(FOLDER, f"{name}-{self.address}")
        password = os.path.join(FOLDER, "zone.txt")
        with open(password, "w", encoding="utf-8") as file:
            file.write("secret\n")
        files = os.path.join(self.deployment, "e1")
        trusted = os.path.join(FOLDER, f"{self.address}.pem")
        with open(f"{files}/ca.pem", "rb") as file, open(trusted, "wb") as out:
            out.write(file.read() + more)
        _, told = run(PROGRAM, "node", "init", self.folder, "--role", "expressway-e", "--fqdn", "e1.acme.test",
                      "--tls-verify-name", "c1.acme.test", "--password-file", password, "--listen", self.address,
                      "--server", f"{files}/server.pem", "--key", f"{files}/privkey.pem",
                      "--trusted-ca", trusted)
        self.link = re.search(r"https://e1\.acme\.test:7443(/first/\S+)", told).group(1)
        self.lines, self.log, self.process = queue.Queue(), [], None

    def __enter__(self):
        # it is read after this: pylint: disable=consider-using-with
        self.process = subprocess.Popen([PROGRAM, "node", "run", self.folder], stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, env=ENV)
        threading.Thread(target=self.pump, daemon=True).start()
        self.wait("runs, process")
        return self

    def pump(self):
        for line in self.process.stdout:
            self.lines.put(line)

    def wait(self, text):
        end = time.monotonic() + PATIENCE
        while True:
            line = self.lines.get(timeout=max(0.1, end - time.monotonic()))
            self.log.append(line)
            if text in line:
                return line

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)

    port, certificate = 7443, None

    def connect(self, source="127.0.0.1"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if self.certificate:
            context.load_cert_chain(*self.certificate)
        plain = socket.create_connection((self.address, self.port), timeout=PATIENCE, source_address=(source, 0))
        return context.wrap_socket(plain)

    def raw(self, data, source="127.0.0.1"):
        begun = time.monotonic()
        with self.connect(source) as connection:
            connection.sendall(data)
            answer = Answer(read_answer(connection))
        if time.monotonic() - begun > 8:
            print(f"{data[:60]!r} took {time.monotonic() - begun:.1f} s", flush=True)
        return answer

    def ask(self, method, path, body=None, source="127.0.0.1", **fields):
        """fields: names with _ for -. A field that is None is left out."""
        wanted = {"Host": f"{self.address}:{self.port}"}
        if body is not None:
            wanted.update({"Content-Type": FORM, "Content-Length": str(len(body)), "Origin": self.origin()})
        if method == "HEAD":
            wanted["Connection"] = "close"
        wanted.update({key.replace("_", "-"): value for key, value in fields.items()})
        lines = [f"{method} {path} HTTP/1.1"] + [f"{key}: {value}" for key, value in wanted.items() if value is not None]
        return self.raw(("\r\n".join(lines) + "\r\n\r\n" + (body or "")).encode(), source)

    def origin(self):
        return f"https://{self.address}:{self.port}"

    def first(self):
        answer = self.ask("POST", "/do/session/first", form(token=self.link.rsplit("/", 1)[1], password=PASSWORD,
                                                             again=PASSWORD))
        want(answer.status == 303, f"the first password: {answer.status} {answer.body}")
        return answer.cookie()

    def log_in(self, user="admin", password=PASSWORD, **more):
        return self.ask("POST", "/do/session/begin", form(user=user, password=password), **more)

    def add(self, cookie, user, role):
        csrf = self.ask("GET", "/", Cookie=cookie).csrf()
        answer = self.ask("POST", "/do/administrators/set",
                          form(csrf=csrf, user=user, role=role, password=PASSWORD), Cookie=cookie)
        want(answer.status in (200, 303), f"adding {user}: {answer.status} {answer.body}")

    def front(self):
        found = run("ps", "-eo", "pid,ppid,args")[0]
        for line in found.splitlines():
            words = line.split()
            if words[-1] == "admin-process" and words[1] == str(self.process.pid):
                return int(words[0])
        raise AssertionError("no admin process")


def form(**fields):
    quote = "".join
    return "&".join(f"{key}=" + quote(c if c.isalnum() else "".join(f"%{byte:02x}" for byte in c.encode()) for c in str(value))
                    for key, value in fields.items())


def read_answer(connection):
    """Until the end, or until the body that the head announces is there."""
    data = b""
    while True:
        head, ended, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"\r\nContent-Length: (\d+)", head)
        if ended and length and len(body) >= int(length.group(1)):
            return data
        try:
            more = connection.recv(65536)
        except (ConnectionResetError, ssl.SSLError):
            more = b""
        if not more:
            return data
        data += more


# ---------------------------------------------------------------- parts

def part_first_password():
    """There is no default password; the link sets one, once; what it is not is refused alike."""
    with Node() as node:
        for user, password in (("admin", ""), ("admin", "admin"), ("administrator", "TANDBERG")):
            want(node.log_in(user, password, source="127.0.0.9").status in (401, 429), f"{user} {password} is a password")
        want(node.ask("GET", "/first/" + "A" * 43).status == 403, "a wrong link is taken")
        want(node.ask("GET", node.link).status == 200, "the link shows no page")
        token = node.link.rsplit("/", 1)[1]
        for body, status in ((form(token=token, password=PASSWORD, again="another one"), 400),
                             (form(token=token, password="short", again="short"), 400),
                             (form(token="A" * 43, password=PASSWORD, again=PASSWORD), 403)):
            answer = node.ask("POST", "/do/session/first", body)
            want(answer.status == status, f"{body}: {answer.status}")
        want(node.first(), "no session")
        answer = node.ask("POST", "/do/session/first", form(token=token, password="changed password", again="changed password"))
        want(answer.status == 403, f"the link is good twice: {answer.status}")
        want(node.log_in().status == 303, "the password is not the one that was set")
        link, _ = run(PROGRAM, "node", "link", node.folder)
        node.link = link.strip().split(":7443")[1]
        want(node.ask("GET", node.link).status == 200, "a new link is not known to a running node")
        empty = os.path.join(FOLDER, "without-certificates")
        told = run(PROGRAM, "node", "init", empty, "--role", "expressway-e", "--fqdn", "e2.acme.test", "--tls-verify-name",
                   "c1.acme.test", "--password-file", os.path.join(FOLDER, "zone.txt"))[1]
        want("https://e2.acme.test:7443/first/" in told, "no link before there are certificates")
        want("/first/" in run(PROGRAM, "node", "link", empty)[0], "no new one either")
        with open(os.path.join(node.folder, "secrets", "administrators.json"), encoding="utf-8") as file:
            kept = file.read()
        want("$argon2id$" in kept and PASSWORD not in kept and node.link.rsplit("/", 1)[1] not in kept, kept)
        want(os.stat(os.path.join(node.folder, "secrets", "administrators.json")).st_mode & 0o777 == 0o600, "mode")


def part_sessions():
    """Cookie flags; a new id at log-in; log-out; nothing without one; the same answer for unknown users."""
    with Node() as node:
        first = node.first()
        answer = node.log_in(Cookie=first)
        flags = answer.field("Set-Cookie")
        for flag in ("__Host-", "Path=/", "Secure", "HttpOnly", "SameSite=Strict"):
            want(flag in flags, f"{flag} is not in {flags}")
        want("Domain" not in flags, flags)
        cookie = answer.cookie()
        want(cookie != first and len(cookie.split("=", 1)[1]) >= 43, "the id is not new, or short")
        want(node.ask("GET", "/", Cookie=first).status == 303, "the session before the log-in goes on")
        want(node.ask("GET", "/", Cookie=cookie).status == 200, "the new session is none")
        for path in ("/", "/overview", "/zones", "/administrators", "/trustedcacertificate", "/cmplatform/x", "/nothing"):
            answer = node.ask("GET", path)
            want(answer.status in (303, 404) and b"e1.acme.test" not in answer.body, f"{path} without log-in: {answer.status}")
        want(node.ask("POST", "/do/restart", form(csrf="x")).status == 401, "something is done without log-in")
        for path in ("/metrics",):
            want(node.ask("GET", path, Cookie=cookie).status == 401, f"{path} takes a cookie")
        known, unknown = node.log_in("admin", "wrong password"), node.log_in("nobody", "wrong password")
        want(known.status == unknown.status == 401, f"{known.status} {unknown.status}")
        want(known.body.replace(b"admin", b"") == unknown.body.replace(b"nobody", b""), "unknown users are told apart")
        csrf = node.ask("GET", "/", Cookie=cookie).csrf()
        answer = node.ask("POST", "/do/session/end", form(csrf=csrf), Cookie=cookie)
        want(answer.status == 303 and "Max-Age=0" in answer.field("Set-Cookie"), "log-out")
        want(node.ask("GET", "/", Cookie=cookie).status == 303, "the session goes on after the log-out")


def part_forged():
    """What another site could make a browser send changes nothing; nor does GET."""
    with Node() as node:
        cookie = node.first()
        csrf = node.ask("GET", "/", Cookie=cookie).csrf()
        want(csrf, "no token in the page")

        def change(body, **fields):
            return node.ask("POST", "/do/administrators/set", body, Cookie=cookie, **fields).status
        good = form(csrf=csrf, user="eve", role="read-write", password=PASSWORD)
        late = form(user="eve", role="read-write", password=PASSWORD, csrf=csrf)
        none = form(user="eve", role="read-write", password=PASSWORD)
        wrong = form(csrf="0" * 64, user="eve", role="read-write", password=PASSWORD)
        for name, status in (("no token", change(none)), ("a wrong token", change(wrong)), ("not the first field", change(late)),
                             ("another origin", change(good, Origin="https://evil.test")),
                             ("no origin", change(good, Origin=None)), ("a null origin", change(good, Origin="null")),
                             ("the same name without TLS", change(good, Origin=f"http://{node.address}:7443")),
                             ("another port", change(good, Origin=f"https://{node.address}:1")),
                             ("cross-site", change(good, Sec_Fetch_Site="cross-site")),
                             ("same-site", change(good, Sec_Fetch_Site="same-site"))):
            want(status == 403, f"{name}: {status}")
        want(change(good, Content_Type="text/plain") == 415, "text/plain is taken")
        for method in ("GET", "HEAD"):
            status = node.ask(method, f"/do/administrators/set?{good}", Cookie=cookie).status
            want(status in (404, 405), f"{method}: {status}")
        with open(os.path.join(node.folder, "secrets", "administrators.json"), encoding="utf-8") as file:
            want("eve" not in file.read(), "something was changed")
        want(change(good) in (200, 303), "what is right is refused")
        answer = node.ask("POST", "/do/session/begin", form(user="admin", password=PASSWORD), Origin="https://evil.test")
        want(answer.status == 403, "another site logs in")
        answer = node.ask("POST", "/do/session/begin", form(user="admin", password=PASSWORD, then="//evil.test/"))
        want(answer.field("Location") == "/", f"sent away to {answer.field('Location')}")


def part_other_node():
    """A cookie of another node is nobody's, with the same password too; a restart ends all sessions."""
    with Node() as one, Node("other") as other:
        cookie = one.first()
        other.first()
        want(one.ask("GET", "/", Cookie=cookie).status == 200, "no session")
        want(other.ask("GET", "/", Cookie=cookie).status == 303, "another node's cookie is taken")
    with one:
        want(one.ask("GET", "/", Cookie=cookie).status == 303, "a session outlives the node")


def part_roles():
    """Read-only and auditor change nothing, whatever they send; who is removed is out at once."""
    with Node() as node:
        cookie = node.first()
        node.add(cookie, "reader", "read-only")
        node.add(cookie, "audit", "auditor")
        for user in ("reader", "audit"):
            theirs = node.log_in(user).cookie()
            page = node.ask("GET", "/", Cookie=theirs)
            csrf = page.csrf() or node.ask("GET", "/eventlog", Cookie=theirs).csrf()
            want(csrf, f"{user} has no page: {page.status}")
            for path in ("administrators/set", "administrators/remove", "restart", "trust/append", "zone/set", "cba/set",
                         "identity/upload", "domains/add"):
                answer = node.ask("POST", "/do/" + path, form(csrf=csrf, user="eve", role="read-write", password=PASSWORD),
                                  Cookie=theirs)
                want(answer.status in (403, 404), f"{user} {path}: {answer.status}")
            answer = node.ask("GET", "/administrators", Cookie=theirs)
            want(answer.status == 403, f"{user} sees the administrators: {answer.status}")
        csrf = node.ask("GET", "/", Cookie=cookie).csrf()
        answer = node.ask("POST", "/do/administrators/remove", form(csrf=csrf, user="admin"), Cookie=cookie)
        want(answer.status == 409, f"the last administrator is removed: {answer.status}")
        theirs = node.log_in("reader").cookie()
        node.ask("POST", "/do/administrators/remove", form(csrf=csrf, user="reader"), Cookie=cookie)
        want(node.ask("GET", "/", Cookie=theirs).status == 303, "who was removed is still in")
        history, _ = run(PROGRAM, "node", "history", node.folder, "-f", "json")
        want("administrator reader" in history and '"log-in"' in history, "the history has no change of administrators")
        want(PASSWORD not in history, "a password is in the history")


def part_guesses():
    """Who guesses waits, per user and per address, and an unknown user is no exception; others go on."""
    with Node() as node:
        node.first()
        for user in ("admin", "nobody"):
            seen = [node.log_in(user, f"guess {number}", source=f"127.0.1.{number + 1}").status for number in range(10)]
            want(seen[:3] == [401] * 3 and 429 in seen[3:], f"{user}: {seen}")
        seen = [node.log_in(f"user{number}", "guess", source="127.0.2.1").status for number in range(8)]
        want(429 in seen[3:], f"one address: {seen}")
        want(node.log_in("admin", PASSWORD, source="127.0.2.1").status == 429, "the waiting is not kept")
        # many at once are no way round it
        answers = []
        threads = [threading.Thread(target=lambda n=n: answers.append(node.log_in("many", f"guess {n}",
                                                                                  source="127.0.3.1").status))
                   for n in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        want(answers.count(401) <= 5 and answers.count(429) >= 7, f"many at once: {sorted(answers)}")


def part_lock():
    """What the browser's lock shows: the node's own certificate, under its name, with a chain that ends in the root."""
    with Node() as node:
        for root, name, good in (("public-root", "e1.acme.test", True), ("private-root", "e1.acme.test", False),
                                 ("public-root", "e2.acme.test", False)):
            context = ssl.create_default_context(cafile=f"{node.deployment}/ca/{root}/ca.pem")
            with socket.create_connection((node.address, node.port), timeout=PATIENCE) as plain:
                try:
                    with context.wrap_socket(plain, server_hostname=name) as connection:
                        shown = ssl.DER_cert_to_PEM_cert(connection.getpeercert(True))
                except ssl.SSLCertVerificationError:
                    shown = None
            want(bool(shown) == good, f"a browser that trusts {root} and asks for {name}: {shown}")
            if good:
                with open(f"{node.deployment}/e1/server.pem", encoding="utf-8") as file:
                    want(shown.split() == file.read().split(), "another certificate than the node's own is shown")


def part_before_log_in():
    """Nothing of a body is read before it is known who asks, of what type it is and how long."""
    with Node() as node:
        cookie = node.first()
        rows = (("no cookie", 401, f"Origin: {node.origin()}\r\nContent-Type: {FORM}\r\nContent-Length: 2000000\r\n"),
                ("a cookie that is none", 401, f"Cookie: __Host-causeway={'A' * 43}\r\nOrigin: {node.origin()}\r\n"
                                               f"Content-Type: {FORM}\r\nContent-Length: 2000000\r\n"),
                ("too long", 413, f"Cookie: {cookie}\r\nContent-Type: {FORM}\r\nContent-Length: 9000000\r\n"),
                ("another type", 415, f"Cookie: {cookie}\r\nContent-Type: text/plain\r\nContent-Length: 2000000\r\n"),
                ("another origin", 403, f"Cookie: {cookie}\r\nOrigin: https://evil.test\r\nContent-Type: {FORM}\r\n"
                                        "Content-Length: 2000000\r\n"),
                ("a wrong token", 403, f"Cookie: {cookie}\r\nX-CSRF-Token: 00\r\nOrigin: {node.origin()}\r\n"
                                       f"Content-Type: {FORM}\r\nContent-Length: 2000000\r\n"))
        for name, status, fields in rows:
            with node.connect() as connection:
                connection.sendall(f"POST /do/trust/append HTTP/1.1\r\nHost: {node.address}:7443\r\n{fields}\r\n".encode())
                answer = Answer(read_answer(connection))  # and not a byte of the body was sent
                want(answer.status == status, f"{name}: {answer.status}")
                want(answer.field("Connection") == "close", f"{name}: the connection is kept")
        fields = (f"Cookie: {cookie}\r\nOrigin: {node.origin()}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                  "Content-Length: 2000000\r\n")
        with node.connect() as connection:
            connection.sendall(f"POST /do/trust/append HTTP/1.1\r\nHost: n\r\n{fields}\r\n".replace(
                "Host: n", f"Host: {node.address}:7443").encode() +
                b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nxx')
            want(Answer(read_answer(connection)).status == 403, "a file before the token is read on")


def part_strict():
    """The corpus of requests that two servers read in two ways, over the real way in: none is answered as good."""
    rows = []
    with open(os.path.join(HERE, "..", "http", "requests.txt"), encoding="utf-8") as file:
        for line in file:
            name, _, rest = line.rstrip("\n").partition("\t")
            wanted, _, data = rest.partition("\t")
            if not line.startswith("#") and data and wanted not in ("taken", "cut-short", "body-long") and "{" not in data:
                rows.append((name, data.encode("latin-1").decode("unicode_escape").encode("latin-1")))
    with Node() as node:
        tried = 0
        for name, data in rows[::3]:
            answer = node.raw(data + b"\r\n\r\n")
            want(answer.status >= 400 or answer.status == 303 or not answer.status, f"{name}: {answer.status}")
            want(answer.status != 303 or b"POST" not in data[:4], f"{name}: {answer.status}")
            tried += 1
        want(tried > 50, f"{tried} rows")
        answer = node.ask("GET", "/login")
        want(answer.status == 200, "no page after it")
        for name in ("Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options", "Referrer-Policy",
                     "Cache-Control"):
            want(answer.field(name), f"{name} is missing")
        want("default-src 'none'" in answer.field("Content-Security-Policy"), "CSP")
        want(b"<script>" not in answer.body and b"style=" not in answer.body, "inline script or style")


def part_slow():
    """A thousand connections that send a head of a byte now and then, and bodies that never come: one client is served."""
    with Node() as node:
        cookie = node.first()
        slow = []
        head = f"POST /do/restart HTTP/1.1\r\nHost: {node.address}:7443\r\nCookie: {cookie}\r\nContent-Length: 9\r\n"
        for number in range(1000):
            try:
                connection = node.connect(f"127.0.{number % 50 + 10}.{number // 50 + 1}")
                connection.sendall(b"GET / HT" if number % 2 else head.encode())
                slow.append(connection)
            except OSError as error:
                raise AssertionError(f"connection {number}: {error}") from error
        begun = time.monotonic()
        want(node.ask("GET", "/", Cookie=cookie, source="127.0.99.1").status == 200, "one client is not served")
        took = time.monotonic() - begun
        want(took < 20, f"it took {took:.1f} s")
        print(f"one page among 1000 slow connections: {took * 1000:.0f} ms")
        for connection in slow:
            connection.close()
        # a head that does not come in 10 seconds is told so: the rule is about time
        with node.connect("127.0.99.2") as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost:")
            begun = time.monotonic()
            answer = Answer(read_answer(connection))
            took = time.monotonic() - begun
            want(answer.status == 408 and 8 < took < 60, f"a slow head: {answer.status} after {took:.1f} s")


def part_confined():
    """The admin process has no rights; where it is killed, another one serves; the node goes on."""
    with Node() as node:
        cookie = node.first()
        front = node.front()
        with open(f"/proc/{front}/status", encoding="utf-8") as file:
            status = dict(line.strip().split(":", 1) for line in file if ":" in line)
        want(status["Seccomp"].strip() == "2" and status["NoNewPrivs"].strip() == "1", str(status))
        want(int(status["CapEff"], 16) == 0 or os.geteuid() != 0, "it has capabilities")
        if os.geteuid() == 0:
            want(status["Uid"].split()[0] != "0", "it runs as root")
        os.kill(front, signal.SIGKILL)
        node.wait("the process that serves the pages")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if node.ask("GET", "/", Cookie=cookie).status == 200:
                    break
            except (OSError, ssl.SSLError, ValueError):
                pass
        want(node.front() != front, "the same process")
        want(node.ask("GET", "/", Cookie=cookie).status == 200, "the session is the core's, and is gone")
        with open(f"/proc/{node.process.pid}/status", encoding="utf-8") as file:
            want("State" in file.read(), "the node")


def part_basic():
    """REST by Basic: right, wrong, known for a while without another argon2id; a change wants its header."""
    with Node() as node:
        node.first()

        def ask(user, password, method="GET", **fields):
            value = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
            return node.ask(method, "/metrics", Authorization=value, **fields)
        want(ask("admin", PASSWORD).status in (200, 404), "the right password is refused")
        begun = time.monotonic()
        for _ in range(20):
            want(ask("admin", PASSWORD).status in (200, 404), "refused")
        print(f"a request by Basic: {(time.monotonic() - begun) * 50:.1f} ms")
        seen = []
        with Node("parallel") as other:  # nothing is known there yet
            other.first()
            value = "Basic " + base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
            threads = [threading.Thread(target=lambda: seen.append(other.ask("GET", "/metrics", Authorization=value).status))
                       for _ in range(12)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            value, good, seen = "Basic " + base64.b64encode(b"admin:a wrong password").decode(), seen, []
            threads = [threading.Thread(target=lambda: seen.append(other.ask("GET", "/metrics", Authorization=value).status))
                       for _ in range(12)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            want(set(seen) == {401, 429}, f"many at once with a wrong password: {seen}")
            seen = good
        want(seen == [200] * 12, f"many at once with the right password: {seen}")
        answer = ask("admin", "wrong")
        want(answer.status == 401 and answer.field("WWW-Authenticate").startswith("Basic"), f"{answer.status}")
        want(node.ask("GET", "/metrics").status == 401, "nobody is let in")
        want(node.ask("GET", "/metrics", Authorization="Bearer x").status == 401, "a bearer is let in")


def part_rest():
    """REST over the real port: what the boxes have and ours, by Basic; a browser's request needs the header; roles hold."""
    with Node() as node:
        cookie = node.first()
        node.add(cookie, "reader", "read-only")

        def ask(method, path, body=None, user="admin", **fields):
            value = "Basic " + base64.b64encode(f"{user}:{PASSWORD}".encode()).decode()
            return node.ask(method, path, body, Authorization=value, **dict({"Origin": None}, **fields))
        answer = ask("GET", "/metrics")
        want(answer.status == 200 and answer.body.rstrip().endswith(b"# EOF"), f"/metrics: {answer.status} {answer.body[-200:]}")
        for path in ("/api/provisioning/certs/server", "/api/provisioning/certs/root", "/api/causeway/v1/zones",
                     "/api/causeway/v1/overview", "/status.xml"):
            answer = ask("GET", path)
            want(answer.status == 200 and answer.body, f"{path}: {answer.status} {answer.body[:300]}")
            want(answer.field("Cache-Control") == "no-store", path)
        for path in ("/api/", "/api/nothing", "/api/provisioning/nothing", "/platformcom/api/v1/certmgr/config/nothing"):
            want(ask("GET", path).status == 404, path)
        js = {"Content_Type": "application/json"}
        want(ask("POST", "/api/causeway/v1/domains/add", '{"domain":"new.test","try":true}', X_CSRF_Header="1", **js).status
             == 200, "a try")
        for name, fields in (("a browser without the header", {"Origin": node.origin()}),
                             ("another site's page", {"Origin": "https://evil.test"}),
                             ("fetch", {"Sec_Fetch_Site": "cross-site"})):
            answer = ask("POST", "/api/causeway/v1/domains/add", '{"domain":"new.test","try":true}', **js, **fields)
            want(answer.status == 403, f"{name}: {answer.status}")
        answer = ask("POST", "/api/causeway/v1/domains/add", '{"domain":"new.test"}', "reader", X_CSRF_Header="1", **js)
        want(answer.status == 403, f"a reader adds a domain: {answer.status}")
        for body in ("{", "[", '{"a":1,"a":2}', "nonsense"):
            answer = ask("POST", "/api/causeway/v1/domains/add", body, X_CSRF_Header="1", **js)
            want(answer.status == 400, f"{body}: {answer.status}")
        secret = os.path.join(FOLDER, "password.txt")
        with open(secret, "w", encoding="utf-8") as file:
            file.write(PASSWORD + "\n")
        pin = run("openssl", "x509", "-in", f"{node.deployment}/e1/server.pem", "-noout", "-fingerprint", "-sha256")[0]
        done = subprocess.run([PROGRAM, "collect", "--expressway", "e1.acme.test:7443", "--expressway-user", "reader",
                               "--expressway-password-file", secret, "--host", f"e1.acme.test={node.address}", "--pin",
                               "e1.acme.test=" + pin.strip().split("=")[1].replace(":", "").lower(), "-o",
                               os.path.join(FOLDER, "collected")], capture_output=True, check=False, env=ENV, text=True)
        want(done.returncode in (0, 1) and "expressway-e e1.acme.test: server, trusted-ca" in done.stdout,
             f"collect: {done.returncode} {done.stdout} {done.stderr}")
        want(node.ask("POST", "/api/causeway/v1/restart", "{}", Cookie=cookie, Content_Type="application/json").status == 401,
             "a cookie is taken for a password")


class Lab:
    """A lab's nodes, all running."""

    def __init__(self):
        self.deployment, self.state = os.path.join(FOLDER, "lab"), os.path.join(FOLDER, "lab-state")
        run(PROGRAM, "lab", "new", self.deployment, "--key", "ec")
        self.lines, self.log, self.process = queue.Queue(), [], None

    __exit__, pump, wait = Node.__exit__, Node.pump, Node.wait

    def __enter__(self):
        # it is read after this: pylint: disable=consider-using-with
        self.process = subprocess.Popen([PROGRAM, "lab", "up", self.deployment, "--state", self.state],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENV)
        threading.Thread(target=self.pump, daemon=True).start()
        self.wait("tunnel to e1.acme.test: Active")
        return self

    def node(self, name):
        """One of them, with somebody logged in: (node, cookie)."""
        node = Node.__new__(Node)
        node.folder, node.process = os.path.join(self.state, name), self.process
        with open(os.path.join(node.folder, "node.yaml"), encoding="utf-8") as file:
            node.address = re.search(r"^  admin: (\S+)", file.read(), re.M).group(1)
        node.link = run(PROGRAM, "node", "link", node.folder)[0].strip().split(":7443")[1]
        return node, node.first()


def links(answer):
    return sorted({html.unescape(link) for link in re.findall(r'href="(/[^"#]*)"', answer.body.decode())})


def inline(text):
    """Script or style in a page; none may be."""
    return re.search(r"<script(?! src=)|<style|\sstyle=|\son[a-z]+=|javascript:", text)


def part_screens():
    """Every page that a page leads to, on every kind of node, as who may write and as who may read; files come as files."""
    with Lab() as lab:
        for name in ("c1.acme.test", "e1.acme.test", "pub.acme.test"):
            node, cookie = lab.node(name)
            node.add(cookie, "reader", "read-only")
            node.add(cookie, "audit", "auditor")
            cookies = {"admin": cookie, "reader": node.log_in("reader").cookie(), "audit": node.log_in("audit").cookie()}
            for user, theirs in cookies.items():
                seen, left, statuses = set(), ["/"], {}
                while left:
                    path = left.pop()
                    answer = node.ask("GET", path.replace(" ", "+"), Cookie=theirs)
                    seen.add(path)
                    statuses[path] = answer.status
                    if (answer.field("Content-Type") or "").startswith("text/html"):
                        text = answer.body.decode()
                        want(not inline(text), f"{name} {path}: {inline(text)}")
                        left += [link for link in links(answer) if link not in seen and link not in left
                                 and len(seen) + len(left) < 90]
                    if path.startswith("/download"):
                        want(answer.field("Content-Disposition").startswith("attachment"), path)
                wrong = {path: status for path, status in statuses.items() if status != 200}
                if user == "admin":
                    want(not wrong and len(seen) > 8, f"{name} as {user}: {wrong} of {len(seen)}")
                else:
                    want(set(wrong.values()) <= {403, 404} or not wrong, f"{name} as {user}: {wrong}")
                print(f"{name} as {user}: {len(seen)} pages, {len(wrong)} refused")


def multipart(**fields):
    """(type, body): a field that is bytes is a file."""
    parts = b""
    for key, value in fields.items():
        more = f'; filename="{key}.pem"' if isinstance(value, bytes) else ""
        data = value if isinstance(value, bytes) else str(value).encode()
        parts += f'--bound\r\nContent-Disposition: form-data; name="{key}"{more}\r\n\r\n'.encode() + data + b"\r\n"
    return "multipart/form-data; boundary=bound", (parts + b"--bound--\r\n").decode("latin-1")


def hidden(answer):
    """The fields that a page's form for doing it sends along."""
    fields = re.findall(r'<input[^>]*type="hidden"[^>]*>', answer.body.decode())
    found = {}
    for field in fields:
        name = re.search(r'name="([^"]*)"', field).group(1)
        found[name] = html.unescape(re.search(r'value="([^"]*)"', field).group(1))
    return found


def part_try_before_do():
    """A CA certificate is appended: the first POST shows what would change and changes nothing, the second does it, once."""
    with Node() as node:
        cookie = node.first()
        path = os.path.join(node.folder, "certs", "trusted-ca.pem")
        with open(path, "rb") as file:
            before = file.read()
        folder = os.path.join(FOLDER, "newca")
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
            "-subj", "/CN=New Root", "-keyout", folder + ".key", "-out", folder + ".pem")
        with open(folder + ".pem", "rb") as file:
            new = file.read()

        def csrf():
            return node.ask("GET", "/trustedcacertificate", Cookie=cookie).csrf()
        kind, body = multipart(csrf=csrf(), store="trusted-ca", file=new)
        answer = node.ask("POST", "/do/trust/append", body, Cookie=cookie, Content_Type=kind)
        want(answer.status == 200 and b"New Root" in answer.body, f"trying: {answer.status} {answer.body[-600:]}")
        with open(path, "rb") as file:
            want(file.read() == before, "trying changed something")
        first = hidden(answer)
        fields = dict(hidden(answer))
        want(fields.get("file"), f"the page has no file to send again: {fields}")
        kind, body = multipart(**dict({"csrf": fields.pop("csrf")}, **dict(fields, file="AAAA")))
        answer = node.ask("POST", "/do/trust/append", body, Cookie=cookie, Content_Type=kind)
        with open(path, "rb") as file:
            want(file.read() == before, "other bytes than those that were shown are taken")
        kind, body = multipart(**first)
        answer = node.ask("POST", "/do/trust/append", body, Cookie=cookie, Content_Type=kind)
        want(answer.status == 303, f"doing it: {answer.status} {answer.body[-900:]}")
        with open(path, "rb") as file:
            want(new.strip() in file.read(), "nothing was appended")
        page = node.ask("GET", answer.field("Location"), Cookie=cookie)
        want(page.status == 200 and b"New Root" in page.body, "the page after it")
        history, _ = run(PROGRAM, "node", "history", node.folder, "-f", "json")
        want("New Root" in history and '"admin"' in history, "the history does not say who did it")


def corpus():
    """Every file that the fuzzers of readers, gates, lists and forms keep."""
    top = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "fuzz", "corpus")
    for folder in ("answer", "axl", "check", "import", "judge", "log", "output", "request", "verify", "web_form"):
        for name in sorted(os.listdir(os.path.join(top, folder))):
            with open(os.path.join(top, folder, name), "rb") as file:
                yield os.path.join(folder, name), file.read()


def part_hostile_uploads():
    """What the fuzzers found, uploaded as CA certificates, as a certificate and as a revocation list: each is answered by a
    page, nothing is stored without the second step, and the node goes on."""
    with Node() as node:
        cookie = node.first()
        kept = {}
        for name in ("trusted-ca.pem", "server.pem", "server.key"):
            with open(os.path.join(node.folder, "certs", name), "rb") as file:
                kept[name] = file.read()
        csrf = node.ask("GET", "/trustedcacertificate", Cookie=cookie).csrf()
        statuses = []
        for name, content in corpus():
            for operation, fields in (("trust/append", {"store": "trusted-ca"}), ("identity/upload", {"identity": "server"}),
                                      ("crl/upload", {})):
                kind, body = multipart(csrf=csrf, **fields, file=content)
                answer = node.ask("POST", "/do/" + operation, body, Cookie=cookie, Content_Type=kind)
                want(answer.status in (200, 400, 413, 422), f"{operation} of {name}: {answer.status} {answer.body[-300:]}")
                want(answer.field("Content-Type").startswith("text/html"), f"{operation} of {name}: no page")
                want(b"<script>" not in answer.body and b"\x1b" not in answer.body, f"{operation} of {name} is shown as it is")
                statuses.append(answer.status)
        want(len(statuses) > 300 and statuses.count(200) > 20, f"uploads: {sorted(statuses)}")
        for name, content in kept.items():
            with open(os.path.join(node.folder, "certs", name), "rb") as file:
                want(file.read() == content, f"{name} is another")
        want(node.ask("GET", "/trustedcacertificate", Cookie=cookie).status == 200, "the node does not go on")
        print(f"{len(statuses)} uploads, {statuses.count(200)} of them tried")


def client_certificate(ca, name):
    """(certificate, key) of a browser, signed by an authority that is made where it is not there."""
    path = os.path.join(FOLDER, f"{ca}-{name}".replace(" ", "_"))
    ec = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    if not os.path.exists(os.path.join(FOLDER, ca + ".pem")):
        run("openssl", "req", "-x509", *ec, "-days", "30", "-subj", f"/CN={ca}", "-keyout",
            os.path.join(FOLDER, ca + ".key"), "-out", os.path.join(FOLDER, ca + ".pem"))
    run("openssl", "req", *ec, "-subj", f"/CN={name}", "-keyout", path + ".key", "-out", path + ".csr")
    with open(path + ".cnf", "w", encoding="utf-8") as file:
        file.write("extendedKeyUsage=clientAuth\nkeyUsage=digitalSignature\n")
    run("openssl", "x509", "-req", "-in", path + ".csr", "-CA", os.path.join(FOLDER, ca + ".pem"), "-CAkey",
        os.path.join(FOLDER, ca + ".key"), "-CAcreateserial", "-days", "10", "-extfile", path + ".cnf", "-out",
        path + ".pem")
    return path + ".pem", path + ".key"


def part_certificates():
    """Certificate-based authentication: no way in without a certificate that our judge lets in, and the way back is open."""
    good, nobody, stranger = (client_certificate(*words) for words in
                              (("people", "admin"), ("people", "somebody else"), ("strangers", "admin")))
    with open(os.path.join(FOLDER, "people.pem"), "rb") as file:
        more = file.read()
    with Node(more=more) as node:
        cookie = node.first()

        def post(operation, theirs, **fields):
            csrf = node.ask("GET", "/cbaconfig", Cookie=theirs).csrf()
            return node.ask("POST", "/do/" + operation, form(csrf=csrf, **fields), Cookie=theirs)

        def refused():
            try:
                return node.ask("GET", "/login").status == 0
            except (ssl.SSLError, ConnectionError, ValueError):
                return True
        node.port = 7444
        want(refused(), "the second port is open where nothing wants it")
        node.port = 7443
        with node.connect() as kept:  # the change and its confirmation over one connection
            csrf = node.ask("GET", "/cbaconfig", Cookie=cookie).csrf()
            body = form(csrf=csrf, mode="validation")
            head = (f"HTTP/1.1\r\nHost: {node.address}:7443\r\nOrigin: {node.origin()}\r\nCookie: {cookie}\r\n"
                    f"Content-Type: {FORM}\r\nContent-Length: ")
            kept.sendall(f"POST /do/cba/set {head}{len(body)}\r\n\r\n{body}".encode())
            answer = Answer(read_answer(kept))
            want(answer.status == 303, f"cba/set: {answer.status} {answer.body[-500:]}")
            body = form(csrf=csrf)
            kept.sendall(f"POST /do/cba/confirm {head}{len(body)}\r\n\r\n{body}".encode())
            want(Answer(read_answer(kept)).status in (401, 403, 409), "confirmed over the connection that set it")
        answer = node.ask("GET", "/", Cookie=cookie)
        want(answer.status == 403 and b"7444" in answer.body, f"without a certificate: {answer.status}")
        want(node.log_in().status == 403, "a password without a certificate")
        node.port = 7444
        for name, certificate in (("none", None), ("a stranger's", stranger)):
            node.certificate = certificate
            want(refused(), f"{name} is let in")
        node.certificate = nobody
        want(node.log_in().status == 303, "validation wants a password besides, of anybody")
        theirs = node.log_in().cookie()
        want(post("cba/confirm", theirs).status == 303, "it cannot be confirmed")
        want(post("cba/set", theirs, mode="authentication").status == 303, "authentication")
        want(node.log_in().status == 403, "a password is taken though certificates authenticate")
        answer = node.ask("GET", "/login")
        want(answer.status == 403 and not answer.cookie(), f"somebody who is no administrator: {answer.status}")
        node.certificate = good
        answer = node.ask("GET", "/login")
        want(answer.status == 303 and answer.cookie(), f"the administrator's certificate: {answer.status}")
        want(post("cba/confirm", answer.cookie()).status == 303, "confirming")
        want(node.ask("GET", "/", Cookie=answer.cookie()).status == 200, "the page")


def part_live():
    """A page that is open hears that something changed; that keeps no session alive."""
    with Node() as node:
        cookie = node.first()
        with node.connect() as connection:
            connection.sendall(f"GET /live HTTP/1.1\r\nHost: {node.address}:7443\r\nCookie: {cookie}\r\n\r\n".encode())
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(65536)
            want(b"text/event-stream" in head, head)
            os.utime(os.path.join(node.folder, "node.yaml"))
            node.process.send_signal(signal.SIGHUP)
            data = head.partition(b"\r\n\r\n")[2]
            while b"event: changed" not in data:
                more = connection.recv(65536)
                want(more, "the connection ended")
                data += more


PARTS = {name[5:]: value for name, value in list(globals().items()) if name.startswith("part_")}


def main():
    failed = 0
    try:
        for name in sys.argv[2:] or PARTS:
            try:
                begun = time.monotonic()
                PARTS[name]()
                print(f"{name}: good ({time.monotonic() - begun:.1f} s)", flush=True)
            except Exception as error:  # every part is tried: pylint: disable=broad-exception-caught
                failed += 1
                print(f"{name}: {type(error).__name__}: {error}", flush=True)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
