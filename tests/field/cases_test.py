#!/usr/bin/env python3
"""cases_test.py CAUSEWAY: kinds of trouble that people report in public, each with neighbours of ours.

What counts is the verdict, the reason, the thing that is named (which certificate, which name, which file) and a next
step that works; the rest of the wording is free. Certificates are made with openssl and the lab's CAs when the test runs.
"""
import os
import subprocess
import sys
import tempfile
import unittest
import zipfile

PROGRAM = os.path.abspath(sys.argv.pop(1))
SHA256_RSA = bytes.fromhex("2a864886f70d01010b")
ML_DSA_65 = bytes.fromhex("608648016503040312")
NOBODYS = bytes.fromhex("2b06010401822d8301")  # of the same length


def openssl(*words, cwd=None):
    subprocess.run(["openssl", *words], cwd=cwd, check=True, capture_output=True)


def read(path, mode="r"):
    with open(path, mode) as file:
        return file.read()


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb" if isinstance(content, bytes) else "w") as file:
        file.write(content)


class Case(unittest.TestCase):
    def setUp(self):
        held = tempfile.TemporaryDirectory()
        self.addCleanup(held.cleanup)
        self.folder = held.name
        self.made = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def run_verb(self, *words):
        done = subprocess.run([PROGRAM, *words], cwd=self.folder, capture_output=True, text=True)
        text = " ".join((done.stdout + " " + done.stderr).split())
        self.assertNotIn("Sanitizer", text)
        return done.returncode, text

    def lab(self, *words):
        self.assertEqual(self.run_verb("lab", "new", "lab", "--key", "ec", *words)[0], 0)

    def edit(self, old, new, name="lab/deployment.yaml"):
        text = read(self.path(name))
        self.assertIn(old, text)
        write(self.path(name), text.replace(old, new))

    def issue(self, out, ca, subject, extensions, days=200, key="ec"):
        """A certificate of one of the lab's CAs (or self-signed where `ca` is None); its key lies beside it."""
        self.made += 1
        key_path, request, config = (self.path(f"{self.made}.{end}") for end in ("key", "csr", "cnf"))
        kinds = {"ec": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["rsa", "-pkeyopt", "rsa_keygen_bits:2048"]}
        openssl("genpkey", "-algorithm", *kinds[key], "-out", key_path)
        openssl("req", "-new", "-key", key_path, "-subj", subject, "-out", request)
        write(config, extensions + "\n")
        signer = ["-signkey", key_path]
        if ca:
            folder = self.path(f"lab/ca/{ca}")
            signer = ["-CA", f"{folder}/ca.pem", "-CAkey", f"{folder}/privkey.pem", "-CAcreateserial"]
        target = self.path(out)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        openssl("x509", "-req", "-in", request, "-days", str(days), "-extfile", config, "-out", target, *signer)
        return key_path

    def check(self, *words):
        return self.run_verb("check", "--all", *words, "lab")


SERVER = "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n"


