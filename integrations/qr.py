"""QR codes as data URIs, ready to stand in a document."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from datetime import date

import qrcode
from markupsafe import Markup
from qrcode.image.svg import SvgPathImage

from engine.model import Json
from integrations.bank.accounts import account_of_iban
from integrations.bank.qr_payment import payment_code


def qr_svg(text: str) -> str:
    """Give a QR code as SVG text, level M, with the quiet zone."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text, optimize=0)
    image = code.make_image(image_factory=SvgPathImage)
    return str(image.to_string(encoding="unicode"))


def qr_png(text: str, box_size: int = 8) -> bytes:
    """Give a QR code as PNG."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, box_size=box_size)
    code.add_data(text, optimize=0)
    buffer = io.BytesIO()
    code.make_image().save(buffer)
    return buffer.getvalue()


def data_uri(content: bytes, media_type: str) -> str:
    """Give content as a URI that needs no other file."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"


def payment_text(payment: Mapping[str, Json], message: str = "", recipient: str = "") -> str:
    """Give the payment descriptor of a payment request's result (iban, amount in haléře, variable_symbol, due_on)."""
    due_on = payment.get("due_on")
    return payment_code(
        account_of_iban(str(payment["iban"])).iban,
        int(payment["amount"]),
        variable_symbol=str(payment.get("variable_symbol") or ""),
        constant_symbol=str(payment.get("constant_symbol") or ""),
        due_on=date.fromisoformat(str(due_on)[:10]) if due_on else None,
        message=message,
        recipient=recipient,
    )


def payment_qr(payment: Mapping[str, Json], message: str = "", recipient: str = "") -> Markup:
    """Give the payment code of a request as an image for a document."""
    text = payment_text(payment, message, recipient)
    uri = data_uri(qr_svg(text).encode("utf-8"), "image/svg+xml")
    return Markup('<img class="qr" src="{}" alt="QR platba: {}">').format(uri, text)
