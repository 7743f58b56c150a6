#!/usr/bin/env python3
"""differential.py READING [--random N] [--seed S]: our parser beside haproxy, nginx and Apache Traffic Server.

Each connection of requests.txt is sent to all three, and a server behind each records what comes out. What two of them
read differently, our parser must refuse; and what it takes, each that forwards it must read as it does. With --random,
N connections are made of the table's, cut, joined and changed, the same ones for the same seed. 77: none of the three is
there.
"""

import argparse
import concurrent.futures
import json
import os
import random
import re
import struct
import subprocess
import sys
import tempfile

import proxies

HERE = os.path.dirname(os.path.abspath(__file__))

PART = 200  # connections that are open at once, times three

# Fields that the three add, drop or write anew, whatever they are sent; none of them decides where a request ends.
OWN = {"connection", "keep-alive", "x-lane", "x-forwarded-for", "client-ip", "via", "date", "expect", "te", "upgrade", "content-length",
       "transfer-encoding", "proxy-connection", "accept-encoding", "x-forwarded-proto", "forwarded"}

# Rows that our parser takes and that one of the three answers by itself: which, and why that is no other reading.
ANSWERS_ALONE = {}


def unescape(text):
    letters = {"r": 13, "n": 10, "t": 9, "0": 0, "\\": 92}
    out, at = bytearray(), 0
    while at < len(text):
        if text[at] != "\\":
            out += text[at].encode("latin-1")
            at += 1
        elif text[at + 1] == "x":
            out.append(int(text[at + 2:at + 4], 16))
            at += 4
        else:
            out.append(letters[text[at + 1]])
            at += 2
    return bytes(out)


def rows():
    with open(os.path.join(HERE, "requests.txt"), encoding="latin-1") as table:
        for line in table:
            if line.startswith("#") or not line.strip():
                continue
            name, want, text = line.rstrip("\n").split("\t", 2)
            out, at = b"", 0
            for match in re.finditer(r"\{([^*]*)\*(\d+)\}", text):
                out += unescape(text[at:match.start()]) + unescape(match.group(1)) * int(match.group(2))
                at = match.end()
            yield name, want, out + unescape(text[at:])


PIECES = [b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b";", b",", b"\x0b", b"\xa0", b"0\r\n\r\n", b"Content-Length: 5\r\n", b"chunked",
          b"Transfer-Encoding: chunked\r\n", b"\r\n\r\n", b"%2e", b"//", b"..", b"_", b"\"", b"+", b"0x", b"00", b"Host: evil.test\r\n"]


def change(base, plain, generator):
    text = bytearray(generator.choice(plain if generator.random() < 0.7 else base))
    for _ in range(generator.randint(1, 3)):
        at = generator.randrange(len(text) + 1)
        kind = generator.randrange(5)
        if kind == 0:
            text[at:at] = generator.choice(PIECES)
        elif kind == 1 and at < len(text):
            text[at] = generator.randrange(256)
        elif kind == 2:
            del text[at:at + generator.randint(1, 4)]
        elif kind == 3:
            lines = bytes(text).split(b"\r\n")
            lines.insert(generator.randrange(len(lines) + 1), generator.choice(lines))
            text = bytearray(b"\r\n".join(lines))
        else:
            text += generator.choice(base)
    return bytes(text)


def changed(count, seed):
    generator = random.Random(seed)
    base = [text for _, _, text in rows() if 0 < len(text) < 2000]
    plain = [text for _, want, text in rows() if want == "taken" and len(text) < 2000]
    for index in range(count):
        yield f"seed {seed}, number {index}", None, change(base, plain, generator)


def ours(program, cases):
    records = b"".join(struct.pack(">I", len(text)) + text for _, _, text in cases)
    output = subprocess.run([program], input=records, capture_output=True, check=True).stdout
    return [json.loads(line) for line in output.splitlines()]


def fields_of(fields):
    kept = {}
    for name, value in fields:
        if name.lower() not in OWN:
            kept.setdefault(name.lower(), []).append(value)
    return tuple(sorted((name, b",".join(v.replace(b", ", b",") for v in values)) for name, values in kept.items()))


