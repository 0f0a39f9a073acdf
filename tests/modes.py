"""The modes of the processor's arithmetic, set as a library built for speed leaves them.

`mode` writes the MXCSR register of an x86-64 by a few bytes of machine code.
"""

import ctypes
import mmap
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager

FLUSH, SUBNORMALS_ARE_ZERO, DOWN, UP, TOWARDS_ZERO = 1 << 15, 1 << 6, 1 << 13, 1 << 14, 3 << 13
STANDARD = 0x1F80

SETTABLE = platform.machine() in ("x86_64", "AMD64") and sys.platform == "linux"

_WRITE = bytes.fromhex("897c24fc0fae5424fcc3")  # mov [rsp-4], edi; ldmxcsr [rsp-4]; ret


@contextmanager
def mode(bits: int) -> Iterator[None]:
    """This thread with these bits set, and no others."""
    with mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC) as page:
        page.write(_WRITE)
        start = ctypes.c_char.from_buffer(page)
        write = ctypes.CFUNCTYPE(None, ctypes.c_uint32)(ctypes.addressof(start))
        write(STANDARD | bits)
        try:
            yield
        finally:
            write(STANDARD)
            del start
