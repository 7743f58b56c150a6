#!/usr/bin/env python3
"""follow_test.py CAUSEWAY [singles|pairs|triples N|drawn N|rehearsed N|mended|FAULT...]: does what `fix` says, on the files, and
looks again.

A lab with faults is made; every step of its plan is done by this program and not by ours: entries are put into
the lists' PEM files, settings into deployment.yaml, certificates are issued with openssl by the lab's own CAs.
After the last step every sign-in that the plan promised works, as many refusals are left as it said, nothing is
worse at any step's end, and no step was idle: without it a promise is broken. `rehearsed` also makes every link of the
followed deployment as a real connection on loopback, which must go as the check of it says. `drawn`: one to four faults of
any size, kind of key and release. CAUSEWAY_SEED draws others, CAUSEWAY_JOBS follows so many side by side.
"""
import base64
import concurrent.futures
import datetime
import hashlib
import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

NOW = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=3)  # openssl issues as of now
AT = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
CERT = re.compile(rb"-----BEGIN CERTIFICATE-----\s*(.*?)-----END CERTIFICATE-----", re.S)
KEYS = {"trusted-ca", "tomcat-trust", "callmanager-trust", "trust", "server", "client", "tomcat", "callmanager",
        "tomcat-ecdsa", "callmanager-ecdsa"}


def run(*words, good=(0,)):
    done = subprocess.run(words, capture_output=True, check=False)
    if done.returncode not in good:
        raise RuntimeError(f"{' '.join(words)}: {done.returncode}: {done.stderr.decode()}{done.stdout.decode()}")
    return done.stdout


def certs_of(path):
    with open(path, "rb") as file:
        return [base64.b64decode(block) for block in CERT.findall(file.read())]


def write_certs(path, certs):
    with open(path, "wb") as file:
        for der in certs:
            body = base64.encodebytes(der)
            file.write(b"-----BEGIN CERTIFICATE-----\n" + body + b"-----END CERTIFICATE-----\n")


def sha256(der):
    return hashlib.sha256(der).hexdigest()


