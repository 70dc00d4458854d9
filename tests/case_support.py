"""What the tests of `spoor case` share: a stand-in of TheHive, a folder with a store, and commands in it."""

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
KEY = "c3Bvb3Igc3Bvb3Igc3Bvb3I+/w=="


class Standin:
    """tests/thehive_standin as a process; ends with this one."""

    def __init__(self, product, *, log=None, latency_ms=0, tls=None):
        command = [sys.executable, str(HERE / "thehive_standin"), "--product", str(product), "--key", KEY,
                   "--latency-ms", str(latency_ms)]
        if log is not None:
            command += ["--log", str(log)]
        if tls is not None:
            command += ["--tls", *tls]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        self.product = product
        if not self.url:
            raise RuntimeError("the stand-in did not start")

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)
        self.process.stdout.close()

    def ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data=data), timeout=60) as reply:
            return json.loads(reply.read() or b"null")

    def state(self):
        return self.ask("/standin/state")

    def faults(self, **what):
        self.ask("/standin/faults", what)


class Workspace:
    """A folder with a store, a configuration and an environment without anybody's keys."""

    def __init__(self, spoor):
        self.spoor = str(pathlib.Path(spoor).resolve())
        self.folder_guard = tempfile.TemporaryDirectory(prefix="spoor-case-")
        self.folder = pathlib.Path(self.folder_guard.name)
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(("SPOOR_", "OTX_"))}
        self.env.update(SPOOR_STORE=str(self.folder / "spoor.db"), SPOOR_CONFIG=str(self.folder / "spoor.toml"),
                        HIVE_KEY=KEY, HOME=str(self.folder), NO_COLOR="1")
        self.config()

    def close(self):
        self.folder_guard.cleanup()

    def config(self, *tables):
        (self.folder / "spoor.toml").write_text("\n".join(tables))

    @staticmethod
    def hive(url, name="soc", **more):
        text = f'[[case_system]]\nname = "{name}"\nurl = "{url}"\nkey_env = "HIVE_KEY"\nrate = 0\n'
        for key, value in more.items():
            text += f"{key} = {value if isinstance(value, str) and value[:1] in '[{' else json.dumps(value)}\n"
        return text

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    def popen(self, *arguments, **more):
        more.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.Popen([self.spoor, *arguments], env=self.env, cwd=self.folder, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, **more)

    def run(self, *arguments, status=0, stdin=None):
        done = subprocess.run([self.spoor, *arguments], env=self.env, cwd=self.folder, capture_output=True, text=True,
                              timeout=300, **({"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}))
        if status is not None and done.returncode != status:
            raise AssertionError(f"spoor {' '.join(arguments)}: status {done.returncode}, expected {status}\n"
                                 f"{done.stdout}{done.stderr}")
        return done.stdout + done.stderr if stdin is None else done.stdout

    def pulse(self, pulse_id, name, values, **more):
        """A pulse in the store; `values`: (type, value)."""
        indicators = [{"id": i + 1, "type": kind, "indicator": value, "created": "2026-05-01T00:00:00", "is_active": 1}
                      for i, (kind, value) in enumerate(values)]
        page = {"id": pulse_id, "name": name, "author_name": "northwatch", "tlp": "green", "revision": 1, "public": 1,
                "created": "2026-05-01T00:00:00", "modified": "2026-05-02T00:00:00", "tags": ["phish"],
                "indicators": indicators, **more}
        path = self.write(f"{pulse_id}.json", json.dumps({"results": [page], "count": 1, "next": None, "previous": None}))
        self.run("import", "--quiet", path)


@contextlib.contextmanager
def closing(thing):
    try:
        yield thing
    finally:
        thing.close()


class Checks:
    """Counts what holds and says what does not."""

    def __init__(self):
        self.good = self.bad = 0

    def equal(self, found, expected, what):
        if found == expected:
            self.good += 1
        else:
            self.bad += 1
            print(f"{what}: found {found!r}, expected {expected!r}")

    def true(self, truth, what):
        self.equal(bool(truth), True, what)

    def end(self):
        print(f"{self.good} checks hold, {self.bad} do not")
        return 1 if self.bad else 0
