"""sip_client.py: a client that registers over TLS, for sip_test.py: as much of SIP as that takes, and bytes as they are."""
import hashlib
import re
import secrets
import socket
import ssl


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


class Client:
    """One connection to Expressway-E, and the device that is registered over it."""

    def __init__(self, address, patience, device="CSFALICE", user="alice", password="secret", port=5061):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection((address, port), patience)
        self.tls = context.wrap_socket(plain)
        self.tls.settimeout(patience)
        self.device, self.user, self.password = device, user, password
        self.tag, self.call, self.sequence = secrets.token_hex(8), secrets.token_hex(8), 0
        self.buffer = b""
        self.nonce = None

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.tls.close()

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
        while b"\r\n\r\n" not in self.buffer:
            self.more()
        head = self.buffer[:self.buffer.index(b"\r\n\r\n") + 4]
        length = int((re.search(rb"^(?:Content-Length|l)\s*:\s*(\d+)", head, re.M | re.I) or [0, 0])[1])
        return Message(self.exactly(len(head) + length))

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
