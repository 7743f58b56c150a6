#!/usr/bin/env python3
"""What monitoring reads: OpenMetrics, the plugin's line, the calendar, and a watch that runs a command.
Usage: monitor_test.py CAUSEWAY SOURCE-FOLDER"""

import datetime
import http.server
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

CAUSEWAY, SOURCE = sys.argv[1:3]
del sys.argv[1:3]
DEADLINE = 300  # seconds; what has not answered by then never will
AT = "2026-11-20T12:00:00Z"
SAMPLE = re.compile(r'^([a-z_]+)\{((?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)+)\} (\+Inf|-?\d+(?:\.\d+)?)$')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def parse(text):
    """{metric: {labels: value}} of an exposition that keeps the rules: described before its samples, once, no blank line."""
    lines = text.splitlines()
    assert lines[-1] == "# EOF" and text.endswith("\n"), lines[-1:]
    found, current = {}, None
    for line in lines[:-1]:
        if line.startswith("# TYPE "):
            _, _, current, kind = line.split(" ")
            assert kind == "gauge" and current not in found, line
            found[current] = {}
        elif line.startswith("#"):
            words = line.split(" ", 3)
            assert words[1] in ("UNIT", "HELP") and words[2] == current, line
            assert words[1] != "UNIT" or current.endswith("_" + words[3]), line
        else:
            match = SAMPLE.match(line)
            assert match, line
            name, labels, value = match.groups()
            key = frozenset(LABEL.findall(labels))
            assert name == current and key not in found[name], line
            found[name][key] = float(value)
    return found


