"""A desk that runs for a test, and a browser's requests to it without a browser."""
import html
import http.client
import os
import re
import shutil
import subprocess
import tempfile
import uuid


class Desk:
    def __init__(self, causeway, *options, listen="127.0.0.1:0"):
        self.process = subprocess.Popen([causeway, "desk", "--listen", listen, *options], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.said = self.process.stdout.readline()
        self.url = self.said.split()[0]
        self.host = self.url.split("/")[2]
        self.scheme = self.url.split(":", 1)[0]

    def close(self):
        self.process.terminate()
        _, err = self.process.communicate(timeout=30)
        return err


class Visitor:
    """Keeps its cookie, and the token of the page that it saw last."""

    def __init__(self, desk):
        self.desk, self.cookie, self.token = desk, None, ""
        self.get("/")

    tls, source = None, None  # the context of one over TLS; from which address it comes

    def connect(self):
        source = (self.source, 0) if self.source else None
        if self.tls:
            return http.client.HTTPSConnection(self.desk.host, timeout=120, source_address=source, context=self.tls)
        return http.client.HTTPConnection(self.desk.host, timeout=120, source_address=source)

    def ask(self, method, path, body=None, **fields):
        connection = self.connect()
        send = {"Origin": f"{self.desk.scheme}://{self.desk.host}"} if method != "GET" else {}
        if self.cookie:
            send["Cookie"] = self.cookie
        send.update({name.replace("_", "-"): value for name, value in fields.items() if value is not None})
        for name, value in fields.items():
            if value is None:
                send.pop(name.replace("_", "-"), None)
        connection.request(method, path, body, send)
        answer = connection.getresponse()
        text = answer.read()
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        found = re.search(rb'name="csrf" content="([0-9a-f]{64})"', text)
        if found:
            self.token = found.group(1).decode()
        connection.close()
        return answer, text

    def follow(self, answer, text):
        while answer.status == 303:
            answer, text = self.ask("GET", answer.getheader("Location"))
        return answer, text

    def get(self, path):
        return self.follow(*self.ask("GET", path))

    def put(self, name, content):
        return self.ask("PUT", "/drop/" + name, content, X_CSRF_Token=self.token,
                        Content_Type="application/octet-stream")

    def post(self, path, *parts):
        """A form with files: (name, content) is a field, (name, content, True) a file."""
        boundary = uuid.uuid4().hex
        body = b""
        for name, content, *file in [("csrf", self.token), *parts]:
            content = content if isinstance(content, bytes) else content.encode()
            more = '; filename="f"\r\nContent-Type: application/octet-stream' if file else ""
            body += (f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n').encode()
            body += content + b"\r\n"
        return self.follow(*self.ask("POST", path, body + f"--{boundary}--\r\n".encode(),
                                     Content_Type="multipart/form-data; boundary=" + boundary))

    def press(self, path):
        return self.follow(*self.ask("POST", path, "csrf=" + self.token,
                                     Content_Type="application/x-www-form-urlencoded"))

    @staticmethod
    def shown(text):
        return html.unescape(re.sub(r"<[^>]*>", " ", text.decode()))


class Made:
    """A lab with a fault and what its boxes would hand out."""

    def __init__(self, causeway, *options):
        self.folder = tempfile.mkdtemp()
        self.lab = os.path.join(self.folder, "lab")
        subprocess.run([causeway, "lab", "new", self.lab, "--key", "ec", *options], check=True,
                       stdout=subprocess.DEVNULL)
        self.files = []
        for form in ("bundle", "certmgr"):
            to = os.path.join(self.folder, form)
            subprocess.run([causeway, "lab", "export", self.lab, "--as", form, "-o", to], check=True,
                           stdout=subprocess.DEVNULL)
            self.files += [os.path.join(to, name) for name in sorted(os.listdir(to))]

    def close(self):
        shutil.rmtree(self.folder)
