#!/usr/bin/env python3
"""What people stumbled over when they used it for the first time, each mended: how it answers now.
Usage: first_use_test.py CAUSEWAY SOURCE-FOLDER"""

import glob
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

CAUSEWAY = os.path.abspath(sys.argv[1])
del sys.argv[1:3]
AT = "2026-11-20T12:00:00Z"


class FirstUse(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made = tempfile.TemporaryDirectory(prefix="causeway-first-")
        cls.labs = {}

    @classmethod
    def tearDownClass(cls):
        cls.made.cleanup()

    def setUp(self):
        self.folder = tempfile.mkdtemp(dir=self.made.name)

    def run_verb(self, *words, status=0, **options):
        done = subprocess.run([CAUSEWAY, *words], cwd=self.folder, capture_output=True, text=True, **options)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def lab(self, *words):
        """A copy of such a lab, as "demo" in the test's folder."""
        if words not in self.labs:
            self.labs[words] = tempfile.mkdtemp(dir=self.made.name) + "/lab"
            self.run_verb("lab", "new", self.labs[words], "--key", "ec", "--at", AT, *words)
        shutil.copytree(self.labs[words], os.path.join(self.folder, "demo"))

    def edit(self, old, new):
        path = os.path.join(self.folder, "demo", "deployment.yaml")
        with open(path) as file:
            text = file.read()
        self.assertIn(old, text)
        with open(path, "w") as file:
            file.write(text.replace(old, new))

    def test_a_dry_run_of_append_prints_what_the_real_one_prints(self):
        self.lab("--fault", "issuer-missing")
        words = ["trust", "append", "-d", "demo", "c1.acme.test", "demo/e1/ca.pem", "--at", AT]
        self.assertEqual(self.run_verb(*words, "-n").stdout, self.run_verb(*words).stdout)

    def test_a_list_is_read_from_standard_input(self):
        self.lab()
        with open(os.path.join(self.folder, "demo", "c1", "ca.pem")) as file:
            self.assertIn("standard input: 4 certificates", self.run_verb("trust", "list", "-", stdin=file).stdout)
        done = self.run_verb("trust", "append", "-", "demo/e1/ca.pem", status=2, stdin=subprocess.DEVNULL)
        self.assertIn("with --dry-run it is read", done.stderr)

    def test_cert_verify_without_a_deployment_speaks_of_none(self):
        self.lab("--fault", "issuer-missing")
        done = self.run_verb("cert", "verify", "--trusted-ca", "demo/c1/ca.pem", "demo/e1/server.pem", "--at", AT, status=1)
        self.assertIn("issuer-missing", done.stdout)
        self.assertNotIn("deployment", done.stdout)

    def test_a_key_that_cannot_be_read_is_told_and_the_rest_is_judged(self):
        self.lab()
        with open(os.path.join(self.folder, "demo", "c1", "privkey.pem"), "w") as file:
            file.write("locked away\n")
        done = self.run_verb("check", "demo", "--at", AT)
        self.assertIn("17 pass", done.stdout)
        self.assertRegex(done.stderr, r"deployment.yaml:\d+:\d+: c1/privkey.pem: .* not judged")

    def test_client_test_says_the_answer_first(self):
        self.lab()
        done = self.run_verb("client-test", "-d", "demo", "--node", "c1.acme.test", "demo/e1/server.pem", "--at", AT)
        self.assertEqual(done.stdout.splitlines()[0], "Trusted; the user name that comes out: e1.acme.test")
        self.assertLess(len(done.stdout.splitlines()), 15)

    def test_the_states_of_sign_in_are_explained(self):
        for word in ("degraded", "prompts", "unknown", "dead"):
            self.assertIn(word, self.run_verb("explain", word).stdout)
            self.assertIn(word, self.run_verb("check", "--help").stdout)

    def test_a_capture_names_what_to_do_and_can_be_cut_to_what_was_refused(self):
        self.lab("--fault", "root-missing")
        self.run_verb("lab", "export", "demo", "--as", "bundle", "-o", "sources", "--at", AT)
        for archive in glob.glob(self.folder + "/sources/*c1*.tar.gz"):
            with tarfile.open(archive) as file:
                file.extractall(self.folder + "/c1")
        capture, = glob.glob(self.folder + "/c1/**/*.pcap*", recursive=True)
        whole = self.run_verb("capture", capture, status=1).stdout
        cut = self.run_verb("capture", capture, "--refused", status=1).stdout
        self.assertGreater(whole.count("=> up"), 1)
        self.assertEqual((cut.count("=> up"), cut.count("=> refused")), (0, 1))
        self.assertEqual(cut.splitlines()[-3:], whole.splitlines()[-3:])
        self.assertIn("\n      > append the CA that issued the refused certificate", cut)
        judged = self.run_verb("capture", capture, "--refused", "--deployment", "demo", status=1).stdout
        self.assertIn("root-missing", judged)
        self.assertIn("         > Append the root certificate", judged)

    def test_one_is_singular(self):
        self.lab("--fault", "root-missing")
        self.run_verb("lab", "export", "demo", "--as", "bundle", "-o", "sources", "--at", AT)
        for archive in glob.glob(self.folder + "/sources/*e1*.tar.gz"):
            with tarfile.open(archive) as file:
                file.extractall(self.folder + "/e1")
        capture, = glob.glob(self.folder + "/e1/**/*.pcap*", recursive=True)
        self.assertIn("1 TLS connection in 1 TCP connection,", self.run_verb("capture", capture, status=1).stdout)

    def test_a_topic_is_found_by_its_first_word(self):
        self.assertIn("trust-list: the trusted CA list", self.run_verb("explain", "trust").stdout)

    def test_one_fault_is_described_alone(self):
        text = self.run_verb("lab", "faults", "issuer-missing").stdout
        self.assertTrue(text.startswith("issuer-missing\n"))
        self.assertNotIn("root-missing\n", text)

    def test_check_and_csr_new_want_the_same_names_of_e(self):
        for size in ("small", "cluster"):
            with self.subTest(size):
                shutil.rmtree(self.folder + "/demo", ignore_errors=True)
                self.lab("--size", size, "--fault", "edge-domain-missing")
                text = re.sub(r"\s+", " ", self.run_verb("check", "demo", "--at", AT, status=1).stdout)
                wanted = re.search(r"on e1\.acme\.test: Generate CSR with the names ([^;]+);", text).group(1)
                asked = self.run_verb("csr", "new", "demo", "e1.acme.test").stdout
                names = re.search(r"^  Names .*?(?=^  Key)", asked, re.M | re.S).group(0)
                found = re.findall(r"^(?:  Names +| {13,})(\S+\.test) ", names, re.M)
                self.assertEqual(found, wanted.split(", "))

    def test_what_csr_new_asks_for_is_what_check_wants(self):
        self.lab("--fault", "edge-domain-missing")
        self.run_verb("csr", "new", "demo", "e1.acme.test")
        self.run_verb("ca", "sign", "--ca", "demo/ca/public-issuing", "-o", "new.pem", "demo/e1/e1.acme.test.csr", "--at", AT)
        self.run_verb("cert", "accept", "demo", "e1.acme.test", "new.pem", "--install", "--at", AT)
        self.assertIn("17 pass", self.run_verb("check", "demo", "--at", AT).stdout)

    def test_a_deployment_without_links_is_no_success(self):
        with open(os.path.join(self.folder, "empty.yaml"), "w") as file:
            file.write("causeway: 1\nname: acme\n")
        self.assertIn("no link can be derived", self.run_verb("check", "empty.yaml", status=2).stderr)

    def test_a_release_that_nobody_knows_is_told(self):
        self.lab()
        self.edit("release: X14.2", "release: X99.9")
        told = "release X99.9 is newer than X15.5, the newest one known here, and is judged as X15.5"
        for words in (["check"], ["horizon"], ["csr", "new"]):
            node = ["e1.acme.test"] if words[0] == "csr" else []
            self.assertIn(told, self.run_verb(*words, "demo", *node, "--at", AT).stderr)
        done = self.run_verb("whatif", "demo", "--release", "expressway-c=X99.9", "--at", AT)
        self.assertIn(told, done.stderr)

    def test_a_file_that_is_not_there_comes_with_a_next_step(self):
        self.lab()
        rows = [
            (["check", "dmeo"], 'did you mean "demo"?'),
            (["check", "dmeo"], '"causeway import" makes a deployment'),
            (["cert", "show", "demo/c1/sever.pem"], 'did you mean "server.pem"?'),
            (["trust", "list", "nowhere/ca.pem"], "the folder that it should be in is not there either"),
            (["capture", "any.pcap"], "nothing in that folder has a name like it"),
        ]
        for words, want in rows:
            with self.subTest(words):
                self.assertIn(want, self.run_verb(*words, status=2).stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
