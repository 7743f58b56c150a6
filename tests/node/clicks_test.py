#!/usr/bin/env python3
"""clicks_test.py CAUSEWAY: the procedures of the vendor's documents from start to end by clicks, in a browser, on a running lab.

first_password   the one-time link, the log-in, overview and alarms.
issuer_missing   "Traversal Zone up but SSH Tunnels Down after a certificate renewal": the pages of both ends say so, what an
                 upload would bring is said before, and the page shows by itself when the tunnels are up.
refusals         files that the upload page does not take, each with its text.
renewal          request, CA, chain into both lists, certificate, restart, and all links are up.
client_testing   the two results of Client certificate testing.
cucm             Certificate Management: what is found, and what goes from the publisher to the subscriber.
trusted_list     an entry is moved, a ticked one is deleted, with the effect before.
without_script   the tunnels that this ended are repaired in a browser that runs no script.
netscaler        Expressway-E has a certificate of the internal CA, and a phone that trusts public CAs alone signs in all the same:
                 by a TLS front with a public certificate, whose root CA is uploaded to Expressway-E, and the internal root CA to it.

One lab for all of it, in this order: each begins where the one before has ended. Nothing sleeps.
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "browser")]
# pylint: disable=wrong-import-position
import browser
from nodes_test import FOLDER, PATIENCE, PROGRAM, Lab, blocks, read, run, subject, want, write

C, E, PUB, SUB = "c1.acme.test", "e1.acme.test", "pub.acme.test", "sub1.acme.test"
PASSWORD = "correct horse battery staple"
NO_TUNNELS = "No SSH tunnels have been established"
NOT_SIGNED = "Invalid: The client certificate is not signed by a CA in the trusted CA list."
NO_CRL = "Invalid: unable to get certificate CRL, please ensure that you have uploaded a CRL"
NOT_PEM = "Invalid certificate: The file provided is not a valid X.509 PEM certificate file."


class Person:
    """A person with a browser in front of a running lab."""

    def __init__(self, lab):
        self.lab = lab
        self.page = browser.Page(browser.find(), hosts={node: lab.address(node) for node in (C, E, PUB, SUB)},
                                 patience=PATIENCE)

    def open(self, node, name=""):
        self.page.open(f"https://{node}:7443/{name}")

    def says(self, *texts):
        """The page has all of them, as they are read."""
        seen = self.page.text()
        for text in texts:
            want(text in seen, f"wanted: {text}\nfound, at {self.page.run('location.href')}:\n{seen}")

    def comes_to_say(self, text):
        """The page changes by itself until it says so."""
        found = self.page.run(
            "new Promise(done => { const end = Date.now() + %d, look = () => document.body.innerText.includes(%s) ? done(true) :"
            " Date.now() > end ? done(false) : setTimeout(look, 50); look(); })" % (PATIENCE * 1000, json.dumps(text)))
        want(found, f"the page did not come to say: {text}\n{self.page.text()}")

    def log_in(self, node):
        self.page.type("#login-user", "admin")
        self.page.type("#login-password", PASSWORD)
        self.page.follow("form#login button")
        want(self.page.run("location.host") == f"{node}:7443", "still on the node's pages")

    def upload(self, node, name, path, store=None):
        """A file into the one field of a page: leads to what it would change."""
        self.open(node, name)
        if store:
            self.page.run(f"document.querySelector('#upload-purpose').value = {json.dumps(store)}; 0")
        self.page.choose("#upload-file", path)
        self.page.follow("form#upload button")

    def do_it(self):
        """The button of the page that says what would be changed; with its tick where something ends."""
        if self.page.run("!!document.querySelector('form#do input[name=confirm]')"):
            self.page.click("form#do input[name=confirm]")
        self.page.follow("form#do button")

    def quiet(self):
        """No exception, nothing that the page's policy refused."""
        kinds = ("Runtime.exceptionThrown",)
        found = [event for event in self.page.events if event.get("method") in kinds or
                 event.get("method") == "Log.entryAdded" and event["params"]["entry"]["source"] == "security"]
        want(not found, f"the browser complains: {found}")


# ---------------------------------------------------------------- files

def made(name, text):
    path = os.path.join(FOLDER, name)
    write(path, text)
    return path


def authority(lab, name):
    return os.path.join(lab.deployment, "ca", name)


def sign(ca, request, name, *words):
    path = os.path.join(FOLDER, name)
    run(PROGRAM, "ca", "sign", "--ca", ca, "-o", path, *words, request)
    return path


