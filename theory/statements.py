"""The lemmas' statements in LaTeX, one text for the proof and for the claim of the same name.

`theory.lemmas` proves what stands here, and `checks.claims` holds it against configurations.
Notation as in `paper_notes.md`: γ = α/(1+α), λ = 1/(1+α), |x|² = ⟨x, x⟩ = xᵀAx.
"""

from typing import Final

STATEMENTS: Final[dict[str, str]] = {
    "norms-grow": r"$|z_i'|^2-|z_i|^2\ge\gamma^2|m_i-z_i|^2$ with $\gamma=\alpha/(1+\alpha)$; so "
    r"$|z_i'|\ge|z_i|$, with equality iff $z_i'=z_i$.",
    "hulls-shrink": r"$z_i'\in\operatorname{co}(Z)$ for every $i$; so $\operatorname{co}(Z')\subset"
    r"\operatorname{co}(Z)$.",
    "first-leader": r"A token of greatest norm satisfies $C_i=\{i\}$; so some token leads from "
    r"layer $0$.",
    "leader-invariance": r"If $C_i(Z^k)=\{i\}$ then $z_i^{l}=z_i^k$ and $C_i(Z^{l})=\{i\}$ for all "
    r"$l\ge k$.",
    "separation": r"$(1+\alpha)^2|z_i'-z_j'|^2=|z_i-z_j|^2+2\alpha\langle z_i-z_j,m_i-m_j\rangle+"
    r"\alpha^2|m_i-m_j|^2$ and $\langle z_i-z_j,m_i-m_j\rangle\ge0$; so distinct tokens stay "
    r"distinct.",
    "acyclic-attention": r"If $j\in C_i$ and $j\ne i$ then $|z_j|>|z_i|$: the attention graph "
    r"has no cycle.",
    "rest-is-a-foot": r"If $m_i=z_i$ then $z_i$ is the point of least norm of the face "
    r"$\{x\in\operatorname{co}(Z):\langle z_i,x\rangle=\max\}$.",
    "locked-followers": r"If $C_i(Z^k)=\{j\}$ with $j$ a leader then $C_i$ stays $\{j\}$ and "
    r"$z_i^{k+t}-z_j=\lambda^t(z_i^k-z_j)$.",
    "frank-wolfe": r"$z_i'=z_i+\gamma(m_i-z_i)$ with $\gamma=\alpha/(1+\alpha)$ and "
    r"$m_i\in\operatorname{argmax}_{x\in\operatorname{co}(Z)}\langle z_i,x\rangle$: one "
    r"Frank–Wolfe step for $\max\tfrac12|x|^2$ over $\operatorname{co}(Z)$.",
    "softmax-limit": r"$|m_i^\beta-m_i|\le\operatorname{diam}(Z)\,\frac{W-w(C_i)}{w(C_i)}\,"
    r"e^{-\beta\Delta_i}$, where $\Delta_i$ is the gap between the two greatest distinct values "
    r"of $\langle z_i,\cdot\rangle$, $w(C_i)$ the weight of $C_i$ and $W$ that of all tokens.",
    "limits-are-feet": r"A limit $s_i$ that is no vertex of $K$ is the projection of the origin "
    r"onto the face $\{x\in K:\langle s_i,x\rangle=|s_i|^2\}$, in $\partial K$.",
}
"""Statement by name."""
