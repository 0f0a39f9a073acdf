"""NumPy's files: the rows of numbers in a .npy array, or in the one array of a .npz file.

A file's header is judged before anything is made of it; nothing is unpickled, and nothing unpacked
beyond the bound. Integers and floats are taken as the numbers that they are; whatever binary64 does
not hold is refused.
"""

import io
import warnings
from math import prod
from typing import Any

import numpy as np
from flint import fmpq

from theory.exact import dyadic, shorten
from theory.files.sources import MAX_BYTES, InputError, Rows, bound, room

MOST_MEMBERS = 1000
"""Arrays of a .npz file that are listed in a message."""

_MEMBER = b"PK\x01\x02"
"""What an entry in the directory of a .zip file begins with."""


def array_rows(content: bytes, kind: str) -> Rows:
    """The rows of the (n, d) array in the bytes of a .npy or .npz file."""
    array = _npy_array(_only_array(content) if kind == "npz" else content)
    for i, s in np.argwhere(~np.isfinite(array)):
        raise InputError(f"[{i}, {s}]: {array[i, s]} is not a finite number")
    if array.dtype.kind == "f":
        return [list(row) for row in dyadic(array.astype(array.dtype.newbyteorder("=")))]
    return [[fmpq(x) for x in row] for row in array.tolist()]


def _only_array(content: bytes) -> bytes:
    """The one member of a .npz file."""
    import zipfile  # few files want it

    if content.count(_MEMBER) > MOST_MEMBERS:  # each takes memory when it is listed
        raise InputError(f"more than {MOST_MEMBERS} arrays; one was wanted")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) != 1:
                names = ", ".join(member.filename.removesuffix(".npy") for member in members)
                listed = f" ({shorten(ascii(names))})" if members else ""
                raise InputError(f"{len(members)} arrays{listed}; one was wanted")
            if members[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                # other methods unpack without a bound
                raise InputError("an array that is packed otherwise than NumPy packs")
            with archive.open(members[0]) as file:
                array = file.read(MAX_BYTES + 1)
    except (InputError, MemoryError):
        raise
    except Exception as error:  # a damaged archive leads zipfile to errors of any type
        raise InputError(f"not a .npz file: {shorten(str(error))}") from None
    if len(array) > MAX_BYTES:
        raise InputError(f"unpacks to more than {MAX_BYTES >> 20} MiB")
    return array


def _npy_array(content: bytes) -> np.ndarray[Any, np.dtype[Any]]:
    shape, by_column, dtype, start = _npy_header(content)
    if dtype.kind not in "iuf" or dtype.itemsize > 8:
        raise InputError(
            f"an array of {shorten(str(dtype))}; integers or floats of at most 64 bits were wanted"
        )
    if len(shape) != 2 or {*map(type, shape)} != {int} or min(shape) < 1:  # True is an int as well
        raise InputError(f"an array of shape {shorten(str(shape))}; (n, d), n, d ≥ 1 was wanted")
    if prod(shape) * dtype.itemsize != len(content) - start:
        raise InputError(
            f"{len(content) - start} bytes follow a header that announces {shorten(str(shape))}"
        )
    bound(prod(shape))
    room(prod(shape), shape[0])
    array = np.frombuffer(content, dtype, offset=start)
    return array.reshape(shape, order="F" if by_column else "C")


def _npy_header(content: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
    """Shape, whether columns come first, type, and where the numbers begin."""
    file = io.BytesIO(content)
    readers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    try:
        read = readers.get(np.lib.format.read_magic(file))
        if read is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # numpy's remarks on files made by Python 2
                shape, by_column, dtype = read(file)
            return shape, by_column, dtype, file.tell()
    except Exception as error:  # a damaged header leads numpy's parser to errors of any type
        raise InputError(f"not a .npy file: {shorten(str(error))}") from None
    raise InputError("an unknown version of the .npy format")