def signed_as(ca, request, name, subject_text, sans):
    """A certificate with another subject than the request's, for its key."""
    path = os.path.join(FOLDER, name)
    extensions = made("extensions", f"subjectAltName={sans}\nextendedKeyUsage=serverAuth,clientAuth\n")
    key = made("request.pub", run("openssl", "req", "-in", request, "-pubkey", "-noout"))
    run("openssl", "x509", "-new", "-force_pubkey", key, "-CA", os.path.join(ca, "ca.pem"),
        "-CAkey", os.path.join(ca, "privkey.pem"),
        "-subj", subject_text, "-extfile", extensions, "-days", "30", "-sha256", "-out", path)
    return path


def entry(lab, node, name):
    """The certificate of that name in the node's trusted CA list."""
    found = [block for block in blocks(read(lab.file(node, "certs/trusted-ca.pem"))) if name in subject(block)]
    want(len(found) == 1, f"{name} is once in the list of {node}")
    return found[0]


# ---------------------------------------------------------------- procedures

def first_password(person):
    for node in (C, E, PUB, SUB):
        link = run(PROGRAM, "node", "link", os.path.join(person.lab.state, node)).strip()
        person.page.open(link)
        person.says("Set the administrator's password", "none by default")
        person.page.type("#first-password", PASSWORD)
        person.page.type("#first-again", PASSWORD)
        person.page.follow("form#first button")
        person.says("Overview", node)
    person.page.open(link)
    person.says("Not done")
    person.open(C)
    person.page.follow("form[action='/do/session/end'] button")
    person.page.type("#login-user", "admin")
    person.page.type("#login-password", "not this one")
    person.page.follow("form#login button")
    want(person.page.run("location.pathname") == "/do/session/begin", "not let in")
    person.log_in(C)
    person.says("Overview", C, "issuer-missing")
    person.page.follow("nav.menu a[href='/alarms']")
    person.comes_to_say(NO_TUNNELS)
    person.says("Alarms that are raised now")


def issuer_missing(person):
    lab = person.lab
    person.open(E, "sshtunnels")
    person.says(NO_TUNNELS, f"Refused by {C}")
    person.open(E, "zones")
    person.says("Active")
    person.open(C, "zones")
    person.says("Active")
    person.open(C, "sshtunnels")
    person.says(NO_TUNNELS, f"Refused by {C}", "issuer-missing", "Certificates and trusted CAs (bad)")
    before = read(lab.file(C, "certs/trusted-ca.pem"))
    person.upload(C, "trustedcacertificate", made("g2.pem", entry(lab, E, "Issuing CA G2")))
    person.says("Nothing is stored yet", "trusted-ca: 1 added, 0 removed", "tunnel", E, "Issuing CA G2")
    want(read(lab.file(C, "certs/trusted-ca.pem")) == before, "nothing is stored by the first click")
    person.do_it()
    person.says("Trusted CA certificate", "1 added, 0 removed", "Issuing CA G2")
    person.open(C, "sshtunnels")
    person.comes_to_say("Active")
    want(NO_TUNNELS not in person.page.text(), "and nothing says that there are none")
    lab.up()
    person.open(E, "sshtunnels")
    person.comes_to_say("Active")


