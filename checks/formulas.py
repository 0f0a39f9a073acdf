"""Statements as plain text: their LaTeX as Unicode mathematics, for the terminal.

    pieces      a statement cut into text and formulas;
    to_text     z_i^{k+1} is zᵢᵏ⁺¹, and what Unicode has no letter for is written with _, ^ and
                parentheses: e^(−βΔᵢ).

No backslash, dollar or brace of LaTeX is left, and nothing is left out: a command that is not known
stands by its name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks import symbols

_MATH = re.compile(r"(?<!\\)\$((?:\\.|[^$\\])+)\$", re.DOTALL)
_TOKEN = re.compile(r"\\[a-zA-Z]+\*?|\\.|\d+(?:\.\d+|(?:,\d{3})+)?|\s+|\S", re.DOTALL)


@dataclass(frozen=True)
class _Atom:
    """A symbol with its scripts, and what it is to its neighbours.

    kind : letter, sign (of a term), relation, binary, slash, open, close, comma, name, big and
        limits (∑ without and with scripts), fraction, text or space.
    marked : whether it ends in a script behind a mark, which a letter must not come close to.
    """

    text: str
    kind: str
    marked: bool = False


def pieces(statement: str) -> list[tuple[bool, str]]:
    """The statement cut into text (False) and formulas (True, without their dollars).

    >>> pieces(r"If $n>1$ then so.")
    [(False, 'If '), (True, 'n>1'), (False, ' then so.')]
    """
    parts = _MATH.split(statement)
    return [(s % 2 == 1, part) for s, part in enumerate(parts) if part]


def to_text(statement: str) -> str:
    """The statement with its formulas in Unicode.

    >>> to_text(r"If $C_i=\\{j\\}$ then $|z_i^{k+1}|\\ge\\tfrac12\\lambda e^{-\\beta\\Delta_i}$.")
    'If Cᵢ = {j} then |zᵢᵏ⁺¹| ≥ ½λe^(−βΔᵢ).'
    """
    return "".join(
        formula_text(part) if formula else _prose(part) for formula, part in pieces(statement)
    )


def formula_text(formula: str) -> str:
    """One formula, without its dollars.

    >>> formula_text(r"\\frac{W-w(C_i)}{w(C_i)}\\,\\sum_{j\\in C_i}w_jz_j")
    '((W−w(Cᵢ))/w(Cᵢ)) ∑_(j∈Cᵢ) wⱼzⱼ'
    """
    try:
        return _joined(_Reader(formula).atoms())
    except RecursionError:  # so deep is no statement: it is shown as it was written
        return formula


def _prose(words: str) -> str:
    """Text between formulas: \\emph{so} is so, and an escaped character itself."""
    words = re.sub(r"\\(?:emph|textbf|textit|text|textrm)\{([^{}]*)\}", r"\1", words)
    return re.sub(r"\\([$%&_#{}])", r"\1", words)


class _Reader:
    """The signs of a formula, read once from left to right."""

    def __init__(self, formula: str) -> None:
        self._signs = _TOKEN.findall(formula)
        self._place = 0
        self._bars: list[str] = []

    def atoms(self) -> list[_Atom]:
        """All up to the end, whatever closes too much."""
        found: list[_Atom] = []
        while self._place < len(self._signs):
            found += self._group()
            self._place += 1  # a brace that closes nothing
        return found

    def _next(self) -> str:
        while self._place < len(self._signs) and self._signs[self._place].isspace():
            self._place += 1
        sign: str = self._signs[self._place] if self._place < len(self._signs) else ""
        return sign

    def _group(self) -> list[_Atom]:
        """The atoms up to the brace that closes the group."""
        found: list[_Atom] = []
        while (sign := self._next()) not in ("", "}"):
            before = found[-1] if found else None
            self._place += 1
            found += self._scripted(self._atom(sign, before))
        return found

    def _argument(self) -> list[_Atom]:
        """One sign or one group in braces; of a number, its first digit."""
        sign = self._next()
        if sign == "":
            return []
        if sign == "{":
            self._place += 1
            outside, self._bars = self._bars, []
            found = self._group()
            self._bars = outside
            self._place += 1
            return found
        if sign.isdigit() and len(sign) > 1:
            self._signs[self._place] = sign[1:]
            return [_Atom(sign[0], "letter")]
        self._place += 1
        return self._atom(sign, None)

    def _atom(self, sign: str, before: _Atom | None) -> list[_Atom]:
        if sign == "{":
            self._place -= 1
            return self._argument()
        if sign in ("_", "^"):  # with nothing before it
            self._place -= 1
            return [_Atom("", "letter")]
        if sign in symbols.BARS:
            return [self._bar(symbols.BARS[sign])]
        if sign[0] != "\\":
            return [_symbol(*symbols.PLAIN.get(sign, (sign, "letter")), before)]
        return self._command(sign[1:], before)

    def _words(self) -> str:
        """What stands in the braces that follow, letter for letter."""
        if self._next() != "{":
            return self._next()
        start, depth = self._place + 1, 0
        while self._place < len(self._signs):
            sign = self._signs[self._place]
            depth += (sign == "{") - (sign == "}")
            self._place += 1
            if depth == 0:
                break
        return _prose("".join(self._signs[start : self._place - (depth == 0)]))

    def _bar(self, sign: str) -> _Atom:
        """A bar opens, or closes the last that is open and is like it."""
        if self._bars and self._bars[-1] == sign:
            self._bars.pop()
            return _Atom(sign, "close")
        self._bars.append(sign)
        return _Atom(sign, "open")

    def _command(self, name: str, before: _Atom | None) -> list[_Atom]:
        if name in symbols.SYMBOLS:
            return [_symbol(*symbols.SYMBOLS[name], before)]
        if name in symbols.FRACTIONS:
            return [_fraction(self._argument(), self._argument())]
        if name == "binom":
            above, below = (_joined(self._argument(), tight=True) for _ in range(2))
            return [_Atom(f"binom({above}, {below})", "name")]
        if name == "sqrt":
            return [_Atom(f"√{_grouped(self._argument())}", "letter", marked=True)]
        if name in symbols.NAMES:
            return [_Atom(_joined(self._argument(), tight=True), "name")]
        if name in symbols.WORDS:
            return [_Atom(self._words(), "text")]
        if name in ("begin", "end"):
            fence = symbols.FENCES.get(self._words(), "")
            kind = "open" if name == "begin" else "close"
            return [_Atom(fence[kind == "close"], kind)] if fence else []
        if name in symbols.LETTERS:
            return [_Atom(symbols.letters(name, _joined(self._argument(), tight=True)), "letter")]
        if name in symbols.ACCENTS:
            return [_Atom(_grouped(self._argument()) + symbols.ACCENTS[name], "letter")]
        return [] if symbols.SIZES.fullmatch(name) else [_named(name)]

    def _scripted(self, atoms: list[_Atom]) -> list[_Atom]:
        """The last of the atoms with the primes and scripts that follow it."""
        scripts: dict[str, list[_Atom]] = {}
        primes = ""
        while (sign := self._next()) in ("_", "^", "'"):
            self._place += 1
            if sign == "'":
                primes += "'"
            else:
                scripts.setdefault(sign, []).extend(self._argument())
        if not (primes or scripts) or not atoms:
            return atoms
        base = atoms[-1]
        words, marked = base.text, base.marked
        if "_" in scripts:
            below, marked = _script(scripts["_"], "_", symbols.SUBSCRIPTS)
            words += below
            if marked and below[-1] != ")" and "^" in scripts and base.kind == "letter":
                words = f"({words})"
        words += primes
        if "^" in scripts:
            above, marked = _script(scripts["^"], "^", symbols.SUPERSCRIPTS)
            words += above
        kind = "limits" if base.kind == "big" else base.kind
        return [*atoms[:-1], _Atom(words, kind, marked)]


def _symbol(sign: str, kind: str, before: _Atom | None) -> _Atom:
    """A sign; one that may join two terms does not where nothing ends before it: −x, ⟨x, ·⟩."""
    if kind == "binary" and not _ends(before):
        return _Atom(sign, "sign" if sign in "+−±" else "letter")
    return _Atom(sign, kind)


def _named(name: str) -> _Atom:
    """A command that is a letter's name, or any other, by its own."""
    letter = symbols.greek(name)
    return _Atom(letter or name, "letter" if letter or not name.isalpha() else "name")


