"""A real LDAP server with people of its own: slapd in a temporary folder, with a certificate of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from ldap3 import MODIFY_ADD, MODIFY_DELETE, MODIFY_REPLACE, Connection, Server

from tests.machine import binary, free_port, running

BASE, READER, SECRET = "dc=mesto,dc=example", "cn=reader,dc=mesto,dc=example", "reader's secret"
PEOPLE, GROUPS = f"ou=people,{BASE}", f"ou=groups,{BASE}"
PASSWORD = "tajné heslo"
CONFIG = """
include {schema}/core.schema
include {schema}/cosine.schema
include {schema}/inetorgperson.schema
modulepath {modules}
moduleload back_mdb
pidfile {folder}/pid
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
access to attrs=userPassword by anonymous auth by * none
access to * by * read
database mdb
suffix "{base}"
rootdn "{reader}"
rootpw "{secret}"
directory {folder}/data
index objectClass,uid,member,entryUUID eq
"""


@dataclass(frozen=True, kw_only=True)
class Slapd:
    """A running server."""

    port: int
    tls_port: int
    #: PEM of its own certificate, for `localhost`.
    ca: str

    @contextmanager
    def as_root(self) -> Iterator[Connection]:
        root = Connection(Server("127.0.0.1", self.port), READER, SECRET, auto_bind=True, raise_exceptions=True)
        try:
            yield root
        finally:
            root.unbind()

    def person(self, uid: str, name: str) -> str:
        """Add somebody; gives their DN."""
        dn = f"uid={uid},{PEOPLE}"
        facts = {"cn": name, "sn": name.split()[-1], "mail": f"{uid}@mesto.example", "userPassword": PASSWORD}
        with self.as_root() as root:
            root.add(dn, "inetOrgPerson", {"uid": uid, **facts})
        return dn

    def group(self, name: str, *members: str) -> str:
        dn = f"cn={name},{GROUPS}"
        with self.as_root() as root:
            root.add(dn, "groupOfNames", {"member": list(members)})
        return dn

    def join(self, group: str, member: str) -> None:
        with self.as_root() as root:
            root.modify(group, {"member": [(MODIFY_ADD, [member])]})

    def part(self, group: str, member: str) -> None:
        with self.as_root() as root:
            root.modify(group, {"member": [(MODIFY_DELETE, [member])]})

    def rename(self, dn: str, name: str) -> None:
        with self.as_root() as root:
            root.modify(dn, {"cn": [(MODIFY_REPLACE, [name])]})

    def remove(self, *names: str) -> None:
        with self.as_root() as root:
            for dn in names:
                root.delete(dn)

    def clear(self) -> None:
        """Forget everybody."""
        with self.as_root() as root:
            for base in (PEOPLE, GROUPS):
                root.search(base, "(objectClass=*)", "LEVEL")
                for one in list(root.response):
                    root.delete(one["dn"])


@contextmanager
def running_slapd() -> Iterator[Slapd]:
    found = os.environ.get("RADNICE_TEST_SLAPD") or binary(("slapd",), "/usr/sbin/slapd")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("slapd is not on this machine")
        pytest.skip("slapd is not on this machine (RADNICE_TEST_SLAPD)")
    with tempfile.TemporaryDirectory(prefix="radnice-slapd-") as name:
        folder, port, tls_port = Path(name), free_port(), free_port()
        (folder / "data").mkdir()
        certificate(folder)
        places = {"schema": "/etc/ldap/schema", "modules": "/usr/lib/ldap", "folder": folder}
        (folder / "slapd.conf").write_text(CONFIG.format(**places, base=BASE, reader=READER, secret=SECRET))
        addresses = f"ldap://127.0.0.1:{port}/ ldaps://127.0.0.1:{tls_port}/"
        with running([found, "-f", str(folder / "slapd.conf"), "-h", addresses, "-d", "0"], port):
            server = Slapd(port=port, tls_port=tls_port, ca=(folder / "server.pem").read_text())
            with server.as_root() as root:
                root.add(BASE, ["dcObject", "organization"], {"o": "Město"})
                for base in (PEOPLE, GROUPS):
                    root.add(base, "organizationalUnit")
            yield server


def certificate(folder: Path) -> None:
    openssl = shutil.which("openssl")
    assert openssl, "openssl makes the certificate of the test's server"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    out = ["-addext", "subjectAltName=DNS:localhost", "-keyout", f"{folder}/server.key", "-out", f"{folder}/server.pem"]
    subprocess.run([*command, *out], check=True, capture_output=True)
