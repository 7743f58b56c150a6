#!/usr/bin/env python3
"""labfront_test.py CAUSEWAY sound|broken|attacks: the page of a running lab, by requests.

sound    every node becomes Active on the page; every endpoint signs in; the CA signs a request, and what it hands out in
         each form is a certificate that `cert verify` accepts; a one-time link leads to the node's own page.
broken   an exercise (issuer-missing): the page says what people see, a sign-in ends at the tunnel, hints come one by one,
         "check my repair" refuses before the nodes' files are repaired and agrees after.
attacks  a foreign host, no key, no token, a foreign origin, methods and paths that are none; nobody gets anything.
"""
import contextlib
import html
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

CAUSEWAY = os.path.abspath(sys.argv[1])
FOLDER = tempfile.mkdtemp(prefix="causeway-labfront-")
os.chmod(FOLDER, 0o711)
PATIENCE = 120
FORM = "application/x-www-form-urlencoded"
C, E = "c1.acme.test", "e1.acme.test"


def want(truth, text):
    if not truth:
        raise AssertionError(text)


def run(*words, good=(0,)):
    done = subprocess.run(words, capture_output=True, check=False, text=True)
    want(done.returncode in good, f"{' '.join(words)}: {done.returncode}: {done.stderr}{done.stdout}")
    return done.stdout


def shown(text):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", text)))


class Lab:
    """One that runs, and a browser's requests to its page without a browser."""

    def __init__(self, *words):
        self.state = os.path.join(FOLDER, "state")
        # it is read after this: pylint: disable=consider-using-with
        self.process = subprocess.Popen([CAUSEWAY, "lab", "up", *words, "--state", self.state],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.log, self.host, self.key = [], None, None
        for line in self.process.stdout:
            self.log.append(line)
            found = re.search(r"http://(127\.0\.0\.1:\d+)/open/([0-9a-f]{64})$", line)
            if found:
                self.host, self.key = found.groups()
                break
        want(self.key, "no address was printed: " + "".join(self.log))
        threading.Thread(target=self.pump, daemon=True).start()
        self.cookie, self.token = None, ""

    def pump(self):
        self.log += list(self.process.stdout)

    def close(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        want(code == 0, f"lab up ended with {code}:\n" + "".join(self.log[-30:]))

    def ask(self, method, path, body=None, **fields):
        """fields: names with _ for -; None leaves one out."""
        send = {"Cookie": self.cookie} if self.cookie else {}
        if method != "GET":
            send.update({"Origin": "http://" + self.host, "Content-Type": FORM})
        send.update({name.replace("_", "-"): value for name, value in fields.items()})
        send = {name: value for name, value in send.items() if value is not None}
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, path, body, send)
            answer = connection.getresponse()
            answer.bytes = answer.read()
        answer.text = answer.bytes.decode("utf-8", "replace")
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', answer.text)
        if found:
            self.token = found.group(1)
        return answer

    def open(self):
        answer = self.ask("GET", "/open/" + self.key)
        want(answer.status == 303 and answer.getheader("Location") == "/", f"the key opens nothing: {answer.status}")
        cookie = answer.getheader("Set-Cookie")
        want("HttpOnly" in cookie and "SameSite=Strict" in cookie, cookie)
        self.cookie = cookie.split(";")[0]
        return self.get("/")

    def get(self, path):
        answer = self.ask("GET", path)
        want(answer.status == 200, f"{path}: {answer.status}: {answer.text[:200]}")
        return answer.text

    def post(self, path, **values):
        answer = self.ask("POST", path, urllib.parse.urlencode([("csrf", self.token), *values.items()]))
        if answer.status == 303:
            return self.get(answer.getheader("Location"))
        want(answer.status == 200, f"{path}: {answer.status}: {answer.text[:200]}")
        return answer.text

    def until(self, holds):
        """The first page, once that holds of it: told by /live when it is another."""
        deadline = time.monotonic() + PATIENCE
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request("GET", "/live", headers={"Cookie": self.cookie})
            events = connection.getresponse()
            while True:
                page = self.get("/")
                if holds(page):
                    return page
                want(time.monotonic() < deadline, "it never was: " + shown(page)[:1500])
                for line in iter(events.readline, b"event: changed\n"):
                    want(line and time.monotonic() < deadline, "nothing changes any more: " + shown(page)[:1500])


def rows(page):
    """node -> the cells of its row."""
    found = {}
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.S):
        cells = [shown(cell).replace(" ", "") for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
        if len(cells) >= 7:
            found[cells[0]] = cells
    return found


def endpoints(page):
    """name -> the text of its card."""
    return {re.search(r'name="endpoint" value="([^"]*)"', card).group(1): shown(card)
            for card in re.findall(r'<li class="endpoint">(.*?)</li>', page, re.S)}


def status(lab, node):
    return json.loads(run(CAUSEWAY, "node", "status", os.path.join(lab.state, node), "-f", "json", good=(0, 1)))


def is_up(page):
    nodes = rows(page)
    return nodes[C][3] == nodes[C][4] == nodes[E][3] == nodes[E][4] == "Active"


# ---------------------------------------------------------------- sound

def signs_in(lab):
    page = lab.get("/")
    carries_sip = "edge" in status(lab, E)
    for name, card in endpoints(page).items():
        want(" works " in f" {card}", f"{name}: {card}")
        went = endpoints(lab.post("/do/lab/sign-in", endpoint=name, domain="acme.test"))[name]
        want("Signed in: works" in went, f"{name}: {went}")
        want(carries_sip or "These nodes carry no SIP" in went, f"{name}: {went}")


def signs_certificates(lab):
    key, csr = os.path.join(FOLDER, "new.key"), os.path.join(FOLDER, "new.csr")
    run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
        "-subj", "/O=Acme/CN=new.acme.test", "-addext", "subjectAltName=DNS:new.acme.test", "-out", csr)
    with open(csr, encoding="ascii") as file:
        request = file.read().replace("\n", "\r\n")  # as a form's text area sends it
    want("private-issuing" in lab.get("/certsrv"), "the CA is not offered")
    page = lab.post("/do/ca/issue", request=request, ca="private-issuing", template="both")
    places = [html.unescape(place) for place in re.findall(r'href="(/download\?[^"]*)"', page)]
    want(len(places) == 3, shown(page)[:800])
    taken = {place.split("form=")[1].split("&")[0]: lab.ask("GET", place) for place in places}
    chain, root = os.path.join(FOLDER, "chain.pem"), os.path.join(lab.deployment, "ca", "private-root", "ca.pem")
    with open(chain, "wb") as file:
        file.write(taken["chain"].bytes)
    want(taken["chain"].text.count("BEGIN CERTIFICATE") == 3, "leaf, issuing CA and root: " + taken["chain"].text)
    want(taken["chain"].text.startswith(taken["base64"].text), "the chain begins with another certificate")
    der = subprocess.run(["openssl", "x509", "-inform", "DER"], input=taken["der"].bytes, capture_output=True, check=True)
    want(der.stdout.decode() == taken["base64"].text, "DER is another certificate")
    run(CAUSEWAY, "cert", "verify", chain, "--untrusted", chain, "--trusted-ca", root, "--name", "new.acme.test")
    # what is no request is refused in the words of `ca sign`, and nothing of it is run as markup
    page = lab.post("/do/ca/issue", request="<script>alert(1)</script>", ca="private-issuing", template="both")
    want("<script>alert" not in page and "refused" in page and "/download?" not in page, shown(page)[:500])
    for more in ({"ca": "../private-issuing", "template": "both"}, {"ca": "private-issuing", "template": "--ca"}):
        answer = lab.ask("POST", "/do/ca/issue", urllib.parse.urlencode([("csrf", lab.token), ("request", request),
                                                                         *more.items()]))
        want(answer.status == 404, f"{more}: {answer.status}")


