#!/usr/bin/env python3
"""work_test.py CAUSEWAY pages: what the pages of nodes do, on running nodes, asked over their control sockets.

The vendor's procedures start to end: an intermediate is deleted (what ends is said before, and is what ends) and appended
again; a request, its certificate, the upload, the restart; a wrong password in the zone; the secure traversal test; what the
history tells of it; a CUCM publisher's trust upload goes to its subscriber.
"""
import base64
import json
import os
import socket
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from nodes_test import FOLDER, PATIENCE, PROGRAM, Lab, read, run, want  # pylint: disable=wrong-import-position

C, E = "c1.acme.test", "e1.acme.test"


def ask(lab, node, operation, status=200, **with_):
    """One operation; the answer, or the refusal."""
    path = os.path.join(lab.state, node, "run")
    here = os.open(path, os.O_PATH | os.O_DIRECTORY)
    try:
        with socket.socket(socket.AF_UNIX) as asker:
            asker.settimeout(PATIENCE)
            asker.connect(f"/proc/self/fd/{here}/control.sock")
            asker.sendall(json.dumps({"do": operation, "with": with_, "user": "tester"}).encode() + b"\n")
            got = b""
            while chunk := asker.recv(65536):
                got += chunk
    finally:
        os.close(here)
    frame = json.loads(got)
    want(frame["status"] == status, f"{operation}: wanted {status}, found {json.dumps(frame, indent=1)[:2000]}")
    return frame.get("answer", frame.get("error"))


def file(text):
    return base64.b64encode(text.encode()).decode()


def entry(lab, node, name):
    found = [row for row in ask(lab, node, "trust", store="trusted-ca")["entries"] if name in row["subject"]]
    want(len(found) == 1, f"{name} is once in the list of {node}")
    return found[0]


def ends_of(answer):
    return sorted((row["link"], row["code"]) for row in answer["ends"])


def trust(lab):
    row = entry(lab, C, "Public Trust Issuing")
    serves = {link["link"] for link in row["serves"]}
    want({"traversal", "tunnel"} <= serves, f"the intermediate serves zone and tunnel: {row['serves']}")
    want(row["needed"] == "yes", "it is needed")

    tried = ask(lab, C, "trust/remove", store="trusted-ca", sha256=[row["sha256"]], **{"try": True})
    want(ends_of(tried) == [("service", "issuer-missing"), ("tunnel", "issuer-missing")],
         f"the try says what would end: {ends_of(tried)}")
    want(lab.state_of(C) == (["Active"], ["Active"]), "nothing was changed by it")
    done = ask(lab, C, "trust/remove", store="trusted-ca", sha256=[row["sha256"]])
    want(ends_of(done) == ends_of(tried), f"what ended is what was said: {done}")
    lab.until(r"^c1\.acme\.test: tunnel to \S+: refused by this node: issuer-missing")
    tunnels = ask(lab, C, "tunnels")
    want(tunnels["none"] == "No SSH tunnels have been established", f"the page's words: {tunnels}")
    want(tunnels["tunnels"][0]["code"] == "issuer-missing" and tunnels["tunnels"][0]["refused_by"] == C, f"the reason: {tunnels}")
    check = {item["check"]: item["state"] for item in tunnels["checklist"]}
    want(check["Certificates and trusted CAs"] == "bad", f"the checklist: {check}")

    bad = ask(lab, C, "trust/append", store="trusted-ca", file=file("no certificate"))
    want(bad["page_text"] == "Invalid certificate: The file provided is not a valid X.509 PEM certificate file.", str(bad))
    tried = ask(lab, C, "trust/try", store="trusted-ca", file=file(row["pem"]))
    want(sorted(link["link"] for link in tried["begins"]) == ["service", "tunnel"],
         f"what would begin: {tried['begins']}")
    done = ask(lab, C, "trust/append", store="trusted-ca", file=file(row["pem"]))
    want(done["change"] == "trusted-ca: 1 added, 0 removed", str(done))
    lab.up()
    already = ask(lab, C, "trust/append", store="trusted-ca", file=file(row["pem"]))
    want(len(already["already"]) == 1 and not already["added"], "it is there already")


def renew(lab):
    made = ask(lab, C, "request/new", identity="server", key="ecdsa:256", organization="Acme")
    csr, new = os.path.join(FOLDER, "new.csr"), os.path.join(FOLDER, "new.pem")
    with open(csr, "w", encoding="ascii") as out:
        out.write(made["request"]["pem"])
    again = ask(lab, C, "request/new", status=409, identity="server")
    want("is in progress" in again["text"], str(again))
    run(PROGRAM, "ca", "sign", "--ca", os.path.join(lab.deployment, "ca", "private-issuing"), "-o", new, csr)
    key_before = read(os.path.join(lab.deployment, "c1", "privkey.pem"))
    tried = ask(lab, C, "identity/try", identity="server", file=file(read(new)))
    want(not tried["refused"] and tried["key"] == "request", f"the gate takes it: {tried['findings']}")
    done = ask(lab, C, "identity/upload", identity="server", file=file(read(new)))
    want(done["installed"] and "restart is required" in done["restart"], f"the prompt: {done['restart']}")
    page = ask(lab, C, "identity", identity="server")
    want(page["shown"] and page["shown"]["sha256"] != page["certificate"]["sha256"], "the former one is shown until the restart")
    want("after a restart" in ask(lab, C, "overview")["restart_wanted"], "the overview says so")
    want(read(os.path.join(lab.deployment, "c1", "privkey.pem")) == key_before, "the deployment's own key is left alone")
    ask(lab, C, "restart", status=202)
    lab.until(r"^c1\.acme\.test: stopped, to begin anew")
    lab.up()
    page = ask(lab, C, "identity", identity="server")
    want(page["shown"] is None and page["certificate"]["sha256"] == done["certificate"]["sha256"], "it is shown now")
    want(page["request"] is None, "its request is done")


