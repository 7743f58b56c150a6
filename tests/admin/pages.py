"""The nodes' pages, rendered into files by admin_render and served as a node serves them: with its policy, from "/"."""

import functools
import http.server
import os
import subprocess
import tempfile
import threading

ANSWERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "answers.json")
AT = "2026-11-20T12:00:00Z"
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
          "form-action 'self'; frame-ancestors 'none'; base-uri 'none'")


class Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def do_GET(self):
        if self.path == "/live" and self.server.change:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self.server.change.wait(60)
            self.wfile.write(b"event: changed\ndata: zones\n\n")
        elif self.path in ("/favicon.ico", "/live"):
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *words):
        pass


class Served:
    """Every case of answers.json at an address of this machine, until closed."""

    def __init__(self, render, causeway):
        self.folder = tempfile.TemporaryDirectory(prefix="causeway-pages-")
        with tempfile.TemporaryDirectory(prefix="causeway-pages-") as lab:
            subprocess.run([causeway, "lab", "new", lab + "/acme", "--key", "ec", "--at", AT], check=True,
                           stdout=subprocess.DEVNULL)
            subprocess.run([render, ANSWERS, self.folder.name, lab + "/acme"], check=True)
        self.names = sorted(name[:-5] for name in os.listdir(self.folder.name) if name.endswith(".html"))
        self.server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Handler, directory=self.folder.name))
        self.server.change = None  # an event: then "/live" tells of a change when it is set
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def address(self, name):
        return "http://127.0.0.1:%d/%s.html" % (self.server.server_address[1], name)

    def text(self, name):
        with open(os.path.join(self.folder.name, name + ".html"), encoding="utf-8") as file:
            return file.read()

    def write(self, name, text):
        with open(os.path.join(self.folder.name, name + ".html"), "w", encoding="utf-8") as file:
            file.write(text)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.folder.cleanup()
