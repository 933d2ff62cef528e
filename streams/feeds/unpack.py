"""An answer's bytes, unpacked as they come and never more than allowed."""

import zlib

_GZIP_OR_ZLIB, _RAW = 47, -15  # zlib's window bits
UNDERSTOOD = "gzip, deflate"


class TooLargeError(ValueError):
    """More bytes than allowed, as received or unpacked."""


class DamagedError(ValueError):
    """What came is not compressed as the answer says."""


class Unpacker:
    """Takes an answer in pieces. Raises DamagedError for an encoding that was not asked for."""

    def __init__(self, encoding: str, limit: int) -> None:
        self._limit, self._received, self._content = limit, 0, bytearray()
        self._packed = encoding.strip().lower() not in ("", "identity")
        if self._packed and encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
            raise DamagedError("a content encoding that was not asked for")
        self._stream: zlib._Decompress | None = None

    def feed(self, piece: bytes) -> None:
        """Takes the next piece. Raises TooLargeError, DamagedError."""
        self._received += len(piece)
        if self._received > self._limit:
            raise TooLargeError
        if not self._packed:
            self._content += piece
            return
        try:
            self._unpack(piece)
        except zlib.error as error:
            raise DamagedError("its compression is damaged") from error

    @property
    def content(self) -> bytes:
        """What has come so far."""
        return bytes(self._content)

    @property
    def complete(self) -> bool:
        """Whether what was compressed came to its end."""
        return not self._packed or (self._stream is not None and self._stream.eof)

    def _unpack(self, piece: bytes) -> None:
        while piece:
            if self._stream is None or self._stream.eof:  # gzip may have several members
                # "deflate" is zlib's format by the standard, and bare by some servers; a zlib header's low bits are 8.
                starts = piece[:1] == b"\x1f" or piece[0] & 0x0F == 8
                self._stream = zlib.decompressobj(_GZIP_OR_ZLIB if starts else _RAW)
            self._content += self._stream.decompress(piece, self._limit + 1 - len(self._content))
            if len(self._content) > self._limit:
                raise TooLargeError
            piece = self._stream.unused_data