def makes_links(lab):
    page = lab.post("/do/lab/link", node=C)
    found = re.search(r'href="(https://(127[0-9.]+):(\d+)/first/[^"]+)"', page)
    want(found, shown(page)[:500])
    want(rows(page)[C][0] == C and f'href="https://{found.group(2)}:{found.group(3)}/"' in page, "no link to the node's page")
    first = run("curl", "-sk", "--max-time", "30", found.group(1))
    want("/do/session/first" in first, first[:300])
    want(lab.ask("POST", "/do/lab/link", f"csrf={lab.token}&node=..%2F..").status == 404, "a node that is none")


def sound():
    deployment = os.path.join(FOLDER, "demo")
    run(CAUSEWAY, "lab", "new", deployment, "--key", "ec")
    with contextlib.closing(Lab(deployment)) as lab:
        lab.deployment = deployment
        lab.open()
        page = lab.until(is_up)
        want("<svg" in page and 'data-live' in page, "no map")
        signs_in(lab)
        signs_certificates(lab)
        makes_links(lab)
        want("No exercise runs in this lab" in shown(lab.get("/exercise")), "an exercise where none runs")


# ---------------------------------------------------------------- broken, and repaired by its files

def broken():
    with contextlib.closing(Lab("--exercise", "1", "--key", "ec")) as lab:
        lab.open()
        page = lab.until(lambda page: rows(page)[C][4] == "Offissuer-missing" or "issuer-missing" in rows(page)[C][4])
        card = endpoints(page)["laptop"]
        want("dead" in card and "502 Next Hop Connection Failed" in card, card)
        went = endpoints(lab.post("/do/lab/sign-in", endpoint="laptop", domain="acme.test"))["laptop"]
        want("Signed in: dead It ends at tunnel: 502" in went, went)
        exercise = shown(lab.get("/exercise"))
        want("laptop (jabber): cannot sign in" in exercise and "issuer-missing" not in exercise, exercise)
        for number in range(1, 5):
            exercise = shown(lab.post("/do/exercise/hint"))
            want(f"Hint {number} of 4" in exercise and f"Hint {number + 1} of 4" not in exercise, exercise)
        want("There are no more hints." in exercise and "issuer-missing" in exercise, exercise)
        want("Not yet." in shown(lab.post("/do/exercise/check")), "a repair where there is none")
        with open(os.path.join(lab.state, "ca", "public-issuing-g2", "ca.pem"), "rb") as file:
            missing = file.read()
        with open(os.path.join(lab.state, C, "certs", "trusted-ca.pem"), "ab") as file:
            file.write(missing)
        page = lab.until(is_up)
        want("works" in endpoints(page)["laptop"], endpoints(page))
        checked = shown(lab.post("/do/exercise/check"))
        want("The repair is good." in checked and "Not yet." not in checked, checked)
        want("Every node has the files of the beginning again." in shown(lab.post("/do/exercise/reset")), "no reset")
        lab.until(lambda page: "issuer-missing" in rows(page)[C][4])


