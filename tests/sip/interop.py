#!/usr/bin/env python3
"""interop.py sipp|kamailio SIP_PEER: src/sip in conversation with another SIP implementation, over TCP on loopback.

sipp sends OPTIONS, is challenged, and answers the digest. Kamailio is a registrar with digest: we register, send a ping
(RFC 5626) and take the registration away again.
"""
import os
import shutil
import socket
import subprocess
import sys
import tempfile

SKIPPED = 77
SCENARIO = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="options">
<send><![CDATA[
OPTIONS sip:[remote_ip]:[remote_port];transport=tcp SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
From: <sip:c1@[local_ip]>;tag=[call_number]
To: <sip:[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 OPTIONS
Max-Forwards: 0
Content-Length: 0

]]></send>
<recv response="401" auth="true"/>
<send><![CDATA[
OPTIONS sip:[remote_ip]:[remote_port];transport=tcp SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport
From: <sip:c1@[local_ip]>;tag=[call_number]
To: <sip:[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 2 OPTIONS
Max-Forwards: 0
[authentication username=traversal password=secret]
Content-Type: text/xml
Content-Length: [len]

<resourceusageinfo/>
]]></send>
<recv response="200"/>
</scenario>
"""
REGISTRAR = """
debug=0
log_stderror=yes
fork=no
children=1
auto_aliases=no
listen=tcp:127.0.0.1:PORT
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "textops.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
modparam("usrloc", "db_mode", 0)
event_route[core:worker-one-init] {
	xlog("L_ALERT", "it listens\n");
}
request_route {
	if (!is_method("REGISTER")) {
		sl_send_reply("405", "Method Not Allowed");
		exit;
	}
	if (!pv_www_authenticate("acme.test", "secret", "0")) {
		www_challenge("acme.test", "1");
		exit;
	}
	if (!save("location"))
		sl_reply_error();
	exit;
}
"""


def need(name):
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if not found:
        print(f"skipped: {name} is not installed")
        sys.exit(SKIPPED)
    return found


def with_sipp(peer):
    program = need("sipp")
    with tempfile.TemporaryDirectory() as folder:
        scenario = os.path.join(folder, "options.xml")
        with open(scenario, "w", encoding="ascii") as file:
            file.write(SCENARIO)
        with subprocess.Popen([peer, "serve"], stdout=subprocess.PIPE, text=True) as server:
            port = server.stdout.readline().strip()
            call = subprocess.run(
                [program, f"127.0.0.1:{port}", "-sf", scenario, "-t", "t1", "-m", "1", "-l", "1", "-i", "127.0.0.1",
                 "-auth_uri", f"127.0.0.1:{port};transport=tcp", "-timeout", "20", "-timeout_error", "-nostdin"],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                check=False)
            if call.returncode != 0:
                server.kill()
                print(call.stdout[-2000:])
            print(f"sipp ended with {call.returncode}, sip_peer with {server.wait()}")
            return 0 if call.returncode == 0 and server.returncode == 0 else 1


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def with_kamailio(peer):
    program = need("kamailio")
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "kamailio.cfg")
        with open(config, "w", encoding="ascii") as file:
            file.write(REGISTRAR.replace("PORT", str(port)))
        with subprocess.Popen([program, "-f", config, "-DD", "-E", "-m", "32", "-M", "4", "-Y", folder, "-w", folder],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True) as server:
            before = []
            for line in server.stderr:
                before.append(line)
                if "it listens" in line:
                    break
            code = subprocess.run([peer, "register", str(port)], check=False, timeout=30).returncode
            server.terminate()
            noise = "".join(before) + server.stderr.read()
            print(f"sip_peer ended with {code}")
            if code != 0:
                print(noise[-3000:])
            return 0 if code == 0 else 1


if __name__ == "__main__":
    sys.exit({"sipp": with_sipp, "kamailio": with_kamailio}[sys.argv[1]](os.path.abspath(sys.argv[2])))