def _ends(before: _Atom | None) -> bool:
    """Whether a + or − after this joins two terms."""
    return before is not None and before.kind in ("letter", "close", "fraction", "name")


def _script(atoms: list[_Atom], mark: str, table: dict[str, str]) -> tuple[str, bool]:
    """The script in Unicode's letters for it, or behind its mark; whether there is a mark."""
    words = _joined(atoms, tight=True)
    if words and all(x in table for x in words):
        return "".join(table[x] for x in words), False
    if words in ("", "'"):
        return words, False
    return mark + (words if len(words) == 1 else f"({words})"), True


def _grouped(atoms: list[_Atom]) -> str:
    """The atoms in parentheses unless they are one."""
    words = _joined(atoms, tight=True)
    return words if len(atoms) == 1 or _is_value(atoms) else f"({words})"


def _is_value(atoms: list[_Atom]) -> bool:
    """Whether it is one symbol, or all in brackets, or a function of that, as w(Cᵢ)."""
    kinds = [atom.kind for atom in atoms if atom.kind != "space"]
    if len(kinds) > 2 and kinds[0] in ("letter", "name") and kinds[1] == "open":
        kinds = kinds[1:]
    if kinds[:1] == ["open"]:
        return kinds[-1] == "close" and kinds.count("open") == kinds.count("close") == 1
    return len(kinds) <= 1 and kinds != ["fraction"]


