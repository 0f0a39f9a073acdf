(* What the main theorems assume: `make assumptions` compares the answers with the file            *)
(* assumptions.expected.                                                                            *)
From Hardmax Require Import Theory Converge Reals Capture Main.
From Hardmax Require Import ClosedForm Limits Reduction Geometric Greedy Assembly Settling.
From Hardmax Require Import Criterion Sound BigIntegers.

Goal True. idtac "norm_growth:". Abort. Print Assumptions norm_growth.
Goal True. idtac "norm_grows:". Abort. Print Assumptions norm_grows.
Goal True. idtac "norm_stays:". Abort. Print Assumptions norm_stays.
Goal True. idtac "edge_norm:". Abort. Print Assumptions edge_norm.
Goal True. idtac "edge_lt:". Abort. Print Assumptions edge_lt.
Goal True. idtac "closed_leads:". Abort. Print Assumptions closed_leads.
Goal True. idtac "first_leader:". Abort. Print Assumptions first_leader.
Goal True. idtac "half_layer:". Abort. Print Assumptions half_layer.
Goal True. idtac "half_layer_lt:". Abort. Print Assumptions half_layer_lt.
Goal True. idtac "leader_still:". Abort. Print Assumptions leader_still.
Goal True. idtac "leader_stays:". Abort. Print Assumptions leader_stays.
Goal True. idtac "locked_stays:". Abort. Print Assumptions locked_stays.
Goal True. idtac "locked_rate:". Abort. Print Assumptions locked_rate.
Goal True. idtac "locked_forever:". Abort. Print Assumptions locked_forever.
Goal True. idtac "separation:". Abort. Print Assumptions separation.
Goal True. idtac "layer_inj:". Abort. Print Assumptions layer_inj.
Goal True. idtac "rest_is_foot:". Abort. Print Assumptions rest_is_foot.
Goal True. idtac "rest_max:". Abort. Print Assumptions rest_max.
Goal True. idtac "mass_contract:". Abort. Print Assumptions mass_contract.
Goal True. idtac "stable_cauchy:". Abort. Print Assumptions stable_cauchy.
Goal True. idtac "captured:". Abort. Print Assumptions captured.
Goal True. idtac "main:". Abort. Print Assumptions main.
Goal True. idtac "vertex_locked:". Abort. Print Assumptions vertex_locked.
Goal True. idtac "settled:". Abort. Print Assumptions settled.
Goal True. idtac "dominant:". Abort. Print Assumptions dominant.
Goal True. idtac "binom_small:". Abort. Print Assumptions binom_small.
Goal True. idtac "reduction:". Abort. Print Assumptions reduction.
Goal True. idtac "geometric:". Abort. Print Assumptions geometric.
Goal True. idtac "greedy_settles:". Abort. Print Assumptions greedy_settles.
Goal True. idtac "geometric_convergence:". Abort. Print Assumptions geometric_convergence.
Goal True. idtac "settles_if_vertices:". Abort. Print Assumptions settles_if_vertices.
Goal True. idtac "settles_depth_one:". Abort. Print Assumptions settles_depth_one.
Goal True. idtac "settles_plane:". Abort. Print Assumptions settles_plane.
Goal True. idtac "criterion:". Abort. Print Assumptions criterion.
Goal True. idtac "sums_test:". Abort. Print Assumptions sums_test.
Goal True. idtac "dominant_term:". Abort. Print Assumptions dominant_term.
Goal True. idtac "sol_tends:". Abort. Print Assumptions sol_tends.
Goal True. idtac "certificate_sound:". Abort. Print Assumptions certificate_sound.
Goal True. idtac "big:". Abort. Print Assumptions big.