class Files(Case):
    def test_convert_is_named_only_where_it_can_read_the_file(self):
        self.lab()
        pem = read(self.path("lab/e1/server.pem"))
        key = self.issue("x.pem", "public-issuing", "/CN=e1.acme.test", SERVER)
        openssl("req", "-new", "-key", key, "-subj", "/CN=e1", "-out", self.path("request.pem"))
        openssl("pkcs12", "-export", "-in", self.path("x.pem"), "-inkey", key, "-passout", "pass:x", "-out", self.path("a.pfx"))
        with zipfile.ZipFile(self.path("a.zip"), "w") as archive:
            archive.writestr("e1.pem", pem)
        write(self.path("glued.pem"), pem.strip() + pem)
        write(self.path("mac.pem"), pem.replace("\n", "\r"))
        write(self.path("login.pem"), "<html><body>Please sign in</body></html>")
        write(self.path("wide.pem"), pem.encode("utf-16"))
        write(self.path("key.pem"), read(key))
        write(self.path("json.pem"), '{"pem": "' + pem.replace("\n", "\\n") + '"}')
        wanted = {"request.pem": "request", "a.pfx": "--password-file", "a.zip": "zip", "glued.pem": "line break",
                  "mac.pem": "LF or CRLF", "login.pem": "HTML", "wide.pem": "UTF-16", "key.pem": "private key",
                  "json.pem": "\\n"}
        for name, what in wanted.items():
            with self.subTest(name):
                status, text = self.run_verb("cert", "accept", "lab", "e1.acme.test", name)
                self.assertEqual(status, 1)
                self.assertIn(name, text)
                self.assertIn(what, text)
                self.assertNotIn("cert convert", text)
                self.assertEqual(self.run_verb("cert", "convert", name, "-o", "out.pem")[0], 2)
        openssl("x509", "-in", self.path("x.pem"), "-outform", "DER", "-out", self.path("e1.cer"))
        status, text = self.run_verb("cert", "accept", "lab", "e1.acme.test", "e1.cer")
        self.assertIn("causeway cert convert e1.cer -o e1.cer.pem", text)
        self.assertEqual(self.run_verb("cert", "convert", "e1.cer", "-o", "e1.cer.pem")[0], 0)

    def test_trust_settings_are_told(self):
        self.lab()
        root = self.path("lab/ca/public-root/ca.pem")
        for option, words in (("-addtrust", "trusted for"), ("-addreject", "rejected for")):
            for purpose in ("serverAuth", "clientAuth", "emailProtection"):
                with self.subTest(option=option, purpose=purpose):
                    openssl("x509", "-in", root, "-trustout", option, purpose, "-out", self.path("trusted.pem"))
                    self.assertIn(words, self.run_verb("cert", "show", "trusted.pem")[1])
                    self.assertIn(words, self.run_verb("trust", "list", "trusted.pem")[1])
                    status, text = self.run_verb(
                        "cert", "verify", "--trusted-ca", "trusted.pem", "--trusted-ca", "lab/ca/public-issuing/ca.pem",
                        "lab/e1/server.pem")
                    self.assertEqual(status, 0, text)
                    self.assertIn(words, text)
        openssl("x509", "-in", root, "-trustout", "-out", self.path("bare.pem"))
        self.assertNotIn("TRUSTED", self.run_verb("cert", "show", "bare.pem")[1])

    def test_a_chain_file_that_begins_with_a_ca_is_put_in_order(self):
        self.lab()
        leaf = read(self.path("lab/e1/server.pem"))
        issuing, root = (read(self.path(f"lab/ca/public-{name}/ca.pem")) for name in ("issuing", "root"))
        orders = {"root first": (root + issuing + leaf, "number 3", "Public Trust"),
                  "intermediate first": (issuing + leaf, "number 2", "Public Trust"),
                  "leaf in the middle": (issuing + leaf + root, "number 2", "Public Trust")}
        for name, (text, number, first) in orders.items():
            with self.subTest(name):
                write(self.path("lab/e1/server.pem"), text)
                status, said = self.check()
                self.assertEqual(status, 1)
                self.assertIn(number, said)
                self.assertIn(first, said.split("begins with a CA certificate")[1][:60])
                self.assertIn("0 refused", said)
                self.assertNotIn("Generate CSR", said.split("What would do as well")[0])
        write(self.path("lab/e1/server.pem"), leaf + issuing + root)
        self.assertEqual(self.check()[0], 0)


