"""sip_client.py: a client that registers over TLS, and a registrar, for sip_test.py: as much of SIP as that takes, and bytes as they are."""
import hashlib
import queue
import re
import secrets
import socket
import ssl
import threading


class Message:
    def __init__(self, text):
        head, _, self.body = text.partition(b"\r\n\r\n")
        lines = head.decode("utf-8", "replace").split("\r\n")
        self.line = lines[0]
        words = self.line.split(" ")
        self.status = int(words[1]) if words[0] == "SIP/2.0" else 0
        self.fields = []
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.fields.append((name.strip().lower(), value.strip()))

    def __repr__(self):
        return f"{self.line} {self.fields}"

    def all(self, name):
        return [value for field, value in self.fields if field == name]

    def one(self, name):
        return next(iter(self.all(name)), "")


class Stream:
    """A TLS connection that SIP is spoken on."""

    def __init__(self, tls):
        self.tls, self.buffer = tls, b""

    def send(self, text):
        self.tls.sendall(text if isinstance(text, bytes) else text.encode())

    def more(self):
        part = self.tls.recv(65536)
        if not part:
            raise EOFError
        self.buffer += part

    def exactly(self, count):
        while len(self.buffer) < count:
            self.more()
        text, self.buffer = self.buffer[:count], self.buffer[count:]
        return text

    def read(self):
        """The next message; EOFError: the connection ended."""
        while b"\r\n\r\n" not in self.buffer.lstrip(b"\r\n"):
            self.more()
        self.buffer = self.buffer.lstrip(b"\r\n")
        head = self.buffer[:self.buffer.index(b"\r\n\r\n") + 4]
        length = int((re.search(rb"^(?:Content-Length|l)\s*:\s*(\d+)", head, re.M | re.I) or [0, 0])[1])
        return Message(self.exactly(len(head) + length))

    def answer(self, request, status, more=""):
        fields = "".join(f"{name}: {value}\r\n" for name, value in request.fields if name in ("via", "from", "call-id", "cseq"))
        to = request.one("to")
        if ";tag=" not in to:
            to += ";tag=t"
        self.send(f"SIP/2.0 {status} Said\r\n{fields}To: {to}\r\n{more}Content-Length: 0\r\n\r\n")


class Registrar:
    """Registers whoever asks, and can ask back: `came` has (stream, REGISTER) of each that has a Path. Without a
    certificate: in the clear."""

    def __init__(self, address, certificate, patience):
        self.address, self.context = address, None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self.listener = socket.create_server((address, 5061 if certificate else 5060))
        self.patience, self.came, self.answers = patience, queue.Queue(), queue.Queue()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                plain = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.serve, args=(plain,), daemon=True).start()

    def serve(self, plain):
        try:
            stream = Stream(self.context.wrap_socket(plain, server_side=True) if self.context else plain)
            while True:
                message = stream.read()
                if message.status:
                    self.answers.put(message)
                    continue
                contact = message.one("contact")
                stream.answer(message, 200, f"Contact: {contact};expires=120\r\n" if contact else "")
                if message.all("path"):
                    self.came.put((stream, message))
        except (EOFError, OSError):
            plain.close()

    def ask(self, stream, routes):
        """OPTIONS outward, and its answer."""
        ways = "".join(f"Route: {route}\r\n" for route in routes)
        token = secrets.token_hex(8)
        stream.send(f"OPTIONS sip:CSFALICE@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TLS pub.acme.test;branch=z9hG4bK{token}\r\nMax-Forwards: 70\r\n"
                    f"{ways}From: <sip:pub.acme.test>;tag=1\r\nTo: <sip:CSFALICE@pub.acme.test>\r\nCall-ID: {token}\r\nCSeq: 1 OPTIONS\r\n"
                    "Content-Length: 0\r\n\r\n")

    def close(self):
        self.listener.close()


class Client(Stream):
    """One connection to Expressway-E, and the device that is registered over it."""

    def __init__(self, address, patience, device="CSFALICE", user="alice", password="secret", port=5061):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection((address, port), patience)
        super().__init__(context.wrap_socket(plain))
        self.tls.settimeout(patience)
        self.device, self.user, self.password = device, user, password
        self.tag, self.call, self.sequence = secrets.token_hex(8), secrets.token_hex(8), 0

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.tls.close()

    def request(self, method, uri="sip:pub.acme.test", more="", body=""):
        self.sequence += 1
        contact = (f"<sip:{self.device}@127.0.0.1;transport=tls>;+sip.instance=\"<urn:uuid:00000000-0000-4000-8000-{self.call[:12]}>\""
                   f";+u.sip!devicename.ccm.cisco.com=\"{self.device}\";reg-id=1")
        self.send(f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/TLS client.invalid;branch=z9hG4bK{self.call}{self.sequence};rport\r\n"
                  f"Max-Forwards: 70\r\nFrom: <sip:{self.device}@pub.acme.test>;tag={self.tag}\r\nTo: <sip:{self.device}@pub.acme.test>\r\n"
                  f"Call-ID: {self.call}\r\nCSeq: {self.sequence} {method}\r\nContact: {contact}\r\nSupported: path, outbound\r\n{more}"
                  f"Content-Length: {len(body)}\r\n\r\n{body}")

    def credentials(self, answer, password):
        challenge = dict(re.findall(r'(\w+)="([^"]*)"', answer.one("www-authenticate")))
        def md5(text):
            return hashlib.md5(text.encode()).hexdigest()
        first = md5(f"{self.user}:{challenge['realm']}:{password}")
        second = md5("REGISTER:sip:pub.acme.test")
        response = md5(f"{first}:{challenge['nonce']}:00000001:abc:auth:{second}")
        return (f"Authorization: Digest username=\"{self.user}\", realm=\"{challenge['realm']}\", nonce=\"{challenge['nonce']}\", "
                f"uri=\"sip:pub.acme.test\", response=\"{response}\", cnonce=\"abc\", nc=00000001, qop=auth, algorithm=MD5\r\n")

    def register(self, expires=120, password=None, more=""):
        """REGISTER, its challenge, and the last answer."""
        self.request("REGISTER", more=f"Expires: {expires}\r\n" + more)
        answer = self.read()
        if answer.status != 401:
            return answer
        self.request("REGISTER", more=self.credentials(answer, password or self.password) + f"Expires: {expires}\r\n" + more)
        return self.read()
