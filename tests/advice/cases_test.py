#!/usr/bin/env python3
"""cases_test.py CAUSEWAY: reports from the field, rebuilt with a lab and openssl; what is ordered is looked at and done.

Each stands for a kind: a cross-signed root below its twin (acme.sh #3724), a CA renewed under its name and key, root
and intermediate of a new CA missing at once, lists that others need too, chain files that begin with a CA, the X15.5
client store, a phone profile that no request takes, what CUCM does with a second CA of one name, a certificate that is
installed already, and deployments in which nothing is wrong.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

from follow_test import AT, Folder, certs_of, run, sha256, write_certs

PROGRAM = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "causeway"
CA_EXTENSIONS = "[v]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"


class Case(unittest.TestCase):
    def setUp(self):
        work = tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        self.addCleanup(work.cleanup)
        self.work = work.name
        self.lab = os.path.join(self.work, "lab")

    def make(self, *words):
        run(PROGRAM, "lab", "new", self.lab, "--key", "ec", "--at", AT, *words)
        self.folder = Folder(PROGRAM, self.lab)

    def ca(self, name, part="ca.pem"):
        return os.path.join(self.lab, "ca", name, part)

    def sign(self, subject, key, days, issuer=None, extensions=CA_EXTENSIONS):
        """A certificate of this key; signed by itself or by one of the lab's CAs. Returns its DER."""
        conf, csr, out = (os.path.join(self.work, name) for name in ("v.cnf", "r.csr", "out.pem"))
        with open(conf, "w", encoding="utf-8") as file:
            file.write(extensions)
        run("openssl", "req", "-new", "-key", key, "-subj", subject, "-out", csr)
        signer = ["-CA", issuer[0], "-CAkey", issuer[1]] if issuer else ["-signkey", key]
        run("openssl", "x509", "-req", "-in", csr, "-days", str(days), "-extfile", conf, "-extensions", "v", "-out", out,
            "-set_serial", str(int.from_bytes(os.urandom(7), "big")), *signer)
        return certs_of(out)[0]

    def new_key(self, name):
        path = os.path.join(self.work, name)
        run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)
        return path

    def list(self, path, change):
        path = os.path.join(self.lab, path)
        write_certs(path, change(certs_of(path)))

    def fix(self, *words):
        return json.loads(run(PROGRAM, "fix", self.lab, "--at", AT, "-f", "json", *words, good=(0, 1)))

    def orders(self, report):
        """Everything that somebody is told to do, with the finding that tells it."""
        return [(f["code"], f["remedy"]) for part in report["links"] + report["nodes"] for f in part["findings"]
                if f.get("remedy") and f["remedy"]["action"] != "none"]

    def follow(self):
        plan = self.fix()["plan"]
        for step in plan["steps"]:
            self.folder.do(step)
        after = self.folder.check()
        self.assertEqual(after["summary"]["refused"], 0, plan["steps"])
        self.assertTrue(all(s["state"] == "works" for s in after["services"]), after["services"])
        return plan

    def test_one_move_repairs_a_cross_signed_root_below_its_twin(self):
        self.make()
        old = self.sign("/C=US/O=Older/CN=Older Root", self.new_key("old.pem"), 3000)
        older = os.path.join(self.work, "older.pem")
        write_certs(older, [old])
        cross = self.sign("/C=US/O=Public Trust/CN=Public Trust Root CA", self.ca("public-root", "privkey.pem"), 2000,
                          (older, os.path.join(self.work, "old.pem")))
        self.list("endpoints/8800.pem", lambda certs: [old])
        self.list("e1/ca.pem", lambda certs: certs + [cross, old])
        before = self.folder.check()
        self.assertIn("dead", [s["state"] for s in before["services"]])
        removed = [r for _, r in self.orders(before) if r["action"] == "remove"]
        self.assertEqual(removed, [])
        plan = self.follow()
        self.assertEqual([s["action"] for s in plan["steps"]], ["move-before"])

    def test_of_a_renewed_ca_only_the_old_certificate_is_ordered_away(self):
        self.make()
        root = (self.ca("private-root"), self.ca("private-root", "privkey.pem"))
        subject, key = "/C=US/O=Acme/CN=Acme Issuing CA", self.ca("private-issuing", "privkey.pem")
        former = certs_of(self.ca("private-issuing"))[0]
        old, new = self.sign(subject, key, 90, root), self.sign(subject, key, 3000, root)
        for where, _, names in os.walk(self.lab):
            for name in names:
                path = os.path.join(where, name)
                if name.endswith(".pem") and "/ca/" not in path and former in certs_of(path):
                    write_certs(path, [old if der == former else der for der in certs_of(path)] + [new])
        before = json.loads(run(PROGRAM, "check", self.lab, "--at", "+71d", "-f", "json", good=(0, 1)))
        removed = {r["sha256"] for _, r in self.orders(before) if r["action"] == "remove"}
        self.assertEqual(removed, {sha256(old)})
        for _, remedy in self.orders(before):
            if remedy["action"] == "remove":
                self.folder.list_step({**remedy, "replaces": None, "before": None})
        for at in ("+71d", "+130d"):
            after = json.loads(run(PROGRAM, "check", self.lab, "--at", at, "-f", "json", good=(0, 1)))
            self.assertEqual(after["summary"]["refused"], 0, at)

    def test_root_and_intermediate_of_a_new_ca_are_promised_together(self):
        self.make()
        self.list("c1/ca.pem", lambda certs: certs[:2])
        text = run(PROGRAM, "check", self.lab, "--at", AT, good=(1,)).decode()
        self.assertRegex(text.split("\n\n")[0].replace("\n", " "), r"2 uploads on 1 node +repair it")
        self.assertEqual([s["action"] for s in self.follow()["steps"]], ["append", "append"])

    def test_an_upload_takes_along_what_comes_over_the_wire(self):
        self.make()
        self.list("pub/tomcat-trust.pem", lambda certs: [])
        self.list("sub1/tomcat-trust.pem", lambda certs: [])
        text = re.sub(r"\s+", " ", run(PROGRAM, "fix", self.lab, "--at", AT).decode())
        self.assertIn("1 upload on 1 node", text)
        self.assertEqual(text.count("Restart Cisco Tomcat of each node"), 1)
        steps = self.follow()["steps"]
        self.assertEqual([s["replicated"] for s in steps], [False, False, True, True])  # then confirmed
        uploads = [s for s in steps if s["node"] == "pub.acme.test"]
        self.assertEqual([s["carried"] for s in uploads], [False, True])
        self.assertTrue(all(s["replicated"] for s in steps if s["node"] == "sub1.acme.test"))

    def test_entries_that_others_may_need_are_no_order_and_hide_nothing(self):
        self.make()
        key = self.new_key("more.pem")
        more = [self.sign(f"/O=Others/CN=Other CA {i}", key, 3000) for i in range(12)]
        self.list("c1/ca.pem", lambda certs: certs + more)
        names = "subjectAltName=DNS:e1.acme.test,DNS:acme.test,DNS:collab-edge.acme.test,DNS:conference.acme.test,DNS:im.acme.test\n"
        leaf = self.sign("/CN=e1.acme.test", os.path.join(self.lab, "e1", "privkey.pem"), 100,
                         (self.ca("public-issuing"), self.ca("public-issuing", "privkey.pem")),
                         "[v]\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n" + names)
        self.list("e1/server.pem", lambda certs: [leaf])
        self.assertEqual([r for _, r in self.orders(self.folder.check()) if r["action"] == "remove"], [])
        text = run(PROGRAM, "check", self.lab, "--at", "+98d", good=(0, 1)).decode()
        self.assertIn("expires-soon", text)

    def test_a_chain_file_that_begins_with_a_ca_is_put_in_order(self):
        self.make()
        chain = [certs_of(self.ca(name))[0] for name in ("public-root", "public-issuing")]
        self.list("e1/server.pem", lambda certs: chain + certs)
        plan = self.follow()
        self.assertEqual([s["action"] for s in plan["steps"]], ["install"])
        copy = os.path.join(self.work, "copy")
        run(PROGRAM, "fix", self.lab, "--at", AT, "--apply", copy, good=(0, 1))
        self.assertEqual(len(certs_of(os.path.join(copy, "e1", "server.pem"))), 1)

    def test_x155_sends_a_missing_client_auth_to_the_client_store(self):
        self.make()
        lines = "\n".join(self.folder.lines()).replace("release: X14.2", "release: X15.5")
        self.folder.write(lines.split("\n"))
        names = "subjectAltName=DNS:c1.acme.test,DNS:secure-jabber.acme.test,DNS:acme.test,DNS:conference.acme.test\n"
        leaf = self.sign("/CN=c1.acme.test", os.path.join(self.lab, "c1", "privkey.pem"), 300,
                         (self.ca("private-issuing"), self.ca("private-issuing", "privkey.pem")),
                         "[v]\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n" + names)
        self.list("c1/server.pem", lambda certs: [leaf])
        steps = self.follow()["steps"]
        self.assertEqual([(s["action"], s["identity"], s["purposes"]) for s in steps],
                         [("reissue", "client", ["clientAuth"])])
        self.assertIn("Client certificate", steps[0]["menu"])

    def test_no_request_is_ordered_with_a_profile_that_is_no_host_name(self):
        self.make()
        lines = "\n".join(self.folder.lines()).replace("[secure-jabber.acme.test]", '["Secure Jabber Profile"]')
        self.folder.write(lines.split("\n"))
        answer = self.fix()
        asked = [n for s in answer["plan"]["steps"] for n in s["names"]]
        self.assertNotIn("Secure Jabber Profile", asked)
        self.assertTrue(any("rename" in leaf["why"] for leaf in answer["plan"]["leaves"]), answer["plan"]["leaves"])

    def test_cucm_takes_a_renewed_ca_in_place_of_the_older_one(self):
        self.make()
        key = self.ca("private-root", "privkey.pem")
        newer = os.path.join(self.work, "newer.pem")
        write_certs(newer, [self.sign("/C=US/O=Acme/CN=Acme Root CA", key, 3000)])
        text = run(PROGRAM, "trust", "append", "-n", "-d", self.lab, "pub.acme.test:tomcat-trust", newer).decode()
        self.assertIn("replaced", text)

    def test_what_is_installed_already_is_said_to_be(self):
        self.make("--fault", "root-missing")
        path = os.path.join(self.lab, "e1", "server.pem")
        done = subprocess.run([PROGRAM, "cert", "accept", "--at", AT, self.lab, "e1.acme.test", path],
                              capture_output=True, check=False)
        text = re.sub(r"\s+", " ", done.stdout.decode())
        self.assertIn("installed already", text)
        self.assertNotIn("no link gets worse", text)
        done = subprocess.run([PROGRAM, "cert", "diff", "--at", AT, "-d", self.lab, "--node", "e1.acme.test",
                               os.path.join(self.lab, "c1", "server.pem"), path], capture_output=True, check=False)
        self.assertIn("installed already", re.sub(r"\s+", " ", done.stdout.decode()))

    def test_nothing_is_ordered_where_nothing_is_wrong(self):
        for words in ((), ("--size", "cluster")):
            with self.subTest(words=words):
                self.lab = os.path.join(self.work, "healthy" + "".join(words))
                self.make(*words)
                report = self.folder.check()
                self.assertEqual(self.orders(report), [])
                self.assertEqual(report["plan"]["steps"], [])
                self.assertIn("tidy", run(PROGRAM, "trust", "tidy", "--at", AT, self.lab).decode())

    def test_a_setting_says_what_to_edit(self):
        self.make("--fault", "peer-name-mismatch")
        step = self.fix()["plan"]["steps"][0]
        self.assertRegex(step["edit"], r"deployment.yaml: expressway-c > traversal > peers: e1.acme.test in place of ")
        self.assertIn("on the files:", run(PROGRAM, "fix", self.lab, "--at", AT).decode())

    def test_several_deployments_get_a_plan_each(self):
        self.make("--fault", "root-missing")
        text = run(PROGRAM, "fix", self.lab, self.lab, "--at", AT, "-f", "json").decode()
        self.assertEqual([len(json.loads(line)["plan"]["steps"]) for line in text.splitlines()], [1, 1])
        done = subprocess.run([PROGRAM, "fix", self.lab, self.lab, "--apply", self.work + "/copy"], capture_output=True,
                              check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"wanted one deployment", done.stderr)

    def test_the_copy_has_every_file_that_the_deployment_names(self):
        self.make("--fault", "crl-expired", "--fault", "root-missing")
        copy = os.path.join(self.work, "copy")
        run(PROGRAM, "fix", self.lab, "--at", AT, "--apply", copy, good=(0, 1))
        report = Folder(PROGRAM, copy).check()
        codes = {f["code"] for part in report["links"] for f in part["findings"] if f["severity"] == "refused"}
        self.assertNotIn("root-missing", codes)
        self.assertIn("crl-expired", codes)


if __name__ == "__main__":
    unittest.main()
