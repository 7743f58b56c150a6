"""TLS sessions between openssl and gnutls programs on loopback, one after the other in several threads."""
import concurrent.futures
import os
import socket
import subprocess
import time

QUIET = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def run(*command, **more):
    return subprocess.run(command, stdin=subprocess.DEVNULL, **{**QUIET, **more})


class Pki:
    def __init__(self, folder):
        self.folder = folder
        for kind in ("rsa", "ec"):
            self.key(kind)
        self.cert("root", "rsa", None, ca=True)
        self.cert("middle", "rsa", "root", ca=True)
        self.cert("stranger", "ec", None, ca=True)
        self.cert("rsa-leaf", "rsa", "middle")
        self.cert("ec-leaf", "ec", "middle")
        self.cert("client", "ec", "middle")
        # Chains up to 64 kB: a leaf with thousands of names.
        self.cert("big-leaf", "ec", "middle", sans=[f"DNS:host-{i}.a-rather-long-name.acme.test" for i in range(1350)])
        self.bundle("chain", "middle", "root")

    def path(self, name):
        return os.path.join(self.folder, name)

    def key(self, kind):
        options = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"] if kind == "rsa" else \
            ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        subprocess.run(["openssl", "genpkey", *options, "-out", self.path(kind + ".key")], check=True, **QUIET)

    def cert(self, name, key, issuer, ca=False, sans=()):
        config = self.path(name + ".cnf")
        with open(config, "w") as out:
            out.write("[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nO=Acme\nCN=%s\n[ext]\nbasicConstraints=%s\n" %
                      (name, "critical,CA:TRUE" if ca else "CA:FALSE"))
            if sans:
                out.write("subjectAltName=" + ",".join(sans) + "\n")
        common = ["-config", config, "-key", self.path(key + ".key")]
        if issuer is None:
            command = ["openssl", "req", "-x509", "-new", "-days", "3650", *common, "-extensions", "ext"]
        else:
            subprocess.run(["openssl", "req", "-new", *common, "-out", self.path("csr")], check=True, **QUIET)
            # Every issuer here is an RSA one.
            command = ["openssl", "x509", "-req", "-in", self.path("csr"), "-CA", self.path(issuer + ".pem"), "-CAkey",
                       self.path("rsa.key"), "-days", "3650", "-extfile", config, "-extensions", "ext"]
        subprocess.run([*command, "-out", self.path(name + ".pem")], check=True, **QUIET)

    def bundle(self, name, *parts):
        with open(self.path(name + ".pem"), "wb") as out:
            for part in parts:
                out.write(open(self.path(part + ".pem"), "rb").read())


def free_port(host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as one:
        one.bind((host, 0))
        return one.getsockname()[1]


def listening(port):
    """By the kernel's own list: a connection to try it out would be in the capture."""
    wanted = ":%04X" % port
    for name in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in open(name).readlines()[1:]:
            fields = line.split()
            if fields[1].endswith(wanted) and fields[3] == "0A":
                return True
    return False


def wait_for(port):
    for _ in range(400):
        if listening(port):
            return
        time.sleep(0.025)


def one_session(pki, number, spec):
    host = spec.get("host", "127.0.0.1")
    port = free_port(host)
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    leaf = spec.get("leaf", "rsa-leaf")
    key = "rsa.key" if leaf == "rsa-leaf" else "ec.key"
    version = spec.get("version", "-tls1_2")
    client_ca = "stranger" if spec.get("server_refuses") else "root"
    log = pki.path(f"keys-{number}.log")
    if spec.get("server") == "gnutls":
        priority = "NORMAL:-VERS-ALL:+VERS-TLS1.3" if version == "-tls1_3" else "NORMAL:-VERS-ALL:+VERS-TLS1.2"
        pki.bundle(f"gnutls-{number}", leaf, "middle", "root")
        server = ["gnutls-serv", "-q", "-p", str(port), "--echo", "--x509certfile", pki.path(f"gnutls-{number}.pem"),
                  "--x509keyfile", pki.path(key), "--priority", priority]
        server += ["--x509cafile", pki.path("root.pem"), "-a"] if spec.get("mutual") else ["-a"]
    else:
        server = ["openssl", "s_server", "-accept", address, "-naccept", "1", "-cert", pki.path(leaf + ".pem"), "-key",
                  pki.path(key), "-cert_chain", pki.path("chain.pem"), version, "-cipher", "ALL:@SECLEVEL=0", "-rev"]
        if spec.get("mutual"):
            server += ["-Verify", "5", "-verify_return_error", "-CAfile", pki.path(client_ca + ".pem")]
    process = subprocess.Popen(server, stdin=subprocess.DEVNULL, **QUIET)
    try:
        wait_for(port)
        if spec.get("client") == "gnutls":
            client = ["gnutls-cli", "-p", str(port), host, "--no-ca-verification"]
            if spec.get("mutual"):
                client += ["--x509certfile", pki.path("client.pem"), "--x509keyfile", pki.path("ec.key")]
            run(*client, timeout=20, env={**os.environ, "SSLKEYLOGFILE": log})
        else:
            ca = "stranger" if spec.get("client_refuses") else "root"
            client = ["openssl", "s_client", "-connect", address, version, "-cipher", "ALL:@SECLEVEL=0", "-keylogfile",
                      log, "-verify_return_error", "-CAfile", pki.path(ca + ".pem"), "-servername", "e1.acme.test"]
            if spec.get("mutual"):
                client += ["-cert", pki.path("client.pem"), "-key", pki.path("ec.key"), "-cert_chain",
                           pki.path("chain.pem")]
            subprocess.run(client, input=b"hello\nQ\n", timeout=20, **QUIET)
        if spec.get("server") != "gnutls":
            process.wait(5)
    except subprocess.TimeoutExpired:
        pass
    finally:
        process.kill()
        process.wait()
    return log


def all_specs():
    specs = []
    for version in ("-tls1", "-tls1_1", "-tls1_2", "-tls1_3"):
        for leaf in ("rsa-leaf", "ec-leaf"):
            specs.append(dict(version=version, leaf=leaf))
            specs.append(dict(version=version, leaf=leaf, mutual=True, host="::1"))
        specs.append(dict(version=version, leaf="big-leaf", mutual=True))
        specs.append(dict(version=version, client_refuses=True))
        specs.append(dict(version=version, mutual=True, server_refuses=True))
    for version in ("-tls1_2", "-tls1_3"):
        specs.append(dict(version=version, server="gnutls"))
        specs.append(dict(version=version, client="gnutls", mutual=True))
    return specs


def run_all(pki, specs):
    """Returns the key logs of all sessions, as one text."""
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        logs = list(pool.map(lambda item: one_session(pki, *item), enumerate(specs)))
    return "".join(open(log).read() for log in logs if os.path.exists(log))
