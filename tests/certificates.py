"""Certificates of authorities made for one test: `good` is for 127.0.0.1, `elsewhere` for another name, `old` has run
out; all three by `ca`. Nobody knows `other`."""

import pathlib
import shutil
import subprocess
import tempfile


def available():
    return shutil.which("openssl") is not None


class Certificates:
    def __init__(self):
        self.guard = tempfile.TemporaryDirectory(prefix="spoor-tls-")
        self.folder = pathlib.Path(self.guard.name)
        for name in ("ca", "other"):
            self._openssl("req", "-x509", *self._new_key(name), "-days", "30", "-subj", f"/CN=spoor test {name}", "-out", f"{name}.pem")
        for name, subject in (("good", "IP:127.0.0.1"), ("elsewhere", "DNS:elsewhere.example"), ("old", "IP:127.0.0.1")):
            (self.folder / f"{name}.ext").write_text(f"subjectAltName={subject}\n", encoding="ascii")
            self._openssl("req", *self._new_key(name), "-subj", "/CN=stand-in", "-out", f"{name}.csr")
            self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days",
                          "-1" if name == "old" else "30", "-extfile", f"{name}.ext", "-out", f"{name}.pem")

    @staticmethod
    def _new_key(name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key"]

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def authority(self, name):
        return str(self.folder / f"{name}.pem")

    def pair(self, name):
        """Certificate and key, for a server."""
        return [str(self.folder / f"{name}.pem"), str(self.folder / f"{name}.key")]