def refusals(person):
    """A request of E is in progress: each file is made for its key."""
    lab, page = person.lab, person.page
    person.open(E, "servercertificate")
    person.says("There is no certificate signing request in progress")
    page.follow("#csr a.go")
    person.says("Generate CSR", "Alternative name as it will appear", E)
    page.run("document.querySelector('#csr-key').value = 'ecdsa:256'; 0")
    page.type("#csr-sans", "one.acme.test, two.acme.test,three.acme.test")
    page.type("#csr-organization", "Acme")
    page.follow("form#csr button")
    person.says("Server certificate", "A certificate signing request is in progress", "two.acme.test")
    person.request = page.download("#csr a[download]", FOLDER)
    names = run("openssl", "req", "-in", person.request, "-noout", "-text", "-verify")
    for name in ("one", "two", "three"):
        want(f"DNS:{name}.acme.test" in names, f"{name} is a name of its own in the request:\n{names}")
    issuing = authority(lab, "public-issuing-g2")
    good = sign(issuing, person.request, "good.pem")
    der = os.path.join(FOLDER, "good.der")
    run("openssl", "x509", "-in", good, "-outform", "der", "-out", der)
    run(PROGRAM, "ca", "new", os.path.join(FOLDER, "g3"), "--key", "ec", "--cn",
        "C=US, O=Public Trust, CN=Public Trust Issuing CA G3", "--parent", authority(lab, "public-root"))
    names = f"DNS:{E},DNS:acme.test"
    for path, *texts in (
            (der, NOT_PEM),
            (made("hello.pem", "no certificate at all\n"), NOT_PEM),
            (sign(os.path.join(FOLDER, "g3"), person.request, "renewed.pem"),
             "Refused: wanted the CA C=US, O=Public Trust, CN=Public Trust Issuing CA G3, which issued e1.acme.test; it is "
             "neither in the list nor sent",
             "What the trusted CA list of this node must hold first, root first", "Public Trust Issuing CA G3"),
            (signed_as(issuing, person.request, "temporary.pem",
                       "/CN=cisco/OU=Temporary Certificate 0f/O=Temporary Certificate 0f", names),
             "Refused: CN=cisco, OU=Temporary Certificate 0f, O=Temporary Certificate 0f is the temporary certificate of a new "
             "box"),
            (signed_as(issuing, person.request, "wildcard.pem", "/CN=*.acme.test", "DNS:*.acme.test"),
             f"Refused: the certificate bears *.acme.test, the only match for {E}", "Have it re-issued with every name spelt out."),
            (sign(issuing, person.request, "no-client.pem", "--template", "server"),
             "Refused: the upload page refuses a server certificate without clientAuth",
             "Have it re-issued from a CA template with both server and client authentication")):
        person.upload(E, "servercertificate", path)
        person.says("Nothing is stored yet", *texts)
        want("Upload there first" not in page.text() or "G3" in texts[-1], f"{path}: no list mends it")
        want(not page.run("!!document.querySelector('form#do')"), f"{path}: a button would do it")
    person.open(E, "servercertificate")
    person.says("A certificate signing request is in progress")


def restart(person, node):
    """By the link behind an upload; it ends with somebody who is logged in again."""
    person.page.follow("a[href='/restart']")
    person.says("A restart ends every connection of this node: 1 of its zone")
    person.page.click("form#restart input[name=confirm]")
    person.page.follow("form#restart button")
    person.says("The node restarts.")
    person.lab.until(rf"^{node}: stopped, to begin anew")
    person.lab.up()
    person.open(node)
    person.log_in(node)
    person.says("Overview")


def renewal(person):
    lab, page = person.lab, person.page
    renewed, chain = os.path.join(FOLDER, "renewed.pem"), os.path.join(FOLDER, "g3", "ca.pem")
    before = page.run("document.querySelector('#data dl').innerText")
    for node in (C, E):
        person.upload(node, "trustedcacertificate", chain)
        person.says("Nothing is stored yet", "trusted-ca: 1 added, 0 removed", "Public Trust Issuing CA G3")
        person.do_it()
        person.says("Trusted CA certificate", "Public Trust Issuing CA G3")
    person.upload(E, "servercertificate", renewed)
    person.says("Nothing is stored yet", "The certificate would be accepted.")
    person.do_it()
    person.says("Server certificate", "A restart is required for the new certificate to take effect.", "expires on",
              "This node still shows the former certificate")
    want(page.run("document.querySelector('#data dl').innerText") != before, "the page has the new certificate")
    restart(person, E)
    person.open(E, "servercertificate")
    person.says("There is no certificate signing request in progress", "Public Trust Issuing CA G3")
    want("still shows the former" not in page.text(), "it is shown now")
    for node in (C, E):
        for name in ("zones", "sshtunnels"):
            person.open(node, name)
            person.comes_to_say("Active")
            want("Failed" not in page.text() and NO_TUNNELS not in page.text(), f"{node} {name} is up:\n{page.text()}")


def test_client(person, node, path, text):
    person.open(node, "certificatetesting")
    person.page.choose("#test-file", path)
    person.page.follow("form#test button")
    person.says("Certificate test results", "Valid certificate:", text)


def client_testing(person):
    request = os.path.join(FOLDER, "client.csr")
    run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/O=Acme/CN=anna",
        "-keyout", os.path.join(FOLDER, "client.key"), "-out", request)
    run(PROGRAM, "ca", "new", os.path.join(FOLDER, "other"), "--key", "ec", "--cn", "O=Other, CN=Other CA")
    for ca, text in ((os.path.join(FOLDER, "other"), NOT_SIGNED), (authority(person.lab, "private-issuing"), NO_CRL)):
        test_client(person, C, sign(ca, request, "client.pem", "--template", "client"), text)
    person.says("passed")


def find(person, node, column, how, text):
    person.open(node, "cmplatform/certificateFindList.do")
    for field, value in (("column", column), ("how", how)):
        person.page.run(f"document.querySelector('#find-{field}').value = '{value}'; 0")
    person.page.type("#find-text", text)
    person.page.follow("form#find button")
    person.says("Certificate Management")
    return person.page.run(
        "[...document.querySelectorAll('tbody tr')].map(row => [...row.children].map(cell => cell.innerText.trim()))")


