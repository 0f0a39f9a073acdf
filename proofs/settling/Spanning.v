(* Vectors that span a space of rows bound its norm.

   sum_bound    |sum of v_j r_j|^2 <= M (sum of v_j^2)
   spanningP    if only 0 is orthogonal to s0 and to all s_l - s0, l in S, then they span:
                |y|^2 <= M (<s0, y>^2 + sum over S of <y, s_l - s0>^2) for some M and all y      *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From mathcomp Require Import reals.
From Hardmax Require Import Theory Converge Main Reduction ClassSpan.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Lemma sum_bound (R : realFieldType) (V : lmodType R) (b : form V) (T : Type) (r : T -> V) js :
  symmetric_form b -> posdef b -> exists2 M, 0 < M &
  forall v : T -> R, sq b (\sum_(j <- js) v j *: r j) <= M * \sum_(j <- js) v j ^+ 2.
Proof.
move=> bC b_pd; elim: js => [|j js [M M0 IH]].
  by exists 1; rewrite ?ltr01 // => v; rewrite !big_nil /sq dot0l mulr0.
have r0 := sq_ge0 b_pd (r j); have rM : 0 < sq b (r j) + M by rewrite ltr_paddl.
exists (2%:R * (sq b (r j) + M)) => [|v]; first by rewrite mulr_gt0 ?ltr0n.
rewrite !big_cons; set rest := \sum_(i <- js) v i ^+ 2; set x := \sum_(i <- js) _.
have h0 : 0 <= rest by rewrite sumr_ge0 // => i _; apply: sqr_ge0.
have xM : sq b x <= M * rest := IH v.
have two : sq b (v j *: r j + x) <= 2%:R * (sq b (v j *: r j) + sq b x).
  rewrite -subr_ge0; have -> : 2%:R * (sq b (v j *: r j) + sq b x) - sq b (v j *: r j + x) =
    sq b (v j *: r j - x) by rewrite (sqD bC) (sqB bC); ring.
  exact: sq_ge0.
apply: le_trans two _; rewrite -mulrA ler_pmul2l ?ltr0n // (sqZ _ (v j)).
apply: le_trans (ler_add (lexx _) xM) _.
have -> : (sq b (r j) + M) * (v j ^+ 2 + rest) =
  (v j ^+ 2 * sq b (r j) + M * rest) + (sq b (r j) * rest + M * v j ^+ 2) by ring.
by rewrite ler_addl addr_ge0 // mulr_ge0 ?sqr_ge0 ?(ltW M0).
Qed.

Section Spanning.
Variables (R : realType) (d : nat) (I : finType) (A : 'M[R]_d).
Hypotheses (A_sym : A^T = A) (A_pd : forall x, x != 0 -> 0 < dotA A x x).
Variables (s : I -> 'rV[R]_d) (s0 : 'rV[R]_d) (S : {set I}).
Lemma spanningP : (forall y, dotA A s0 y = 0 ->
    (forall l, l \in S -> dotA A y (s l - s0) = 0) -> y = 0) -> spanning (formA A) s s0 S.
Proof.
move=> only0; have bC := formA_sym A_sym; have b_pd := formA_pd A_pd.
pose t (o : option I) := if o is Some l then if l \in S then s l - s0 else 0 else s0.
pose N := \matrix_(a < d, j < #|{: option I}|) (A *m (t (enum_val j))^T) a 0.
have value y j : (y *m N) 0 j = dotA A y (t (enum_val j)).
  by rewrite /dotA -mulmxA !mxE; apply: eq_bigr => a _; rewrite mxE.
have valueE y o : (y *m N) 0 (enum_rank o) = dotA A y (t o) by rewrite value enum_rankK.
have free : row_free N.
  apply: inj_row_free => y y0; have zero o : dotA A y (t o) = 0 by rewrite -valueE y0 mxE.
  apply: only0 => [|l lS]; first by rewrite [LHS](bC s0 y); apply: (zero None).
  by have := zero (Some l); rewrite /= lS.
have [M M0 HM] := sum_bound (fun j => row j (pinvmx N)) (index_enum _) bC b_pd.
exists M => // y; have := HM (fun j => (y *m N) 0 j).
rewrite -mulmx_sum_row mulmxKp //; congr (_ <= M * _).
under eq_bigr do rewrite value.
rewrite -(big_enum_val (fun o => dotA A y (t o) ^+ 2)) (bigD1 None) //=.
rewrite [dotA A y s0](bC y s0); congr (_ + _).
rewrite (reindex_omap Some id) => [|[l|] //]; rewrite [RHS]big_mkcond /=.
apply: eq_big => [l|l _]; first by rewrite eqxx.
by case: ifP => // _; rewrite [dotA _ _ _](dot0r (formA A)) expr0n.
Qed.
End Spanning.
