"""The theorems of `proofs/` that prove what claims state, by the names that Coq knows them by.

A theorem is named by its logical path: ``Hardmax.layers.Norms.norm_grows`` is the theorem
``norm_grows`` of ``proofs/layers/Norms.v``. Some claims say more than their theorems (about floats,
budgets, JSON): ``proofs/README.md`` tells what each theorem says. The names are compared with the
files by ``tests/proofs/test_names_in_coq.py``.
"""

from collections.abc import Mapping

COQ: Mapping[str, tuple[str, ...]] = {
    "norms-grow": (
        "layers.Norms.norm_growth_target",
        "layers.Norms.norm_grows",
        "layers.Norms.norm_stays",
    ),
    "hulls-shrink": ("layers.Hulls.layer_in_hull", "layers.Hulls.hulls_shrink"),
    "first-leader": ("layers.Acyclic.greatest_leads", "layers.Acyclic.first_leader"),
    "leader-invariance": ("layers.Leaders.leader_forever",),
    "separation": (
        "layers.Separation.separation",
        "layers.Separation.monotone_targets",
        "layers.Separation.run_inj",
    ),
    "acyclic-attention": (
        "layers.Acyclic.edge_lt",
        "layers.Acyclic.no_cycle",
        "layers.Acyclic.closed_leads",
    ),
    "rest-is-a-foot": ("layers.Rest.rest_least",),
    "locked-followers": ("layers.Leaders.locked_forever",),
    "permutation-symmetry": ("layers.Symmetries.permutation",),
    "scaling-symmetry": ("layers.Symmetries.scaled_tokens", "layers.Symmetries.scaled_form"),
    "coordinate-symmetry": ("layers.MatrixForms.coordinate_symmetry",),
    "merging-commutes": ("layers.Symmetries.copies_run", "layers.Symmetries.copies_attn_run"),
    "frank-wolfe": ("layers.FrankWolfe.frank_wolfe",),
    "softmax-limit": ("layers.Softmax.softmax_limit",),
    "closed-form": ("settling.ClosedForm.settled",),
    "settled-pattern-is-constant": ("certificates.Criterion.criterion",),
    "limits-keep-attention": (
        "settling.Reduction.eventual_scores",
        "settling.Reduction.limit_scores",
    ),
    "leaders-are-vertices": ("convergence.Main.main",),
    "limits-are-feet": ("convergence.Main.main",),
    "polytope-in-every-hull": ("convergence.Main.main",),
    "settling": (
        "settling.Settling.settles_plane",
        "settling.Settling.settles_alpha3",
        "settling.Settling.settles_small_alpha",
        "settling.Settling.settles_spanned",
        "settling.Settling.settles_covered",
        "settling.Settling.settles_if_vertices",
    ),
    "mass-contraction": ("convergence.Mass.mass_contract",),
    "capture": ("convergence.Capture.captured",),
    "geometric-convergence": ("settling.Settling.geometric_convergence",),
    "balanced-attention": ("settling.Reduction.reduction",),
    "own-attention-rests": ("patterns.OneBase.own_attention_rests",),
    "one-base": (
        "patterns.OneBase.ones_exist",
        "patterns.OneBase.ones_fixed_own",
        "patterns.Pattern.ones_target",
        "patterns.Pattern.ones_step",
        "patterns.OneBase.ones_degree",
        "patterns.OneBase.ones_constant",
    ),
    "single-attention-is-a-leader": (
        "layers.Rest.followed_rest_leads",
        "patterns.Single.single_attention_leads",
    ),
    "resonance-iff-no-leader": (
        "patterns.Resonance.leader_seen",
        "patterns.Resonance.leader_closed",
        "patterns.Resonance.fixed_target",
        "patterns.Resonance.resonance",
        "patterns.Resonance.distances",
        "patterns.Kinds.kinds",
    ),
    "vertex-followers-lock": ("convergence.Polytope.vertex_locked",),
}
"""By the name of the claim; the prefix ``Hardmax.`` is left out."""


def theorems(claim: str) -> tuple[str, ...]:
    """The full names of the theorems that prove the claim, or parts of it.

    >>> theorems("separation")[0].split(".")[0], theorems("paths-agree")
    ('Hardmax', ())
    """
    return tuple(f"Hardmax.{name}" for name in COQ.get(claim, ()))