def our_reading(answer):
    requests = []
    for request in answer["requests"]:
        fields = [(bytes.fromhex(name).decode("latin-1"), bytes.fromhex(value)) for name, value in request["fields"]]
        requests.append((request["method"], bytes.fromhex(request["target"]), bytes.fromhex(request["host"]),
                         bytes.fromhex(request["body"]), fields_of(fields), b""))
    return tuple(requests)


def their_reading(recorded):
    return tuple((r["method"], r["target"], r["host"], r["body"], fields_of(r["fields"]), r["surplus"]) for r in recorded if r["whole"])


def ask_all(servers, cases, ours_):
    """For each case: name of the server -> (reading, it answered something by itself)."""
    with concurrent.futures.ThreadPoolExecutor(48) as pool:
        futures = [[pool.submit(server.exchange, text, len(our["requests"]) + (our["reason"] != "nothing"), our["reason"] == "nothing")
                    for server in servers] for (_, _, text), our in zip(cases, ours_)]
        exchanged = [[future.result() for future in line] for line in futures]
    for server in servers:
        server.recorder.wait()
    answers = []
    for line in exchanged:
        answer = {}
        for server, (text, client) in zip(servers, line):
            reading = their_reading(server.recorder.take(client.getsockname()[1]))
            client.close()
            answer[server.name] = (reading, any(code >= 300 for code in proxies.statuses(text)) or len(reading) == 0)
        answers.append(answer)
    return answers


def show(reading):
    return " + ".join(f"{method} {target!r} host={host!r} body={body!r} fields={fields!r} surplus={surplus!r}"[:400]
                      for method, target, host, body, fields, surplus in reading) or "nothing"


def judge(case, our, theirs):
    """What is wrong with our reading of one case: a list of sentences."""
    name, want, _ = case
    taken, reading = our["reason"] == "nothing", our_reading(our)
    wrong = []
    if want is not None and (want == "taken") != taken:
        wrong.append(f"wanted {want}, is {our['reason']}")
    if taken and len({their for their, _ in theirs.values()}) > 1:
        wrong.append("is taken, and read in two ways: " + "; ".join(f"{server}: {show(their)}" for server, (their, _) in theirs.items()))
    for server, (their, alone) in theirs.items():
        if taken and their != reading[:len(their)]:
            wrong.append(f"is taken, and {server} reads {show(their)}; we read {show(reading)}")
        if taken and want is not None and (alone or their != reading) and server not in ANSWERS_ALONE.get(name, {}):
            wrong.append(f"is taken, and {server} answers it by itself or reads {show(their)}")
    return wrong


def run(program, servers, cases):
    wrong, differ, taken = 0, 0, 0
    for at in range(0, len(cases), PART):
        part = cases[at:at + PART]
        answers = ours(program, part)
        for case, our, theirs in zip(part, answers, ask_all(servers, part, answers)):
            faults = judge(case, our, theirs)
            if faults:  # asked again by itself: a busy machine may have let one of them run into a time limit
                faults = judge(case, our, ask_all(servers, [case], [our])[0])
            taken += our["reason"] == "nothing"
            differ += len({reading for reading, _ in theirs.values()}) > 1
            wrong += bool(faults)
            for fault in faults:
                print(f"{case[0]}: {fault}\n    {case[2][:300]!r}")
    print(f"{len(cases)} connections to {', '.join(server.name for server in servers)}: {differ} of them read in more than one way, "
          f"{taken} taken by ours, {wrong} wrong")
    return wrong == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("reading")
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    cases = list(changed(options.random, options.seed)) if options.random else list(rows())
    with tempfile.TemporaryDirectory() as folder:
        started = [proxies.Proxy(name, folder) for name in proxies.Proxy.programs]
        try:
            servers = [server for server in started if not server.missing]
            for server in started:
                if server.missing:
                    print(f"skipped: {server.missing}")
            if not servers:
                return 77
            return 0 if run(options.reading, servers, cases) else 1
        finally:
            for server in started:
                server.stop()


if __name__ == "__main__":
    sys.exit(main())
