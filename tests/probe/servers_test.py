#!/usr/bin/env python3
"""servers_test.py CAUSEWAY: `causeway probe` against real servers, and against what is no server at all."""
import json
import os
import random
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

CAUSEWAY = os.path.abspath(sys.argv.pop(1))
FOLDER = tempfile.mkdtemp()
LAB = os.path.join(FOLDER, "lab")
# An address of the loopback network that nobody else is likely to have: services of a deployment have fixed ports.
OWN = f"127.{random.randrange(100, 250)}.{random.randrange(1, 250)}.{random.randrange(1, 250)}"
NODES = ("c1", "e1", "pub", "sub1")


def run(*words, want=None):
    done = subprocess.run((CAUSEWAY,) + words, capture_output=True, text=True, timeout=60)
    if want is not None and done.returncode != want:
        raise AssertionError(f"{words}: {done.returncode}, wanted {want}\n{done.stdout}{done.stderr}")
    return done


def probe(*words, want=None):
    return json.loads(run("probe", *words, "-f", "json", want=want).stdout)["servers"]


def lab(name):
    return os.path.join(LAB, name)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Started(unittest.TestCase):
    def start(self, words, port, host="127.0.0.1"):
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.stop, process)
        end = time.monotonic() + 20
        while time.monotonic() < end and process.poll() is None:
            with socket.socket() as one:
                if one.connect_ex((host, port)) == 0:
                    return process
            time.sleep(0.02)
        self.fail(f"{words[0]} does not listen")

    @staticmethod
    def stop(process):
        process.kill()
        process.wait()
        process.stdin.close()

    def openssl(self, *more, identity="e1/server.pem", key="e1/privkey.pem", host="127.0.0.1", port=None):
        port = port or free_port()
        self.start(["openssl", "s_server", "-accept", f"{host}:{port}", "-cert", lab(identity), "-key", lab(key),
                    "-quiet", *more], port, host)
        return port

    def played(self, talk):
        """A server of our own: talk(socket) for each connection."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def serve():
            while True:
                try:
                    one, _ = listener.accept()
                except OSError:
                    return
                try:
                    talk(one)
                except OSError:
                    pass
                one.close()
        threading.Thread(target=serve, daemon=True).start()
        return listener.getsockname()[1]


def over_tls(one, talk):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(lab("e1/server.pem"), lab("e1/privkey.pem"))
    with context.wrap_socket(one, server_side=True) as secured:
        talk(secured)


class Servers(Started):
    def test_openssl_that_wants_a_certificate_with_tls_1_3(self):
        port = self.openssl("-CAfile", lab("c1/ca.pem"), "-Verify", "3")
        server, = probe(f"127.0.0.1:{port}", "--as", "traversal", "--sni", "e1.acme.test", "--trust",
                        lab("c1/ca.pem"), want=0)
        self.assertEqual(server["version"], "TLSv1.3")
        self.assertEqual(server["versions"], ["TLSv1.2", "TLSv1.3"])
        self.assertTrue(server["asks_client_certificate"])
        self.assertTrue(any("CN=" in name for name in server["ca_names"]))
        self.assertEqual(server["alert"], "certificate_required")
        self.assertEqual(server["verdict"], "pass")
        self.assertIn("CN=e1.acme.test", server["chain"][0]["subject"])
        self.assertEqual(server["file"], "none")
        self.assertEqual(server["from"], "127.0.0.1")

    def test_openssl_that_wants_a_certificate_with_tls_1_2(self):
        port = self.openssl("-CAfile", lab("c1/ca.pem"), "-Verify", "3", "-tls1_2")
        server, = probe(f"127.0.0.1:{port}")
        self.assertEqual(server["versions"], ["TLSv1.2"])
        self.assertEqual(server["alert"], "handshake_failure")
        self.assertTrue(server["asks_client_certificate"])
        self.assertTrue(server["chain"])

    def test_openssl_that_asks_and_goes_on_without(self):
        port = self.openssl("-verify", "3")
        server, = probe(f"127.0.0.1:{port}")
        self.assertTrue(server["asks_client_certificate"])
        self.assertIsNone(server["alert"])

    def test_a_name_that_is_not_in_the_certificate_is_refused(self):
        port = self.openssl()
        server, = probe(f"127.0.0.1:{port}", "--as", "tomcat", "--sni", "other.acme.test", "--trust",
                        lab("c1/ca.pem"), want=1)
        self.assertEqual([finding["code"] for finding in server["findings"]], ["peer-name-mismatch"])
        self.assertFalse(server["asks_client_certificate"])
        self.assertEqual(server["sni"], "other.acme.test")

    def test_text_names_what_matters(self):
        port = self.openssl("-CAfile", lab("c1/ca.pem"), "-Verify", "3")
        text = run("probe", f"127.0.0.1:{port}", "--as", "traversal", "--sni", "e1.acme.test", "--trust",
                   lab("e1/privkey.pem"), want=2).stderr
        self.assertIn("privkey.pem", text)
        text = run("probe", f"127.0.0.1:{port}", f"127.0.0.1:{free_port()}", "--as", "traversal", "--sni",
                   "e1.acme.test", "--trust", lab("c1/ca.pem"), want=0).stdout
        for words in (f"127.0.0.1:{port} from 127.0.0.1, TLSv1.3", "TLSv1.2 as well", "asks for a client certificate of",
                      "without one it refuses: alert certificate_required", "pass, judged as Expressway-C does",
                      "unknown: not reached from here", "2 servers: 1 pass, 0 warn, 1 unknown, 0 refused"):
            self.assertIn(words, text)

    def test_without_a_list_nothing_is_judged(self):
        port = self.openssl()
        server, = probe(f"127.0.0.1:{port}", "--as", "tomcat", want=0)
        self.assertEqual(server["verdict"], "unknown")

    def test_extracted_chains_are_what_was_sent(self):
        port = self.openssl("-cert_chain", lab("e1/ca.pem"))
        out = os.path.join(FOLDER, "extracted")
        server, = probe(f"127.0.0.1:{port}", "--extract", out)
        with open(os.path.join(out, f"127.0.0.1_{port}.pem")) as file:
            text = file.read()
        self.assertEqual(text, "".join(cert["pem"] for cert in server["chain"]))
        self.assertGreater(len(server["chain"]), 1)

    @unittest.skipUnless(shutil.which("gnutls-serv"), "gnutls-bin is absent")
    def test_gnutls(self):
        port = free_port()
        self.start(["gnutls-serv", "--port", str(port), "--x509certfile", lab("e1/server.pem"), "--x509keyfile",
                    lab("e1/privkey.pem"), "--x509cafile", lab("c1/ca.pem"), "--require-client-cert", "--quiet"], port)
        server, = probe(f"127.0.0.1:{port}", "--as", "traversal", "--sni", "e1.acme.test", "--trust",
                        lab("c1/ca.pem"))
        self.assertTrue(server["asks_client_certificate"])
        self.assertEqual(server["alert"], "certificate_required")
        self.assertEqual(server["verdict"], "pass")

    @unittest.skipUnless(shutil.which("nginx"), "nginx is absent")
    def test_nginx(self):
        port = free_port()
        path = os.path.join(FOLDER, "nginx.conf")
        with open(path, "w") as file:
            file.write(f"""daemon off; user root; pid {FOLDER}/nginx.pid; error_log stderr crit;