class Monitor(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="causeway-monitor-")
        self.addCleanup(self.folder.cleanup)

    def lab(self, name, *faults):
        path = os.path.join(self.folder.name, name)
        options = [word for fault in faults for word in ("--fault", fault)]
        subprocess.run([CAUSEWAY, "lab", "new", path, "--key", "ec", "--at", AT, *options],
                       check=True, capture_output=True)
        return path

    def run_verb(self, *words):
        return subprocess.run([CAUSEWAY, *words], capture_output=True, text=True)

    def metrics(self, *folders, at=AT, status=None):
        done = self.run_verb("check", "-f", "openmetrics", "--at", at, *folders)
        if status is not None:
            self.assertEqual(done.returncode, status, done.stderr)
        return parse(done.stdout)

    def sample(self, metrics, name, **labels):
        values = [value for key, value in metrics[name].items() if set(labels.items()) <= key]
        self.assertEqual(len(values), 1, (name, labels))
        return values[0]

    def test_a_sound_deployment_has_a_line_for_everything(self):
        metrics = self.metrics(self.lab("sound"), status=0)
        links = len(metrics["causeway_link_verdict"])
        self.assertGreaterEqual(links, 16)
        self.assertEqual(len(metrics["causeway_link_first_break_days"]), links)
        self.assertEqual(len(metrics["causeway_service_state"]), 3)
        self.assertEqual(len(metrics["causeway_node_verdict"]), 4)
        self.assertEqual(set(metrics["causeway_link_verdict"].values()), {0})
        self.assertEqual(self.sample(metrics, "causeway_links", verdict="pass"), links)
        self.assertEqual(self.sample(metrics, "causeway_first_break_days"), 365)

    def test_a_refused_link_tells_verdict_and_reason(self):
        metrics = self.metrics(self.lab("faulty", "issuer-missing"), status=1)
        link = "tunnel c1.acme.test e1.acme.test"
        self.assertEqual(self.sample(metrics, "causeway_link_verdict", link=link), 3)
        self.assertEqual(self.sample(metrics, "causeway_link_reason", link=link, code="issuer-missing"), 1)
        self.assertEqual(self.sample(metrics, "causeway_link_first_break_days", link=link), 0)
        self.assertEqual(self.sample(metrics, "causeway_service_state", endpoint="laptop"), 4)

    def test_days_to_the_first_break_are_those_of_the_horizon(self):
        metrics = self.metrics(self.lab("soon", "expires-soon"), status=0)
        self.assertAlmostEqual(self.sample(metrics, "causeway_first_break_days"), 20, delta=0.01)
        self.assertAlmostEqual(
            self.sample(metrics, "causeway_service_first_break_days", endpoint="room"), 20, delta=0.01)

    def test_everything_is_still_there_when_all_has_expired(self):
        folder = self.lab("old")
        before, after = self.metrics(folder), self.metrics(folder, at="2080-01-01", status=1)
        for name in set(before) - {"causeway_link_reason"}:
            self.assertEqual(set(before[name]), set(after[name]), name)
        self.assertEqual(self.sample(after, "causeway_first_break_days"), 0)

    def test_several_deployments_share_one_exposition(self):
        metrics = self.metrics(self.lab("one"), self.rename(self.lab("two", "issuer-missing"), "other"))
        names = {dict(key)["deployment"] for key in metrics["causeway_links"]}
        self.assertEqual(names, {"acme", "other"})

    def rename(self, folder, name):
        path = os.path.join(folder, "deployment.yaml")
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(re.sub(r"(?m)^name: .*$", lambda _: "name: '%s'" % name, text))
        return folder

    def test_a_name_cannot_write_a_line_of_its_own(self):
        metrics = self.metrics(self.rename(self.lab("quoted"), 'a"b\\c} 1'))
        self.assertEqual({dict(key)["deployment"] for key in metrics["causeway_links"]}, {'a\\"b\\\\c} 1'})

    def test_dashboard_and_rules_ask_for_metrics_that_are_written(self):
        metrics = self.metrics(self.lab("sound"))
        folder = os.path.join(SOURCE, "docs", "monitoring")
        asked = set()
        for name in ("causeway-dashboard.json", "causeway-alerts.yaml", "README.md"):
            with open(os.path.join(folder, name)) as file:
                text = file.read()
            if name.endswith(".json"):
                json.loads(text)
            asked |= set(re.findall(r"\bcauseway_[a-z_]+", text))
        self.assertEqual(asked, set(metrics))

    def test_the_plugin_says_how_it_is_in_one_line(self):
        rows = [
            ((), AT, 0, "OK - acme: "),
            (("issuer-missing",), AT, 2, "CRITICAL - acme: sign-in is dead for jabber laptop and 2 more"),
            (("expires-soon",), AT, 1, "WARNING - acme: "),
            (("expires-soon",), "2026-12-05", 2, "CRITICAL - acme: "),
            (("not-known",), AT, 3, "UNKNOWN - acme: "),
        ]
        for number, (faults, at, want_status, want) in enumerate(rows):
            done = self.run_verb("check", "-f", "nagios", "--at", at, self.lab("row%d" % number, *faults))
            self.assertEqual(done.stdout.count("\n"), 1, done.stdout)
            self.assertEqual(done.returncode, want_status, done.stdout)
            self.assertTrue(done.stdout.startswith("CAUSEWAY " + want), done.stdout)
            self.assertRegex(done.stdout, r" \| refused=\d+;;0;0;\d+ unknown=\d+ warn=\d+ pass=\d+")

    def test_a_plugin_that_cannot_ask_says_so_where_it_is_read(self):
        done = self.run_verb("check", "-f", "nagios", os.path.join(self.folder.name, "nowhere"))
        self.assertEqual(done.returncode, 3)
        self.assertTrue(done.stdout.startswith("CAUSEWAY UNKNOWN - "), done.stdout)

    def test_a_plugin_takes_one_deployment(self):
        folder = self.lab("one")
        done = self.run_verb("check", "-f", "nagios", folder, folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("takes one deployment, found 2", done.stderr)

    def calendar(self, folder):
        done = subprocess.run([CAUSEWAY, "horizon", folder, "-f", "ics", "--at", AT], capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.split(b"\r\n")
        self.assertEqual(lines.pop(), b"")
        for line in lines:
            self.assertLessEqual(len(line), 75, line)
            self.assertNotIn(b"\n", line)
            line.decode()
        return done.stdout.decode().replace("\r\n ", "").split("\r\n")

    def test_the_calendar_has_a_day_and_two_alarms_for_each_date(self):
        folder = self.lab("soon", "expires-soon")
        lines = self.calendar(folder)
        dates = [item["at"][:10].replace("-", "") for item in
                 json.loads(self.run_verb("horizon", folder, "-f", "json", "--at", AT).stdout)["breaks"]]
        self.assertGreaterEqual(len(dates), 2)
        self.assertEqual([line.split(":")[1] for line in lines if line.startswith("DTSTART")], dates)
        first = lines[lines.index("BEGIN:VEVENT"):lines.index("END:VEVENT")]
        self.assertEqual([line for line in first if line.startswith("TRIGGER")], ["TRIGGER:-P30D", "TRIGGER:-P7D"])
        self.assertIn("DTSTAMP:20261120T120000Z", first)
        text = [line for line in first if line.startswith("DESCRIPTION")][0]
        self.assertIn("request a new server certificate for e1.acme.test", text)
        self.assertIn("sign-in with laptop for acme.test: works -> dead\\n", text)
        self.assertEqual(self.calendar(folder), lines)
        self.assertEqual(len({line for line in lines if line.startswith("UID")}), len(dates))

    def test_what_to_do_is_in_json_and_text_and_what_is_refused_comes_first(self):
        folder = self.lab("faulty", "issuer-missing", "expires-soon")
        done = self.run_verb("horizon", folder, "--at", AT)
        self.assertRegex(done.stdout, r"\ARefused already, as of 2026-11-20: \d+ links? of acme;")
        self.assertIn("    > request a new server certificate for e1.acme.test", done.stdout)
        answer = json.loads(self.run_verb("horizon", folder, "--at", AT, "-f", "json").stdout)
        self.assertIn("causeway csr new", answer["breaks"][0]["causes"][0]["todo"])

    def test_a_file_without_links_is_not_passed_in_silence(self):
        path = os.path.join(self.folder.name, "empty.yaml")
        with open(path, "w") as file:
            file.write("causeway: 1\nname: empty\ndomains: [acme.test]\n")
        done = self.run_verb("check", path)
        self.assertIn("no link can be derived", done.stderr)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(self.run_verb("check", path, "-f", "nagios").returncode, 3)


class Watch(unittest.TestCase):
    """A command writes into a pipe: reading it is waiting for the event."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="causeway-watch-")
        self.addCleanup(self.folder.cleanup)
        self.lab = os.path.join(self.folder.name, "lab")
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        subprocess.run([CAUSEWAY, "lab", "new", self.lab, "--key", "ec", "--at", now], check=True, capture_output=True)
        self.pipe = os.path.join(self.folder.name, "told")
        os.mkfifo(self.pipe)

    def start(self, *command):
        self.watch = subprocess.Popen([CAUSEWAY, "watch", self.lab, *command], stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.stop)
        return self.watch.stdout.readline()

    def stop(self):
        if self.watch.poll() is None:
            self.watch.terminate()
            self.watch.communicate()

    def stop_and_read(self):
        self.watch.terminate()
        self.said = "".join(self.watch.communicate())

    def told(self):
        with open(self.pipe) as file:
            return file.read()

    def test_a_change_of_a_verdict_runs_the_command_with_the_change(self):
        first = self.start("--", "sh", "-c", '{ echo "$CAUSEWAY_DEPLOYMENT $CAUSEWAY_WORSE"; cat; } >"$0"', self.pipe)
        self.assertRegex(first, r"(\d+) links, \1 pass")
        trusted = os.path.join(self.lab, "c1", "ca.pem")
        shutil.copy(trusted, trusted + ".kept")
        with open(trusted, "w") as file, open(os.path.join(self.lab, "e1", "server.pem")) as other:
            file.write(other.read())
        line, _, change = self.told().partition("\n")
        self.assertEqual(line.split()[0], "acme")
        self.assertGreater(int(line.split()[1]), 0)
        json.loads(change)
        os.replace(trusted + ".kept", trusted)
        better = json.loads(self.told().partition("\n")[2])
        self.assertNotIn('"refused"', json.dumps(better.get("after", {}).get("verdicts", {})))

    def listen(self, status):
        """(URL, a queue of what is posted to it)"""
        posted = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                posted.put((self.path, self.headers["Content-Type"], self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return "http://127.0.0.1:%d" % server.server_port, posted

    def break_it(self):
        path = os.path.join(self.lab, "deployment.yaml")
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(re.sub(r"(?m)^(\s+)tls-verify-name: .*$", r"\1tls-verify-name: other.acme.test", text))

    def test_a_change_is_posted_as_json_and_its_address_stays_secret(self):
        url, posted = self.listen(204)
        secret = os.path.join(self.folder.name, "url.txt")
        with open(secret, "w") as file:
            file.write(url + "/hooks/s3cret\n")
        self.start("--post", "@" + secret)
        self.break_it()
        path, kind, body = posted.get(timeout=DEADLINE)
        self.assertEqual((path, kind), ("/hooks/s3cret", "application/json"))
        self.assertGreater(json.loads(body)["worse"], 0)
        self.stop_and_read()
        self.assertNotIn("s3cret", self.said)

    def test_what_the_server_does_not_take_is_told_and_the_command_runs_all_the_same(self):
        url, posted = self.listen(500)
        self.start("--post", url + "/hooks/s3cret", "--", "sh", "-c", 'cat >"$0"', self.pipe)
        self.break_it()
        json.loads(self.told())
        posted.get(timeout=DEADLINE)
        self.stop_and_read()
        self.assertIn("the server answered 500 to the change", self.said)
        self.assertNotIn("s3cret", self.said)

    def test_an_address_that_cannot_be_posted_to_is_refused_at_once(self):
        for url, want in (("ftp://acme.test/", "https://"), ("https://", "https://"), ("http://user:word@acme.test/", "user name"),
                          ("@" + self.folder.name + "/nowhere", "No such file")):
            done = subprocess.run([CAUSEWAY, "watch", self.lab, "--post", url], capture_output=True, text=True, timeout=DEADLINE)
            self.assertEqual(done.returncode, 2)
            self.assertIn(want, done.stderr)

    def test_a_file_that_cannot_be_read_is_told_and_the_watch_goes_on(self):
        self.start("--", "sh", "-c", 'cat >"$0"', self.pipe)
        path = os.path.join(self.lab, "deployment.yaml")
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write("causeway: [\n")
        self.assertIn("deployment.yaml", self.watch.stderr.readline())
        with open(path, "w") as file:
            file.write(re.sub(r"(?m)^(\s+)tls-verify-name: .*$", r"\1tls-verify-name: other.acme.test", text))
        self.assertIn("other.acme.test", self.told())

    def test_nothing_to_watch_ends_with_2(self):
        for words, want in ((["-"], "cannot change"), ([self.lab + "/nowhere"], "No such file")):
            done = subprocess.run([CAUSEWAY, "watch", *words], capture_output=True, text=True, timeout=DEADLINE)
            self.assertEqual(done.returncode, 2)
            self.assertIn(want, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
