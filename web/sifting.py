"""A form sent with more than one post may have: its files are put aside unread, what was written is taken."""

from __future__ import annotations

import io
from typing import IO

from flask import Request, current_app

#: Rooms whose posts are filled forms: each of them comes back with what was typed and a sentence at its files.
ROOMS = frozenset(
    {
        "applying",
        "answering",
        "tasks",
        "offers",
        "beginning",
        "paper",
        "records",
        "record_links",
        "trying",
        "rehearsing",
    }
)
#: So much the server takes in at all; it lies on its disk while it comes.
MOST = 1024**3


class PutAside(io.BytesIO):
    """A file that nobody keeps."""

    def write(self, data: object, /) -> int:
        """Keep nothing."""
        return len(data) if isinstance(data, bytes | bytearray) else 0


class SiftingRequest(Request):
    """A request that reads the words of a form whose files are too large together."""

    @property
    def max_content_length(self) -> int | None:
        """How much is read: of a filled form with files everything, since its files are not kept."""
        return MOST if self.mimetype == "multipart/form-data" and self.blueprint in ROOMS else self._allowed

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value

    @property
    def _allowed(self) -> int | None:
        allowed = self._max_content_length
        return allowed if allowed is not None else current_app.config["MAX_CONTENT_LENGTH"]

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        allowed = self._allowed
        if allowed is not None and (total_content_length or 0) > allowed:
            return PutAside()
        return super()._get_file_stream(total_content_length, content_type, filename, content_length)
