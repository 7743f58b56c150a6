#!/usr/bin/env python3
"""The Debian packages of build/deb in a fresh Debian 12: installed, used, upgraded, removed, purged.
Usage: root_test.py SOURCE-FOLDER

The root is made once, of Debian's essential packages and what the package depends on, and kept in build/root. Ends with
77 (skipped), and says why, where there are no packages, no root rights, no mmdebstrap or no archive to fetch from.
"""

import atexit
import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = os.path.abspath(sys.argv[1])
ARCHIVE = os.environ.get("CAUSEWAY_DEBIAN", "http://deb.debian.org/debian")
FETCH_SECONDS_MAX = 900
EXPOSURE_MAX = 2.0
OLD, NEW = "0.0.1~test", "9.9.9~test"  # versions that the same package is given, to be upgraded from and to


def skip(why):
    print("SKIPPED: the packages were not installed in a fresh Debian: " + why)
    sys.exit(77)


def packages():
    found = {}
    for path in glob.glob(os.path.join(SOURCE, "build", "deb", "causeway*.deb")):
        found[os.path.basename(path).split("_")[0]] = path
    if "causeway" not in found or "causeway-doc" not in found:
        skip("there are none in build/deb; make deb builds them")
    return found


def field(path, name):
    return subprocess.run(["dpkg-deb", "-f", path, name], capture_output=True, text=True, check=True).stdout.strip()


def depends(path):
    """The first alternative of each dependency, without its version."""
    return sorted(re.split(r"[ |(]", item.strip())[0] for item in field(path, "Depends").split(","))


