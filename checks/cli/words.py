"""Words that no terminal takes for commands, whatever names, labels and statements they quote."""


def printable(words: str) -> str:
    """The words in one line without control characters.

    >>> print(printable("two\\nlines \\x1b[2J"))
    two lines \\x1b[2J
    """
    return spelt(" ".join(words.split()))


def spelt(words: str) -> str:
    """The words without control characters, their lines as they are."""
    return "".join(x if x.isprintable() or x == "\n" else ascii(x)[1:-1] for x in words)
