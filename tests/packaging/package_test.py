#!/usr/bin/env python3
"""What packages are made of: units, SBOM, versions, installation, the release's hardening.
Usage: package_test.py CAUSEWAY BUILD-FOLDER SOURCE-FOLDER"""

import filecmp
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

CAUSEWAY, BUILD, SOURCE = sys.argv[1:4]
del sys.argv[1:4]
RELEASE = os.path.join(SOURCE, "build", "release", "causeway")
EXPOSURE_MAX = 2.0  # of systemd-analyze security: 0 is nothing, 10 everything


def run(*words, **options):
    return subprocess.run(words, capture_output=True, text=True, **options)


def read(*path):
    with open(os.path.join(SOURCE, *path), encoding="utf-8") as file:
        return file.read()


class Packaging(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="causeway-package-")
        self.addCleanup(self.folder.cleanup)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze here (scripts/setup deb installs it)")
    def test_every_unit_is_exposed_less_than_two(self):
        units = [name for name in os.listdir(os.path.join(SOURCE, "packaging", "systemd")) if ".service" in name]
        self.assertGreaterEqual(len(units), 2)
        for name in units:
            path = os.path.join(self.folder.name, name.replace(".in", ""))
            with open(path, "w") as file:
                file.write(read("packaging", "systemd", name).replace("@CAUSEWAY@", "/bin/true"))
            done = run("systemd-analyze", "security", "--offline=yes", "--no-pager", path)
            found = re.search(r"Overall exposure level for \S+: (\d+\.\d)", done.stdout)
            self.assertTrue(found, done.stderr)
            self.assertLess(float(found.group(1)), EXPOSURE_MAX, name)

    def allowed_calls(self, unit):
        """The system calls that a unit's SystemCallFilter lines leave."""
        listed = run("systemd-analyze", "syscall-filter").stdout
        sets, name = {}, None
        for line in listed.splitlines():
            if line.startswith("@"):
                name = line.strip()
            elif line.startswith("    ") and not line.strip().startswith("#"):
                sets.setdefault(name, []).append(line.strip())

        def calls(word):
            return set().union(*map(calls, sets.get(word, []))) if word.startswith("@") else {word}
        allowed = calls("@default")
        for line in re.findall(r"^SystemCallFilter=(.*)$", read("packaging", "systemd", unit), re.M):
            named = set().union(*map(calls, line.lstrip("~").split()))
            allowed = allowed - named if line.startswith("~") else allowed | named
        return allowed

    @unittest.skipUnless(shutil.which("strace") and shutil.which("systemd-analyze"),
                         "no strace or no systemd-analyze here (scripts/setup test installs them)")
    def test_running_nodes_make_no_system_call_that_their_unit_forbids(self):
        os.chmod(self.folder.name, 0o755)
        program = shutil.copy(CAUSEWAY, self.folder.name)
        demo, trace = os.path.join(self.folder.name, "demo"), os.path.join(self.folder.name, "trace")
        environment = dict(os.environ, TMPDIR=self.folder.name, HOME=self.folder.name, ASAN_OPTIONS="detect_leaks=0")
        self.assertEqual(run(program, "lab", "new", demo, "--key", "ec").returncode, 0)
        another = []
        if os.geteuid() == 0:  # the unit's account is no root either
            another = ["-u", "sshd"]
            for folder, _, names in os.walk(self.folder.name):
                for name in [folder] + [os.path.join(folder, name) for name in names]:
                    shutil.chown(name, "sshd")
        lab = subprocess.Popen(["strace", "-f", "-qq", "-e", "signal=none", *another, "-o", trace, program, "lab", "up", demo,
                                "--state", os.path.join(self.folder.name, "up")], env=environment, text=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        seen = []
        for line in lab.stdout:
            seen.append(line)
            if "c1.acme.test: tunnel to e1.acme.test: Active" in line:
                break
        with open(trace) as file:
            lab_process = int(file.readline().split()[0])
        os.kill(lab_process, signal.SIGINT)
        seen.append(lab.communicate(timeout=300)[0])
        self.assertIn("tunnel to e1.acme.test: Active", "".join(seen))
        with open(trace) as file:
            made = set(re.findall(r"^\d+ +([a-z_0-9]+)\(", file.read(), re.M))
        self.assertIn("seccomp", made)
        # sshd gives groups up that it has not got, with or without the right to.
        self.assertEqual(made - self.allowed_calls("causeway-node@.service.in") - {"setgroups"}, set())

    def test_no_unit_may_map_memory_that_is_written_and_run(self):
        for name in os.listdir(os.path.join(SOURCE, "packaging", "systemd")):
            if ".service" in name:
                text = read("packaging", "systemd", name)
                for line in ("MemoryDenyWriteExecute=yes", "NoNewPrivileges=yes", "LimitCORE=0", "User=causeway"):
                    self.assertIn("\n%s\n" % line, text, name)

    def test_an_installation_is_whole_and_its_unit_names_its_program(self):
        done = run("cmake", "--install", BUILD, "--prefix", self.folder.name)
        self.assertEqual(done.returncode, 0, done.stderr)
        program = os.path.join(self.folder.name, "bin", "causeway")
        self.assertTrue(os.access(program, os.X_OK))
        units = os.path.join(self.folder.name, "lib", "systemd", "system")
        with open(os.path.join(units, "causeway-check@.service")) as file:
            self.assertIn("\nExecStart=%s check " % program, file.read())
        self.assertTrue(os.path.exists(os.path.join(units, "causeway-check@.timer")))

    def test_an_installation_without_root_writes_below_its_prefix_alone(self):
        home = os.path.join(self.folder.name, "home", ".local")
        done = run("cmake", "--install", BUILD, "--prefix", home)
        self.assertEqual(done.returncode, 0, done.stderr)
        written = re.findall(r"^-- (?:Installing|Up-to-date): (.*)$", done.stdout, re.M)
        self.assertGreater(len(written), 40)
        for path in written:
            self.assertTrue(os.path.realpath(path).startswith(os.path.realpath(home)), path)
            self.assertTrue(os.path.exists(path), path)
        units = os.path.join(home, "lib", "systemd", "system")
        with open(os.path.join(units, "causeway-check@.service")) as file:
            self.assertIn("ExecStart=%s/bin/causeway " % home, file.read())

    def test_no_pattern_is_compiled_to_code(self):
        for folder, _, names in os.walk(os.path.join(SOURCE, "src")):
            for name in names:
                with open(os.path.join(folder, name), errors="replace") as file:
                    self.assertNotIn("pcre2_jit", file.read(), name)

    def test_no_unit_starts_a_verb_that_is_not_there(self):
        verbs = run(CAUSEWAY, "help", "--as", "verbs").stdout.splitlines()
        for name in os.listdir(os.path.join(SOURCE, "packaging", "systemd")):
            for words in re.findall(r"^ExecStart=@CAUSEWAY@ ([a-z ]+?) [/-]", read("packaging", "systemd", name), re.M):
                self.assertIn(words, verbs, name)

    def test_the_container_is_the_package_and_its_account(self):
        text = read("packaging", "container", "Containerfile")
        self.assertIn("COPY causeway_*.deb", text)
        self.assertRegex(text, r"(?m)^USER causeway$")
        self.assertRegex(read("debian", "causeway.sysusers"), r"(?m)^u causeway ")

    def test_what_setup_installs_is_what_the_recipes_call(self):
        setup = read("scripts", "setup")
        for script, program in (("make-guide", "cmark-gfm"), ("take-pictures", "chromium"), ("make-deb", "lintian")):
            self.assertIn(program, read("scripts", script))
            self.assertRegex(setup, r"(?m)^(look|deb)=.*%s" % program)

    def test_a_unit_of_a_verb_that_is_not_there_is_not_installed(self):
        environment = dict(os.environ, DESTDIR=self.folder.name)
        self.assertEqual(run("cmake", "--install", BUILD, "--prefix", "/usr", env=environment).returncode, 0)
        verbs = run(CAUSEWAY, "help", "--as", "verbs").stdout.splitlines()
        unit = os.path.join(self.folder.name, "usr/lib/systemd/system/causeway-node@.service")
        self.assertEqual(os.path.exists(unit), "node run" in verbs)

    def test_what_the_program_says_about_itself_is_the_same_bytes_each_time(self):
        folders = [os.path.join(self.folder.name, name) for name in ("one", "two")]
        for folder in folders:
            subprocess.run([os.path.join(SOURCE, "scripts", "make-reference"), CAUSEWAY, folder], check=True)
        compared = filecmp.dircmp(*folders)
        for part in [compared] + list(compared.subdirs.values()):
            self.assertEqual((part.diff_files, part.left_only, part.right_only), ([], [], []))

    @unittest.skipUnless(shutil.which("pkg-config"), "no pkg-config here")
    def test_the_sbom_names_every_library_and_is_the_same_bytes_each_time(self):
        paths = [os.path.join(self.folder.name, name) for name in ("one.json", "two.json")]
        for path in paths:
            subprocess.run([os.path.join(SOURCE, "scripts", "make-sbom"), "0.1.0", path], check=True)
        self.assertTrue(filecmp.cmp(*paths, shallow=False))
        with open(paths[0]) as file:
            document = json.load(file)
        self.assertEqual(document["spdxVersion"], "SPDX-2.3")
        named = {item["name"] for item in document["packages"]}
        wanted = set()
        for modules in re.findall(r"pkg_check_modules\(\w+ REQUIRED IMPORTED_TARGET ([^)]*)\)", read("CMakeLists.txt")):
            wanted |= {module.split(">=")[0] for module in modules.split()}
        self.assertLessEqual(wanted, named)
        for item in document["packages"]:
            self.assertTrue(item["versionInfo"] and item["licenseDeclared"], item["name"])

    def test_one_version_stands_everywhere(self):
        version = re.search(r"project\(causeway VERSION ([\d.]+)", read("CMakeLists.txt")).group(1)
        self.assertIn(version, run(CAUSEWAY, "version").stdout)
        self.assertEqual(re.search(r"^## ([\d.]+) ", read("CHANGELOG.md"), re.M).group(1), version)
        self.assertEqual(re.match(r"causeway \(([\d.]+)\)", read("debian", "changelog")).group(1), version)

    def test_the_package_is_built_of_what_setup_installs(self):
        control = read("debian", "control")
        needed = re.search(r'^build="([^"]*)"', read("scripts", "setup"), re.M).group(1).split()
        for package in needed:
            if package.endswith("-dev") and package != "libc6-dev":
                self.assertIn(" %s" % package, control)

    @unittest.skipUnless(os.path.exists(RELEASE) and shutil.which("readelf"), "no release build or no readelf here")
    def test_the_release_is_hardened(self):
        head = run("readelf", "-hldW", RELEASE).stdout
        self.assertRegex(head, r"Type:\s+DYN \(Position-Independent Executable")
        self.assertIn("GNU_RELRO", head)
        self.assertRegex(head, r"FLAGS.*NOW|BIND_NOW")
        self.assertNotRegex(head, r"\((RPATH|RUNPATH)\)")
        self.assertRegex(head, r"GNU_STACK\s+\S+ \S+ \S+ \S+ \S+ RW ")
        names = run("readelf", "-sW", "--dyn-syms", RELEASE).stdout
        self.assertIn("__stack_chk_fail", names)
        self.assertRegex(names, r"__(memcpy|snprintf|vsnprintf|read|fprintf)_chk")


if __name__ == "__main__":
    unittest.main(verbosity=2)