class Names(Case):
    def test_an_address_among_the_dns_names_is_said_to_be_one(self):
        self.lab()
        self.edit("    - fqdn: sub1.acme.test\n", "    - fqdn: sub1.acme.test\n      address: 10.1.1.6\n")
        for address, san in (("10.1.1.6", "DNS:10.1.1.6"), ("2001:db8::6", "DNS:2001:db8::6"),
                             ("10.1.1.6", "DNS:acme.test,DNS:10.1.1.6")):
            with self.subTest(san=san):
                self.edit(read(self.path("lab/deployment.yaml")).split("address: ")[1].split("\n")[0], f'"{address}"')
                self.issue("lab/sub1/tomcat.pem", "private-issuing", "/CN=sub1.acme.test",
                           SERVER + f"subjectAltName=DNS:sub1.acme.test,{san}")
                status, text = self.check()
                self.assertEqual(status, 1)
                self.assertIn("stands in it as a DNS name", text)
                self.assertIn("address-is-ip", text)
                self.assertIn("an IP address written as a DNS name", self.run_verb("cert", "show", "lab/sub1/tomcat.pem")[1])
        self.edit('"10.1.1.6"', "10.1.1.6")
        self.edit("callmanager: sub1/CallManager.pem", "callmanager: sub1/tomcat.pem")
        self.issue("lab/sub1/tomcat.pem", "private-issuing", "/CN=sub1.acme.test", SERVER + "subjectAltName=IP:10.1.1.6")
        status, text = self.check()
        self.assertEqual(status, 0, text)
        self.assertNotIn("written as a DNS name", self.run_verb("cert", "show", "lab/sub1/tomcat.pem")[1])

    def test_a_profile_that_no_request_takes_is_renamed(self):
        for profile in ("Secure Jabber Profile", "jabber", "secure_jabber.acme.test", "profile.1"):
            with self.subTest(profile):
                self.folder = tempfile.mkdtemp(dir=self.folder)
                self.lab()
                self.edit("phone-profiles: [secure-jabber.acme.test]", f'phone-profiles: ["{profile}"]')
                status, text = self.check()
                self.assertEqual(status, 1)
                self.assertIn("phone-profile-unfit", text)
                self.assertIn(f"rename {profile}", text)
                for order in text.split("Generate CSR with the names")[1:]:
                    self.assertNotIn(profile, order.split(";")[0])

    def test_cucm_takes_the_names_of_the_request_and_no_wildcard(self):
        self.lab()
        self.assertEqual(self.run_verb("csr", "new", "lab", "pub.acme.test", "--identity", "tomcat")[0], 0)
        request = next(name for name in os.listdir(self.path("lab/pub")) if name.endswith(".csr"))
        wanted = {"DNS:pub.acme.test": None, "DNS:pub.acme.test,DNS:www.pub.acme.test": "request-names-differ",
                  "DNS:other.acme.test": "request-names-differ", "DNS:pub.acme.test,IP:10.0.0.1": "request-names-differ",
                  "DNS:*.acme.test": "wildcard-name"}
        for names, code in wanted.items():
            with self.subTest(names):
                write(self.path("ext.cnf"), SERVER + f"subjectAltName={names}\n")
                ca = self.path("lab/ca/private-issuing")
                openssl("x509", "-req", "-in", self.path(f"lab/pub/{request}"), "-CA", f"{ca}/ca.pem", "-CAkey",
                        f"{ca}/privkey.pem", "-CAcreateserial", "-days", "200", "-extfile", self.path("ext.cnf"), "-out",
                        self.path("new.pem"))
                status, text = self.run_verb("cert", "accept", "lab", "pub.acme.test", "new.pem", "--identity", "tomcat")
                self.assertEqual(status, 1 if code else 0, text)
                self.assertIn(code or "accepted", text)
                if code == "request-names-differ":
                    self.assertIn("CSR SAN and Certificate SAN does not match", text)

    def test_odd_names_stand_in_quotes(self):
        self.lab()
        for san, shown in (("otherName:1.3.6.1.4.1.311.20.2.3;UTF8:svc@acme.test", "UPN svc@acme.test"),
                           ("DNS:a b.acme.test", '"a b.acme.test"'), ("email:a@acme.test", "email a@acme.test"),
                           ("otherName:1.3.6.1.5.5.7.8.7;IA5STRING:_xmpp-server.acme.test", "SRVName _xmpp-server.acme.test")):
            with self.subTest(san):
                self.issue("lab/e1/server.pem", "public-issuing", "/CN=e1.acme.test", SERVER + f"subjectAltName={san}")
                self.assertIn(shown, self.check()[1])
                self.assertIn(shown, self.run_verb("cert", "show", "lab/e1/server.pem")[1])


