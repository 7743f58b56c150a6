#!/usr/bin/env python3
"""doubts_test.py CAUSEWAY: doubts about the input are told before anything else, each beside neighbours that people run
and that are no doubt."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

CAUSEWAY = os.path.abspath(sys.argv.pop(1))
AT = "2026-11-20T12:00:00Z"
FOLDER = tempfile.TemporaryDirectory(prefix="causeway-doubts-")


def run(*words):
    done = subprocess.run([CAUSEWAY, *words], capture_output=True, text=True, check=False)
    assert done.returncode < 2, (words, done.stderr)
    return done.stdout


class Lab:
    """A healthy deployment to be spoilt."""

    made = {}

    def __init__(self, name, size="small"):
        if size not in Lab.made:
            Lab.made[size] = os.path.join(FOLDER.name, size)
            run("lab", "new", Lab.made[size], "--key", "ec", "--at", AT, "--size", size)
        self.path = os.path.join(FOLDER.name, re.sub("[^a-z0-9]", "-", name))
        shutil.copytree(Lab.made[size], self.path)

    def file(self, name):
        return os.path.join(self.path, name)

    def edit(self, old, new):
        with open(self.file("deployment.yaml"), encoding="utf-8") as file:
            text = file.read()
        assert old in text, (old, text)
        with open(self.file("deployment.yaml"), "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))

    def drop_keys(self):
        with open(self.file("deployment.yaml"), encoding="utf-8") as file:
            lines = [line for line in file if not re.match(r"\s+key: ", line)]
        with open(self.file("deployment.yaml"), "w", encoding="utf-8") as file:
            file.writelines(lines)

    def copy(self, one, two):
        shutil.copy(self.file(one), self.file(two))

    def swap(self, one, two):
        self.copy(one, "kept.pem")
        self.copy(two, one)
        self.copy("kept.pem", two)

    def issue(self, name, sans, ca="private-issuing", subject="/CN=acme"):
        """A certificate with these names, by a CA of the lab."""
        config = self.file("made.cnf")
        with open(config, "w", encoding="ascii") as file:
            file.write("subjectAltName=" + sans + "\nextendedKeyUsage=serverAuth,clientAuth\n")
        csr = self.file("made.csr")
        subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", self.file("made.key"), "-subj", subject, "-out", csr], check=True, capture_output=True)
        subprocess.run(["openssl", "x509", "-req", "-in", csr, "-CA", self.file(f"ca/{ca}/ca.pem"), "-CAkey",
                        self.file(f"ca/{ca}/privkey.pem"), "-set_serial", "77", "-days", "300", "-extfile", config,
                        "-out", self.file(name)], check=True, capture_output=True)

    def join(self, name, *parts):
        text = ""
        for part in parts:
            with open(self.file(part), encoding="ascii") as file:
                text += file.read()
        with open(self.file(name), "w", encoding="ascii") as file:
            file.write(text)

    def empty(self, name):
        with open(self.file(name), "w", encoding="ascii"):
            pass

    def without_endpoints(self):
        with open(self.file("deployment.yaml"), encoding="utf-8") as file:
            text = file.read()
        with open(self.file("deployment.yaml"), "w", encoding="utf-8") as file:
            file.write(re.sub(r"(?m)^endpoints:.*\n(?: .*\n)+", "", text))


def cluster_certificate(lab):
    lab.issue("c1/server.pem", "DNS:expc.acme.test,DNS:c1.acme.test,DNS:c2.acme.test")
    lab.copy("c1/server.pem", "c2/server.pem")
    lab.drop_keys()


def cluster_name_only(lab):
    lab.issue("c1/server.pem", "DNS:expc.acme.test")
    lab.drop_keys()


def multi_server(lab):
    lab.issue("pub/tomcat.pem", "DNS:pub.acme.test,DNS:sub1.acme.test,DNS:imp1.acme.test")
    for other in ("sub1", "imp1"):
        lab.copy("pub/tomcat.pem", other + "/tomcat.pem")
    lab.drop_keys()


def others_file(lab):
    lab.copy("pub/tomcat.pem", "sub1/tomcat.pem")
    lab.drop_keys()


def on_both(lab):
    lab.copy("e1/server.pem", "c1/server.pem")
    lab.drop_keys()


def front(lab, *parts):
    """A front whose file is its leaf and what stands behind it."""
    os.makedirs(lab.file("front"), exist_ok=True)
    lab.issue("front/leaf.pem", "DNS:edge.acme.test,DNS:acme.test,DNS:collab-edge.acme.test", "public-issuing")
    lab.join("front/server.pem", *parts)
    lab.copy("c1/ca.pem", "front/ca.pem")
    lab.edit("\nendpoints:",
             "\nfront: {fqdn: edge.acme.test, server: front/server.pem, trusted-ca: front/ca.pem}\nendpoints:")


def front_with_e(lab):
    front(lab, "front/leaf.pem")
    lab.copy("e1/server.pem", "front/server.pem")


def without_revocation(lab):
    lab.edit("\n  revocation: off", "\n  revocation: unknown")


ISSUING, ROOT = "ca/public-issuing/ca.pem", "ca/public-root/ca.pem"
# what is done to a healthy deployment; what is doubted
ROWS = (
    ("nothing at all", "small", lambda lab: None, []),
    ("nothing at all on a cluster", "cluster", lambda lab: None, []),
    ("one certificate on C and E", "small", on_both, ["one-certificate", "others-name"]),
    ("one certificate for the peers of a cluster", "cluster", cluster_certificate, []),
    ("the cluster's name alone", "cluster", cluster_name_only, []),
    ("a multi-server certificate", "cluster", multi_server, []),
    ("the publisher's file for the subscriber", "small", others_file, ["others-name"]),
    ("the files of two peers swapped", "cluster",
     lambda lab: (lab.swap("e1/server.pem", "e2/server.pem"), lab.drop_keys()), ["swapped"]),
    ("the files of C and E swapped", "small",
     lambda lab: (lab.swap("e1/server.pem", "c1/server.pem"), lab.drop_keys()), ["swapped"]),
    ("the lists of two peers swapped", "cluster", lambda lab: lab.swap("e1/ca.pem", "e2/ca.pem"), []),
    ("an empty list of C", "small", lambda lab: lab.empty("c1/ca.pem"), ["empty-list"]),
    ("an empty list of a device", "small", lambda lab: lab.empty("endpoints/room.pem"), ["empty-list"]),
    ("a list that nobody could export", "small",
     lambda lab: lab.edit("trusted-ca: c1/ca.pem", "trusted-ca: unknown"), []),
    ("a device with the system's list", "small",
     lambda lab: lab.edit("trust: endpoints/room.pem", "trust: system"), []),
    ("no endpoints", "small", lambda lab: lab.without_endpoints(), ["no-endpoints"]),
    ("revocation that nobody knows of", "small", without_revocation, ["revocation"]),
    ("a chain file, leaf first", "small", lambda lab: lab.join("e1/server.pem", "e1/server.pem", ISSUING, ROOT), []),
    ("a chain file, root first", "small", lambda lab: (lab.join("all.pem", ROOT, ISSUING, "e1/server.pem"),
                                                       lab.copy("all.pem", "e1/server.pem")), ["ca-first"]),
    ("a chain file, intermediate first", "small", lambda lab: (lab.join("all.pem", ISSUING, "e1/server.pem"),
                                                               lab.copy("all.pem", "e1/server.pem")), ["ca-first"]),
    ("a front with its chain file", "small", lambda lab: front(lab, "front/leaf.pem", ISSUING), []),
    ("a front whose file begins with the chain", "small", lambda lab: front(lab, ISSUING, "front/leaf.pem"),
     ["ca-first"]),
    ("a front with E's certificate", "small", front_with_e, []),
)


class Doubts(unittest.TestCase):
    def test_what_hardly_is_so_is_doubted_and_what_people_run_is_not(self):
        for name, size, spoil, want in ROWS:
            with self.subTest(name):
                lab = Lab(name, size)
                spoil(lab)
                got = json.loads(run("check", lab.path, "-f", "json", "--at", AT))["doubts"]
                self.assertEqual([doubt["kind"] for doubt in got], want, got)

    def test_doubts_are_told_before_anything_else(self):
        lab = Lab("told")
        lab.empty("c1/ca.pem")
        self.assertRegex(run("check", lab.path, "--at", AT), r"\ADoubt: the list trusted-ca of c1\.acme\.test")
        page = run("check", lab.path, "--at", AT, "-f", "html")
        self.assertLess(page.index('class="doubts"'), page.index('class="services"'))

    def test_a_chain_file_is_put_in_order_by_its_numbers(self):
        lab = Lab("numbers")
        lab.join("all.pem", ROOT, ISSUING, "e1/server.pem")
        lab.copy("all.pem", "e1/server.pem")
        report = " ".join(run("check", lab.path, "--at", AT).split())
        self.assertIn("e1/server.pem of e1.acme.test begins with a CA certificate (Public Trust Root CA); the "
                      "certificate itself is number 3: put number 3 first (causeway cert split e1/server.pem)", report)


if __name__ == "__main__":
    try:
        unittest.main(verbosity=2)
    finally:
        FOLDER.cleanup()
