"""haproxy, nginx and Apache Traffic Server in a temporary folder, each in front of a server that records."""

import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

BODY_MAX = 1 << 20
QUIET = 0.1  # seconds after which a proxy that waits for more bytes is told that none will come
LANE = "x-lane"  # the field in which each proxy says from which port its client came


def statuses(answer):
    """Those of all answers but interim ones."""
    return [int(code) for code in re.findall(rb"HTTP/1\.[01] ([2-5]\d\d)", answer)]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Recorder:
    """Answers each request with 200 and keeps it by the port of the client that the proxy had it from."""

    def __init__(self):
        self.requests = {}
        self.busy = 0
        self.changed = threading.Condition()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with self.changed:
                self.busy += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            with connection:
                connection.settimeout(10)
                self._answer(connection, connection.makefile("rb"))
        except (OSError, ValueError):
            pass
        finally:
            with self.changed:
                self.busy -= 1
                self.changed.notify_all()

    def _answer(self, connection, stream):
        request = self._read(stream, connection)
        if request is None:
            return
        with self.changed:
            self.requests.setdefault(request["lane"], []).append(request)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        connection.shutdown(socket.SHUT_WR)
        request["surplus"] = stream.read()

    def _read(self, stream, connection):
        line = stream.readline()
        if not line:
            return None
        fields = []
        while True:
            raw = stream.readline()
            if raw in (b"\r\n", b"\n", b""):
                break
            name, _, value = raw.rstrip(b"\r\n").partition(b":")
            fields.append((name.decode("latin-1").lower(), value.strip(b" \t")))
        values = {}
        for name, value in fields:
            values.setdefault(name, value)
        words = line.rstrip(b"\r\n").split(b" ")
        request = {
            "method": words[0].decode("latin-1"),
            "target": b" ".join(words[1:-1]),
            "host": values.get("host", b""),
            "fields": fields,
            "lane": int(values.get(LANE, b"0")),
            "whole": True,
            "body": b"",
            "surplus": b"",
        }
        if values.get("expect", b"").lower() == b"100-continue":
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if b"chunked" in values.get("transfer-encoding", b"").lower():
            request["whole"] = self._read_chunks(stream, request)
        elif "content-length" in values:
            length = int(values["content-length"])
            request["body"] = stream.read(min(length, BODY_MAX))
            request["whole"] = len(request["body"]) == length
        return request

    @staticmethod
    def _read_chunks(stream, request):
        while True:
            line = stream.readline()
            if not line:
                return False
            size = int(line.split(b";")[0].strip(), 16)
            if not size:
                while stream.readline() not in (b"\r\n", b"\n", b""):
                    pass
                return True
            data = stream.read(size)
            request["body"] += data
            if len(data) < size or stream.read(2) != b"\r\n":
                return False

    def wait(self):
        """Until every connection to it is over."""
        with self.changed:
            self.changed.wait_for(lambda: not self.busy, timeout=15)

    def take(self, lane):
        return self.requests.pop(lane, [])

    def close(self):
        self.listener.close()


HAPROXY = """
global
    maxconn 2000
defaults
    mode http
    timeout connect 5s
    timeout client 4s
    timeout server 4s
    timeout http-request 4s
frontend front
    bind 127.0.0.1:{port}
    http-request set-header {lane} %[src_port]
    default_backend back
backend back
    server recorder 127.0.0.1:{backend}
"""

NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_header_timeout 4s;
    client_body_timeout 4s;
    large_client_header_buffers 4 128k;
    client_max_body_size 8m;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{backend};
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Connection "";
            proxy_set_header {lane} $remote_port;
            proxy_ignore_client_abort on;
            proxy_read_timeout 4s;
        }}
    }}
}}
"""

TRAFFICSERVER = """
CONFIG proxy.config.http.server_ports STRING {port}:ip-in=127.0.0.1
CONFIG proxy.config.url_remap.remap_required INT 1
CONFIG proxy.config.url_remap.pristine_host_hdr INT 1
CONFIG proxy.config.http.cache.http INT 0
CONFIG proxy.config.http.insert_request_via_str INT 0
CONFIG proxy.config.http.insert_squid_x_forwarded_for INT 0
CONFIG proxy.config.http.transaction_no_activity_timeout_in INT 4
CONFIG proxy.config.http.transaction_no_activity_timeout_out INT 4
CONFIG proxy.config.http.keep_alive_no_activity_timeout_in INT 4
CONFIG proxy.config.http.server_session_sharing.match STRING none
CONFIG proxy.config.http.number_of_redirections INT 0
CONFIG proxy.config.http.down_server.cache_time INT 0
CONFIG proxy.config.http.connect_attempts_max_retries INT 0
CONFIG proxy.config.admin.user_id STRING #-1
CONFIG proxy.config.crash_log_helper STRING NULL
CONFIG proxy.config.exec_thread.autoconfig INT 0
CONFIG proxy.config.exec_thread.limit INT 1
CONFIG proxy.config.diags.logfile.filename STRING diags.log
CONFIG proxy.config.log.logging_enabled INT 0
"""

ALLOWED = """
ip_allow:
  - {apply: in, ip_addrs: 127.0.0.1, action: allow, methods: ALL}
  - {apply: out, ip_addrs: 127.0.0.1, action: allow, methods: ALL}
