#!/usr/bin/env python3
"""crl_test.py CAUSEWAY: automatic CRL updates of a running node, from a server of this machine that is good, hostile or silent.

What is good is laid over the node's list and told in its history; what is not changes nothing and is an alarm; whatever the
server does, the node's pages are answered meanwhile.
"""
import http.server
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from admin_test import ENV, FOLDER, PATIENCE, PROGRAM, Node, run, want  # noqa: E402


def at(name):
    return os.path.join(FOLDER, name)


def days_from_now(days):
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + days * 86400))


def make_crl(name, ca, number, since=-1, until=30):
    """A list of that CA, in DER as servers have it, good from one day to another as seen from today."""
    folder = at("crl-" + name)
    os.mkdir(folder)
    with open(f"{folder}/index", "w", encoding="utf-8"):
        pass
    with open(f"{folder}/number", "w", encoding="utf-8") as file:
        file.write(f"{number:04X}\n")
    with open(f"{folder}/cnf", "w", encoding="utf-8") as file:
        file.write(f"[ca]\ndefault_ca=x\n[x]\ndatabase={folder}/index\ncrlnumber={folder}/number\ndefault_md=sha256\n")
    run("openssl", "ca", "-config", f"{folder}/cnf", "-gencrl", "-keyfile", f"{ca}/privkey.pem", "-cert", f"{ca}/ca.pem",
        "-crl_lastupdate", days_from_now(since), "-crl_nextupdate", days_from_now(until), "-out", f"{folder}/pem")
    run("openssl", "crl", "-in", f"{folder}/pem", "-outform", "DER", "-out", f"{folder}/der")
    with open(f"{folder}/der", "rb") as file:
        return file.read()


class Server(http.server.ThreadingHTTPServer):
    """Paths are what it does; `asked` are those that were asked for."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.asked, self.ends = {}, [], threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server_port}/{path}"

    def handle_error(self, request, client_address):
        pass  # a node that has enough ends the connection

    def stop(self):
        self.ends.set()
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):  # its name is the module's: pylint: disable=invalid-name
        path = self.path[1:]
        self.server.asked.append(path)
        if path == "round":
            self.send_response(302)
            self.send_header("Location", self.path)
            self.end_headers()
        elif path == "file":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
        elif path == "endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"\0" * 65536)
            except OSError:
                pass
        elif path == "silent":
            self.server.ends.wait(PATIENCE)
        elif path in self.server.files:
            self.send_response(200)
            self.send_header("Content-Length", str(len(self.server.files[path])))
            self.end_headers()
            self.wfile.write(self.server.files[path])
        else:
            self.send_error(404)

    def log_message(self, *_):  # nothing is said: pylint: disable=arguments-differ
        pass


class Story:
    def __init__(self):
        self.server = Server()
        self.node = Node("crl")
        self.path = os.path.join(self.node.folder, "certs", "crl.pem")

    def ca(self, name):
        return os.path.join(self.node.deployment, "ca", name)

    def set(self, *paths):
        """These addresses, as a person writes them; the node reads its file anew."""
        file = os.path.join(self.node.folder, "node.yaml")
        with open(file, encoding="utf-8") as old:
            lines = [line for line in old if not line.startswith("crl-updates:")]
        urls = ", ".join(f"'{self.server.url(path)}'" if "://" not in path else f"'{path}'" for path in paths)
        with open(file + ".new", "w", encoding="utf-8") as new:
            new.write("".join(lines) + f"crl-updates: {{enabled: on, daily: '03:30', urls: [{urls}]}}\n")
        os.rename(file + ".new", file)
        if self.node.process:
            self.node.process.send_signal(signal.SIGHUP)

    def told(self, path, word):
        url = self.server.url(path) if "://" not in path else path
        return self.node.wait(f"crl-updates: {url}: {word}")

    def count(self):
        """CRLs in the node's file."""
        if not os.path.exists(self.path):
            return 0
        with open(self.path, encoding="utf-8") as file:
            return file.read().count("BEGIN X509 CRL")

    def wait_for(self, truth, text):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if truth():
                return
            time.sleep(0.05)
        raise AssertionError(text)

    def alarms(self):
        done = subprocess.run([PROGRAM, "node", "status", self.node.folder, "-f", "json"], capture_output=True, check=False,
                              env=ENV, text=True)
        return " ".join(alarm["text"] for alarm in json.loads(done.stdout)["alarms"])


