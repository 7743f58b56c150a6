#!/usr/bin/env python3
"""apply_test.py CAUSEWAY: `fix --apply` and `--pem`: what needs no CA is done in the copy, lists of many files too."""
import json
import os
import subprocess
import sys
import tempfile


def run(*words, good=(0,)):
    done = subprocess.run(words, capture_output=True, check=False)
    assert done.returncode in good, (words, done.returncode, done.stderr)
    return done.stdout


def check(program, path):
    return json.loads(run(program, "check", path, "-f", "json", good=(0, 1)))["summary"]["refused"]


def main():
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as work:
        lab, done, pem = (os.path.join(work, name) for name in ("lab", "done", "pem"))
        run(program, "lab", "new", lab, "--key", "ec", "--fault", "issuer-missing", "--fault", "peer-name-mismatch")
        # a list in two files: the copy has one, in the same order
        with open(os.path.join(lab, "c1", "ca.pem"), encoding="ascii") as file:
            certs = file.read().split("-----END CERTIFICATE-----\n")
        for name, part in (("ca1.pem", certs[:1]), ("ca2.pem", certs[1:-1])):
            with open(os.path.join(lab, "c1", name), "w", encoding="ascii") as file:
                file.write("".join(cert + "-----END CERTIFICATE-----\n" for cert in part))
        yaml = os.path.join(lab, "deployment.yaml")
        with open(yaml, encoding="utf-8") as file:
            text = file.read().replace("trusted-ca: c1/ca.pem", "trusted-ca: [c1/ca1.pem, c1/ca2.pem]")
        with open(yaml, "w", encoding="utf-8") as file:
            file.write(text)
        assert check(program, lab) > 0
        run(program, "fix", lab, "--apply", done, "--pem", pem)
        assert check(program, done) == 0
        assert os.listdir(pem) == ["c1.acme.test-trusted-ca.pem"], os.listdir(pem)
        again = subprocess.run([program, "fix", lab, "--apply", done], capture_output=True, check=False)
        assert again.returncode == 2 and b"there already" in again.stderr, again
    everything_that_the_file_names_is_copied(program)
    what_waits_for_a_ca_is_told_by_its_kind(program)
    return 0


def what_waits_for_a_ca_is_told_by_its_kind(program):
    """A request makes a certificate and never a revocation list."""
    for fault, told, untold in (("crl-expired", b"crl fetch", b"csr new"),
                                ("same-subject-conflict", b"csr new", b"crl fetch"),
                                ("issuer-missing", b"", b"in the copy")):
        with tempfile.TemporaryDirectory() as work:
            lab = os.path.join(work, "lab")
            run(program, "lab", "new", lab, "--key", "ec", "--fault", fault)
            done = subprocess.run([program, "fix", lab, "--apply", os.path.join(work, "done")],
                                  capture_output=True, check=False)
            assert done.returncode == 0 and told in done.stderr and untold not in done.stderr, (fault, done)


def everything_that_the_file_names_is_copied(program):
    """Revocation lists, keys in PKCS#12 with the file of their password, lists known by fingerprints."""
    with tempfile.TemporaryDirectory() as work:
        lab, done = (os.path.join(work, name) for name in ("lab", "done"))
        run(program, "lab", "new", lab, "--key", "ec", "--fault", "issuer-missing")
        e1 = os.path.join(lab, "e1")
        with open(os.path.join(e1, "password"), "w", encoding="ascii") as file:
            file.write("secret\n")
        run("openssl", "pkcs12", "-export", "-in", os.path.join(e1, "server.pem"), "-inkey",
            os.path.join(e1, "privkey.pem"), "-passout", "pass:secret", "-out", os.path.join(e1, "server.p12"))
        digest = run("openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in",
                     os.path.join(lab, "ca", "public-root", "ca.pem")).split(b"=")[1]
        with open(os.path.join(lab, "prints.txt"), "wb") as file:
            file.write(digest)
        os.mkdir(os.path.join(lab, "crls"))
        with open(os.path.join(work, "ca.cnf"), "w", encoding="ascii") as file:
            file.write("[ca]\ndefault_ca=one\n[one]\ndatabase=%s/index\ndefault_md=sha256\ndefault_crl_days=30\n" % work)
        open(os.path.join(work, "index"), "w", encoding="ascii").close()
        run("openssl", "ca", "-gencrl", "-config", os.path.join(work, "ca.cnf"), "-cert",
            os.path.join(lab, "ca", "public-root", "ca.pem"), "-keyfile",
            os.path.join(lab, "ca", "public-root", "privkey.pem"), "-out", os.path.join(lab, "crls", "root.pem"))
        yaml = os.path.join(lab, "deployment.yaml")
        with open(yaml, encoding="utf-8") as file:
            text = file.read()
        for old, new in (("server: e1/server.pem", "server: e1/server.p12\n      server-password-file: e1/password"),
                         ("      key: e1/privkey.pem\n", ""),
                         ("trusted-ca: e1/ca.pem", "trusted-ca: e1/ca.pem\n      crl: crls/root.pem"),
                         ("trust: endpoints/8800.pem", "trust: {fingerprints: prints.txt}")):
            assert old in text, old
            text = text.replace(old, new)
        with open(yaml, "w", encoding="utf-8") as file:
            file.write(text)
        run(program, "fix", lab, "--apply", done, good=(0, 1))
        for name in ("e1/server.p12", "e1/password", "crls/root.pem", "prints.txt"):
            with open(os.path.join(lab, name), "rb") as one, open(os.path.join(done, name), "rb") as two:
                assert one.read() == two.read(), name
        run(program, "check", done, good=(0, 1))


if __name__ == "__main__":
    sys.exit(main())
