"""ISDS itself: SOAP over HTTPS, an account of its own for each organisation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import httpx
from lxml import etree

from integrations.databox import envelope
from integrations.databox.shape import (
    MOST_BYTES,
    NO_BOX,
    OFF,
    DataBox,
    Listed,
    NewMessage,
    Received,
    Standing,
)
from integrations.failures import BusinessError, Busy, Interrupted, LockedOut, Permanent, Unreachable
from integrations.guard import ask, guarded_client

URL = "https://ws1.mojedatovaschranka.cz/DS"
#: Addresses of operations on messages, of questions about them, of questions about boxes.
MESSAGES, LISTS, BOXES = "/dz", "/dx", "/df"
#: Messages of one list.
LIMIT = 1_000
BOX = re.compile(r"[0-9a-z]{7}")
#: State of a box that takes messages.
OPEN = "1"


@dataclass(frozen=True)
class Account:
    """Who logs in for an organisation."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Isds:
    """The asking side."""

    client: httpx.Client
    #: By key of the organisation.
    accounts: Mapping[str, Account] = field(repr=False)
    url: str = URL

    def send(self, tenant: str, message: NewMessage) -> str:
        """Send a message, to a box that is open. As `DataBox` says."""
        self._must_be_open(tenant, message.box)
        if sum(len(file.content) for file in message.files) > MOST_BYTES:
            raise Permanent("A data message holds at most 20 MB.")
        request = envelope.create_message(message)
        try:
            answer = self._ask(tenant, MESSAGES, request)
        except Interrupted as error:
            raise Permanent(
                "It is not known whether the data message went out; look among the sent ones before trying."
            ) from error
        message_id = envelope.text_of(answer, "dmID")
        if not message_id:
            raise Permanent("The data-box system gave an unknown answer.")
        return message_id

    def standing(self, tenant: str, message_id: str) -> Standing:
        """Ask how a sent message stands. As `DataBox` says."""
        return envelope.standing_of(self._ask(tenant, LISTS, envelope.of_message("GetDeliveryInfo", message_id)))

    def sent(self, tenant: str, since: datetime, until: datetime) -> Sequence[Listed]:
        """List what was sent. As `DataBox` says."""
        asked = envelope.of_period("GetListOfSentMessages", since, until, "dmSenderOrgUnitNum", LIMIT)
        return envelope.listed_in(self._ask(tenant, LISTS, asked))

    def received(self, tenant: str, since: datetime, until: datetime) -> Sequence[Listed]:
        """List what came. As `DataBox` says."""
        asked = envelope.of_period("GetListOfReceivedMessages", since, until, "dmRecipientOrgUnitNum", LIMIT)
        return envelope.listed_in(self._ask(tenant, LISTS, asked))

    def download(self, tenant: str, message_id: str) -> Received:
        """Give a message that came. As `DataBox` says."""
        return envelope.received_in(self._ask(tenant, MESSAGES, envelope.of_message("MessageDownload", message_id)))

    def _must_be_open(self, tenant: str, box: str) -> None:
        if not BOX.fullmatch(box):
            raise BusinessError(NO_BOX, "This is no id of a data box.")
        request = envelope.element("CheckDataBox")
        etree.SubElement(request, f"{{{envelope.ISDS}}}dbID").text = box
        answer = self._ask(tenant, BOXES, request)
        if envelope.text_of(answer, "dbState") != OPEN:
            raise BusinessError(NO_BOX, "There is no such data box, or it takes no messages.")

    def _ask(self, tenant: str, path: str, request: etree._Element) -> etree._Element:
        account = self.accounts.get(tenant)
        if account is None:
            raise BusinessError(OFF, "The organisation has no data box connected here.")
        response = ask(
            self.client,
            "POST",
            f"{self.url}{path}",
            content=envelope.enveloped(request),
            headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'},
            auth=(account.username, account.password),
        )
        return envelope.checked(envelope.opened(_body(response)))


def _body(response: httpx.Response) -> bytes:
    if response.status_code in {401, 403}:
        raise LockedOut("The data-box system does not know our name or password.")
    if response.status_code in {408, 429} or response.status_code >= 500:
        away = Busy if response.status_code == 429 else Unreachable
        raise away(f"The data-box system does not answer now ({response.status_code}).")
    if response.status_code != 200:
        raise Permanent(f"The data-box system refused the question ({response.status_code}).")
    return response.content


def make_databox(accounts: Mapping[str, str], url: str = "", *, allow_private: bool = False) -> DataBox | None:
    """Give ISDS for accounts `USER PASSWORD` by organisation; None where nobody has one."""
    if not accounts:
        return None
    address = (url or URL).rstrip("/")
    read = {tenant: Account(*text.split(maxsplit=1)) for tenant, text in accounts.items()}
    return Isds(guarded_client([httpx.URL(address).host], allow_private=allow_private), read, address)