def _is_product(atoms: list[_Atom]) -> bool:
    """Whether no sum, relation or quotient stands outside of brackets."""
    depth = 0
    for atom in atoms:
        depth += (atom.kind == "open") - (atom.kind == "close")
        if depth == 0 and atom.kind in ("binary", "relation", "fraction", "slash", "comma"):
            return False
    return True


def _fraction(above: list[_Atom], below: list[_Atom]) -> _Atom:
    top, bottom = _joined(above, tight=True), _joined(below, tight=True)
    if (top, bottom) in symbols.HALVES:
        return _Atom(symbols.HALVES[top, bottom], "letter")
    top = top if _is_product(above) else f"({top})"
    return _Atom(f"{top}/{bottom if _is_value(below) else f'({bottom})'}", "fraction")


_FACTORS = frozenset(("letter", "open", "name", "big", "limits", "fraction"))


def _joined(atoms: list[_Atom], tight: bool = False) -> str:
    """The atoms side by side, with room around relations and sums; in scripts without."""
    return "".join(_spaced(_bracketed(atoms), tight)).strip()


def _bracketed(atoms: list[_Atom]) -> list[_Atom]:
    """A fraction beside a factor, in parentheses."""
    solid = [atom for atom in atoms if atom.kind != "space"]
    alone = []
    for i, atom in enumerate(solid):
        before = i > 0 and solid[i - 1].kind in ("letter", "close", "slash", "fraction")
        after = i + 1 < len(solid) and solid[i + 1].kind in _FACTORS
        alone.append(atom.kind == "fraction" and (before or after))
    marks = iter(alone)
    return [
        _Atom(f"({atom.text})", "fraction") if atom.kind != "space" and next(marks) else atom
        for atom in atoms
    ]


def _spaced(atoms: list[_Atom], tight: bool) -> Iterator[str]:
    before: _Atom | None = None
    for atom in atoms:
        if before is not None and _apart(before, atom, tight):
            yield " "
        if atom.kind != "space":
            yield atom.text
        before = atom


def _apart(left: _Atom, right: _Atom, tight: bool) -> bool:
    """Whether a blank stands between the two."""
    if right.kind in ("comma", "close") or left.kind == "open" or "text" in (left.kind, right.kind):
        return False
    if right.kind == "space" or left.kind == "comma":
        return left.kind == "comma" or (left.kind != "space" and not tight)
    if left.kind == "space":
        return not tight and right.kind in ("relation", "binary")
    if "relation" in (left.kind, right.kind) or "binary" in (left.kind, right.kind):
        return not tight
    if left.kind in ("name", "limits"):
        called = left.kind == "name" and not left.marked and right.text[:1] in ("(", "{")
        return right.kind != "slash" and not called
    if right.kind in ("name", "big", "limits"):
        return left.kind in ("letter", "close", "fraction")
    return left.marked and (right.kind == "letter" or right.text[:1] in ("|", "‖", "⟨"))
