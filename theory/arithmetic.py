"""Whether binary64 is what IEEE 754 says: rounded to the nearest, with subnormal numbers.

Both are modes of the processor, which any library loaded into the process may change, as one built
for speed does that reads and writes subnormal numbers as 0. What relies on floats asks here, at the
time; what reads floats as exact numbers reads their bits (`theory.exact`), which no mode changes.
"""

_UNIT, _LEAST, _NORMAL = 2.0**-53, 2.0**-1074, 2.0**-1022


def is_standard() -> bool:
    """Whether this thread rounds to the nearest, and neither reads nor writes subnormals as 0.

    >>> is_standard()
    True
    """
    one = float(1)  # a name, so that nothing is computed beforehand, in another mode
    return (
        _LEAST * (one / _UNIT) > 0
        and _NORMAL * (one / 2) > 0
        and one + _UNIT == one
        and -one - _UNIT == -one
        and one + 1.5 * _UNIT > one
    )
