#!/usr/bin/env python3
"""compare.py made|data CAUSEWAY: causeway capture beside tshark.

made: TLS sessions of openssl and gnutls on loopback, captured by dumpcap, then also reordered, doubled, overlapping, with
losses and in tiny segments. data: the public captures of CAUSEWAY_TESTDATA (or ../shared/data), where they are.

Every certificate (by SHA-256, and how often) and every alert that tshark finds has to be found, and nothing else but
what tshark is known to lose. Exit status 77: skipped, with the reason.
"""
import collections
import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import rewrite
import sessions

ANYTHING = ["-o", "tcp.reassemble_out_of_order:TRUE", "-o", "tls.desegment_ssl_records:TRUE"]


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


def of_tshark(capture, keylog=None):
    keys = ["-o", "tls.keylog_file:" + keylog] if keylog else []
    done = subprocess.run(["tshark", "-r", capture, "-2", *ANYTHING, *keys, "-Y",
                           "tls.handshake.certificate or tls.alert_message.desc", "-T", "fields", "-E", "aggregator=,",
                           "-e", "tls.handshake.certificate", "-e", "tls.alert_message.desc"],
                          capture_output=True, text=True)
    certs, alerts = collections.Counter(), collections.Counter()
    for line in done.stdout.splitlines():
        cert, alert = line.split("\t")
        certs.update(hashlib.sha256(bytes.fromhex(text.replace(":", ""))).hexdigest() for text in cert.split(",") if text)
        alerts.update(int(text) for text in alert.split(",") if text)
    return certs, alerts


def of_causeway(program, capture, keylog=None):
    keys = ["--keylog", keylog] if keylog else []
    done = subprocess.run([program, "capture", "-f", "json", *keys, capture], capture_output=True, text=True)
    if "Sanitizer" in done.stderr or done.returncode not in (0, 1, 2):
        sys.exit(f"{capture}: exit status {done.returncode}: {done.stderr}")
    certs, alerts = collections.Counter(), collections.Counter()
    for line in done.stdout.splitlines():
        connection = json.loads(line)
        for chain in connection.get("chains", []):
            certs.update(cert["sha256"] for cert in chain["certificates"])
        alerts.update(alert["code"] for alert in connection.get("alerts", []) if alert["readable"])
    return certs, alerts


failures = []


def expect(good, what):
    print(("good: " if good else "BAD:  ") + what)
    if not good:
        failures.append(what)


def compare(program, name, capture, keylog, whole):
    """`whole`: what the untouched capture holds, where nothing may be lost; None where something is missing."""
    ours, our_alerts = of_causeway(program, capture, keylog)
    theirs, their_alerts = of_tshark(capture, keylog)
    extra = sum((ours - theirs).values())
    expect(not theirs - ours, f"{name}: all {sum(theirs.values())} certificates of tshark's"
           + (f", and {extra} that tshark loses" if extra else ""))
    expect(not their_alerts - our_alerts, f"{name}: all {sum(their_alerts.values())} alerts of tshark's")
    if whole is not None:
        expect((ours, our_alerts) == whole, f"{name}: the same as without")
    return ours, our_alerts


def record(folder, pki, program):
    capture = os.path.join(folder, "made.pcap")
    with open(capture + ".log", "w") as log:
        recorder = subprocess.Popen(["dumpcap", "-q", "-P", "-i", "lo", "-s", "0", "-B", "64", "-w", capture],
                                    stdout=log, stderr=log)
    for _ in range(100):
        if recorder.poll() is not None:
            skip("dumpcap cannot capture here: " + open(capture + ".log").read().strip().split("\n")[0])
        if os.path.exists(capture) and os.path.getsize(capture):
            break
        time.sleep(0.05)
    keys = sessions.run_all(pki, sessions.all_specs())
    time.sleep(1)
    recorder.send_signal(2)
    recorder.wait()
    keylog = os.path.join(folder, "keys.log")
    with open(keylog, "w") as out:
        out.write(keys)
    return capture, keylog


def made(program, folder):
    pki = sessions.Pki(folder)
    capture, keylog = record(folder, pki, program)
    header, packets = rewrite.read(capture)
    compare(program, "as captured, without keys", capture, None, None)
    whole = compare(program, "as captured", capture, keylog, None)
    expect(sum(whole[0].values()) > 90, f"as captured: {sum(whole[0].values())} certificates in all")
    expect(whole[1][48] >= 8, f"as captured: {whole[1][48]} refusals (unknown_ca)")
    kinds = {
        "reordered": rewrite.reorder(packets),
        "doubled": rewrite.double(packets),
        "overlapping": rewrite.overlap(packets),
        "overlapping and reordered": rewrite.reorder(rewrite.overlap(packets)),
        "tiny segments": rewrite.split(packets, 48),
        "with losses": rewrite.drop(packets),
    }
    for name, changed in kinds.items():
        path = os.path.join(folder, name.replace(" ", "-") + ".pcap")
        rewrite.write(path, header, changed)
        found = compare(program, name, path, keylog, None if name == "with losses" else whole)
        expect(not found[0] - whole[0] and not found[1] - whole[1], f"{name}: nothing that was not sent")


# Where tshark shows the bytes that a broken DER claims, we show those that TLS says were sent.
BROKEN_DER = ("bug-1450-04-tls_DER-incomplete-header.pcap", "bug-1450-05-tls_DER-incomplete-content.pcap")


def data(program):
    folder = os.path.join(os.environ.get("CAUSEWAY_TESTDATA", "../shared/data"), "pcap")
    captures = sorted(glob.glob(os.path.join(folder, "*.pcap*")))
    if not captures:
        skip(f"no captures in {folder}")
    for capture in captures:
        name = os.path.basename(capture)
        if name in BROKEN_DER:
            ours, theirs = of_causeway(program, capture)[0], of_tshark(capture)[0]
            expect(sum(ours.values()) == sum(theirs.values()), f"{name}: as many certificates")
            continue
        compare(program, name, capture, None, None)


def main():
    part, program = sys.argv[1], sys.argv[2]
    for tool in ("tshark", "dumpcap", "openssl", "gnutls-serv"):
        if not shutil.which(tool):
            skip(f"{tool} is not installed")
    if part == "data":
        data(program)
    elif len(sys.argv) == 3:  # once more, in a network namespace of our own where that is allowed
        inside = f'ip link set lo up && exec "{sys.executable}" "{os.path.abspath(__file__)}" made "{program}" here'
        if subprocess.run(["unshare", "-n", "true"], **sessions.QUIET).returncode == 0 and shutil.which("ip"):
            os.execvp("unshare", ["unshare", "-n", "sh", "-c", inside])
        os.execv(sys.executable, [sys.executable, os.path.abspath(__file__), "made", program, "here"])
    else:
        with tempfile.TemporaryDirectory(prefix="causeway-test-") as folder:
            os.chmod(folder, 0o755)
            made(program, folder)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
