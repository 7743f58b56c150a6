#!/usr/bin/env python3
"""together.py CAUSEWAY [PART...]: the tests of running labs, some at once.

They wait more than they work: one after the other they would take as long as all other tests. Each part is a process of its
own with labs of its own (lab_test.py, peers_test.py, chaos_test.py, agreement_test.py say what they are); a part that fails
shows all that it said, one that is skipped says why.
"""
import concurrent.futures
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
AT_ONCE = 3
SKIPPED = 77
PARTS = [("lab", "seeds"), ("agreement", "0/3"), ("agreement", "1/3"), ("agreement", "2/3"), ("peers", "hostile"),
         ("peers", "interop"), ("lab", "exercise"), ("chaos", "kills"), ("chaos", "failover"), ("chaos", "ports"),
         ("chaos", "partition"), ("chaos", "clock"), ("lab", "cluster"), ("lab", "wireshark"), ("peers", "cut"),
         ("chaos", "lists"), ("chaos", "disk"), ("lab", "terminal")]


def run(part):
    script, name = part
    words, environment = [os.path.join(HERE, f"{script}_test.py"), os.path.abspath(sys.argv[1])], dict(os.environ)
    if script == "agreement":
        environment["CAUSEWAY_PART"] = name
    else:
        words.append(name)
    begun = time.monotonic()
    done = subprocess.run(words, capture_output=True, check=False, env=environment, text=True)
    return part, done, time.monotonic() - begun


def main():
    wanted = [part for part in PARTS if len(sys.argv) == 2 or " ".join(part) in sys.argv[2:]]
    failed, skipped = [], 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for future in concurrent.futures.as_completed([pool.submit(run, part) for part in wanted]):
            (script, name), done, took = future.result()
            last = (done.stdout.strip().splitlines() or [""])[-1]
            print(f"{script} {name}: {last} ({took:.0f} s)", flush=True)
            skipped += done.returncode == SKIPPED
            if done.returncode not in (0, SKIPPED):
                failed.append(f"{script} {name}")
                print(done.stdout + done.stderr, flush=True)
    if failed:
        print("failed: " + ", ".join(failed))
        return 1
    return SKIPPED if skipped == len(wanted) else 0


if __name__ == "__main__":
    sys.exit(main())