def cucm(person):
    name = "Public Trust Issuing CA G3"
    rows = find(person, PUB, "certificate", "is-exactly", "tomcat-trust")
    want(rows and all(row[0] == "tomcat-trust" for row in rows), f"what was asked for: {rows}")
    want(not find(person, SUB, "common-name", "contains", name), "the subscriber has not got it")
    person.page.follow("a[href^='/cmplatform/certificateUpload.do']")
    person.upload(PUB, "cmplatform/certificateUpload.do", os.path.join(FOLDER, "g3", "ca.pem"), store="tomcat-trust")
    person.says("Nothing is stored yet", "tomcat-trust: 1 added, 0 removed")
    person.do_it()
    person.says("Success: Certificate Uploaded...")
    person.lab.until(rf"^{SUB}: snapshot \d+: tomcat-trust: 1 added, 0 removed")
    rows = find(person, SUB, "common-name", "contains", name)
    want([row[:2] for row in rows] == [["tomcat-trust", name]], f"and now it has: {rows}")
    person.page.follow("tbody a")
    person.says("Certificate Details", "Certificate Settings", "Certificate File Data", name)


def entries(person):
    return person.page.run(
        "[...document.querySelectorAll('tbody tr')].map(row => row.children[3].querySelector('p').innerText)")


def trusted_list(person):
    page = person.page
    person.open(C, "trustedcacertificate")
    before = entries(person)
    page.follow("button[aria-label='Move number 2 up']")
    person.says("Nothing is stored yet")
    person.do_it()
    person.says("Moved.")
    after = entries(person)
    want(after == [before[1], before[0]] + before[2:], f"moved: {before} {after}")
    page.click("input[type=checkbox][aria-label$='CN=Public Trust Issuing CA G3']")
    page.follow("button[form=delete]")
    person.says("Nothing is stored yet", "0 added, 1 removed", "tunnel", E, "I have read which links this ends.")
    want(page.run("document.querySelector('form#do button').disabled"), "the button waits for the tick")
    person.do_it()
    person.says("Trusted CA certificate", "0 added, 1 removed", "Ended: tunnel")
    want(entries(person) == [one for one in after if "G3" not in one], "it is gone")
    person.open(C, "sshtunnels")
    person.comes_to_say(NO_TUNNELS)


def without_script(person):
    person.lab.until(rf"^{E}: tunnel of \S+: refused by {C}: issuer-missing")
    person.page.scripts(False)
    person.open(C, "alarms")
    person.says(NO_TUNNELS)
    person.page.follow("nav.menu a[href='/sshtunnels']")
    person.says(NO_TUNNELS, "issuer-missing")
    person.page.follow("nav.menu a[href='/trustedcacertificate']")
    person.upload(C, "trustedcacertificate", os.path.join(FOLDER, "g3", "ca.pem"))
    person.says("Nothing is stored yet", "trusted-ca: 1 added, 0 removed", "tunnel", E)
    person.do_it()
    person.says("1 added, 0 removed")
    person.lab.up()
    person.page.follow("nav.menu a[href='/sshtunnels']")
    person.says("Active")
    want(NO_TUNNELS not in person.page.text(), "the tunnels are up")
    person.page.follow("form[action='/do/session/end'] button")
    person.says("Username", "Password")