class Lists(Case):
    def split(self, source, folder):
        pem = read(self.path(source))
        for number, block in enumerate(pem.split("-----BEGIN")[1:]):
            write(self.path(f"{folder}/{number}.pem"), "-----BEGIN" + block)

    def test_a_folder_has_no_order_of_the_box(self):
        self.lab()
        self.split("lab/c1/ca.pem", "lab/c1/list")
        self.edit("trusted-ca: c1/ca.pem", "trusted-ca: c1/list")
        root = read(self.path("lab/ca/private-root/ca.pem"))
        write(self.path("lab/c1/list/again.pem"), root)  # an accident of the export
        self.assertNotIn("duplicate-entry", self.check()[1])
        self.assertEqual(self.check()[0], 0)
        subject = subprocess.run(["openssl", "x509", "-in", self.path("lab/ca/private-root/ca.pem"), "-noout", "-subject", "-nameopt",
                                  "compat"], capture_output=True, text=True, check=True).stdout.split("subject=")[1].strip()
        self.issue("lab/c1/list/namesake.pem", None, "/" + subject.lstrip("/").replace(", ", "/").replace(" = ", "="),
                   "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign")
        status, text = self.check()
        self.assertIn("same-subject-conflict (unknown)", text)
        self.assertNotIn("entry 1", text)
        self.assertIn("unknown", text.split("judged as of")[1])
        names = sorted(os.listdir(self.path("lab/c1/list")))
        names.remove("namesake.pem")
        write(self.path("lab/c1/list/order.txt"), "\n".join(names + ["namesake.pem"]) + "\n")
        status, text = self.check()
        self.assertNotIn("(unknown)", text)
        self.assertIn("0 unknown", text)

    def test_numbers_in_front_of_all_names_are_the_order_of_the_box(self):
        self.lab()
        certs = ["-----BEGIN" + block for block in read(self.path("lab/c1/ca.pem")).split("-----BEGIN")[1:]]
        root = self.path("lab/ca/private-root/ca.pem")
        subject = subprocess.run(["openssl", "x509", "-in", root, "-noout", "-subject", "-nameopt", "compat"], capture_output=True,
                                 text=True, check=True).stdout.split("subject=")[1].strip()
        self.issue("namesake.pem", None, "/" + subject.lstrip("/").replace(", ", "/").replace(" = ", "="),
                   "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign")
        namesake = read(self.path("namesake.pem"))
        self.edit("trusted-ca: c1/ca.pem", "trusted-ca: c1/list")
        for number, cert in enumerate(certs):
            write(self.path(f"lab/c1/list/{number + 2}-old.pem"), cert)
        last = f"lab/c1/list/{len(certs) + 8}_new.cer"
        write(self.path(last), namesake)  # behind the true one: by name it would stand in front of it
        status, text = self.check()
        self.assertEqual(status, 0, text)
        self.assertIn(f"entry {len(certs) + 1} of trusted-ca", text)
        self.assertNotIn("unknown)", text)
        os.rename(self.path(last), self.path("lab/c1/list/01_new.cer"))
        status, text = self.check()
        self.assertNotEqual(status, 0, text)
        self.assertIn("issuer-shadowed", text)
        for name, word in (("new.cer", "begins with no number"), ("2_new.cer", "begins with the number of 2-old.pem")):
            os.rename(self.path("lab/c1/list/01_new.cer"), self.path(f"lab/c1/list/{name}"))
            status, text = self.check()
            self.assertIn("same-subject-conflict (unknown)", text)
            self.assertNotIn("entry 1", text)
            self.assertIn(f"c1/list/{name}: its name {word}", text)
            os.rename(self.path(f"lab/c1/list/{name}"), self.path("lab/c1/list/01_new.cer"))

    def test_list_verbs_keep_numbers_true(self):
        self.lab()
        self.split("lab/c1/ca.pem", "list")
        count = len(os.listdir(self.path("list")))
        for number in range(count):
            os.rename(self.path(f"list/{number}.pem"), self.path(f"list/{number + 8:02}-x.pem"))
        self.assertEqual(self.run_verb("ca", "new", "new", "--cn", "A new CA")[0], 0)
        self.assertEqual(self.run_verb("ca", "new", "newer", "--cn", "A new CA")[0], 0)
        self.assertEqual(self.run_verb("trust", "append", "list", "new/ca.pem")[0], 0)
        names = sorted(os.listdir(self.path("list")))
        self.assertEqual(len(names), count + 1)
        self.assertTrue(names[-1].startswith(f"{count + 8:02}-"), names)
        self.assertNotIn("no order that is known", self.run_verb("trust", "list", "list")[1])
        self.assertEqual(self.run_verb("trust", "remove", "list", "2")[0], 0)
        self.assertNotIn("order.txt", os.listdir(self.path("list")))
        # in the place of another: numbers of the files do not tell that
        self.split("lab/c1/ca.pem", "more")
        self.assertEqual(self.run_verb("ca", "new", "endpoint", "--cn", "Another CA")[0], 0)
        write(self.path("more/10.pem"), read(self.path("new/ca.pem")))
        write(self.path("more/11.pem"), read(self.path("endpoint/ca.pem")))
        self.assertEqual(self.run_verb("trust", "append", "more", "newer/ca.pem", "--replace")[0], 0)
        order = read(self.path("more/order.txt")).split("\n")
        self.assertTrue(order[-3].startswith("12-"), order)
        self.assertEqual(order[-2], "11.pem")
        self.assertEqual(order[0], "0.pem")

    def test_numbers_change_nothing_in_folders_of_cucm(self):
        self.lab()
        for names in ("{}.pem", "{}f3a.pem"):
            for store in ("tomcat-trust", "CallManager-trust"):
                pem = read(self.path(f"lab/pub/{store}.pem"))
                for number, block in enumerate(pem.split("-----BEGIN")[1:]):
                    name = names.format(number)
                    write(self.path(f"lab/pub/{names[2:3]}/{store}/{name}"), "-----BEGIN" + block)
            plain = read(self.path("lab/deployment.yaml"))
            for store in ("tomcat-trust", "CallManager-trust"):
                self.edit(f"pub/{store}.pem", f"pub/{names[2:3]}/{store}")
            self.assertEqual(self.check()[0], 0)
            listed = self.run_verb("trust", "list", "-d", "lab", "pub.acme.test:tomcat-trust")[1]
            self.assertIn("in no order that is known", listed)
            self.assertNotIn("note:", listed)
            write(self.path("lab/deployment.yaml"), plain)

    def test_lists_without_an_order_are_compared_by_content(self):
        self.lab("--size", "cluster")
        for node in ("c1", "c2"):
            self.split(f"lab/{node}/ca.pem", f"lab/{node}/list")
            self.edit(f"trusted-ca: {node}/ca.pem", f"trusted-ca: {node}/list")
        os.rename(self.path("lab/c2/list/0.pem"), self.path("lab/c2/list/z.pem"))
        self.assertNotIn("trust-lists-differ", self.check()[1])
        os.remove(self.path("lab/c2/list/z.pem"))
        self.assertIn("trust-lists-differ", self.check()[1])

    def test_single_files_of_cucm_may_repeat_a_certificate(self):
        self.lab()
        for store in ("tomcat-trust", "CallManager-trust"):
            self.split(f"lab/pub/{store}.pem", f"lab/pub/{store}")
            write(self.path(f"lab/pub/{store}/again.pem"), read(self.path(f"lab/pub/{store}/0.pem")))
            self.edit(f"pub/{store}.pem", f"pub/{store}")
        status, text = self.check()
        self.assertEqual(status, 0)
        self.assertNotIn("duplicate-entry", text)

    def test_verbs_take_folders(self):
        self.lab()
        self.split("lab/c1/ca.pem", "list")
        write(self.path("list/desktop.ini"), "[.ShellClassInfo]\n")
        self.assertIn("left out", self.run_verb("trust", "list", "list")[1])
        self.assertIn("are the same", self.run_verb("trust", "diff", "list", "lab/c1/ca.pem")[1])
        self.assertEqual(self.run_verb("cert", "verify", "--trusted-ca", "list", "lab/e1/server.pem")[0], 0)
        self.assertIn("Who", self.run_verb("cert", "show", "list")[1])
        os.remove(self.path("list/desktop.ini"))
        write(self.path("list/order.txt"), "3.pem\n2.pem\n1.pem\n0.pem\n")
        self.assertEqual(self.run_verb("ca", "new", "new", "--cn", "A new CA")[0], 0)
        self.assertEqual(self.run_verb("trust", "append", "list", "new/ca.pem")[0], 0)
        names = read(self.path("list/order.txt")).split()
        self.assertEqual(sorted(names), sorted(set(os.listdir(self.path("list"))) - {"order.txt"}))
        self.assertEqual(names[:4], ["3.pem", "2.pem", "1.pem", "0.pem"])
        self.assertEqual(self.run_verb("trust", "remove", "list", "2")[0], 0)
        self.assertEqual(read(self.path("list/order.txt")).split()[:3], ["3.pem", "1.pem", "0.pem"])

    def test_one_certificate_in_two_places_is_examined_once(self):
        self.lab()
        self.issue("lab/pub/tomcat.pem", "private-issuing", "/CN=pub.acme.test", SERVER + "subjectAltName=DNS:pub.acme.test")
        self.edit("callmanager: pub/CallManager.pem", "callmanager: pub/tomcat.pem")
        status, text = self.check("--at", "+180d")
        self.assertIn("the tomcat and callmanager certificate expires", text)
        self.assertEqual(text.count("expires-soon"), 1)
        self.assertNotIn("shared-key", text)

    def test_a_multi_server_certificate_has_one_request(self):
        self.lab()
        self.issue("lab/pub/tomcat.pem", "private-issuing", "/CN=pub-ms.acme.test",
                   SERVER + "subjectAltName=DNS:pub.acme.test,DNS:sub1.acme.test,DNS:pub-ms.acme.test")
        self.edit("tomcat: sub1/tomcat.pem", "tomcat: pub/tomcat.pem")
        self.assertEqual(self.check()[0], 0)
        status, text = self.check("--at", "+180d")
        self.assertNotIn("shared-key", text)
        self.assertEqual(text.count("Generate CSR"), 1)
        self.assertIn("Certificate Management on pub.acme.test", text)
        self.assertNotIn("Certificate Management on sub1.acme.test: purpose tomcat: Generate", text)

    def test_chat_is_said_not_to_be_judged(self):
        self.lab("--size", "cluster")
        self.assertIn("chat is not judged", self.check()[1])
        self.folder = tempfile.mkdtemp(dir=self.folder)
        self.lab()
        self.assertNotIn("chat is not judged", self.check()[1])


