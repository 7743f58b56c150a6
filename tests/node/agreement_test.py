#!/usr/bin/env python3
"""agreement_test.py CAUSEWAY [CODE...]: running nodes do what `check` says, on every link and for every fault that a lab plants.

Twelve deployments hold every fault code between them (CAUSEWAY_PART=0/3: a third of them; CAUSEWAY_AGREEMENT=N: N more, drawn
at random from a seed that is told; CAUSEWAY_FROM=M: of these, the first M and the twelve were seen already). Each runs in `lab up`. What a link does is read from the wire, not from what nodes say of themselves: the capture of
the lab's network, opened with its key log, has the alert and who sent it, the answers to OPTIONS and REGISTER, and bytes
each way; a tunnel is bytes each way through its port on Expressway-E, where sshd listens. What nodes say is compared as
well, and Python's TLS and plain ssh in the place of each end (nodes_test.py). With codes: that one deployment.

And people: as each endpoint of the deployment `causeway sign-in` goes through each running Expressway-E, registers, and
ends as `check` says of that endpoint (works, prompts, degraded, dead); each step that is refused is one of the links that
`check` names for it.
"""
import hashlib
import json
import os
import random
import re
import shutil
import ssl
import subprocess
import sys
import time

import nodes_test
from nodes_test import ENV, FOLDER, PROGRAM, Lab, blocks, read, run, want

RUNNING = ("traversal", "tunnel", "service", "cluster", "tomcat", "tftp", "sip-out", "sip-in", "sip-oauth")
# These change the whole zone: with one of them nothing behind the zone could be seen any more.
ALONE = {"credentials-differ", "traversal-refused", "not-known"}


def codes_of_all():
    """Every fault, and those that make a lab a cluster."""
    every, clusters = [], set()
    for line in run(PROGRAM, "lab", "faults").splitlines():
        match = re.match(r"^([a-z-]+)( \(makes a small lab a cluster\))?$", line)
        if match:
            every.append(match.group(1))
            if match.group(2):
                clusters.add(match.group(1))
    return every, clusters


def twelve():
    """Faults by where they are: one about Expressway-E's certificate, one about C's list, several about CUCM …"""
    every, clusters = codes_of_all()
    sets = [
        ["issuer-missing", "server-auth-missing", "domain-missing", "key-usage-unfit", "weak-digest"],
        ["root-missing", "self-signed-untrusted", "chat-alias-missing", "weak-key", "verify-name-mismatch"],
        ["issuer-shadowed", "same-subject-conflict", "entry-expired", "federation-domain-missing", "duplicate-entry",
         "peer-name-mismatch"],
        ["client-auth-missing", "address-is-ip", "ca-not-needed", "unknown-oid-in-name", "path-too-long"],
        # in these the zone is up, and people come further
        ["phone-profile-missing", "trust-not-replicated", "name-constraint", "expires-soon"],
        ["not-a-ca", "edge-domain-missing", "extra-certificates", "critical-extension"],
        ["expired", "signature-invalid", "release-differs", "tls-unusable", "wildcard-name"],
        ["ecdsa-twin-untrusted", "device-list-lacks-ca", "not-pem", "date-unfit"],
        ["tunnel-name-unfit", "key-mismatch", "revoked", "san-too-long", "key-identifier-differs"],
        ["tunnel-key-unfit", "crl-expired", "temporary-certificate", "common-name-missing", "odd-file",
         "phone-profile-unfit"],
        ["credentials-differ", "not-yet-valid", "shared-key"],
        sorted(clusters - {"shared-key"}),
    ]
    missing = set(every) - {code for faults in sets for code in faults}
    # what stops a zone before its certificates matter, and what cannot be known, go where a zone is refused anyway
    sets[6] += sorted(missing & {"traversal-refused"})
    sets[10] += sorted(missing & {"crl-missing", "not-known"})
    want(missing <= {"traversal-refused", "crl-missing", "not-known"}, f"faults that no deployment has: {missing}")
    return sets


# ---------------------------------------------------------------- what check says