class Folder:
    """A deployment on disk, changed by hand."""

    def __init__(self, program, path):
        self.program, self.path = program, path
        self.yaml = os.path.join(path, "deployment.yaml")

    def lines(self):
        with open(self.yaml, encoding="utf-8") as file:
            return file.read().split("\n")

    def write(self, lines):
        with open(self.yaml, "w", encoding="utf-8") as file:
            file.write("\n".join(lines))

    def block(self, lines, node):
        """First and last line of a node's (or endpoint's) entry."""
        for i, line in enumerate(lines):
            if re.search(r"(fqdn|name): " + re.escape(node) + r"\b(?![.-])", line) and "- " in line:
                if line.strip().endswith("}"):
                    return i, i + 1
                end = i + 1
                while end < len(lines) and lines[end].startswith("      "):
                    end += 1
                return i, end
        for i, line in enumerate(lines):
            if re.search(r"fqdn: " + re.escape(node) + r"\b", line):
                return i, i + 1
        raise KeyError(node)

    def file_of(self, node, key, make=None):
        lines = self.lines()
        start, end = self.block(lines, node)
        for line in lines[start:end]:
            found = re.search(r"\b" + re.escape(key) + r": ([^,}\s]+)", line)
            if found and re.search(r"(^|[\s{,])" + re.escape(key) + ":", line):
                return os.path.join(self.path, found.group(1))
        if not make:
            raise KeyError(f"{node} {key}")
        lines.insert(end, f"      {key}: {make}")
        self.write(lines)
        return os.path.join(self.path, make)

    def drop_key(self, node):
        lines = self.lines()
        start, end = self.block(lines, node)
        self.write(lines[:start] + [l for l in lines[start:end] if not re.match(r"\s+key: ", l)] + lines[end:])

    def certificate(self, digest):
        for where, _, names in os.walk(self.path):
            for name in names:
                if name.endswith((".pem", ".crt", ".cer")):
                    for der in certs_of(os.path.join(where, name)):
                        if sha256(der) == digest:
                            return der
        raise KeyError(digest)

    def list_step(self, step):
        path = self.file_of(step["node"], step["store"])
        certs = certs_of(path)
        digests = [sha256(der) for der in certs]
        if step["action"] == "append":
            der = self.certificate(step["sha256"])
            if step["replaces"] and step["replaces"] in digests:
                at = len(digests) - 1 - digests[::-1].index(step["replaces"])
                del certs[at], digests[at]
            if step["sha256"] not in digests:
                at = digests.index(step["before"]) if step["before"] in digests else len(certs)
                certs.insert(at, der)
        elif step["sha256"] in digests:
            at = len(digests) - 1 - digests[::-1].index(step["sha256"])
            der = certs.pop(at)
            digests.pop(at)
            if step["action"] == "move-before":
                certs.insert(digests.index(step["before"]) if step["before"] in digests else 0, der)
        write_certs(path, certs)

    def issue(self, step, path):
        """openssl signs what the step asks for, with the lab's CA."""
        for where, _, names in os.walk(os.path.join(self.path, "ca")):
            ca = os.path.join(where, "ca.pem")
            if "privkey.pem" in names and any(sha256(d) == step["issuer_sha256"] for d in certs_of(ca)):
                break
        else:
            raise LookupError("the lab has no such CA: " + str(step["issuer"]))
        with tempfile.TemporaryDirectory() as work:
            conf, key, csr, out = (os.path.join(work, n) for n in ("e.cnf", "k.pem", "r.csr", "c.pem"))
            sans = ", ".join(("IP:" if re.fullmatch(r"[0-9.]+|.*:.*", n) else "DNS:") + n for n in step["names"])
            with open(conf, "w", encoding="utf-8") as file:
                file.write("[v]\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
                           f"extendedKeyUsage={', '.join(step['purposes'])}\n"
                           "authorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n"
                           + (f"subjectAltName={sans}\n" if sans else ""))
            run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                key, "-subj", "/C=US/O=Acme/CN=" + (step["names"] or [step["node"]])[0], "-out", csr)
            run("openssl", "x509", "-req", "-in", csr, "-CA", ca, "-CAkey", os.path.join(where, "privkey.pem"),
                "-days", "500", "-extfile", conf, "-extensions", "v", "-out", out,
                "-set_serial", str(random.getrandbits(63)))
            write_certs(path, certs_of(out))

    def reissue(self, step):
        for where in [f"{step['node']}:{step['identity']}"] + step["also"]:
            node, identity = where.split(":")
            path = self.file_of(node, identity, make=f"{node}-{identity}.pem")
            if where.startswith(step["node"] + ":" + step["identity"]):
                self.issue(step, path)
                first = path
                if identity == "server":
                    self.drop_key(node)
            else:
                shutil.copy(first, path)

    def revoked(self, path, ca):
        """Serials that the CA's present list revokes: the next one does so too."""
        if not os.path.exists(path):
            return []
        with open(path, "rb") as file:
            blocks = re.findall(rb"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----\s*", file.read(), re.S)
        issuer = run("openssl", "x509", "-in", ca, "-noout", "-subject", "-nameopt", "RFC2253")
        serials = []
        for block in blocks:
            done = subprocess.run(["openssl", "crl", "-noout", "-issuer", "-text", "-nameopt", "RFC2253"], input=block,
                                  capture_output=True, check=True)
            if issuer.split(b"=", 1)[1].strip() in done.stdout:
                serials += re.findall(r"Serial Number: ([0-9A-F]+)", done.stdout.decode())
        return [s if len(s) % 2 == 0 else "0" + s for s in serials]

    def crl(self, step):
        for where, _, names in os.walk(os.path.join(self.path, "ca")):
            ca = os.path.join(where, "ca.pem")
            if "privkey.pem" in names and any(sha256(d) == step["issuer_sha256"] for d in certs_of(ca)):
                break
        else:
            raise LookupError("the lab has no such CA: " + str(step["issuer"]))
        path = self.file_of(step["node"], "crl", make=step["node"] + "-crl.pem")
        with tempfile.TemporaryDirectory() as work:
            conf = os.path.join(work, "ca.cnf")
            with open(os.path.join(work, "index"), "w", encoding="utf-8") as file:
                for serial in self.revoked(path, ca):
                    file.write(f"R\t360101000000Z\t260101000000Z\t{serial}\tunknown\t/CN=revoked\n")
            with open(conf, "w", encoding="utf-8") as file:
                file.write(f"[ca]\ndefault_ca=d\n[d]\ndatabase={work}/index\ndefault_md=sha256\ncrl_extensions=x\n"
                           "[x]\nauthorityKeyIdentifier=keyid\n")
            out = run("openssl", "ca", "-gencrl", "-config", conf, "-cert", ca, "-keyfile",
                      os.path.join(where, "privkey.pem"), "-crldays", "500")
        kept = b""
        if os.path.exists(path):
            with open(path, "rb") as file:
                blocks = re.findall(rb"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----\s*", file.read(), re.S)
            issuer = run("openssl", "x509", "-in", ca, "-noout", "-subject", "-nameopt", "RFC2253")
            for block in blocks:
                done = subprocess.run(["openssl", "crl", "-noout", "-issuer", "-nameopt", "RFC2253"], input=block,
                                      capture_output=True, check=True)
                if done.stdout.split(b"=", 1)[1].strip() != issuer.split(b"=", 1)[1].strip():
                    kept += block
        with open(path, "wb") as file:
            file.write(kept + out)

    def setting(self, step):
        lines = self.lines()
        text = "\n".join(lines)
        name, value = step["setting"], step["value"]
        if name == "peer address":
            text = re.sub(r"(peers: \[[^\]]*)\b" + re.escape(step["replaces"]) + r"(?=[,\]])", r"\g<1>" + value, text)
        elif name == "server address":
            start, end = self.block(lines, value)
            lines[start:end] = [l for l in lines[start:end] if not re.match(r"\s+address: ", l)]
            text = "\n".join(lines)
        elif name == "tls-verify-name":
            text = re.sub(r"tls-verify-name: [^\s,}]+", "tls-verify-name: " + value, text)
        elif "password" in name:
            on_e = re.search(r"expressway-e:.*?username: (\S+)[^\n]*\n\s+password: (\S+)", text, re.S)
            text = re.sub(r"(expressway-c:.*?username: )\S+([^\n]*\n\s+password: )\S+",
                          r"\g<1>" + on_e.group(1) + r"\g<2>" + on_e.group(2), text, count=1, flags=re.S)
        elif name == "release":
            text = re.sub(r"^(expressway-[ce]:.*?\n  release: )\S+", r"\g<1>" + value, text, flags=re.S | re.M)
        elif name == "sends":
            text = text.replace("sends: leaf", "sends: auto")
        else:
            raise LookupError("setting " + name)
        self.write(text.split("\n"))

    def do(self, step):
        if step["action"] in ("append", "remove", "move-before"):
            self.list_step(step)
        elif step["action"] == "reissue":
            self.reissue(step)
        elif step["action"] == "install" and step["identity"] == "crl":
            self.crl(step)
        elif step["action"] == "install":
            path = self.file_of(step["node"], step["identity"])
            write_certs(path, [self.certificate(step["sha256"])])
        elif step["action"] == "set":
            self.setting(step)
        else:
            raise LookupError(step["action"])

    def check(self):
        return json.loads(run(self.program, "check", "--at", AT, "-f", "json", self.path, good=(0, 1)))


