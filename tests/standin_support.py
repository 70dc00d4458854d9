"""What the tests that need a stand-in for OTX share: it, a store of their own, and looks into both."""

import json
import os
import pathlib
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
STANDIN = ROOT / "tools" / "otx-standin"
FEED_STANDIN = ROOT / "tools" / "feed-standin"
SAMPLES = [str(ROOT / "samples" / "pulses"), str(ROOT / "samples" / "otx")]
TIMEOUT_S = 120


def new_key():
    """No key that anybody has: made for the one test."""
    return secrets.token_hex(32)


class Standin:
    """Runs until the block ends; ends with the test anyhow. `tool`: OTX's, or that of other feeds."""

    def __init__(self, *arguments, log=None, tool=STANDIN):
        self.log = pathlib.Path(log) if log else None
        words = [sys.executable, str(tool), *map(str, arguments)]
        if log:
            words += ["--log", str(log)]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        if not self.url.startswith("http"):
            raise RuntimeError("the stand-in did not begin")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)

    def control(self, **order):
        request = urllib.request.Request(self.url + "/standin", json.dumps(order).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=10) as reply:
            reply.read()

    def requests(self):
        return self.log.read_text().splitlines()


class Spoor:
    """The program with a store, a home and a key of its own."""

    def __init__(self, program, key):
        self.program = str(pathlib.Path(program).resolve())
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="spoor-otx-"))
        self.key = key
        self.key_file = self.folder / "key"
        self.key_file.write_text(key + "\n")
        self.store = self.folder / "spoor.db"
        self.environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(self.folder), "LC_ALL": "C.UTF-8",
                            "SPOOR_STORE": str(self.store), "TZ": "UTC"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        self.said = []      # all output, for greps

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def words(self, *arguments):
        return [self.program, *map(str, arguments)]

    def run(self, *arguments, status=0, **environment):
        done = subprocess.run(self.words(*arguments), env={**self.environment, **environment}, text=True, timeout=TIMEOUT_S,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.said.append(done.stdout + done.stderr)
        if status is not None and done.returncode != status:
            raise AssertionError(f"{' '.join(map(str, arguments))}: status {done.returncode}, expected {status}\n"
                                 f"{done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done

    def collect(self, standin, *arguments, status=0):
        return self.run("collect", "--otx", standin.url, "--key-file", self.key_file, "--rate", 0, *arguments, status=status)

    def otx(self, standin, *arguments, status=0):
        return self.run("otx", *arguments, "--otx", standin.url, "--key-file", self.key_file, "--rate", 0, status=status)

    def dump(self):
        """All that was collected by natural keys, and the program's own export: no row numbers, places or clocks."""
        database = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True)
        lines = []
        for query in (
                "SELECT id, name, description, author, adversary, created, modified, revision, tlp, is_public, tags, refs,"
                " targeted_countries, industries, malware_families, attack_ids, extract_source, more_indicators, extra"
                " FROM pulse ORDER BY id",
                "SELECT o.type, o.canonical, o.quarantine, f.name, p.id, c.raw, c.role, c.title, c.description, c.content,"
                " c.created, c.expiration, c.active, c.ended, c.source_id FROM claim c JOIN observable o ON o.id = c.observable"
                " JOIN feed f ON f.id = c.feed LEFT JOIN pulse p ON p.pk = c.pulse ORDER BY o.type, o.canonical, f.name, p.id",
                "SELECT f.name, p.id, s.gone FROM feed_pulse s JOIN feed f ON f.id = s.feed JOIN pulse p ON p.pk = s.pulse"
                " ORDER BY f.name, p.id"):
            lines += [repr(row) for row in database.execute(query)]
        database.close()
        return "\n".join(lines) + "\n" + self.run("indicators", "--json").stdout


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def expect_text(text, *patterns):
    for pattern in patterns:
        if not re.search(pattern, text):
            raise AssertionError(f"expected /{pattern}/ in:\n{text[-3000:]}")


def run_tests(tests, doc):
    """Each function of `tests` is a named case. Exit status 0, or 1."""
    failed = 0
    for test in tests:
        name = test.__name__
        try:
            test()
            print(f"ok {name}", flush=True)
        except Exception as error:  # a test that fails must not hide those behind it
            failed += 1
            print(f"FAILED {name}: {type(error).__name__}: {error}", flush=True)
    print(f"{len(tests) - failed} passed, {failed} failed ({doc})")
    return 1 if failed else 0
