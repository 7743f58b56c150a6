#!/usr/bin/env python3
"""deployment.py CAUSEWAY: connections of a deployment, captured on loopback, judged with what was really sent.

A deployment of `causeway lab new`; openssl plays its Expressway-E and -C with the deployment's own keys.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import sessions
from compare import expect, failures, skip

PORT = 7001


def play(folder, capture, leaf_only):
    """One traversal connection; returns once it is in the capture file."""
    with open(capture + ".log", "w") as log:
        recorder = subprocess.Popen(["dumpcap", "-q", "-P", "-i", "lo", "-w", capture], stdout=log, stderr=log)
    for _ in range(100):
        if recorder.poll() is not None:
            skip("dumpcap cannot capture here")
        if os.path.exists(capture) and os.path.getsize(capture):
            break
        time.sleep(0.05)
    trust = ["-no-CAfile", "-no-CApath", "-no-CAstore"] if leaf_only else ["-CAfile", "e1/ca.pem"]
    server = subprocess.Popen(
        ["openssl", "s_server", "-accept", f"127.0.0.1:{PORT}", "-naccept", "1", "-cert", "e1/server.pem", "-key",
         "e1/privkey.pem", "-Verify", "5", *trust, "-tls1_2", "-rev"],
        cwd=folder, stdin=subprocess.DEVNULL, **sessions.QUIET)
    sessions.wait_for(PORT)
    subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{PORT}", "-cert", "c1/server.pem", "-key",
                    "c1/privkey.pem", "-CAfile", "c1/ca.pem", "-tls1_2"], cwd=folder, input=b"Q\n", **sessions.QUIET)
    server.wait(10)
    time.sleep(0.5)
    recorder.send_signal(2)
    recorder.wait()


def judge(program, folder, capture, *more):
    done = subprocess.run([program, "capture", capture, "--deployment", folder, "-f", "json", *more],
                          capture_output=True, text=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if not lines or "link" not in lines[0]:
        sys.exit(f"exit status {done.returncode}: {done.stdout} {done.stderr}")
    return lines[0]["link"], done.returncode


def pem_blocks(path):
    end = "-----END CERTIFICATE-----\n"
    return [block + end for block in open(path).read().split(end) if "BEGIN" in block]


def subject(block):
    return subprocess.run(["openssl", "x509", "-noout", "-subject"], input=block, capture_output=True, text=True).stdout


def remove_from(path, name):
    kept = [block for block in pem_blocks(path) if name not in subject(block)]
    with open(path, "w") as out:
        out.write("".join(kept))


def scenarios(program, base):
    folder = os.path.join(base, "demo")
    subprocess.run([program, "lab", "new", folder], check=True, **sessions.QUIET)
    whole, alone = os.path.join(base, "whole.pcap"), os.path.join(base, "alone.pcap")
    play(folder, whole, False)
    play(folder, alone, True)

    link, status = judge(program, folder, whole)
    expect(link and link["id"] == "traversal c1.acme.test e1.acme.test", "the connection is the traversal link")
    expect(link["server_by"] == "certificate" and link["client_by"] == "certificate", "known by both certificates")
    expect(link["verdict"] == "pass" and link["predicted"] == "pass" and not link["differs"] and status == 0,
           "what was sent passes, as predicted")

    link, _ = judge(program, folder, alone)
    expect(link["differs"] and any("does not run with this file" in remark for remark in link["remarks"]),
           f"a leaf alone where the file has the issuer: {link['remarks']}")

    issuing = "Public Trust Issuing CA"
    missing = next(block for block in pem_blocks(os.path.join(folder, "e1/ca.pem")) if issuing in subject(block))
    for store in ("e1/ca.pem", "c1/ca.pem"):
        remove_from(os.path.join(folder, store), issuing)
    link, status = judge(program, folder, alone)
    expect(any("sends only its leaf here" in remark and "ca.pem lacks" in remark and issuing in remark
               for remark in link["remarks"]), f"the file lacks the issuer: {link['remarks']}")
    expect(link["verdict"] == "refused" and link["refused_by"] == "c1.acme.test" and status == 1
           and [finding["code"] for finding in link["findings"]] == ["issuer-missing"], "and C refuses it for that")
    expect(link["predicted"] == "refused", "as check predicts")

    link, status = judge(program, folder, whole)
    expect(link["verdict"] == "pass" and link["predicted"] == "refused" and link["differs"] and status == 0,
           "what was really sent passes, whatever the files say")

    # The issuer that C lacks lies in a file whose name is no text: JSON stays JSON, and nothing of it reaches a terminal.
    store = os.path.join(os.fsencode(folder), b"e1", b"store.d")
    os.mkdir(store)
    for number, block in enumerate(pem_blocks(os.path.join(folder, "e1/ca.pem")) + [missing]):
        name = b"odd-\xff\xc2\x9b\xe2\x80\xae-%d.pem" % number
        with open(os.path.join(store, name), "w") as out:
            out.write(block)
    with open(os.path.join(folder, "deployment.yaml")) as file:
        text = file.read()
    with open(os.path.join(folder, "deployment.yaml"), "w") as file:
        file.write(text.replace("trusted-ca: e1/ca.pem", "trusted-ca: e1/store.d"))
    link, _ = judge(program, folder, alone)
    told = json.dumps(link["findings"])
    expect("odd-" in told, f"a file name that is no UTF-8 is told in JSON: {told}")
    done = subprocess.run([program, "capture", alone, "--deployment", folder], capture_output=True)
    text = done.stdout + done.stderr
    expect(b"odd-" in text, f"and in text: {text}")
    expect(not any(raw in text for raw in (b"\xff", b"\xc2\x9b", b"\xe2\x80\xae", b"\x1b")), f"escaped: {text}")

    link, _ = judge(program, folder, whole, "--host", "nobody.acme.test=127.0.0.1")
    expect(link is None, "an address that is said to be another's matches nothing")
    done = subprocess.run([program, "capture", whole, "--host", "x"], **sessions.QUIET)
    expect(done.returncode == 2, "--host without a deployment is refused")


def main():
    program = sys.argv[1]
    for tool in ("dumpcap", "openssl", "ip"):
        if not shutil.which(tool):
            skip(f"{tool} is not installed")
    if len(sys.argv) == 2:
        if subprocess.run(["unshare", "-n", "true"], **sessions.QUIET).returncode != 0:
            skip("no network namespace can be made here")
        inside = f'ip link set lo up && exec "{sys.executable}" "{os.path.abspath(__file__)}" "{program}" here'
        os.execvp("unshare", ["unshare", "-n", "sh", "-c", inside])
    with tempfile.TemporaryDirectory(prefix="causeway-test-") as folder:
        os.chmod(folder, 0o755)
        scenarios(program, folder)
    sys.exit(1 if failures else 0)


main()
