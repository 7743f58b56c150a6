#!/usr/bin/env python3
"""Man page, completions and docs/findings.md are those of this program, and their readers take them.
Usage: reference_test.py CAUSEWAY BUILD-FOLDER SOURCE-FOLDER"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    import jsonschema
    import yaml
except ImportError:
    jsonschema = yaml = None

from shell import Shell, terminals_are_here

CAUSEWAY, BUILD, SOURCE = sys.argv[1:4]
del sys.argv[1:4]


def run(*words, **options):
    return subprocess.run(words, capture_output=True, text=True, **options)


def form(name):
    return run(CAUSEWAY, "help", "--as", name, check=True).stdout


def verbs():
    """("check", ["--format", …]) for every verb, out of the help."""
    overview = run(CAUSEWAY, "help", check=True).stdout.split("\nVerbs\n")[1].split("\n\n")[0]
    for line in overview.splitlines():
        words = line.split()
        name = words[0]
        if run(CAUSEWAY, "help", name).stdout.startswith("usage: causeway %s VERB" % name):
            name += " " + words[1]
        text = run(CAUSEWAY, "help", *name.split(), check=True).stdout
        yield name, re.findall(r"^  (?:-., )?(--[a-z-]+)", text, re.MULTILINE)


def complete(*words, environment=None):
    """What bash offers for the last of these words."""
    script = form("bash") + """
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_causeway
printf '%s\\n' "${COMPREPLY[@]}"
"""
    done = run("bash", "-c", script, "bash", "causeway", *words, env=environment)
    assert not done.stderr, done.stderr
    return done.stdout.split()


class Reference(unittest.TestCase):
    def test_the_finding_codes_are_those_of_the_table(self):
        with open(os.path.join(SOURCE, "docs", "findings.md")) as file:
            self.assertEqual(file.read(), form("findings"), "old: run scripts/generate-docs")

    def test_the_documents_are_those_of_the_table(self):
        with open(os.path.join(SOURCE, "docs", "sources.md")) as file:
            self.assertIn("-->\n" + form("sources") + "<!-- end of documents -->\n", file.read(),
                          "old: run scripts/generate-docs")

    def test_every_verb_and_option_is_in_every_form(self):
        man, bash, zsh, fish = form("man").replace("\\", ""), form("bash"), form("zsh"), form("fish")
        for name, options in verbs():
            self.assertIn(".SS %s\n" % name, man)
            self.assertIn('"%s")' % name, bash)
            self.assertIn("'%s')" % name, zsh)
            for option in options:
                for text in (man, bash, zsh):
                    self.assertIn(option, text)
                self.assertIn("-l %s " % option[2:], fish)

    @unittest.skipUnless(shutil.which("mandoc"), "no mandoc here (scripts/setup test installs it)")
    def test_the_man_page_is_valid(self):
        done = run("mandoc", "-Tlint", "-Wwarning", input=form("man"))
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    @unittest.skipUnless(shutil.which("mandoc"), "no mandoc here (scripts/setup test installs it)")
    def test_the_pages_of_the_verbs_and_of_the_deployment_file_are_valid(self):
        pages = [run(CAUSEWAY, "help", "--as", "man", *name.split(), check=True).stdout
                 for name in form("verbs").splitlines()]
        self.assertEqual(len(pages), len(list(verbs())))
        for page in pages + [form("deployment"), form("node")]:
            done = run("mandoc", "-Tlint", "-Wwarning", input=page)
            self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_every_key_that_is_read_is_in_the_page_and_in_the_schema(self):
        with open(os.path.join(SOURCE, "src", "config", "deployment_keys.c")) as file:
            text = file.read()
        text = re.sub(r"(?:node_file|listen|history)_keys\[\].*?\};", "", text, flags=re.S)  # of node.yaml, which is another file
        keys = set(re.findall(r'"([a-z-]+)", (?:DEPLOYMENT|GROUP|NODE|ZONE|offsetof)\(', text))
        keys |= set(re.findall(r'(?:IDENTITY|KEY|STORE)\("([a-z-]+)"', text))
        self.assertGreater(len(keys), 40)
        page, schema = form("deployment").replace("\\", ""), json.loads(form("schema"))
        maps = [schema] + list(schema["definitions"].values())
        known = set().union(*(item["properties"] for item in maps))
        self.assertEqual({key for key in known if not key.endswith("-password-file")},
                         {key for key in keys if not key.endswith("-password-file")})
        for key in known:
            self.assertIn("fB%sfR\n" % key, page)

    def test_every_key_of_node_yaml_is_in_its_page_and_in_the_document(self):
        with open(os.path.join(SOURCE, "src", "config", "deployment_keys.c")) as file:
            text = file.read()
        keys = re.findall(r'"([a-z-]+)", (?:NODE_FILE|LISTEN|HISTORY)\(', text)
        self.assertGreater(len(keys), 15)
        page = form("node").replace("\\", "")
        for key in keys:
            self.assertIn("fB%sfR\n" % key, page)
            self.assertIn("| `%s` |" % key, form("node-table"))
        for key, example in re.findall(r"\.TP\nfB([a-z-]+)fR\n(?:.*\n)*?\.nf\n(.*)\n\.fi", page):
            self.assertTrue(example.startswith(key + ":"), (key, example))
        with open(os.path.join(SOURCE, "docs", "node-keys.md")) as file:
            self.assertEqual(file.read(), form("node-table"), "old: run scripts/generate-docs")

    def test_an_example_of_the_page_is_yaml_of_its_own_key(self):
        page = form("deployment").replace("\\-", "-")
        examples = re.findall(r"\.TP\n\\fB([a-z-]+)\\fR\n(?:.*\n)*?\.nf\n(.*)\n\.fi", page)
        self.assertGreater(len(examples), 100)
        for key, example in examples:
            self.assertRegex(example, r"^[a-z-]+:( |$)")
            if not key.endswith("-password-file"):
                self.assertTrue(example.startswith(key + ":"), (key, example))

    @unittest.skipUnless(jsonschema and yaml, "no python3-jsonschema and python3-yaml here (scripts/setup test installs them)")
    def test_the_schema_takes_what_the_loader_takes_and_refuses_what_it_refuses(self):
        schema = json.loads(form("schema"))
        jsonschema.Draft7Validator.check_schema(schema)
        judge = jsonschema.Draft7Validator(schema)
        with tempfile.TemporaryDirectory() as folder:
            for size in ("small", "cluster"):
                path = os.path.join(folder, size)
                run(CAUSEWAY, "lab", "new", path, "--size", size, "--key", "ec", check=True)
                with open(os.path.join(path, "deployment.yaml")) as file:
                    text = file.read()
                self.assertEqual([error.message for error in judge.iter_errors(yaml.safe_load(text))], [])
                for old, new in (("name: acme", "nmae: acme"), ("causeway: 1", "causeway: 2"),
                                 ("    - fqdn: c1.acme.test", "    - fdqn: c1.acme.test"),
                                 ("kind: jabber", "kind: jaber")):
                    wrong = text.replace(old, new)
                    self.assertNotEqual(wrong, text)
                    self.assertFalse(judge.is_valid(yaml.safe_load(wrong)), new)
                    with open(os.path.join(path, "wrong.yaml"), "w") as file:
                        file.write(wrong)
                    self.assertEqual(run(CAUSEWAY, "check", os.path.join(path, "wrong.yaml")).returncode, 2, new)

    def test_a_new_lab_says_where_each_value_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "demo")
            run(CAUSEWAY, "lab", "new", path, "--size", "cluster", "--key", "ec", check=True)
            with open(os.path.join(path, "deployment.yaml")) as file:
                lines = file.read().splitlines()
        for key, where in (("release", "Status > Overview"), ("trusted-ca", "Trusted CA certificate"),
                           ("tomcat", "Certificate Management"), ("peers", "Configuration > Zones > Zones")):
            with_comment = [line for line in lines if re.match(r"[ -]*%s:.* # " % key, line)]
            self.assertEqual(len(with_comment), 1, key)
            self.assertIn(where, with_comment[0])

    def test_bash_completes_the_nodes_of_the_deployment_in_the_line(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "demo")
            run(CAUSEWAY, "lab", "new", path, "--key", "ec", check=True)
            environment = {"PATH": os.path.dirname(os.path.abspath(CAUSEWAY)) + ":" + os.environ["PATH"]}
            rows = [
                (["csr", "new", path, "c1"], ["c1.acme.test"]),
                (["client-test", "-d", path, "--node", "e"], ["e1.acme.test"]),
                (["cert", "diff", "-d", path, "--node", "su"], ["sub1.acme.test"]),
                (["whatif", path, "--append", "c1"], ["c1.acme.test", "c1.acme.test:trusted-ca"]),
                (["whatif", path, "--append", "pub.acme.test", ":", "tom"], ["tomcat-trust"]),
                (["whatif", path, "--append", "pub.acme.test", ":"], ["tomcat-trust", "callmanager-trust"]),
                (["whatif", path, "--cert", "e1"], ["e1.acme.test", "e1.acme.test:server"]),
                (["whatif", path, "--release", "cu"], ["cucm"]),
                (["csr", "new", path, "pub.acme.test", "--identity", "t"], ["tomcat"]),
                (["trust", "list", "-d", path, "roo"], ["room"]),
                (["trust", "append", "-d", path, "sub1.acme.test", ":", "call"], ["callmanager-trust"]),
            ]
            for words, want in rows:
                self.assertEqual(complete(*words, environment=environment), want, words)

    @unittest.skipUnless(shutil.which("fish"), "no fish here (scripts/setup test installs it)")
    def test_fish_completes_what_the_tables_hold(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "demo")
            run(CAUSEWAY, "lab", "new", path, "--key", "ec", check=True)
            script = os.path.join(folder, "causeway.fish")
            with open(script, "w") as file:
                file.write(form("fish"))
            environment = {"PATH": os.path.dirname(os.path.abspath(CAUSEWAY)) + ":" + os.environ["PATH"], "HOME": folder}
            rows = [
                ("che", ["check"]),
                ("cert ver", ["verify"]),
                ("check --form", ["--format"]),
                ("check -f ju", ["junit"]),
                ("lab new --fault issuer-s", ["issuer-shadowed"]),
                ("explain handsh", ["handshake"]),
                ("client-test -d %s --node e" % path, ["e1.acme.test"]),
                ("whatif %s --append pub.acme.test:t" % path, ["pub.acme.test:tomcat-trust"]),
                ("whatif %s --release cu" % path, ["cucm"]),
                ("csr new %s pub.acme.test --identity t" % path, ["tomcat"]),
                ("trust list -d %s roo" % path, ["room"]),
            ]
            for typed, want in rows:
                done = run("fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script,
                           "causeway " + typed, env=environment)
                got = [line.split("\t")[0] for line in done.stdout.splitlines()]
                self.assertEqual(got, want, (typed, done.stderr))

    def test_no_line_of_the_man_page_is_an_unknown_request(self):
        known = {".TH", ".BR", ".SH", ".SS", ".PP", ".TP", ".nf", ".fi", ".RS", ".RE"}
        for line in form("man").splitlines():
            if line.startswith((".", "'")):
                self.assertIn(line.split()[0], known)

    def test_bash_takes_its_completion(self):
        done = run("bash", "-n", input=form("bash"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    @unittest.skipUnless(shutil.which("zsh"), "no zsh here (scripts/setup test installs it)")
    def test_zsh_takes_its_completion(self):
        done = run("zsh", "-n", "/dev/stdin", input=form("zsh"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_bash_completes_what_the_tables_hold(self):
        with tempfile.TemporaryDirectory() as folder:
            name = os.path.join(folder, "deployment.yaml")
            open(name, "w").close()
            rows = [
                (["che"], ["check"]),
                (["cer"], ["cert"]),
                (["cert", "s"], ["show", "split"]),
                (["cert", "ver"], ["verify"]),
                (["check", "--form"], ["--format"]),
                (["check", "--format", "ht"], ["html"]),
                (["check", "--format", "=", "ju"], ["junit"]),
                (["check", "-f", "js"], ["json"]),
                (["check", name[:-4]], [name]),
                (["check", "-o", name[:-4]], [name]),
                (["lab", "new", "--fault", "issuer-s"], ["issuer-shadowed"]),
                (["explain", "trust-l"], ["trust-list", "trust-lists-differ"]),
                (["explain", "handsh"], ["handshake"]),
                (["help", "hor"], ["horizon"]),
                (["cert", "verify", "--purpose", "cl"], ["client"]),
            ]
            for words, want in rows:
                self.assertEqual(sorted(complete(*words)), want, words)

    def complete_at_a_terminal(self, name, file_name):
        if not terminals_are_here():
            self.skipTest("no terminals here: /dev/pts is missing")
        with tempfile.TemporaryDirectory() as folder:
            completion = os.path.join(folder, file_name)
            with open(completion, "w") as file:
                file.write(form(name))
            deployment = os.path.join(folder, "deployment.yaml")
            open(deployment, "w").close()
            demo = os.path.join(folder, "demo")
            run(CAUSEWAY, "lab", "new", demo, "--key", "ec", check=True)
            shell = Shell(name, completion, folder, os.path.dirname(os.path.abspath(CAUSEWAY)))
            rows = [
                ("che", "check "),
                ("cert ver", "cert verify "),
                ("check --form", "check --format "),
                ("check -f js", "check -f json "),
                ("check " + deployment[:-8], "check %s " % deployment),
                ("lab new --fault issuer-s", "lab new --fault issuer-shadowed "),
                ("cert verify --purpose cl", "cert verify --purpose client "),
                ("explain handsh", "explain handshake "),
                ("help hor", "help horizon "),
                ("trust tidy --app", "trust tidy --apply "),
                ("csr new %s c1" % demo, "csr new %s c1.acme.test " % demo),
                ("whatif %s --append sub1.acme.test:tom" % demo, "whatif %s --append sub1.acme.test:tomcat-trust " % demo),
                ("whatif %s --release cuc" % demo, "whatif %s --release cucm " % demo),
                ("trust list -d %s roo" % demo, "trust list -d %s room " % demo),
            ]
            for typed, want in rows:
                self.assertEqual(shell.line_after("causeway " + typed + "\t"), "causeway " + want)
            shell.close()

    def test_bash_completes_at_a_terminal(self):
        self.complete_at_a_terminal("bash", "causeway")

    @unittest.skipUnless(shutil.which("zsh"), "no zsh here (scripts/setup test installs it)")
    def test_zsh_completes_at_a_terminal(self):
        self.complete_at_a_terminal("zsh", "_causeway")

    def test_all_of_it_is_installed(self):
        with tempfile.TemporaryDirectory() as folder:
            done = run("cmake", "--install", BUILD, "--prefix", folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            for path in ("bin/causeway", "share/man/man1/causeway.1", "share/man/man1/causeway-cert-show.1",
                         "share/man/man5/causeway-deployment.5", "share/man/man5/causeway-node.5", "share/causeway/deployment.schema.json",
                         "share/fish/vendor_completions.d/causeway.fish", "share/doc/causeway/monitoring/README.md",
                         "share/doc/causeway/findings.md",
                         "share/bash-completion/completions/causeway", "share/zsh/site-functions/_causeway"):
                self.assertGreater(os.path.getsize(os.path.join(folder, path)), 0, path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