def fresh_root(needed):
    if os.geteuid():
        skip("it takes root")
    # Named by what is in it: another dependency is another root.
    kept = os.path.join(SOURCE, "build", "root", hashlib.sha256("+".join(needed).encode()).hexdigest()[:16] + ".tar")
    draft = kept.replace(".tar", ".new.tar")
    if not os.path.exists(kept):
        if not shutil.which("mmdebstrap"):
            skip("no mmdebstrap here (scripts/setup deb installs it)")
        os.makedirs(os.path.dirname(kept), exist_ok=True)
        try:
            made = subprocess.run(["mmdebstrap", "--variant=essential", "--mode=root", "--include=" + ",".join(needed),
                                   "bookworm", draft, ARCHIVE], stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=FETCH_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            skip("%s did not hand out Debian within %d seconds" % (ARCHIVE, FETCH_SECONDS_MAX))
        if made.returncode:
            skip("mmdebstrap: " + made.stderr.strip().splitlines()[-1])
        os.rename(draft, kept)
    root = tempfile.mkdtemp(prefix="causeway-root-")
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    subprocess.run(["tar", "-C", root, "-xf", kept, "--exclude=./dev/*"], check=True)
    return root


class Root:
    def __init__(self, path):
        self.path = path
        with open(os.path.join(path, "usr/sbin/policy-rc.d"), "w") as file:
            file.write("#!/bin/sh\nexit 101\n")
        os.chmod(file.name, 0o755)
        # a plain file takes what is thrown away: no device is made here
        for name in ("null", "urandom"):
            with open(os.path.join(path, "dev", name), "wb") as file:
                file.write(os.urandom(4096) if name == "urandom" else b"")
            os.chmod(file.name, 0o666)

    def run(self, *words, user=None, status=0):
        switch = ["--userspec=" + user] if user else []
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp", "LC_ALL": "C.UTF-8",
                       "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(["chroot", *switch, self.path, *words], env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)
        if done.returncode != status:
            raise AssertionError("%s ended with %d, wanted %d:\n%s%s"
                                 % (" ".join(words), done.returncode, status, done.stdout, done.stderr))
        return done.stdout + done.stderr

    def has(self, path):
        return os.path.lexists(self.path + path)

    def take(self, path):
        shutil.copy(path, self.path + "/tmp")
        return "/tmp/" + os.path.basename(path)


def with_version(path, version, folder):
    """The same package with another version number."""
    tree = os.path.join(folder, version)
    subprocess.run(["dpkg-deb", "-R", path, tree], check=True)
    control = os.path.join(tree, "DEBIAN", "control")
    with open(control) as file:
        text = file.read()
    with open(control, "w") as file:
        file.write(re.sub(r"^Version: .*$", "Version: " + version, text, flags=re.M))
    made = os.path.join(folder, "causeway_%s.deb" % version)
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", tree, made], check=True, stdout=subprocess.DEVNULL)
    return made


def want(true, sentence):
    if not true:
        raise AssertionError(sentence)
    print("ok: " + sentence)


def installed(root, version):
    want(version in root.run("dpkg-query", "-W", "-f", "${db:Status-Abbrev}${Version}", "causeway"), "version %s is installed" % version)
    want(root.run("causeway", "version").startswith("causeway "), "the program starts")


def look_at_the_account(root):
    line = root.run("getent", "passwd", "causeway").strip().split(":")
    want(0 < int(line[2]) < 1000, "the account causeway is one of the system's")
    want(line[5] == "/var/lib/causeway" and line[6].endswith("nologin"), "nobody signs in with it, and it is no dynamic one")


def look_at_the_units(root):
    units = sorted(glob.glob(root.path + "/lib/systemd/system/causeway-*"))
    names = [os.path.basename(unit) for unit in units]
    want(names == ["causeway-check@.service", "causeway-check@.timer", "causeway-desk.service", "causeway-node@.service"], "the units are there")
    for unit in units:
        with open(unit) as file:
            text = file.read()
        for program in re.findall(r"^ExecStart=(\S+)", text, re.M):
            want(root.has(program), os.path.basename(unit) + " starts a program that is there")
        if unit.endswith(".service") and shutil.which("systemd-analyze"):
            done = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--no-pager", unit], capture_output=True, text=True)
            found = float(re.search(r"exposure level for \S+: (\d+\.\d)", done.stdout).group(1))
            want(found < EXPOSURE_MAX, "%s is exposed %.1f" % (os.path.basename(unit), found))


def use_it(root):
    root.run("causeway", "lab", "new", "/etc/causeway/demo", "--key", "ec")
    root.run("chgrp", "-R", "causeway", "/etc/causeway/demo")
    root.run("chmod", "-R", "g+rX", "/etc/causeway/demo")
    root.run("install", "-d", "-o", "causeway", "-g", "causeway", "/var/lib/causeway", "/var/lib/causeway/metrics")
    with open(root.path + "/lib/systemd/system/causeway-check@.service") as file:
        command = re.search(r"^ExecStart=(.*)$", file.read(), re.M).group(1).replace("%i", "demo").split()
    root.run(*command, user="causeway:causeway")
    with open(root.path + "/var/lib/causeway/metrics/demo.prom") as file:
        want("causeway_links{" in file.read(), "what the daily check runs writes its metrics, as its account")
    for path in ("/usr/share/man/man1/causeway-check.1.gz", "/usr/share/man/man5/causeway-deployment.5.gz",
                 "/usr/share/bash-completion/completions/causeway", "/usr/share/zsh/site-functions/_causeway",
                 "/usr/share/fish/vendor_completions.d/causeway.fish", "/usr/share/doc/causeway/causeway.spdx.json.gz",
                 "/usr/share/doc/causeway/guide/index.html"):
        # Debian's small images leave documentation out (dpkg's path-exclude)
        want(root.has(path), path + " is there")


def main():
    found = packages()
    root = Root(fresh_root(depends(found["causeway"])))
    with tempfile.TemporaryDirectory(prefix="causeway-versions-") as folder:
        older, newer = (root.take(with_version(found["causeway"], version, folder)) for version in (OLD, NEW))
    root.run("dpkg", "-i", older)
    installed(root, OLD)
    root.run("dpkg", "-i", root.take(found["causeway"]), root.take(found["causeway-doc"]))
    installed(root, field(found["causeway"], "Version"))
    look_at_the_account(root)
    look_at_the_units(root)
    use_it(root)
    root.run("dpkg", "-i", newer)
    installed(root, NEW)
    want(root.has("/var/lib/causeway/metrics/demo.prom"), "an upgrade leaves what was written")
    root.run("dpkg", "-r", "causeway", "causeway-doc")
    want(not root.has("/usr/bin/causeway"), "removed, the program is gone")
    want(root.has("/var/lib/causeway/metrics/demo.prom"), "removed, what was written is left")
    told = root.run("dpkg", "-P", "causeway", "causeway-doc")
    want(not root.has("/var/lib/causeway"), "purged, what was written is gone")
    want(root.has("/etc/causeway/demo/deployment.yaml") and "/etc/causeway is not empty and was kept" in told,
         "purged, what people made is left, and told")
    left = root.run("sh", "-c", "find / -xdev -path /tmp -prune -o -path /proc -prune -o -name '*causeway*' -print | grep -v ^/etc/causeway || true")
    want(not left.strip(), "purged, nothing else is left: %s" % left.strip())


main()