# What a long run found broken once.
MENDED = [
    # one peer's new certificate made a sign-in "unknown", as a server's certificate is: that is not worse than "degraded"
    ("cluster", ("edge-domain-missing", "not-known", "date-unfit"), "ec", "X14.0"),
]
RELEASES = (None, "X12.5", "X14.0", "X14.0.8", "X14.2", "X15.0", "X15.4", "X15.5")


def findings(report):
    """Refusals by what is told of them: one that hides behind another counts too."""
    return sum(f["severity"] == "refused" and f["code"] != "traversal-refused"
               for part in report["links"] + report["nodes"] for f in part["findings"])


def refused(report):
    return report["summary"]["refused"] + sum(f["severity"] == "refused" for n in report["nodes"] for f in n["findings"])


def changes(folder, before):
    answer = run(folder.program, "diff", "--at", AT, "-f", "json", before, folder.path, good=(0, 1))
    return json.loads(answer)["changes"]


def better(folder, before):
    return [row["id"] for row in changes(folder, before) if row["change"] == "better"]


def worse(folder, before):
    """What the one comparison of two checks (causeway diff) calls worse of links and sign-ins. A link whose address
    was changed has another name: it is new, and the old one is gone."""
    rows = [row for row in changes(folder, before) if row["kind"] != "node"]
    gone = [row["id"].split()[:2] for row in rows if row["after"] is None and row["before"] == "refused"]
    rows = [row for row in rows if row["before"] is not None or row["id"].split()[:2] not in gone]
    return [f"{row['id']}: {row['before']} -> {row['after']}: " + "; ".join(f["code"] for f in row["findings"])
            for row in rows if row["change"] == "worse"]