class Certificates(Case):
    def test_what_is_seldom_looked_at_is_shown(self):
        self.lab()
        wanted = {"nameConstraints=critical,permitted;DNS:acme.test,excluded;IP:10.0.0.0/255.0.0.0":
                  ("permitted acme.test", "excluded IP 10.0.0.0/255.0.0.0"),
                  "1.2.3.4.5=critical,DER:0500": ("1.2.3.4.5", "does not know"),
                  "ct_precert_poison=critical,NULL": ("precertificate", "1.3.6.1.4.1.11129.2.4.3")}
        for extension, texts in wanted.items():
            with self.subTest(extension):
                self.issue("shown.pem", "private-issuing", "/CN=e1.acme.test", SERVER + extension)
                shown = self.run_verb("cert", "show", "shown.pem")[1]
                for text in texts:
                    self.assertIn(text, shown)
        status, text = self.run_verb("cert", "verify", "--trusted-ca", "lab/c1/ca.pem", "shown.pem")
        self.assertEqual(status, 1)
        self.assertIn("critical-extension", text)
        self.assertIn("precertificate", text)
        key = self.issue("pss.pem", None, "/CN=pss", SERVER, key="rsa")
        openssl("req", "-x509", "-new", "-key", key, "-subj", "/CN=pss", "-days", "30", "-sigopt", "rsa_padding_mode:pss",
                "-out", self.path("pss.pem"))
        self.assertIn("RSASSA-PSS with SHA256", self.run_verb("cert", "show", "pss.pem")[1])

    def test_a_signature_that_cannot_be_checked_is_named(self):
        self.lab()
        self.issue("rsa.pem", None, "/CN=Old Root", "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign", key="rsa")
        openssl("x509", "-in", self.path("rsa.pem"), "-outform", "DER", "-out", self.path("rsa.cer"))
        der = read(self.path("rsa.cer"), "rb")
        for oid, name in ((ML_DSA_65, "ML-DSA-65"), (NOBODYS, "1.3.6.1.4.1.301.")):
            with self.subTest(name):
                write(self.path("odd.cer"), der.replace(SHA256_RSA, oid))
                shown = self.run_verb("cert", "show", "odd.cer")[1]
                self.assertIn(name, shown)
                status, text = self.run_verb("cert", "verify", "--trusted-ca", "odd.cer", "odd.cer")
                self.assertEqual(status, 1)
                self.assertIn(name, text)
                for guess in ("another key", "did not sign", "does not verify"):
                    self.assertNotIn(guess, shown + text)

    def test_a_key_of_its_own_kind_is_named(self):
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", self.path("sm2.key"))
        openssl("req", "-x509", "-new", "-key", self.path("sm2.key"), "-sm3", "-subj", "/CN=sm2", "-days", "30", "-out",
                self.path("sm2.pem"))
        shown = self.run_verb("cert", "show", "sm2.pem")[1]
        self.assertIn("SM2 (1.2.156.10197.1.301)", shown)
        self.assertIn("SM2 with SM3", shown)
        self.assertIn("SM2", self.run_verb("cert", "verify", "--trusted-ca", "sm2.pem", "sm2.pem")[1])
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                self.path("sha3.key"), "-sha3-256", "-subj", "/CN=sha3", "-days", "30", "-out", self.path("sha3.pem"))
        text = self.run_verb("cert", "verify", "--trusted-ca", "sha3.pem", "sha3.pem")[1]
        self.assertIn("ECDSA with SHA3-256 (2.16.840.1.101.3.4.3.10)", text)
        self.assertNotIn("another key", text + self.run_verb("cert", "show", "sha3.pem")[1])

    def revoke(self, extensions, this="now"):
        ca = self.path("lab/ca/public-issuing")
        write(self.path("crl/index.txt"), "")
        write(self.path("crl/number"), "05\n")
        write(self.path("crl/ca.cnf"), "[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\n"
              f"certificate={ca}/ca.pem\nprivate_key={ca}/privkey.pem\ndefault_crl_days=30\n[ext]\n{extensions}\n")
        openssl("ca", "-gencrl", "-config", "ca.cnf", "-crlexts", "ext", "-out", self.path("list.crl"), cwd=self.path("crl"))

    def test_a_list_that_does_not_count_says_why(self):
        self.lab()
        root = self.path("lab/ca/public-root")
        write(self.path("crl/index.txt"), "")
        wanted = {"2.5.29.27=critical,DER:020101": "delta", "1.2.3.4.5=critical,DER:0500": "critical extension",
                  "issuingDistributionPoint=critical,@only\n[only]\nonlyCA=TRUE": "CA or user certificates only"}
        for extensions, why in wanted.items():
            with self.subTest(why):
                self.revoke(extensions)
                status, text = self.run_verb("cert", "verify", "--trusted-ca", "lab/ca/public-root/ca.pem", "--trusted-ca",
                                             "lab/ca/public-issuing/ca.pem", "--crl", "list.crl", "lab/e1/server.pem")
                self.assertEqual(status, 1)
                found = text.split("crl-missing")[1]
                self.assertIn(why, found)
                self.assertEqual(text.count("which issued e1.acme.test"), 1)
        self.assertTrue(os.path.exists(root))

    def test_a_delta_given_by_hand_is_told(self):
        self.lab()
        self.revoke("2.5.29.27=critical,DER:020101")
        os.rename(self.path("list.crl"), self.path("delta.crl"))
        self.revoke("authorityKeyIdentifier=keyid")
        lists = ["--crl", "list.crl", "--crl", "delta.crl"]
        asked = ["--profile", "rfc5280", "--trusted-ca", "lab/ca/public-root/ca.pem", "--trusted-ca",
                 "lab/ca/public-issuing/ca.pem", "lab/e1/server.pem"]
        self.assertIn("a delta of a revocation list", self.run_verb("cert", "verify", *lists, *asked)[1])
        self.assertNotIn("a delta of", self.run_verb("cert", "verify", *lists[:2], *asked)[1])
        self.edit("trusted-ca: c1/ca.pem", "crl: [../list.crl, ../delta.crl]\n      trusted-ca: c1/ca.pem")
        self.assertIn("a delta of a revocation list", self.check()[1])
        self.assertIn("a delta of", self.run_verb("cert", "show", "delta.crl")[1])

    def test_an_address_that_cannot_be_fetched_names_its_certificate(self):
        self.lab()
        point = "crlDistributionPoints=URI:ldap:///CN=ACME-CA?certificateRevocationList"
        self.issue("lab/e1/server.pem", "public-issuing", "/CN=e1.acme.test", SERVER + point)
        status, text = self.run_verb("crl", "fetch", "lab", "--store", "store.pem")
        self.assertEqual(status, 1)
        self.assertEqual(text.count("ldap:///"), 1)
        self.assertIn("e1.acme.test", text)
        self.assertIn("certutil", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
