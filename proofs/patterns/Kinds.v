(* Notes 8.4: in a pattern that stands for ever every token is of exactly one of four kinds.

   kind_of i k          token i is of kind k:
     leader             C_i = {i}, and i rests
     resting_follower   i is in C_i, with a leader and a third token at least, and i rests at the
                        foot of the origin on its face
     fixed_follower     i is not in C_i, where a leader is; i moves, z_i(t)-s_i = lam^t (z_i(0)-s_i)
     resonant_follower  i is not in C_i, all of whose tokens move, two at least; i moves, and P_i is
                        not constant
   kind_at i            the kind, read off the pattern
   foot_of_face i       z_i is the only point of least norm of the face of co(Z) on which <z_i, .>
                        is greatest

   resting_foot         m_i = z_i:  z_i is the foot of its face
   three_tokens         distinct tokens, m_i = z_i, i in C_i != {i}: C_i has three tokens at least
   kindP                token i is of kind k iff k = kind_at i; over an archimedean field
   kinds                so every token is of exactly one kind, with the s and P of 8.2 *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory Pattern OneBase Resonance.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section OneLayer.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat).
Hypotheses (w_gt0 : forall i, (0 < w i)%N) (bC : symmetric_form b) (b_pd : posdef b).
Variables (Z : I -> V) (i : I).
Hypotheses (Z_inj : injective Z) (rest : target b w Z i = Z i).
Definition foot_of_face :=
  [/\ conv Z setT (Z i), forall x, conv Z setT x -> b (Z i) x <= b (Z i) (Z i) &
    forall x, conv Z setT x -> b (Z i) x = b (Z i) (Z i) ->
      sq b (Z i) <= sq b x /\ (sq b x = sq b (Z i) -> x = Z i)].
Lemma resting_foot : foot_of_face. Proof. exact: rest_least rest. Qed.
Lemma three_tokens : i \in attn b Z i -> attn b Z i != [set i] -> (2 < #|attn b Z i|)%N.
Proof.
move=> iC ne; rewrite ltnNge; apply/negP => le2.
have [j jC ji] : exists2 j, j \in attn b Z i & j != i.
  have [sub|/subsetPn[j jC]] := boolP (attn b Z i \subset [set i]).
    by case/negP: ne; rewrite eqEsubset sub sub1set.
  by rewrite in_set1; exists j.
have pair : attn b Z i = [set i; j].
  apply/eqP; rewrite eq_sym eqEcard cards2 [i == j]eq_sym ji le2 andbT.
  by apply/subsetP => l /set2P[]->.
pose x := Z j - Z i; have x0 : x != 0 by rewrite subr_eq0 inj_eq.
have ge l : l \in attn b Z i -> 0 <= b x (Z l) - b x (Z i).
  by rewrite pair => /set2P[]->; rewrite ?subrr // -dotBr sq_ge0.
have := avg_gt0 w_gt0 ge jC; rewrite -dotBr b_pd // => /(_ isT).
by rewrite avgB -dot_meanr -/(target b w Z i) rest (avg_const w_gt0 _ jC) subrr ltxx.
Qed.
End OneLayer.

Variant kind := leader | resting_follower | fixed_follower | resonant_follower.

Section Kinds.
Variables (R : archiFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R) (Z : I -> V) (C : I -> {set I}) (s : I -> V).
Variable P : I -> nat -> V.
Hypotheses (w_gt0 : forall i, (0 < w i)%N) (alpha_gt0 : 0 < alpha).
Hypotheses (bC : symmetric_form b) (b_pd : posdef b) (Z_inj : injective Z).
Local Notation lam := (lam alpha).
Local Notation z := (run b w alpha Z).
Hypotheses (C_stands : stands b w alpha Z C) (z_base : one_base lam z s P).
Let own i : i \in C i <-> rests z i.
Proof. exact: iff_sym (own_attention_rests w_gt0 alpha_gt0 bC b_pd Z_inj C_stands i). Qed.

Definition kind_of i k := match k with
  | leader => C i = [set i] /\ rests z i
  | resting_follower => [/\ i \in C i, sees_leader C i, (2 < #|C i|)%N, rests z i &
      foot_of_face b Z i]
  | fixed_follower => [/\ i \notin C i, sees_leader C i, ~ rests z i &
      forall t, z t i - s i = lam ^+ t *: (z 0%N i - s i)]
  | resonant_follower => [/\ i \notin C i, forall j, j \in C i -> ~ rests z j, (1 < #|C i|)%N,
      ~ rests z i & exists q, has_degree q.+1 (P i)]
  end.
Definition kind_at i := if C i == [set i] then leader else if i \in C i then resting_follower
  else if [exists j in C i, C j == [set j]] then fixed_follower else resonant_follower.

Lemma kind_holds i : kind_of i (kind_at i).
Proof.
rewrite /kind_at; have [L|ne] := eqVneq (C i) [set i].
  by split=> //; apply/own; rewrite L set11.
have [iC|iC] := boolP (i \in C i).
  have rest : rests z i by apply/own.
  have m_rest : target b w Z i = Z i := rests_target alpha_gt0 0%N rest.
  have [ac cb ba] := leader_seen w_gt0 alpha_gt0 bC b_pd Z_inj C_stands i.
  split=> //; first by apply/ac/ba; exists i.
    by rewrite -(C_stands 0%N) (three_tokens _ _ _ m_rest) ?(C_stands 0%N).
  exact: (resting_foot _ _ _ m_rest).
have moves : ~ rests z i by move/own; rewrite (negbTE iC).
have [L|no] := sees_leaderP C i.
  by split=> //; apply: (fixed_target w_gt0 alpha_gt0 bC b_pd C_stands z_base).
have [far _ two [q [_ Pq]] _] := resonance w_gt0 alpha_gt0 bC b_pd Z_inj C_stands z_base no.
by split=> //; exists q.
Qed.
Theorem kindP i k : kind_of i k <-> k = kind_at i.
Proof.
split=> [|->]; last exact: kind_holds.
rewrite /kind_at; case: k => /= [[-> _]|[iC _ three _ _]|[iC L _ _]|[iC far _ _ _]].
- by rewrite eqxx.
- by rewrite iC; case: eqP three => // ->; rewrite cards1.
- by rewrite (negbTE iC) (introT (sees_leaderP C i) L); case: eqP iC => // ->; rewrite set11.
rewrite (negbTE iC); case: eqP iC => [->|_ _]; first by rewrite set11.
by case: sees_leaderP => // -[j jC L]; case: (far j jC); apply/own; rewrite L set11.
Qed.
End Kinds.

Section Settled.
Variables (R : archiFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R) (Z : I -> V) (C : I -> {set I}).
Hypotheses (w_gt0 : forall i, (0 < w i)%N) (alpha_gt0 : 0 < alpha).
Hypotheses (bC : symmetric_form b) (b_pd : posdef b) (Z_inj : injective Z).
Hypothesis C_stands : stands b w alpha Z C.
Theorem kinds : exists s P, one_base (lam alpha) (run b w alpha Z) s P /\
  forall i, exists! k, kind_of b w alpha Z C s P i k.
Proof.
have [s [P [z_base _]]] := ones_exist w_gt0 alpha_gt0 bC b_pd Z_inj C_stands.
exists s, P; split=> // i; have H := kindP w_gt0 alpha_gt0 bC b_pd Z_inj C_stands z_base i.
by exists (kind_at C i); split=> [|k /H ->//]; apply/H.
Qed.
End Settled.
