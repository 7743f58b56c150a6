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
    return 0


if __name__ == "__main__":
    sys.exit(main())
