#!/usr/bin/env python3
"""rest_test.py CAUSEWAY: REST of running nodes over their own ports: `causeway collect` fetches a lab's nodes as it fetches boxes, and
`import` makes of it what the nodes have; uploads as forms; OpenMetrics; what nobody may.
"""
import base64
import http.client
import json
import os
import re
import ssl
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from admin_test import ENV, FOLDER, PASSWORD, PROGRAM, Lab, want  # pylint: disable=wrong-import-position

C, E, PUB = "c1.acme.test", "e1.acme.test", "pub.acme.test"
BASIC = "Basic " + base64.b64encode(f"admin:{PASSWORD}".encode()).decode()


def ask(node, method, path, body=None, kind="application/json", **fields):
    """One request by Basic: (status, body, type)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection(node.address, node.port, context=context, timeout=90)
    headers = {"Authorization": BASIC, "X-CSRF-Header": "x"}
    if body is not None:
        headers["Content-Type"] = kind
    headers.update({key.replace("_", "-"): value for key, value in fields.items()})
    connection.request(method, path, body, {key: value for key, value in headers.items() if value is not None})
    answer = connection.getresponse()
    got = answer.read()
    connection.close()
    return answer.status, got.decode(), answer.getheader("Content-Type")


def upload(node, path, pem):
    boundary = "causeway-test-boundary"
    body = (f"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pem\"\r\n"
            f"Content-Type: application/octet-stream\r\n\r\n{pem}\r\n--{boundary}--\r\n")
    return ask(node, "POST", path, body, f"multipart/form-data; boundary={boundary}")


def blocks(text):
    return [re.sub(r"\s", "", block) for block in
            re.findall(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", text, re.S)]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def boxes(c, e, pub):
    status, text, kind = ask(c, "GET", "/api/provisioning/certs/server")
    want((status, kind) == (200, "text/html") and "\r\n" in text, f"PEM as the box sends it: {status} {kind}")
    want(blocks(text) == blocks(read(os.path.join(c.folder, "certs/server.pem"))), "the server certificate")
    status, text, _ = ask(c, "GET", "/api/v1/provisioning/certs/root")
    want(blocks(text) == blocks(read(os.path.join(c.folder, "certs/trusted-ca.pem"))), "the list in its order")
    status, text, _ = ask(c, "GET", "/api/provisioning/controller/zone/unifiedcommunicationstraversal")
    zone = json.loads(text)[0]
    want(zone["Status"] == "Active" and zone["PeerAddress"] == [E], f"the zone: {zone}")
    want(ask(e, "GET", "/api/provisioning/controller/zone/unifiedcommunicationstraversal")[0] == 404, "E has none of C's")
    want("SIPTLSVerifySubjectName" in ask(e, "GET", "/api/provisioning/edge/zone/unifiedcommunicationstraversal")[1], "E's")
    status, text, kind = ask(c, "GET", "/status.xml")
    want(kind == "text/xml" and "<Status item=\"1\">Active</Status>" in text, f"xStatus: {text[:500]}")
    status, text, _ = ask(pub, "GET", "/platformcom/api/v1/certmgr/config/snapshot/server")
    want(json.loads(text)["server"] == PUB and len(json.loads(text)["identities"]) >= 2, f"the snapshot: {text[:300]}")


def uploads(c):
    root = read(os.path.join(c.folder, "certs/server.pem"))  # a leaf: it vouches for nobody
    status, text, _ = upload(c, "/api/provisioning/certs/root", root)
    want(status == 200 and json.loads(text)["Message"] == "Root Certificate updated.", f"{status} {text}")
    status, text, _ = upload(c, "/api/provisioning/certs/server", "no certificate")
    want(status == 400 and "is not a valid X.509 PEM certificate file." in text, f"{status} {text}")
    body = json.dumps({"KeyLength": 2048, "DigestAlgorithm": "SHA-256", "Organization": "Acme"})
    want(ask(c, "POST", "/api/provisioning/certs/generate_csr", body)[0] == 201, "a request is generated")
    want("BEGIN CERTIFICATE REQUEST" in ask(c, "GET", "/api/provisioning/certs/generate_csr")[1], "and handed out")
    want(ask(c, "POST", "/api/provisioning/certs/generate_csr", body)[0] == 409, "one at a time")
    want(ask(c, "DELETE", "/api/provisioning/certs/generate_csr")[0] == 200, "and discarded")


def ours(c):
    status, text, _ = ask(c, "GET", "/api/causeway/v1/trust?store=trusted-ca")
    want(status == 200 and json.loads(text)["entries"][0]["position"] == 1, f"{status} {text[:300]}")
    first = json.loads(text)["entries"][0]["sha256"]
    body = json.dumps({"store": "trusted-ca", "sha256": [first], "try": True})
    status, text, _ = ask(c, "POST", "/api/causeway/v1/trust/remove", body)
    want(status == 200 and "ends" in json.loads(text), f"what would be: {status} {text[:300]}")
    want(ask(c, "GET", "/api/causeway/v1/trust/remove")[0] == 405, "nothing is changed by GET")
    status, text, kind = ask(c, "GET", "/metrics")
    want(kind.startswith("application/openmetrics-text") and text.endswith("# EOF\n"), f"{kind} {text[-100:]}")
    want('link="traversal e1.acme.test"} 0' in text, f"the zone passes:\n{text}")


def people(lab, c, e):
    """Somebody signs in: seen by name on Expressway-C, counted on Expressway-E, without password and cookie."""
    want(json.loads(ask(c, "GET", "/api/causeway/v1/sessions")[1])["sessions"] == [], "nobody is signed in yet")
    secret = "a-password-4711"
    words = [PROGRAM, "sign-in", "alice@acme.test", "--edge", E, "--host", f"{E}={e.address}", "-d", lab.deployment, "--endpoint",
             "laptop", "--password-file", "/dev/stdin"]
    done = subprocess.run(words, input=secret + "\n", capture_output=True, check=False, env=ENV, text=True)
    want(done.returncode == 0, f"sign-in: {done.returncode} {done.stdout}{done.stderr}")
    text = ask(c, "GET", "/api/causeway/v1/sessions")[1]
    told = json.loads(text)
    row = told["sessions"][0]
    want(told["count"] == len(told["sessions"]) == 1, text)
    want((row["user"], row["agent"], row["address"], row["edge"]) == ("alice", "causeway sign-in", "127.0.0.1", E), text)
    want(row["since"] < row["until"], text)
    want(json.loads(ask(c, "GET", "/api/causeway/v1/uc")[1])["counts"]["sessions"] == 1, "it is counted")
    want(ask(e, "GET", "/api/causeway/v1/sessions")[0] == 404, "Expressway-E has none of them")
    deadline, metrics = time.monotonic() + 60, ""
    while 'causeway_edge_sign_ins_total{deployment="e1.acme.test",result="good"} 1\n' not in metrics:
        want(time.monotonic() < deadline, f"its workers' counts are not told:\n{metrics}")
        metrics = ask(e, "GET", "/metrics")[1]
    want('causeway_edge_requests_total{deployment="e1.acme.test",status="200"} ' in metrics, metrics)
    want('causeway_edge_sessions{deployment="c1.acme.test"} 1\n' in ask(c, "GET", "/metrics")[1], "and on Expressway-C")
    traffic = json.loads(ask(e, "GET", "/api/causeway/v1/uc")[1])["traffic"]
    want(traffic["sign_ins"] == 1 and traffic["statuses"]["401"] == 1, f"one challenge, one sign-in: {traffic}")
    for answer in (text, metrics, json.dumps(traffic)):
        want(secret not in answer and "X-Auth" not in answer, answer)


def nobody(c):
    status = ask(c, "POST", "/api/causeway/v1/restart", "{}", X_CSRF_Header=None)
    want(status[0] == 403, f"a change without its header: {status}")
    want(ask(c, "POST", "/api/causeway/v1/restart", "{", kind="application/json")[0] == 400, "no JSON")
    want(ask(c, "GET", "/api/causeway/v1/secrets")[0] == 404, "no such operation")
    for path in ("/metrics", "/status.xml", "/api/causeway/v1/overview", "/api/provisioning/certs/root", "/api/x"):
        want(ask(c, "GET", path, Authorization=None)[0] == 401, f"{path} without a password")
        want(ask(c, "GET", path, Authorization="Basic YWRtaW46eA==")[0] in (401, 429), f"{path} with a wrong one")


def collect(lab, c, e):
    """As one fetches boxes: over TLS with the boxes' own certificates, judged by the lab's CAs."""
    out, password = os.path.join(FOLDER, "site"), os.path.join(FOLDER, "password.txt")
    with open(password, "w", encoding="utf-8") as file:
        file.write(PASSWORD + "\n")
    words = [PROGRAM, "collect", "-o", out, "--expressway-user", "admin", "--expressway-password-file", password]
    for name, node in ((C, c), (E, e)):
        words += ["--expressway", f"{name}:{node.port}", "--host", f"{name}={node.address}"]
        words += ["--ca", os.path.join(lab.deployment, name.split(".", maxsplit=1)[0], "ca.pem")]
    done = subprocess.run(words, capture_output=True, check=False, env=ENV, text=True)
    want("status.xml:" not in done.stdout, f"two answers differ: {done.stdout[-1500:]}")
    want(done.returncode in (0, 1), f"collect: {done.returncode} {done.stdout} {done.stderr}")
    found = [os.path.join(where, name) for where, _, names in os.walk(out) for name in names]
    for node in (c, e):
        wanted = blocks(read(os.path.join(node.folder, "certs/server.pem")))[0]
        want(any(wanted in blocks(read(path)) for path in found if path.endswith((".pem", ".crt"))),
             f"what is collected has the certificate of {node.folder}: {found}")
    yaml = read(os.path.join(out, "deployment.yaml"))
    want(E in yaml and C in yaml and "X14" in yaml, f"the deployment:\n{yaml}")


def with_password(lab, name):
    """The node, with its first password set. A machine with too much to do may not check one in time: then again."""
    for left in range(5, -1, -1):
        try:
            return lab.node(name)[0]
        except AssertionError as error:
            if not left or ": 503 " not in str(error):
                raise
    return None


def main():
    with Lab() as lab:
        c, e, pub = [with_password(lab, name) for name in (C, E, PUB)]
        for name, part in (("boxes", lambda: boxes(c, e, pub)), ("uploads", lambda: uploads(c)), ("ours", lambda: ours(c)),
                           ("collect", lambda: collect(lab, c, e)), ("nobody", lambda: nobody(c)), ("people", lambda: people(lab, c, e))):
            part()
            print(f"rest {name}: good", flush=True)


if __name__ == "__main__":
    main()