events {{ worker_connections 64; }}
http {{ access_log off; server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {lab('e1/server.pem')};
ssl_certificate_key {lab('e1/privkey.pem')}; ssl_client_certificate {lab('c1/ca.pem')}; ssl_verify_client optional;
ssl_protocols TLSv1.2 TLSv1.3; }} }}
""")
        self.start(["nginx", "-e", "stderr", "-p", FOLDER, "-c", path], port)
        server, = probe(f"127.0.0.1:{port}")
        self.assertTrue(server["asks_client_certificate"])
        self.assertIsNone(server["alert"])
        self.assertEqual(server["versions"], ["TLSv1.2", "TLSv1.3"])

    def test_many_at_once_in_their_order(self):
        ports = [self.openssl() for _ in range(5)] + [free_port()]
        servers = probe(*(f"127.0.0.1:{port}" for port in ports))
        self.assertEqual([server["port"] for server in servers], ports)
        self.assertEqual([bool(server["chain"]) for server in servers], [True] * 5 + [False])


    def test_seen_from_elsewhere(self):
        port = self.openssl()
        path = os.path.join(FOLDER, "inside.json")
        run("probe", f"127.0.0.1:{port}", "-f", "json", "-o", path)
        same, = probe(f"127.0.0.1:{port}", "--beside", path)
        self.assertEqual(same["remarks"], ["seen from 127.0.0.1: it presents the same"])
        with open(path) as file:
            other = json.load(file)
        other["servers"][0]["from"] = "198.51.100.7"
        other["servers"][0]["chain"][0].update(sha256="0" * 64, subject="CN=front")
        with open(path, "w") as file:
            json.dump(other, file)
        text = run("probe", f"127.0.0.1:{port}", "--beside", path).stdout
        self.assertIn("seen from 198.51.100.7: it presents another certificate, CN=front", text)
        with open(path, "w") as file:
            file.write("[]")
        self.assertIn("wanted what", run("probe", f"127.0.0.1:{port}", "--beside", path, want=2).stderr)


class Words(Started):
    def test_xmpp_starttls(self):
        def talk(one):
            one.recv(4096)
            one.sendall(b"<stream:stream><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
                        b"</stream:features>")
            one.recv(4096)
            one.sendall(b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
            over_tls(one, lambda secured: secured.recv(1))
        server, = probe(f"127.0.0.1:{self.played(talk)}", "--starttls", "xmpp", "--sni", "acme.test")
        self.assertIn("CN=e1.acme.test", server["chain"][0]["subject"])

    def test_xmpp_without_starttls(self):
        def talk(one):
            one.recv(4096)
            one.sendall(b"<stream:stream><stream:features><mechanisms/></stream:features>")
            one.recv(4096)
        server, = probe(f"127.0.0.1:{self.played(talk)}", "--starttls", "xmpp", want=0)
        self.assertEqual(server["verdict"], "unknown")
        self.assertIn("STARTTLS", server["reason"])

    def test_sip_options_only_where_asked_for(self):
        heard = []

        def talk(one):
            def answer(secured):
                secured.settimeout(5)
                heard.append(secured.recv(4096))
                if heard[-1]:
                    secured.sendall(b"SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n")
            over_tls(one, answer)
        port = self.played(talk)
        quiet, = probe(f"127.0.0.1:{port}", "--as", "sip")
        self.assertIsNone(quiet["said"])
        self.assertEqual([text for text in heard if text], [])
        server, = probe(f"127.0.0.1:{port}", "--as", "sip", "--sip-options")
        self.assertEqual(server["said"], "SIP/2.0 200 OK")
        self.assertTrue(any(text.startswith(b"OPTIONS sip:") for text in heard))

    def test_ssh_banner_only_with_the_option_and_a_warning(self):
        heard = []

        def talk(one):
            one.sendall(b"SSH-2.0-OpenSSH_8.4\r\n")
            heard.append(one.recv(100))
        port = self.played(talk)
        done = run("probe", f"127.0.0.1:{port}", "--ssh", "-f", "json", want=0)
        self.assertEqual(json.loads(done.stdout)["servers"][0]["said"], "SSH-2.0-OpenSSH_8.4")
        self.assertIn("ban", done.stderr)
        self.assertEqual(heard, [b""])
        refused = run("probe", "127.0.0.1:2222", want=2)
        self.assertIn("--ssh", refused.stderr)


class NoServers(Started):
    def test_what_is_no_tls_is_unknown(self):
        talks = {
            "closes": lambda one: None,
            "speaks HTTP": lambda one: (one.recv(4096), one.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
            "garbage": lambda one: one.sendall(bytes(range(256)) * 40),
            "an alert": lambda one: (one.recv(4096), one.sendall(b"\x15\x03\x01\x00\x02\x02\x46")),
        }
        ports = [self.played(talk) for talk in talks.values()]
        for server in probe(*(f"127.0.0.1:{port}" for port in ports), want=0):
            self.assertEqual(server["verdict"], "unknown")
            self.assertTrue(server["reason"])
            self.assertEqual(server["chain"], [])

    def test_what_cannot_be_reached_is_unknown(self):
        server, = probe(f"127.0.0.1:{free_port()}", want=0)
        self.assertEqual(server["verdict"], "unknown")
        self.assertIn("refused", server["reason"])

    def test_words_that_are_no_servers(self):
        for words in (["host:0"], ["host:x"], ["host:70000"], [":443"], [], ["a", "--host", "x"]):
            run("probe", *words, want=2)


class Deployment(Started):
    def probed(self, port):
        hosts = [word for node in NODES for word in ("--host", f"{node}.acme.test={OWN}")]
        servers = probe("-d", LAB, *hosts)
        return next(server for server in servers if server["host"] == "e1.acme.test" and server["port"] == port)

    def test_the_page_has_predicted_rehearsed_and_presented_side_by_side(self):
        self.openssl(host=OWN, port=7001)
        rehearsed = os.path.join(FOLDER, "rehearsed.json")
        run("rehearse", LAB, "-f", "json", "-o", rehearsed)
        hosts = [word for node in NODES for word in ("--host", f"{node}.acme.test={OWN}")]
        page = run("probe", "-d", LAB, *hosts, "-f", "html", "--rehearsed", rehearsed).stdout
        row = next(row for row in page.split("<tr") if "traversal c1.acme.test e1.acme.test" in row and "presented" in row)
        self.assertIn('<td data-caption="predicted"><b class="good">pass</b>', row)
        self.assertRegex(row, '<td data-caption="rehearsed"><b class="[a-z]+">up</b>')
        self.assertIn('<td data-caption="presented"><b class="good">pass</b>', row)
        self.assertIn("the certificate of the file", row)
        self.assertIn("http-equiv=\"Content-Security-Policy\"", page)

    def test_the_page_needs_a_deployment_and_the_column_a_page(self):
        self.assertIn("wanted -d DEPLOYMENT", run("probe", "localhost", "-f", "html", want=2).stderr)
        self.assertIn("-f html", run("probe", "localhost", "--rehearsed", "x", want=2).stderr)
        other = os.path.join(FOLDER, "other.json")
        with open(other, "w") as file:
            file.write("{}")
        done = run("probe", "-d", LAB, "--host", f"e1.acme.test={OWN}", "-f", "html", "--rehearsed", other, want=2)
        self.assertIn("rehearse -f json", done.stderr)

    def test_the_files_certificate(self):
        self.openssl("-cert_chain", lab("e1/ca.pem"), "-Verify", "3", "-CAfile", lab("e1/ca.pem"), host=OWN, port=7001)
        server = self.probed(7001)
        self.assertEqual(server["file"], "same")
        self.assertEqual(server["verdict"], "pass")
        self.assertEqual(server["links"][0]["id"], "traversal c1.acme.test e1.acme.test")
        self.assertEqual(self.probed(8443)["verdict"], "unknown")

    def test_a_leaf_alone_though_the_list_has_more(self):
        self.openssl("-no-CAfile", "-no-CApath", "-no-CAstore", "-no_cache", host=OWN, port=7001)
        server = self.probed(7001)
        self.assertEqual(server["file"], "same")
        self.assertTrue(any("sends no intermediate" in remark for remark in server["remarks"]), server["remarks"])
        self.assertTrue(any("asks for no client certificate" in remark for remark in server["remarks"]))

    def test_another_boxs_certificate(self):
        self.openssl(identity="c1/server.pem", key="c1/privkey.pem", host=OWN, port=7001)
        server = self.probed(7001)
        self.assertEqual(server["file"], "other")
        self.assertTrue(any("another box's certificate: that of c1" in remark for remark in server["remarks"]))
        self.assertEqual(server["verdict"], "refused")

    def test_the_old_certificate_is_still_presented(self):
        renewed = os.path.join(FOLDER, "renewed")
        shutil.copytree(LAB, renewed)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=e1.acme.test",
                        "-days", "9", "-keyout", os.path.join(renewed, "e1/privkey.pem"), "-out",
                        os.path.join(renewed, "e1/server.pem")], check=True, capture_output=True)
        self.openssl(host=OWN, port=7001)
        hosts = [word for node in NODES for word in ("--host", f"{node}.acme.test={OWN}")]
        servers = probe("-d", renewed, *hosts)
        server = next(one for one in servers if one["host"] == "e1.acme.test" and one["port"] == 7001)
        self.assertEqual(server["file"], "older")
        self.assertIn("still presents the old certificate: e1.acme.test was not restarted", server["remarks"])

    def test_tunnels_are_never_looked_at(self):
        hosts = [word for node in NODES for word in ("--host", f"{node}.acme.test={OWN}")]
        self.assertNotIn(2222, [server["port"] for server in probe("-d", LAB, *hosts, want=0)])


if __name__ == "__main__":
    run("lab", "new", LAB, want=0)
    try:
        unittest.main()
    finally:
        shutil.rmtree(FOLDER)
