(******************************************************************************)
(* A curve g0 + lam^t g1(t) + lam^2t g2(t) that is positive for all t passes  *)
(* the program's test `positive` at all large T; one that is zero for all t   *)
(* has no coefficient.                                                        *)
(*                                                                            *)
(*   scalars_poly       g(t) is a polynomial                                  *)
(*   scalars_zero       it is zero for all t only if the row g is             *)
(*   falls_complete dominates_complete   the two halves of the test           *)
(*   size_product       the program's products are not too long               *)
(*   zero_complete positive_complete     the whole                            *)
(******************************************************************************)
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra ring zify ssrZ.
From Hardmax Require Import Theory Converge ClosedForm Criterion.
From Hardmax Require Import Integers Program Rows Families Positivity.
From Hardmax Require Import InTheEnd Pattern Dominance PassesLayers.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Lemma size_product (K : integers) (hx ys : seq (seq K)) :
  (size (product hx ys) <= size hx + size ys)%N.
Proof.
pose table hx := foldr (fun h t => product_row h ys t) [::] hx.
suff H k : (size (nth [::] (table hx) k) <= size hx + (size ys - k))%N.
  by rewrite /product -nth0 -[X in (_ <= _ + X)%N]subn0 H.
elim: hx k => [|h hx IH] k; first by rewrite nth_nil.
have [n] := ubnP (size ys - k); elim: n k => // n IHn k nk.
rewrite [table _]/= product_rowE; case: ltnP => // ky; rewrite /= !size_padd.
rewrite -[product_row _ _ _]/(table (h :: hx)) -/(table hx).
have /IHn H0 : (size ys - k.+1 < n)%N by lia.
move: H0 (IH k) (IH k.+1); rewrite [size (h :: hx)]/= !addSn ltnS !geq_max.
move=> H0 H1 H2; apply/and3P; split=> //; first by apply: leq_trans H0 _; lia.
by apply: leq_trans H2 _; lia.
Qed.

Section Passes.
Variables (R : archiFieldType) (K : integers) (num den : K).
Local Notation vec := (seq K).
Local Notation "# a" := (val R a) (at level 8, format "# a").
Local Notation nthz := (nth (zero K)).
Local Notation base := (base R num den).
Local Notation real_term := (real_term R (K := K)).
Hypothesis num_gt0 : 0 < #num.
Hypothesis den_gt0 : 0 < #den.
Let base01 : 0 < base < 1.
Proof.
have Q0 : 0 < #den + #num by rewrite addr_gt0.
by rewrite /base divr_gt0 // ltr_pdivr_mulr // mul1r ltr_addl.
Qed.
Lemma scalarsE' (g : vec) t : scalars R g t = \sum_(j < size g) #(nthz g j) *+ 'C(t, j).
Proof.
by rewrite (scalarsE _ (m := size g)) //; apply: eq_bigr => j _; rewrite mulr_natl.
Qed.
Lemma scalars_poly (g : vec) : polynomial_in (fun t => scalars R g t).
Proof.
by apply/polynomial_binom; exists (size g), (fun j => #(nthz g j)) => t; apply: scalarsE'.
Qed.
Lemma scalars_zero (g : vec) : (forall t, scalars R g t = 0) -> is0 g.
Proof.
move=> g0; apply: (is0_val (R := R)) => j; elim: j g g0 => [|j IH] g g0.
  by have := g0 0%N; rewrite /scalars.
rewrite -nth_behead; apply: IH => t; have := scalarsS R g t; rewrite !g0 add0r.
by move=> ->.
Qed.
Lemma zero_complete g0 g1 g2 : (forall t, curve R num den g0 g1 g2 t = 0) ->
  [&& ieq g0 (zero K), is0 g1 & is0 g2].
Proof.
move=> H; have [|||z0 z1 z2] := @terms2_zero _ [lmodType R of R^o] _ base01 #g0
  (fun t => scalars R g1 t) (fun t => scalars R g2 t).
- exact: scalars_poly.
- exact: scalars_poly.
- exact: H.
by rewrite !scalars_zero // !andbT; apply: (ieq_val (R := R)); rewrite val0.
Qed.

Let t0 : term K := (zero K, (0, 0)%N).
Let f (g0 : K) (g1 g2 : vec) : seq (term K) := (g0, (0, 0)%N) :: terms 1 g1 ++ terms 2 g2.
Lemma falls_complete T (m0 m : term K) : (m0.2.1 <= m.2.1)%N ->
  (T.+1%:R - m0.2.2%:R) * base ^+ (m.2.1 - m0.2.1) <= T.+1%:R - m.2.2%:R :> R ->
  falls num den T m0 m.
Proof.
move=> ee H; rewrite /falls ee (val_lt R) -leNgt !valM !val_pow valD !val_ofZ.
have E j : zr R (Z.sub (Z.of_nat T.+1) (Z.of_nat j)) = T.+1%:R - j%:R.
  by rewrite -!zr_nat /zr -rmorphB; congr (_%:~R); rewrite -rmorphB.
rewrite !E; move: H; rewrite expr_div_n mulrA ler_pdivr_mulr //.
by rewrite exprn_gt0 // addr_gt0.
Qed.
Lemma dominates_complete m T (h : seq (term K)) (m0 : term K) :
  all (fun r => (r.2.1 <= 2) && (r.2.2 <= m))%N h -> (m0.2.1 <= 2)%N -> (m0.2.2 <= m)%N ->
  dominates_at base [seq real_term r | r <- h] (real_term m0) T ->
  dominates num den T (binomials K m T) (powers num den T) h m0.
Proof.
move=> hb m02 m0m [c0 jT falling total]; apply/and5P; split.
- by rewrite (ilt0 R).
- by [].
- by rewrite size_binomials; apply: sub_all hb => r /andP[].
- elim: h falling {hb total} => //= r h IH falling; rewrite IH ?andbT; last first.
    by move=> x xh; apply: falling; rewrite inE xh orbT.
  rewrite (nonnegE R); case: lerP => //= neg.
  by have [ee H] := falling (real_term r) (mem_head _ _) neg; apply: falls_complete.
rewrite -(pmulr_rgt0 _ (exprn_gt0 (2 * T) (Q_gt0 num_gt0 den_gt0))) in total.
rewrite (ilt0 R); move: total; rewrite mulrDr big_map -(valueE num_gt0 den_gt0 T m02 m0m).
congr (0 < _).
move: (value _ _ _) => v; elim: h hb {falling} => [|r h IH] /=.
  by rewrite big_nil mulr0 addr0.
case/andP=> /andP[r2 rm] /IH E; rewrite big_cons (nonnegE R) leNgt /=.
case: (#(r.1) < 0) => //=; rewrite valD -E mulrDr (valueE num_gt0 den_gt0 T r2 rm).
by rewrite addrCA.
Qed.
Theorem positive_complete m g0 g1 g2 : (size g1 <= m.+1)%N -> (size g2 <= m.+1)%N ->
  (forall t, 0 < curve R num den g0 g1 g2 t) ->
  ev (fun T => positive num den T (binomials K m T) (powers num den T) g0 g1 g2).
Proof.
move=> s1 s2 H; have keys : [seq r.2 | r <- [seq real_term r | r <- f g0 g1 g2]] =
    (0, 0)%N :: [seq (1, j)%N | j <- iota 0 (size g1)] ++ [seq (2, j)%N | j <- iota 0 (size g2)].
  by rewrite -map_comp /f /terms map_cons map_cat -!map_comp.
have uk : uniq [seq r.2 | r <- [seq real_term r | r <- f g0 g1 g2]].
  rewrite keys /= cat_uniq !map_inj_uniq ?iota_uniq ?andbT => [|j l []//|j l []//].
  apply/andP; split; last by apply/hasPn => x /mapP[j _ ->]; apply/mapP => -[l _].
  by rewrite mem_cat negb_or; apply/andP; split; apply/mapP => -[l _].
have [|m0' /(nthP (real_term t0))[i]] := dominant_complete base01 uk.
  by exists 0%N => t _; rewrite ev_curve.
rewrite size_map => si; rewrite (nth_map t0) // => <- [N HN]; exists N => T /HN dom.
have hb : all (fun r : term K => (r.2.1 <= 2) && (r.2.2 <= m))%N (f g0 g1 g2).
  rewrite /= all_cat /terms !all_map; apply/andP; split; apply/allP => j; rewrite mem_iota /= => lj.
    by rewrite -ltnS (leq_trans lj).
  by rewrite -ltnS (leq_trans lj).
apply/orP; right; apply/(has_nthP t0); exists i => //.
by have /andP[i2 im] := all_nthP t0 hb i si; apply: dominates_complete.
Qed.
End Passes.
