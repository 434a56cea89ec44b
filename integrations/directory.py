"""Asking an LDAP server or Active Directory: who fits a name and a password, and who is there at all.

Raises DirectoryAway with a key of `PROBLEMS`, never with what the server or the library wrote.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from typing import Any

from ldap3 import NONE, SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import (
    LDAPBindError,
    LDAPException,
    LDAPInvalidCredentialsResult,
    LDAPSizeLimitExceededResult,
    LDAPSocketOpenError,
    LDAPStartTLSError,
)
from ldap3.utils.conv import escape_filter_chars
from ldap3.utils.dn import parse_dn

from engine.directory import DirectoryAway, DirectorySettings, Entry

#: Seconds.
CONNECT, ANSWER = 3, 8
#: Entries in one page of a search.
PAGE = 500
#: How deep groups may be in groups.
DEEPEST = 20
#: AD: membership through groups in groups, and the bit of an account that is switched off.
IN_CHAIN, DISABLED = "1.2.840.113556.1.4.1941", 2
PROBLEMS = ("unreachable", "certificate", "refused", "search", "unsafe")
NAMES = {
    "ldap": {"id": "entryUUID", "username": "uid", "name": "cn", "email": "mail"},
    "ad": {"id": "objectGUID", "username": "sAMAccountName", "name": "displayName", "email": "mail"},
}


class Directory:
    """One organisation's directory. `password` is that of whoever searches."""

    def __init__(self, settings: DirectorySettings, password: str) -> None:
        self._settings = settings
        self._password = password
        self._names = NAMES[settings.kind]
        self._wanted = {(_plain(dn), key) for key, names in settings.mapping.items() for dn in names}
        self._above: dict[str, frozenset[str]] = {}

    def let_in(self, username: str, password: str) -> Entry | None:
        """The person whose name and password these are and who is in a mapped group; None where there is nobody."""
        if not username or not password or "\0" in username + password:
            return None
        with self._searching() as connection:
            found = self._find(connection, escape_filter_chars(username), 2)
            if len(found) != 1 or not self._fits(found[0]["dn"], password):
                return None
            entry = self._entry(connection, found[0])
        return entry if entry.groups else None

    def look_up(self, username: str) -> Entry | None:
        """A person by name, whatever their groups, for trying the settings."""
        with self._searching() as connection:
            found = self._find(connection, escape_filter_chars(username), 2)
            return self._entry(connection, found[0]) if len(found) == 1 else None

    def everybody(self) -> list[Entry]:
        """All who may come in by the mapping: the whole list or DirectoryAway."""
        with self._searching() as connection:
            entries = [self._entry(connection, one) for one in self._find(connection, "*", 0)]
        return [one for one in entries if one.groups and one.id and one.username]

    # --- connections -------------------------------------------------------------------------------------------------

    @contextmanager
    def _searching(self) -> Iterator[Connection]:
        try:
            connection = self._connect(self._settings.bind_dn, self._password)
        except LDAPBindError as error:
            raise DirectoryAway("refused") from error
        try:
            yield connection
        except LDAPException as error:
            raise DirectoryAway("search") from error
        finally:
            _close(connection)

    def _fits(self, dn: str, password: str) -> bool:
        try:
            self._connect(dn, password).unbind()
        except LDAPBindError:
            return False
        return True

    def _connect(self, dn: str, password: str) -> Connection:
        """Bind. Raises LDAPBindError where the name and password don't fit, DirectoryAway otherwise."""
        if not dn or not password:
            raise DirectoryAway("refused")
        if self._settings.encryption == "none" and not is_here(self._settings.host):
            raise DirectoryAway("unsafe")
        connection = Connection(
            self._server(),
            dn,
            password,
            auto_referrals=False,
            read_only=True,
            raise_exceptions=True,
            receive_timeout=ANSWER,
        )
        try:
            connection.open()
            if self._settings.encryption == "starttls":
                connection.start_tls()
            connection.bind()
        except LDAPInvalidCredentialsResult as error:
            _close(connection)
            raise LDAPBindError from error
        except LDAPException as error:
            _close(connection)
            raise DirectoryAway("certificate" if _is_certificate(error) else "unreachable") from error
        return connection

    def _server(self) -> Server:
        settings = self._settings
        try:
            tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_data=settings.ca or None)
            return Server(
                settings.host,
                port=settings.port,
                use_ssl=settings.encryption == "ldaps",
                tls=None if settings.encryption == "none" else tls,
                get_info=NONE,
                connect_timeout=CONNECT,
            )
        except (LDAPException, ValueError) as error:
            raise DirectoryAway("unreachable") from error

    # --- searches ----------------------------------------------------------------------------------------------------

    def _find(self, connection: Connection, username: str, limit: int) -> list[Mapping[str, Any]]:
        """People by the filter; `username` is escaped already."""
        wanted = self._settings.people_filter.replace("{username}", username)
        attributes = [*self._names.values(), *(["userAccountControl"] if self._settings.kind == "ad" else [])]
        if limit:
            try:
                connection.search(self._settings.people_base, wanted, SUBTREE, attributes=attributes, size_limit=limit)
            except LDAPSizeLimitExceededResult:
                return []
            found = connection.response
        else:
            found = connection.extend.standard.paged_search(
                self._settings.people_base, wanted, SUBTREE, attributes=attributes, paged_size=PAGE, generator=False
            )
        return [one for one in found if one["type"] == "searchResEntry" and not _is_disabled(one)]

    def _entry(self, connection: Connection, found: Mapping[str, Any]) -> Entry:
        said = {key: _text(found, name) for key, name in self._names.items()}
        username = said["username"].lower()
        return Entry(
            id=said["id"],
            username=username,
            name=said["name"] or username,
            email=said["email"],
            groups=self._groups(connection, found["dn"]),
        )

    def _groups(self, connection: Connection, dn: str) -> frozenset[str]:
        """Groups here by groups there, also through groups in groups."""
        if self._settings.kind == "ad":
            names = self._search_groups(connection, f"(member:{IN_CHAIN}:={escape_filter_chars(dn)})")
        else:
            names, newest = set(), {dn}
            for _depth in range(DEEPEST):
                newest = {up for one in newest for up in self._direct(connection, one, keep=one != dn)} - names
                names |= newest
                if not newest:
                    break
        return frozenset(key for name, key in self._wanted if name in names)

    def _direct(self, connection: Connection, dn: str, keep: bool) -> frozenset[str]:
        """Groups that name an entry as their member; those of groups are asked once."""
        if dn in self._above:
            return self._above[dn]
        escaped = escape_filter_chars(dn)
        found = frozenset(self._search_groups(connection, f"(|(member={escaped})(uniqueMember={escaped}))"))
        if keep:
            self._above[dn] = found
        return found

    def _search_groups(self, connection: Connection, wanted: str) -> set[str]:
        base = self._settings.groups_base or self._settings.people_base
        found = connection.extend.standard.paged_search(
            base, wanted, SUBTREE, attributes=["1.1"], paged_size=PAGE, generator=False
        )
        return {_plain(one["dn"]) for one in found if one["type"] == "searchResEntry"}


def _close(connection: Connection) -> None:
    """End a connection that may be half open; its end can't fail the caller."""
    with suppress(LDAPException, OSError):
        connection.unbind()
    if connection.socket is not None:
        connection.socket.close()


def is_here(host: str) -> bool:
    """Whether the address is of this very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _plain(dn: str) -> str:
    """A name in one spelling: without spaces at commas, in small letters."""
    try:
        return ",".join(f"{kind}={value}" for kind, value, _end in parse_dn(dn, escape=True, strip=True)).lower()
    except LDAPException:
        return dn.lower()


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found["attributes"].get(name)
    first = (value[0] if value else "") if isinstance(value, list) else value
    return first.hex() if isinstance(first, bytes) else str(first or "").strip()


def _is_disabled(found: Mapping[str, Any]) -> bool:
    control = _text(found, "userAccountControl")
    return control.isdigit() and bool(int(control) & DISABLED)


def _is_certificate(error: LDAPException) -> bool:
    return isinstance(error, LDAPStartTLSError) or (
        isinstance(error, LDAPSocketOpenError) and "certificate" in str(error).lower()
    )