def zone(lab):
    before = ask(lab, C, "zones")["zones"][0]
    want(before["status"] == "Active" and before["user"] and before["has_password"], str(before))
    ask(lab, C, "zone/try", name=before["name"], password="wrong-one")
    want(lab.state_of(C)[0] == ["Active"], "a try changes nothing")
    ask(lab, C, "zone/set", name=before["name"], password="wrong-one")
    lab.until(r"^c1\.acme\.test: zone to \S+: Failed: credentials-differ")
    after = ask(lab, C, "zones")["zones"][0]
    want(after["status"] == "Failed" and after["peers"][0]["code"] == "credentials-differ", str(after))
    ask(lab, C, "zone/set", name=before["name"], password="lab-password")
    lab.up()


def traversal(lab):
    def result(fqdn, **more):
        deadline = time.monotonic() + PATIENCE
        answer = ask(lab, C, "traversal-test", fqdn=fqdn, **more)
        while answer["running"]:
            want(time.monotonic() < deadline, f"the test ends: {answer}")
            answer = ask(lab, C, "traversal-test", fqdn=fqdn)
        return answer

    good = result(E)
    want(good["result"] == "good", f"the secure traversal test passes: {good['stages']}")
    row = entry(lab, C, "Public Trust Root")
    ask(lab, C, "trust/remove", store="trusted-ca", sha256=[row["sha256"]])
    bad = result(E, again=True)
    want(bad["result"] == "bad" and bad["findings"], f"and tells what is missing: {bad['stages']}")
    ask(lab, C, "trust/append", store="trusted-ca", file=file(row["pem"]))
    lab.up()
    nowhere = result("nowhere.acme.test")
    want(nowhere["page_text"] == "nowhere.acme.test cannot be reached", f"the page's words: {nowhere}")


def metrics(lab):
    text = ask(lab, C, "metrics")["text"]
    want('causeway_link_verdict{deployment="c1.acme.test",link="traversal e1.acme.test"} 0\n' in text, f"the zone passes:\n{text}")
    days = [line for line in text.splitlines() if line.startswith("causeway_link_first_break_days") and "traversal" in line]
    want(days and float(days[0].split()[-1]) > 1, f"and until when: {days}")


def history(lab):
    def rows():
        return ask(lab, C, "events", count=500)["events"]
    deadline = time.monotonic() + PATIENCE
    while not any(row["who"] == "tester" for row in rows()) and time.monotonic() < deadline:
        pass
    events = rows()
    mine = {row["about"] for row in events if row["who"] == "tester"}
    want({"trusted-ca", "server", "password"} <= mine, f"who changed what: {mine}")
    want("lab-password" not in json.dumps(events) and "wrong-one" not in json.dumps(events), "no password is told")
    explained = [row["explained"]["code"] for row in events if row["explained"]]
    want("issuer-missing" in explained, f"lines are explained: {explained}")


def cucm(lab):
    """What is uploaded to the publisher's trust store goes to its subscriber."""
    public = entry(lab, C, "Public Trust Root")
    done = ask(lab, "pub.acme.test", "certificate/upload", purpose="tomcat-trust", description="for the edge",
               file=file(public["pem"]))
    want(done["page_text"] == "Success: Certificate Uploaded...", f"the page's words: {done['page_text']}")
    lab.until(r"^sub1\.acme\.test: snapshot \d+: tomcat-trust: 1 added, 0 removed")
    rows = ask(lab, "sub1.acme.test", "certificates", find={"column": "certificate", "how": "is-exactly",
                                                           "text": "tomcat-trust"})["rows"]
    want(public["sha256"] in [row["sha256"] for row in rows], "the subscriber has it")
    ask(lab, "pub.acme.test", "certificate/delete", store="tomcat-trust", sha256=public["sha256"])
    lab.until(r"^sub1\.acme\.test: snapshot \d+: tomcat-trust: 0 added, 1 removed")


def pages():
    with Lab("pages") as lab:
        lab.up()
        for part in (trust, renew, zone, traversal, metrics, history, cucm):
            part(lab)
            print(f"work {part.__name__}: good", flush=True)


if __name__ == "__main__":
    pages()