class Link:
    """A link of `check` whose ends both run."""

    def __init__(self, said):
        self.kind, self.client, self.server = said["kind"], said["client"], said["server"]
        self.address, self.port, self.verdict, self.by = said["address"], said["port"], said["verdict"], said["refused_by"]
        self.codes = [finding["code"] for finding in said["findings"]
                      if finding["severity"] == "refused" and finding["judge"] == said["refused_by"]]
        layers = {finding["layer"] for finding in said["findings"] if finding["code"] in self.codes}
        # what is asked over TLS is asked where TLS came up
        self.asked = bool(layers & {"digest", "sip"}) and "tls" not in layers
        self.id = said["id"]

    def refused(self):
        return self.verdict == "refused"

    def lines(self):
        """The nodes' own words for it, as patterns; each of them must come."""
        client, server, address = re.escape(self.client), re.escape(self.server), re.escape(self.address)
        # that a certificate has a twin of another kind is known to `check` alone: a node has its own reason then
        code = "(?:" + "|".join(r"\S+" if one == "ecdsa-twin-untrusted" else one for one in self.codes) + ")"
        if self.kind == "tunnel":
            if not self.refused():
                return [rf"^{client}: tunnel to {address}: Active"]
            if "traversal-refused" in self.codes:
                return []
            return [rf"^{re.escape(self.by)}: tunnel (?:to|of) \S+.*: refused by this node: {code}: "]
        if self.kind == "service":  # told by the node that judges what comes over its zone
            if not self.refused():
                return [rf"^{server}: service from {client}: Active"]
            return [] if "traversal-refused" in self.codes else [rf"^{server}: service from {client}: Failed: {code}: "]
        name = "zone" if self.kind == "traversal" else self.kind
        if not self.refused():
            return [rf"^{client}: {name} to {address}: Active"]
        if self.by == self.client or self.asked:
            return [rf"^{client}: {name} to {address}: Failed: {code}: "]
        alert = "TLS Negotiation Error" if self.kind == "traversal" else "the other side sent the alert"
        refusal = r"zone from \S+ \(.*\): refused" if self.kind == "traversal" else r"[a-z-]+: refused"
        return [rf"^{client}: {name} to {address}: Failed: {alert}", rf"^{server}: {refusal}: {code}: "]


def codes_in(said):
    return {finding["code"] for part in said["links"] + said["nodes"] for finding in part["findings"]}


def links_of(lab, folder, faults=()):
    said = json.loads(run(PROGRAM, "check", folder, "-f", "json", good=(0, 1)))
    want(set(faults) <= codes_in(said), f"planted, and hidden by the others: {set(faults) - codes_in(said)}")
    nodes = {name for name in os.listdir(lab.state) if os.path.exists(lab.file(name, "node.yaml"))}
    return [Link(link) for link in said["links"]
            if link["kind"] in RUNNING and {link["client"], link["server"]} <= nodes and link["verdict"] != "unknown"]


# ---------------------------------------------------------------- what the wire says

class Wire:
    """The capture of a lab, as tshark reads it."""

    FIELDS = ("tcp.stream", "ip.src", "tcp.srcport", "ip.dst", "tcp.dstport", "tcp.len", "tls.alert_message.desc",
              "tls.record.content_type", "tls.record.opaque_type", "sip.Status-Code", "sip.CSeq.method")

    def __init__(self, packets, keys):
        words = ["tshark", "-n", "-r", packets, "-o", f"tls.keylog_file:{keys}", "-Y", "tcp.len > 0", "-T", "fields", "-E",
                 "separator=|", "-E", "occurrence=a", "-E", "aggregator=,"]
        for port in (7001, 8443, 6972, 5061, 5091, 4372):
            words += ["-d", f"tcp.port=={port},tls"]
        for port in (7001, 5061, 5091):
            words += ["-d", f"tls.port=={port},sip"]
        for field in self.FIELDS:
            words += ["-e", field]
        self.rows = [dict(zip(self.FIELDS, line.split("|"))) for line in run(*words).splitlines()]

    def tls(self, client, server, port):
        """Of all connections from client to server: alerts by sender, SIP answers, and whether bytes went each way."""
        seen = {"alerts": set(), "answers": set(), "bytes": set()}
        for row in self.rows:
            ours = (row["ip.src"], row["ip.dst"], row["tcp.dstport"]) == (client, server, str(port))
            theirs = (row["ip.src"], row["ip.dst"], row["tcp.srcport"]) == (server, client, str(port))
            if not ours and not theirs:
                continue
            side = "client" if ours else "server"
            alerts = {int(alert) for alert in row["tls.alert_message.desc"].split(",") if alert}
            if alerts - {0}:  # close_notify is none
                seen["alerts"].add(side)
            if "23" in (row["tls.record.content_type"] + "," + row["tls.record.opaque_type"]).split(","):
                seen["bytes"].add(side)
            if row["sip.Status-Code"] and theirs:
                seen["answers"] |= set(row["sip.Status-Code"].split(","))
        return seen

    def streams(self, address):
        """Ports at this address at which this machine itself asked, and was answered: tunnels, where sshd listens. Who signs
        in comes from there as well, to the ports that are people's."""
        ways = {}
        for row in self.rows:
            if {"8443", "5061"} & {row["tcp.srcport"], row["tcp.dstport"]}:
                continue
            if (row["ip.src"], row["ip.dst"]) == ("127.0.0.1", address):
                ways.setdefault(row["tcp.dstport"], set()).add("out")
            elif (row["ip.src"], row["ip.dst"]) == (address, "127.0.0.1"):
                ways.setdefault(row["tcp.srcport"], set()).add("back")
        return sum(way == {"out", "back"} for way in ways.values())