"""

RUNROOT = """
prefix: {folder}
exec_prefix: {folder}
bindir: /usr/bin
sbindir: /usr/bin
sysconfdir: {folder}/etc
datadir: {folder}/share
libexecdir: {modules}
localstatedir: {folder}/var
runtimedir: {folder}/run
logdir: {folder}/log
cachedir: {folder}/cache
"""


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def find(program):
    return shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin:/usr/local/sbin")


class Proxy:
    """One of them, started; `missing` says why it is not there."""

    programs = {"haproxy": "haproxy", "nginx": "nginx", "trafficserver": "traffic_server"}

    def __init__(self, name, folder):
        self.name = name
        self.folder = os.path.join(folder, name)
        os.makedirs(self.folder)
        self.program = find(self.programs[name])
        self.recorder = Recorder()
        self.port = free_port()
        self.process = None
        self.missing = None if self.program else f"{name} is not installed"
        if self.program:
            self._start()

    def _command(self):
        words = {"port": self.port, "backend": self.recorder.port, "folder": self.folder, "lane": LANE}
        path = os.path.join(self.folder, "configuration")
        if self.name == "haproxy":
            write(path, HAPROXY.format(**words))
            return [self.program, "-db", "-f", path], {}
        if self.name == "nginx":
            write(path, NGINX.format(**words))
            return [self.program, "-p", self.folder, "-c", path, "-e", self.folder + "/error.log"], {}
        return self._trafficserver(words)

    def _trafficserver(self, words):
        modules = "/usr/lib/trafficserver/modules"
        for name in ("etc", "share", "var", "run", "log", "cache"):
            os.makedirs(os.path.join(self.folder, name))
        etc = os.path.join(self.folder, "etc")
        write(os.path.join(etc, "records.config"), TRAFFICSERVER.format(**words))
        write(os.path.join(etc, "lane.config"), "cond %{REMAP_PSEUDO_HOOK}\nset-header " + LANE + " %{INBOUND:REMOTE-PORT}\n")
        write(os.path.join(etc, "ip_allow.yaml"), ALLOWED)
        rule = f"map / http://127.0.0.1:{self.recorder.port}/ @plugin=header_rewrite.so @pparam={etc}/lane.config\n"
        write(os.path.join(etc, "remap.config"), rule)
        for name in ("plugin.config", "storage.config", "cache.config", "hosting.config", "parent.config",
                     "volume.config", "ssl_multicert.config", "sni.yaml", "logging.yaml", "splitdns.config", "socks.config"):
            write(os.path.join(etc, name), "")
        write(os.path.join(self.folder, "runroot.yaml"), RUNROOT.format(folder=self.folder, modules=modules))
        return [self.program, f"--run-root={self.folder}/runroot.yaml"], {"TS_RUNROOT": self.folder}

    def _start(self):
        command, environment = self._command()
        log = open(os.path.join(self.folder, "output"), "wb")
        with log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env={**os.environ, **environment})
        for _ in range(200):
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)  # for the port that another process opens there is no event
        with open(os.path.join(self.folder, "output"), encoding="latin-1") as output:
            self.missing = f"{self.name} did not start: {output.read()[-500:].strip()}"
        self.stop()

    def exchange(self, bytes_, count, sure):
        """What came back for these bytes, and the connection, which is to be closed when all has been recorded: until then no
        other has its port. As soon as there are `count` answers the proxy is told that no more bytes will come, or when it is
        quiet for a while; `sure`: there will be that many."""
        answer = b""
        client = socket.create_connection(("127.0.0.1", self.port), timeout=6)
        try:
            client.sendall(bytes_)
            while len(statuses(answer)) < count:
                client.settimeout(6 if sure else QUIET)
                piece = client.recv(65536)
                if not piece:
                    return answer, client
                answer += piece
        except TimeoutError:
            pass
        except OSError:
            return answer, client
        try:
            client.settimeout(6)
            client.shutdown(socket.SHUT_WR)
            while piece := client.recv(65536):
                answer += piece
        except OSError:
            pass
        return answer, client

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.recorder.close()