# ---------------------------------------------------------------- attacks

def attacks():
    deployment = os.path.join(FOLDER, "demo")
    run(CAUSEWAY, "lab", "new", deployment, "--key", "ec")
    with contextlib.closing(Lab(deployment)) as lab:
        own = lab.host
        # nothing without the key, and nothing for a wrong one
        for path in ("/", "/certsrv", "/exercise", "/live", "/download?form=der"):
            want(lab.ask("GET", path).status == 403, path)
        for key in ("0" * 64, lab.key[:-1], lab.key + "0"):
            answer = lab.ask("GET", "/open/" + key)
            want(answer.status == 403 and not answer.getheader("Set-Cookie"), key)
        lab.open()
        want(lab.key not in lab.get("/"), "the page tells its key")
        # a name that somebody points here; one's own names
        for host, wanted in (("evil.example", 421), ("evil.example:" + own.split(":")[1], 421), ("127.0.0.1", 421),
                             ("localhost:" + own.split(":")[1], 200), (own, 200)):
            want(lab.ask("GET", "/", Host=host).status == wanted, host)
        want(lab.ask("GET", "/open/" + lab.key, Host="evil.example").status == 421, "a key for a foreign host")
        # what changes something: token, origin, type, method
        body = f"csrf={lab.token}&node={C}"
        rows_of_requests = [
            ("no token", 403, {"body": f"node={C}"}),
            ("a token that is not the first field", 403, {"body": f"node={C}&csrf={lab.token}"}),
            ("another token", 403, {"body": f"csrf={'0' * 64}&node={C}"}),
            ("a foreign origin", 403, {"body": body, "Origin": "http://evil.example"}),
            ("no origin", 403, {"body": body, "Origin": None}),
            ("an origin of null", 403, {"body": body, "Origin": "null"}),
            ("from a foreign page", 403, {"body": body, "Sec_Fetch_Site": "cross-site"}),
            ("no cookie", 403, {"body": body, "Cookie": None}),
            ("another cookie", 403, {"body": body, "Cookie": lab.cookie[:-1] + ("0" if lab.cookie[-1] != "0" else "1")}),
            ("plain text", 415, {"body": body, "Content_Type": "text/plain"}),
            ("too long", 413, {"body": body + "&x=" + "x" * 5000}),
        ]
        for name, wanted, request in rows_of_requests:
            answer = lab.ask("POST", "/do/lab/link", **request)
            want(answer.status == wanted, f"{name}: {answer.status}: {answer.text[:100]}")
            want("/first/" not in answer.text, name)
        for method, path, wanted in (("GET", "/do/lab/link", 405), ("POST", "/", 405), ("GET", "/../etc/passwd", 400),
                                     ("GET", "/nothing", 404), ("POST", "/do/exercise/solution", 404),
                                     ("POST", "/do/exercise/hint", 404)):
            answer = lab.ask(method, path, f"csrf={lab.token}" if method == "POST" else None)
            want(answer.status == wanted, f"{method} {path}: {answer.status}")
        for endpoint, domain in (("--edge", "acme.test"), ("laptop", "evil.example"), ("", "")):
            answer = lab.ask("POST", "/do/lab/sign-in", urllib.parse.urlencode(
                [("csrf", lab.token), ("endpoint", endpoint), ("domain", domain)]))
            want(answer.status == 404, f"{endpoint} {domain}: {answer.status}")
        answer = lab.ask("GET", "/")
        for field, value in (("Content-Security-Policy", "default-src 'none'"), ("X-Content-Type-Options", "nosniff"),
                             ("Cache-Control", "no-store")):
            want(value in (answer.getheader(field) or ""), field)


def main():
    try:
        {"sound": sound, "broken": broken, "attacks": attacks}[sys.argv[2]]()
    finally:
        shutil.rmtree(FOLDER)


if __name__ == "__main__":
    main()
