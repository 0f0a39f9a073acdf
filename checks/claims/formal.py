"""The theorems of `proofs/` that prove what claims state, by the names that Coq knows them by.

A theorem is named by its logical path: ``Hardmax.layers.Norms.norm_grows`` is the theorem
``norm_grows`` of ``proofs/layers/Norms.v``. Some claims say more than their theorems (about floats,
budgets, JSON): ``proofs/README.md`` tells what each theorem says. The names are compared with the
files by ``tests/proofs/test_names.py``.
"""

from collections.abc import Mapping

COQ: Mapping[str, tuple[str, ...]] = {
    "norms-grow": ("layers.Theory.norm_growth", "layers.Theory.norm_stays"),
    "hulls-shrink": ("layers.Theory.half_layer", "layers.Theory.half_layer_lt"),
    "first-leader": ("layers.Theory.first_leader",),
    "leader-invariance": ("layers.Theory.leader_still", "layers.Theory.leader_stays"),
    "separation": ("layers.Theory.separation", "layers.Theory.layer_inj"),
    "acyclic-attention": ("layers.Theory.edge_norm", "layers.Theory.closed_leads"),
    "rest-is-a-foot": ("layers.Theory.rest_is_foot",),
    "locked-followers": ("layers.Theory.locked_forever",),
    "leaders-are-vertices": ("convergence.Main.main",),
    "limits-are-feet": ("convergence.Main.main",),
    "polytope-in-every-hull": ("convergence.Main.main",),
    "settling": ("settling.Settling.settles_if_vertices", "settling.Settling.settles_plane"),
}
"""By the name of the claim; the prefix ``Hardmax.`` is left out."""


def theorems(claim: str) -> tuple[str, ...]:
    """The full names of the theorems that prove the claim, or parts of it.

    >>> theorems("separation")[0].split(".")[0], theorems("paths-agree")
    ('Hardmax', ())
    """
    return tuple(f"Hardmax.{name}" for name in COQ.get(claim, ()))
