"""The lemmas' statements in LaTeX, one text for the proof and for the claim of the same name.

`theory.lemmas` proves what stands here, and `checks.statements` holds it against configurations.
Notation as in `paper_notes.md`: γ = α/(1+α), λ = 1/(1+α), |x|² = ⟨x, x⟩ = xᵀAx.
"""

from typing import Final

STATEMENTS: Final[dict[str, str]] = {
    "norms-grow": r"$|z_i'|^2-|z_i|^2\ge\gamma^2|m_i-z_i|^2$ with $\gamma=\alpha/(1+\alpha)$; so "
    r"$|z_i'|\ge|z_i|$, with equality iff $z_i'=z_i$.",
    "hulls-shrink": r"$z_i'\in\operatorname{co}(Z)$ for every $i$; so $\operatorname{co}(Z')\subset"
    r"\operatorname{co}(Z)$.",
    "first-leader": r"At every layer a token of greatest norm satisfies $C_i=\{i\}$; so some "
    r"token leads from layer $0$ on.",
    "leader-invariance": r"If $C_i(Z^k)=\{i\}$ then $z_i^{l}=z_i^k$ and $C_i(Z^{l})=\{i\}$ for all "
    r"$l\ge k$.",
    "separation": r"$(1+\alpha)^2|z_i'-z_j'|^2=|z_i-z_j|^2+2\alpha\langle z_i-z_j,m_i-m_j\rangle+"
    r"\alpha^2|m_i-m_j|^2$ and $\langle z_i-z_j,m_i-m_j\rangle\ge0$; so distinct tokens stay "
    r"distinct.",
    "acyclic-attention": r"At every layer, if $j\in C_i$ and $j\ne i$ then $|z_j|>|z_i|$: the "
    r"attention graph has no cycle.",
    "rest-is-a-foot": r"If $m_i=z_i$ then $z_i$ is the point of least norm of the face "
    r"$\{x\in\operatorname{co}(Z):\langle z_i,x\rangle=\max\}$.",
    "locked-followers": r"If $C_i(Z^k)=\{j\}$ and $C_j(Z^k)=\{j\}$ then both hold at every later "
    r"layer, and $z_i^{k+t}-z_j^k=\lambda^t(z_i^k-z_j^k)$ for all $t\ge0$.",
    "frank-wolfe": r"$z_i'=z_i+\gamma(m_i-z_i)$ with $0<\gamma=\alpha/(1+\alpha)<1$, and $m_i$ "
    r"maximises $\langle z_i,\cdot\rangle$ over $\operatorname{co}(Z)$: one Frank–Wolfe step of "
    r"size $\gamma$, begun at $z_i$, for maximising $\tfrac12|x|^2$ over $\operatorname{co}(Z)$.",
    "softmax-limit": r"For $\beta>0$ let $m_i^\beta$ be the mean of the tokens with weights "
    r"proportional to $w_je^{\beta\langle z_i,z_j\rangle}$. Then "
    r"$|m_i^\beta-m_i|\le\operatorname{diam}(Z)\,\frac{W-w(C_i)}{w(C_i)}\,e^{-\beta\Delta_i}$, "
    r"where $\Delta_i$ is the gap between the two greatest distinct values of "
    r"$\langle z_i,z_j\rangle$, $w(C_i)$ the weight of $C_i$, $W$ that of all tokens, and "
    r"$\operatorname{diam}$ is in the norm $|\cdot|$; both sides are $0$ if $C_i$ holds every "
    r"token.",
    "limits-are-feet": r"Let $K$ be the convex hull of the leaders. A limit $s_i$ that is no "
    r"vertex of $K$ is the projection of the origin, in the norm $|\cdot|$, onto the face "
    r"$\{x\in K:\langle s_i,x\rangle=|s_i|^2\}$, and lies in $\partial K$.",
    "voronoi-cells": r"Let $K=\operatorname{co}(Z^0)$ have vertices $v_j$ of one length $|v_j|$. "
    r"Then $\langle x,v_i\rangle=\max_{y\in K}\langle x,y\rangle$ for a point $x\in K$ iff "
    r"$|x-v_i|\le|x-v_j|$ for all $j$: the cells of the vertices are their Voronoi cells.",
    "straight-lines": r"Let the vertices of $\operatorname{co}(Z^0)$ have one length $|v_j|$. Then "
    r"they never move, and a token of one cell alone stays in it and moves along a straight line "
    r"toward its vertex.",
}
"""Statement by name."""