def broken(plan, folder, before, after):
    """What was promised and is not so. `folder` is the followed deployment, `before` the path of what it was."""
    found = worse(folder, before)
    states = {f"{s['endpoint']} {s['domain']}": s["state"] for s in after["services"]}
    found += [f"{who} is {states.get(who)}" for who in plan["restores"] if states.get(who) != "works"]
    if refused(after) > plan["proof"]["refused_after"]:
        found.append(f"{refused(after)} refused, promised {plan['proof']['refused_after']}: " + "; ".join(
            f"{l['id']} {f['code']}" for l in after["links"] for f in l["findings"] if f["severity"] == "refused"))
    return found


def set_release(folder, release):
    """Both ends of the zone."""
    text = "\n".join(folder.lines())
    folder.write(re.sub(r"^(  release: )X\S+", r"\g<1>" + release, text, flags=re.M).split("\n"))


def rehearsed(program, lab, after):
    """What real connections have to say against it."""
    done = subprocess.run([program, "rehearse", "--at", AT, "-f", "json", lab], capture_output=True, check=False)
    if done.returncode not in (0, 1, 3):
        return [f"rehearse: {done.returncode}: {done.stderr.decode()}"]
    answer = json.loads(done.stdout)
    told = answer["summary"]
    found = [f"rehearse: {link['id']}: {'; '.join(link['differences'])}"
             for link in answer["links"] if link.get("differences")]
    if done.returncode == 3 and not found:
        found.append(f"rehearse: {told['differing']} links differ")
    refused_links = after["summary"]["refused"]
    if told["refused"] > refused_links:
        found.append(f"rehearse: {told['refused']} links refused, predicted {refused_links}")
    return found