def compare(name, lab, links, wire):
    """Every link, as the wire has it, against what `check` says."""
    tunnels = {}
    for link in links:
        client, server = lab.address(link.client), lab.address(link.server)
        if link.kind == "service":  # said over the zone, when somebody registers: sip_test.py
            continue
        if link.kind == "tunnel":
            passes, all_of_them = tunnels.get(link.server, (0, 0))
            tunnels[link.server] = (passes + (not link.refused()), all_of_them + 1)
            continue
        seen = wire.tls(client, server, link.port)
        if not link.refused():
            want(seen["bytes"] == {"client", "server"}, f"{name}: {link.id} passes; on the wire {seen}")
            if link.kind in ("traversal", "sip-out", "sip-in"):
                # a registrar that asks for a device's password is reached
                good = "401" if link.kind == "sip-out" else "200"
                want(good in seen["answers"], f"{name}: {link.id} passes; answers on the wire: {seen}")
        elif link.asked:
            want("200" not in seen["answers"] and seen["answers"], f"{name}: {link.id} is refused after TLS: {seen}")
        else:
            side = "client" if link.by == link.client else "server"
            want(side in seen["alerts"], f"{name}: {link.id} is refused by {link.by} {link.codes}: {seen}")
            want("200" not in seen["answers"], f"{name}: {link.id} is refused: {seen}")
    for server, (passes, _) in tunnels.items():
        found = wire.streams(lab.address(server))
        want(found == passes, f"{name}: {passes} tunnels to {server} pass; on the wire {found}")


# ---------------------------------------------------------------- what people meet

# The links that a step of a sign-in tells of.
STEPS = {"tls": ("edge-https",), "tunnel": ("traversal", "tunnel"), "tomcat": ("tomcat",), "uds": ("tomcat",),
         "tftp": ("tftp",), "sip": ("edge-sip",), "register": ("service", "sip-out", "sip-in", "sip-oauth")}