def part_good(story):
    """At its beginning a node gets what its setting names; a newer list takes the older one's place, an older one does not."""
    older, first, second = (make_crl(name, story.ca("public-issuing"), 5 + since, since)
                            for name, since in (("older", -4), ("first", -3), ("second", -2)))
    root = make_crl("root", story.ca("public-root"), 1)
    story.server.files.update({"issuing": first, "root": root})
    story.set("issuing", "root")
    with story.node as node:
        story.told("root", "stored")
        story.wait_for(lambda: story.count() == 2, "two lists")
        history = run(PROGRAM, "node", "history", node.folder, "-f", "json")[0]
        want("crl-update" in history and "crl-updates" in history, "nothing of it in the history")
        want(story.server.asked == ["issuing", "root"], f"asked: {story.server.asked}")
        with open(os.path.join(node.folder, "node.yaml"), encoding="utf-8") as file:
            want("certs/crl.pem" in file.read(), "node.yaml does not name the file")
        story.server.files["issuing"] = second
        story.set("root", "issuing")
        story.told("root", "kept")
        story.told("issuing", "stored")
        want(story.count() == 2, f"{story.count()} lists")
        story.server.files["issuing"] = older
        story.set("issuing")
        story.told("issuing", "kept")
        want(story.count() == 2, f"{story.count()} lists after an older one")
        hostile(story)


def hostile(story):
    """Nothing of these changes a list; each has its reason, and one that is good beside them is taken."""
    with open(story.path, "rb") as file:
        before = file.read()
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
        "/CN=Stranger", "-keyout", at("privkey.pem"), "-out", at("ca.pem"))
    story.server.files.update({
        "stranger": make_crl("stranger", FOLDER, 9), "expired": make_crl("expired", story.ca("public-issuing"), 9, -30, -1),
        "garbage": b"\x30\x84\xff\xff\xff\xff" + b"\0" * 5000, "page": b"<html>" * 1000, "empty": b"",
        "large": b"\0" * (2 * 1024 * 1024)})
    rows = (("stranger", "refused: no CA"), ("expired", "refused: "), ("garbage", "refused"), ("page", "refused"),
            ("empty", "refused"), ("large", "failed"), ("round", "failed"), ("file", "failed"), ("endless", "failed"),
            ("nowhere", "failed"), ("https://127.0.0.1:1/x", "failed"), ("http://127.0.0.1:1/x", "failed"), ("root", "kept"))
    story.set(*(path for path, _ in rows))
    for path, word in rows:
        story.told(path, word)
    with open(story.path, "rb") as file:
        want(file.read() == before, "something hostile is in the list")
    story.wait_for(lambda: "Automatic CRL updates" in story.alarms(), "no alarm")
    want("no CA of this deployment signed it" in story.alarms(), story.alarms())
    cookie = story.node.first()
    story.set("silent")
    story.wait_for(lambda: "silent" in story.server.asked, "the server that says nothing was not asked")
    for _ in range(3):  # while one server holds the download
        want(story.node.ask("GET", "/crlupdater", Cookie=cookie).status == 200, "no page meanwhile")
    story.server.ends.set()
    story.told("silent", "")


def main():
    story = None
    try:
        story = Story()
        part_good(story)
        print("good")
        return 0
    finally:
        if story:
            story.server.stop()
        shutil.rmtree(FOLDER, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