def follow(program, size, faults, key="ec", idle=True, release=None, rehearse=False):
    """(complaints, steps, leaves): none where every promise is kept."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as work:
        lab = os.path.join(work, "lab")
        words = [program, "lab", "new", lab, "--size", size, "--key", key, "--at", AT]
        for fault in faults:
            words += ["--fault", fault]
        made = subprocess.run(words, capture_output=True, check=False)
        if made.returncode:
            return None
        folder = Folder(program, lab)
        if release:
            set_release(folder, release)
        before, was = folder.check(), os.path.join(work, "was")
        shutil.copytree(lab, was)
        answer = json.loads(run(program, "fix", "--at", AT, "-f", "json", lab, good=(0, 1)))
        plan = answer["plan"]
        complaints = []
        if plan["proof"]["worse"]:
            complaints.append("the plan itself says that something is worse")
        if not plan["steps"] and not plan["leaves"] and refused(before):
            complaints.append("nothing is said about what is refused")
        try:
            if idle:
                complaints += idle_steps(program, was, work, plan)
            for step in plan["steps"]:
                folder.do(step)
        except (LookupError, RuntimeError) as error:
            return [f"cannot be followed: {error}"], plan
        after = folder.check()
        complaints += broken(plan, folder, was, after)
        if rehearse:
            complaints += rehearsed(program, lab, after)
        return complaints, plan


def idle_steps(program, lab, work, plan):
    found = []
    copy = os.path.join(work, "copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(lab, copy)
    folder = Folder(program, copy)
    for step in plan["steps"]:
        folder.do(step)
    whole = findings(folder.check())
    for left_out in plan["steps"]:
        if left_out["replicated"] or left_out["carried"]:
            continue
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(lab, copy)
        folder = Folder(program, copy)
        for step in plan["steps"]:
            follower = step["replicated"] and step["sha256"] == left_out["sha256"]
            if step is not left_out and not follower:
                folder.do(step)
        after = folder.check()
        if findings(after) <= whole and not broken(plan, folder, lab, after):
            found.append(f"step {left_out['number']} ({left_out['action']} on {left_out['node']}) is idle")
    return found


def faults_of(program):
    out = run(program, "lab", "faults").decode()
    return [line.split()[0] for line in out.splitlines() if re.match(r"^[a-z]", line)]


def cases(program, words):
    mode = words[0] if words else "singles"
    known = faults_of(program)
    count = int(words[1]) if len(words) > 1 and words[1].isdigit() else None
    picked = random.Random(int(os.environ.get("CAUSEWAY_SEED", "1")))
    if mode == "singles":
        return [(size, (fault,), "ec", None) for size in ("small", "cluster") for fault in known]
    if mode == "mended":
        return MENDED
    if mode == "pairs":
        every = [(size, pair, "ec", None) for size in ("small", "cluster") for pair in itertools.combinations(known, 2)]
        return picked.sample(every, count) if count else every
    if mode == "triples":
        return [(picked.choice(("small", "cluster")), tuple(picked.sample(known, 3)), picked.choice(("ec", "rsa")),
                 picked.choice(RELEASES)) for _ in range(count or 2000)]
    if mode == "drawn":
        return [(picked.choice(("small", "small", "small", "cluster")), tuple(picked.sample(known, picked.randint(1, 4))),
                 picked.choice(("ec", "ec", "rsa")), picked.choice((None, *RELEASES))) for _ in range(count or 6000)]
    if mode == "rehearsed":
        every = [(size, (fault,), "ec", None) for size in ("small", "cluster") for fault in known]
        return picked.sample(every, count) if count else every
    return [("small", tuple(words), "ec", None)]


def main():
    program = os.path.abspath(sys.argv[1])
    kept = failed = skipped = steps = left = 0
    rehearse = sys.argv[2:3] == ["rehearsed"]

    def one(case):
        size, faults, key, release = case
        try:
            return case, follow(program, size, faults, key, not rehearse, release, rehearse)
        except RuntimeError as error:
            return case, ([str(error)], {"steps": [], "leaves": []})

    side_by_side = concurrent.futures.ThreadPoolExecutor(int(os.environ.get("CAUSEWAY_JOBS", "1")))
    for (size, faults, key, release), answer in side_by_side.map(one, cases(program, sys.argv[2:])):
        if answer is None:
            skipped += 1
            continue
        complaints, plan = answer
        steps += len(plan["steps"])
        left += bool(plan["leaves"])
        if complaints:
            failed += 1
            print(f"{size} {key} {release} {' '.join(faults)}: " + " | ".join(complaints), flush=True)
            for step in plan["steps"]:
                print("    ", step["number"], step["action"], step["node"], step["store"] or step["identity"],
                      step["subject"] or step["setting"], step["issuer"] or "")
        else:
            kept += 1
            if kept % 250 == 0:
                print(f"{kept} kept", flush=True)
    print(f"advice followed: {kept} kept, {failed} broken, {left} with something left, {steps} steps, "
          f"{skipped} labs not made")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
