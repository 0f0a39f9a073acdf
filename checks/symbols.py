"""What LaTeX's commands stand for in Unicode: symbols by kind, scripts, letters, accents.

`checks.formulas` reads formulas by these tables.
"""

import re
import unicodedata

SUPERSCRIPTS = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδφχθ⊤",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᵠᵡᶿᵀ",
        strict=True,
    )
)
SUBSCRIPTS = dict(
    zip(
        "0123456789+−=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
HALVES = {("1", "2"): "½", ("1", "3"): "⅓", ("2", "3"): "⅔", ("1", "4"): "¼", ("3", "4"): "¾"}

_BY_KIND = {
    "relation": "le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ lt < gt > in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ "
    "supset ⊃ supseteq ⊇ mapsto ↦ to → rightarrow → implies ⇒ iff ⇔ Rightarrow ⇒ Leftrightarrow ⇔ "
    "succ ≻ succeq ≽ prec ≺ preceq ≼ approx ≈ sim ∼ equiv ≡ ll ≪ gg ≫ perp ⟂ propto ∝ mid ∣ "
    "colon :",
    "binary": "cup ∪ cap ∩ setminus ∖ times × cdot · pm ± circ ∘ wedge ∧ vee ∨ land ∧ lor ∨ "
    "oplus ⊕ otimes ⊗",
    "letter": "infty ∞ emptyset ∅ varnothing ∅ partial ∂ nabla ∇ top ⊤ bot ⊥ forall ∀ exists ∃ "
    "neg ¬ ell ℓ dots … ldots … cdots … prime ' star ⋆ ast ∗",
    "open": "langle ⟨ lvert | lVert ‖ { { lbrace { lfloor ⌊ lceil ⌈",
    "close": "rangle ⟩ rvert | rVert ‖ } } rbrace } rfloor ⌋ rceil ⌉",
    "big": "sum ∑ prod ∏ int ∫ bigcup ⋃ bigcap ⋂",
    "comma": "\\ ;",
}
SYMBOLS = {
    name: (sign, kind)
    for kind, words in _BY_KIND.items()
    for name, sign in zip(words.split()[::2], words.split()[1::2], strict=True)
} | dict.fromkeys((",", ";", ":", " ", "quad", "qquad"), (" ", "space"))
"""A command's symbol, and what that is to its neighbours (`formulas._Atom`)."""

PLAIN = {
    "-": ("−", "binary"), "+": ("+", "binary"), "*": ("∗", "binary"), "/": ("/", "slash"),
    "=": ("=", "relation"), "<": ("<", "relation"), ">": (">", "relation"),
    ":": (":", "relation"), "(": ("(", "open"), "[": ("[", "open"), ")": (")", "close"),
    "]": ("]", "close"), ",": (",", "comma"), ";": (";", "comma"), "~": (" ", "space"),
    "&": (" ", "space"),
}  # fmt: skip
"""Characters that are no letters."""

BARS = {"|": "|", r"\|": "‖", r"\Vert": "‖", r"\vert": "|"}
ACCENTS = {
    "bar": "\u0304", "overline": "\u0304", "hat": "\u0302", "widehat": "\u0302",
    "tilde": "\u0303", "widetilde": "\u0303", "vec": "\u20d7", "dot": "\u0307",
    "underline": "\u0332", "not": "\u0338",
}  # fmt: skip
FENCES = {"pmatrix": "()", "bmatrix": "[]", "vmatrix": "||", "cases": "()"}
"""Environments by their brackets."""

SIZES = re.compile(r"left|right|[bB]igg?[lrm]?|displaystyle|textstyle|limits|nolimits|!")
FRACTIONS = frozenset(("frac", "tfrac", "dfrac"))
NAMES = frozenset(("operatorname", "operatorname*", "mathrm", "mathop"))
WORDS = frozenset(("text", "textrm", "textit", "textbf", "emph", "mbox"))
LETTERS = frozenset(("mathbb", "mathcal", "mathbf", "mathit", "boldsymbol", "mathsf"))

_BLACKBOARD = {unicodedata.normalize("NFKC", x): x for x in "ℂℍℕℙℚℝℤ𝔸𝔹𝔼𝟙"}


def greek(name: str) -> str:
    """The Greek letter of this name; empty where it is none.

    >>> greek("lambda"), greek("Delta"), greek("varphi"), greek("log")
    ('λ', 'Δ', 'φ', '')
    """
    plain = name.removeprefix("var")
    size = "CAPITAL" if plain[:1].isupper() else "SMALL"
    spelt = {"lambda": "lamda"}.get(plain.lower(), plain.lower())
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {spelt.upper()}")
    except KeyError:
        return ""


def letters(command: str, words: str) -> str:
    """Letters of the blackboard where Unicode has them, others as they are.

    >>> letters("mathbb", "R"), letters("mathcal", "O")
    ('ℝ', 'O')
    """
    return "".join(_BLACKBOARD.get(x, x) for x in words) if command == "mathbb" else words