class Meeting:
    """A sign-in under way: as this endpoint, by this Expressway-E."""

    def __init__(self, lab, said, service, edge, edges):
        self.service, self.edge, self.links = service, edge, {link["id"]: link for link in said["links"]}
        # a Jabber's user takes whatever certificate it is; nobody else is asked
        der = ssl.PEM_cert_to_DER_cert(blocks(read(lab.file(edge, "certs/server.pem")))[0])
        words = [PROGRAM, "sign-in", f"alice@{service['domain']}", "--edge", edge, "-d", lab.deployment,
                 "--endpoint", service["endpoint"], "--password-file", "/dev/stdin", "--timeout", "10",
                 "--register", "--device", "CSFALICE", "-f", "json", "--accept", hashlib.sha256(der).hexdigest()]
        for name in edges:
            words += ["--host", f"{name}={lab.address(name)}"]
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, env=ENV)
        self.process.stdin.write("a password\n")
        self.process.stdin.flush()

    def end(self, name):
        output, errors = self.process.communicate(timeout=nodes_test.PATIENCE)
        want(self.process.returncode in (0, 1), f"{name}: {self}: {self.process.returncode}: {errors}{output}")
        return json.loads(output)

    def __str__(self):
        return f"{self.service['endpoint']} by {self.edge}"

    def tells(self, step, link):
        """The step is about that link."""
        if link["kind"] not in STEPS.get(step["name"], ()):
            return False
        if step["name"] in ("tls", "sip", "tunnel"):
            return link["server"] == self.edge
        if step["name"] == "register":
            # what Expressway-E holds is never answered
            if not re.match(r"\d{3} ", step["answer"]):
                return link["kind"] == "service"
            inside = re.search(r" with (\S+) at ", step["asked"]).group(1)
            # CUCM may be dialled by its address, and dials under its name
            names = {inside} | {other["server"] for other in self.links.values() if other["address"] == inside}
            return link["kind"] != "service" and bool(names & {link["address"], link["server"], link["client"]})
        inside = re.match(r"GET https://([^:/]+):", step["asked"])
        return not inside or inside.group(1) in (link["address"], link["server"])

    def compare(self, name, answer):
        """Each step that is refused is a link that `check` refuses. Those that it names for this endpoint are answered."""
        refused = [step for step in answer["steps"] if step["verdict"] == "refused"]
        for step in refused:
            want(any(self.tells(step, link) for link in self.links.values() if link["verdict"] == "refused"),
                 f"{name}: {self}: {step} is refused; check refuses no such link")
        if answer["state"] in ("degraded", "dead"):
            want(refused, f"{name}: {self}: {answer['state']}, and nothing was refused: {answer}")
        if answer["ended_at"]:
            want(refused and refused[-1]["name"] == answer["ended_at"], f"{name}: {self}: another step ends it: {answer}")
        steps = [step for step in answer["steps"] if step["verdict"] in ("refused", "warn")]
        return {link for link in self.service["because"] if any(self.tells(step, self.links[link]) for step in steps)}


def together(states):
    """Of the ways by several Expressway-E, as `check` sees them: some that are closed are a degradation."""
    if len(states) == 1:
        return next(iter(states))
    return "prompts" if states == {"works", "prompts"} else "degraded"


def shown(answer):
    return [f"{step['verdict']} {step['asked']}: {step['answer']}" for step in answer["steps"] if step["verdict"] != "pass"]


def people_meet(name, lab, folder):
    """Sign-ins as every endpoint, at once, against what `check` says of them; how many it was of."""
    said = json.loads(run(PROGRAM, "check", folder, "-f", "json", good=(0, 1)))
    running = {node for node in os.listdir(lab.state) if os.path.exists(lab.file(node, "node.yaml"))}
    meetings = []
    for service in said["services"]:
        edges = sorted({link["server"] for link in said["links"]
                        if link["kind"] == "edge-https" and link["client"] == service["endpoint"]})
        # what is not known is not run
        if service["state"] == "unknown" or not set(edges) <= running:
            continue
        meetings.append((service, [Meeting(lab, said, service, edge, edges) for edge in edges]))
    for service, ways in meetings:
        answers = [way.end(name) for way in ways]
        met = set().union(*(way.compare(name, answer) for way, answer in zip(ways, answers)))
        told = f"{name}: {service['endpoint']}: check says {service['state']} because of {service['because']}; people meet " \
            f"{[(answer['state'], answer['ended_at'], shown(answer)) for answer in answers]}"
        want(together({answer["state"] for answer in answers}) == service["state"], told)
        want(met or not service["because"], told)
        # who came to the end has met all of them, but for the zones of a cluster's peer that others went past
        past = {link["id"] for link in said["links"] if link["kind"] in ("traversal", "tunnel", "service")}
        want(met == set(service["because"]) - past or any(answer["ended_at"] for answer in answers), told)
    return sum(len(ways) for _, ways in meetings)


# ---------------------------------------------------------------- a deployment

class Captured(Lab):
    """A lab with a capture of its network."""

    def __enter__(self):
        self.packets, self.keys = self.state + ".pcap", self.state + ".keys"
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen(
            [PROGRAM, "lab", "up", self.deployment, "--state", self.state, "--pcap", self.packets, "--keylog", self.keys],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENV)
        nodes_test.threading.Thread(target=self.pump, daemon=True).start()
        return self