class NetScaler:
    """haproxy in the part of one, where the phones' DNS has Expressway-E: TLS to them with a public certificate, and TLS to
    Expressway-E with one of its own CA."""

    def __init__(self, lab):
        self.inner, self.process = lab.address(E), None
        self.address = self.inner.rsplit(".", 1)[0] + ".201"
        self.root = os.path.join(FOLDER, "netscaler")
        run(PROGRAM, "ca", "new", self.root, "--key", "ec", "--cn", "O=NetScaler, CN=NetScaler Root CA")
        self.phones = self.pair("phones", authority(lab, "public-issuing"), "server")
        self.inside = self.pair("inside", self.root, "both")
        self.client = os.path.join(FOLDER, "inside.pem")
        with open(self.phones, "a", encoding="utf-8") as out:
            out.write(read(os.path.join(authority(lab, "public-issuing"), "ca.pem")))

    def pair(self, name, ca, template):
        """Certificate and key in one file."""
        key, request = (os.path.join(FOLDER, f"{name}.{end}") for end in ("key", "csr"))
        run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out",
            request, "-subj", f"/O=Acme/CN={E}", "-addext", f"subjectAltName=DNS:{E},DNS:acme.test")
        path = sign(ca, request, name + ".pem", "--template", template)
        return made(name + "-all.pem", read(path) + read(key))

    def start(self, trusts):
        self.stop()
        sides = "".join(f"""listen p{port}
  bind {self.address}:{port} ssl crt {self.phones}
  server e1 {self.inner}:{port} ssl crt {self.inside} ca-file {trusts} verify required verifyhost {E} sni str({E})
""" for port in (8443, 5061))
        config = made("netscaler.cfg", f"""defaults
  mode tcp
  timeout connect 10s
  timeout client 60s
  timeout server 60s
{sides}""")
        # it is ended by stop: pylint: disable=consider-using-with
        self.process = subprocess.Popen(["haproxy", "-db", "-f", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex((self.address, 5061)) == 0:
                    return
        raise AssertionError("haproxy does not begin")

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(PATIENCE)
        self.process = None


def phone(lab, address):
    """(exit status, what was said): of a 8800 that signs in and registers where its DNS has Expressway-E."""
    password = made("password", "Xpw-alice-4711\n")
    words = [PROGRAM, "sign-in", "alice@acme.test", "--edge", E, "--host", f"{E}={address}", "--as", "phone-8800", "--trust",
             os.path.join(lab.deployment, "endpoints", "8800.pem"), "--register", "--device", "CSFALICE",
             "--password-file", password]
    done = subprocess.run(words, capture_output=True, check=False, text=True)
    return done.returncode, done.stdout + done.stderr


def netscaler(person):
    if not shutil.which("haproxy"):
        print("no front here: haproxy is not installed")
        return
    lab, page = person.lab, person.page
    page.scripts(True)
    person.open(E, "servercertificate")
    page.follow("#csr a.go")
    page.run("document.querySelector('#csr-key').value = 'ecdsa:256'; 0")
    page.follow("form#csr button")
    request = page.download("#csr a[download]", FOLDER)
    person.upload(E, "servercertificate", sign(authority(lab, "private-issuing"), request, "internal.pem"))
    person.says("Nothing is stored yet", "The certificate would be accepted.")
    person.do_it()
    restart(person, E)
    status, told = phone(lab, lab.address(E))
    want(status == 1 and "device-list-lacks-ca" in told, f"the phone trusts public CAs alone: {status}\n{told}")
    front = NetScaler(lab)
    try:
        front.start(os.path.join(front.root, "ca.pem"))
        status, told = phone(lab, front.address)
        want(status != 0 and "pass TLS" in told, f"the front does not trust the internal CA: {status}\n{told}")
        test_client(person, E, front.client, NOT_SIGNED)
        person.upload(E, "trustedcacertificate", os.path.join(front.root, "ca.pem"))
        person.says("Nothing is stored yet", "trusted-ca: 1 added, 0 removed", "NetScaler Root CA")
        person.do_it()
        person.says("Trusted CA certificate", "NetScaler Root CA")
        test_client(person, E, front.client, NO_CRL)
        front.start(os.path.join(authority(lab, "private-root"), "ca.pem"))
        status, told = phone(lab, front.address)
        want(status == 0 and "registered" in told, f"by the front the phone is signed in: {status}\n{told}")
    finally:
        front.stop()


PROCEDURES = (first_password, issuer_missing, refusals, renewal, client_testing, cucm, trusted_list, without_script, netscaler)


def requests(page):
    """What the browser asked for since the last page, for whoever reads a failure."""
    return [(event["method"], event["params"].get("request", {}).get("method"), event["params"].get("request", {}).get("url"),
             event["params"].get("response", {}).get("status"), event["params"].get("errorText"))
            for event in page.events if event.get("method", "").startswith("Network.")]


def main():
    if not browser.find():
        print("no browser here: chromium is not installed")
        sys.exit(77)
    try:
        with Lab("clicks", "issuer-missing") as lab:
            lab.until(rf"^{C}: tunnel to \S+: refused by this node: issuer-missing")
            lab.until(rf"^{E}: tunnel of \S+: refused by {C}: issuer-missing")
            person = Person(lab)
            try:
                for procedure in PROCEDURES:
                    begun = time.monotonic()
                    try:
                        procedure(person)
                    except Exception:
                        print(*requests(person.page), sep="\n", file=sys.stderr)
                        raise
                    person.quiet()
                    print(f"clicks {procedure.__name__}: good ({time.monotonic() - begun:.1f} s)", flush=True)
            finally:
                person.page.close()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


if __name__ == "__main__":
    main()
