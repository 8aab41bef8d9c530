"""Files that a cell names (problems, theorems, probabilities, data), read here or sent along to another machine."""

from __future__ import annotations

import bz2
import codecs
import errno
import gzip
import lzma
import stat
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from samtheory.errors import InputError

#: Contents by path that came with a cell; they go before the disk.
_sent: dict[str, bytes] = {}

#: Compression by the first bytes of a file, whatever its name.
COMPRESSED: dict[bytes, Callable[[BytesIO], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}
#: The most bytes of a file, decompressed: rows of numbers take as many again.
LARGEST = 2**32
#: Endings of the names of compressed files.
COMPRESSED_SUFFIXES = (".gz", ".bz2", ".xz")
#: First bytes of files that hold no text.
NO_TEXT = {
    b"PK\x03\x04": "a zip archive",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
    b"\x89HDF": "an HDF5 file",
    b"\x93NUMPY": "a NumPy file",
}


def send(contents: Mapping[str, bytes]) -> None:
    """Make `contents` known here, by the paths that cells name them by; a file that is here already stays itself."""
    for path, wanted in contents.items():
        _sent.pop(path, None)
        if not Path(path).is_file() or Path(path).read_bytes() != wanted:
            _sent[path] = wanted


def content(path: str | Path) -> bytes:
    """The bytes of a file.

    Raises
    ------
    OSError
        As `open` does.
    """
    sent = _sent.get(str(path))
    if sent is None and (mode := Path(path).stat().st_mode) and (stat.S_ISCHR(mode) or stat.S_ISBLK(mode)):
        raise OSError(errno.EINVAL, "a device, which may have no end")
    return Path(path).read_bytes() if sent is None else sent


def stamp(path: str | Path) -> tuple[int, ...]:
    """Numbers that change when a file is written.

    Raises
    ------
    OSError
        As `os.stat` does.
    """
    sent = _sent.get(str(path))
    if sent is not None:
        return (hash(sent),)
    found = Path(path).stat()
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def exists(path: str | Path) -> bool:
    """Whether there is such a file, here or sent along."""
    return str(path) in _sent or Path(path).is_file()


def unpacked(path: str | Path, named: str) -> bytes:
    """The bytes of a file, decompressed where its first bytes are those of gzip, bzip2 or xz.

    Parameters
    ----------
    named : the option and its value, for the error

    Raises
    ------
    InputError
        If the file cannot be read or is damaged.
    """
    try:
        found = content(path)
    except (OSError, ValueError) as error:
        raise InputError(f"{named}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if len(found) > LARGEST:
        raise InputError(f"{named}: {len(found)} bytes: must be at most {LARGEST}")
    for magic, decompress in COMPRESSED.items():
        if found.startswith(magic):
            try:
                whole: bytes = decompress(BytesIO(found)).read(LARGEST + 1)
            except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
                raise InputError(f"{named}: a damaged compressed file") from None
            if len(whole) > LARGEST:
                raise InputError(f"{named}: more than {LARGEST} bytes, decompressed: must be at most as many")
            return whole
    return found


def text(path: str | Path, named: str, kind: str = "text") -> str:
    """The text of a file in UTF-8, with or without a byte-order mark, compressed or not.

    Parameters
    ----------
    named : the option and its value, for the error
    kind : the formats that are allowed, for the error

    Raises
    ------
    InputError
        If the file cannot be read, or is not text in UTF-8.
    """
    return decoded(unpacked(path, named), named, kind)


def decoded(found: bytes, named: str, kind: str = "text") -> str:
    """Bytes as text in UTF-8; see `text`."""
    found = without_mark(found, named, kind)
    try:
        return found.decode("utf-8")
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        raise InputError(f"{named}: {_other_encoding(found, error, line)}: must be {kind} in UTF-8") from None


def without_mark(found: bytes, named: str, kind: str = "text") -> bytes:
    """The bytes of a text, not decoded, without a byte-order mark.

    Raises
    ------
    InputError
        If the bytes are those of a format that is not text.
    """
    for magic, what in NO_TEXT.items():
        if found.startswith(magic):
            raise InputError(f"{named}: {what}: must be {kind} in UTF-8")
    if b"\0" in found:
        raise InputError(f"{named}: not a text file: must be {kind}")
    return found.removeprefix(codecs.BOM_UTF8)


def _other_encoding(found: bytes, error: UnicodeDecodeError, line: int) -> str:
    """What the bytes are instead of UTF-8."""
    try:
        letter = found[error.start : error.start + 1].decode("cp1252")
        found.decode("cp1252")
    except UnicodeDecodeError:
        return "not a text file"
    control = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in found)
    return "not a text file" if control else f"line {line}: {letter!r} in cp1252 or latin-1, not in UTF-8"