def rehearsed(name, lab, links):
    """What is played with stand-ins is what check says and the nodes do; of how many of these links that was seen."""
    done = subprocess.run([PROGRAM, "rehearse", lab.deployment, "-f", "json"], capture_output=True, check=False, env=ENV)
    want(done.returncode in (0, 1), f"{name}: rehearse ends with {done.returncode}: {done.stderr.decode()}")
    said = json.loads(done.stdout)
    want(said["summary"]["differing"] == 0, f"{name}: links differ when they are rehearsed: {said['summary']}")
    played = {link["id"]: link for link in said["links"]}
    count = 0
    for link in links:
        row = played[link.id]
        if row["state"] not in ("up", "refused"):
            continue
        want((row["verdict"], row["refused_by"]) == (link.verdict, link.by),
             f"{name}: {link.id}: {link.verdict} by {link.by}; rehearsed: {row['verdict']} by {row['refused_by']}")
        count += 1
    return count


def agree(name, faults, whole=True, foreign=True):
    begun = time.monotonic()
    with Captured(name, *faults) as lab:
        number, line = lab.until(r"cannot be captured from", r"^The lab is up")
        if number == 0:
            print(f"skipped: {line}")
            lab.process.wait(nodes_test.PATIENCE)
            sys.exit(77)
        links = links_of(lab, lab.deployment, faults if whole else ())
        want(links, f"{name}: there are links")
        # the folder of the running lab is the same deployment
        again = {link.id: (link.verdict, link.by) for link in links_of(lab, lab.state)}
        for link in links:
            want(again.get(link.id) == (link.verdict, link.by), f"{name}: {link.id}: {link.verdict} by {link.by}; of the "
                 f"nodes' files check says {again.get(link.id)}")
        left = [pattern for link in links for pattern in link.lines()]
        while left:
            place, _ = lab.until(*left)
            del left[place]
        settled = time.monotonic()
        people = people_meet(name, lab, lab.deployment)
        met = time.monotonic() - settled
        zones = {link.kind: (link.by, link.codes) for link in links if link.kind in ("traversal", "tunnel")}
        if foreign and len(zones) == 2 and len({link.client for link in links if link.kind == "traversal"}) == 1:
            nodes_test.foreign(name, lab, zones, "c1.acme.test")
    compare(name, lab, links, Wire(lab.packets, lab.keys))
    refused = [link for link in links if link.refused()]
    played = rehearsed(name, lab, links)
    print(f"agreed: {' '.join(faults) or 'sound'}: {len(links)} links, {len(refused)} refused, {played} rehearsed; {people} "
          f"sign-ins, in {met:.1f} of {time.monotonic() - begun:.1f} s", flush=True)


def drawn(count):
    every, clusters = codes_of_all()
    seed = int(os.environ.get("CAUSEWAY_SEED", random.SystemRandom().randrange(1 << 30)))
    print(f"CAUSEWAY_SEED={seed}")
    chance = random.Random(seed)
    for _ in range(count):
        pool = [code for code in every if code not in ALONE and (code not in clusters or chance.random() < 0.1)]
        yield chance.sample(pool, chance.randint(1, 3))


def main():
    for program in ("ssh", "openssl", "tshark"):
        if not shutil.which(program):
            print(f"skipped: {program} is needed")
            sys.exit(77)
    try:
        if len(sys.argv) > 2:
            agree("lab", sys.argv[2:])
            return
        more = int(os.environ.get("CAUSEWAY_AGREEMENT", "0"))
        part, of = map(int, os.environ.get("CAUSEWAY_PART", "0/1").split("/"))
        seen = int(os.environ.get("CAUSEWAY_FROM", "0"))
        for number, faults in enumerate(twelve()):
            if number % of != part or seen:
                continue
            agree(f"lab{number}", faults, foreign=number // 3 % 2 == 0 or more > 0)
        for number, faults in enumerate(drawn(more)):
            if number < seen:
                continue
            agree(f"more{number}", faults, False)
            for path in (f"more{number}", f"more{number}-state"):
                shutil.rmtree(os.path.join(FOLDER, path), ignore_errors=True)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    print("agreement: good")


if __name__ == "__main__":
    main()
