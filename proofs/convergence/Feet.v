(* Approximate feet: two layers at which a token is carried by the same leaders find it nearly at
   the same place. Over any ordered field.

   M                    sum_j |z_j^0|^2: all products of tokens, at any two layers, are in [-M, M]
   defect i k           slack + M mass: how far token i is from being a foot
   label i tau k        the leaders v with P k i v > tau: those that carry token i at layer k
   blur i tau k         defect / tau + 2 M (n tau + mass)

   gap_sum              sum over v in L of P k i v (|z_i|^2 + slack - <z_i, z_v>) <= defect
   gap_label            |z_i|^2 - <z_i, z_v> <= defect / tau for the leaders v of the label
   gap_same             |z_i^k|^2 - <z_i^k, z_i^l> <= a blur, if layers k and l have one label
   dist_same            then |z_i^k - z_i^l|^2 <= blur k + blur l *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory Mass.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Feet.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Hypothesis w_gt0 : forall i, (0 < w i)%N.
Hypothesis alpha_gt0 : 0 < alpha.
Hypotheses (bC : symmetric_form b) (b_pd : posdef b).
Variables (Z0 : I -> V) (L : {set I}).
Hypothesis Z0_inj : injective Z0.
Local Notation Z k := (run b w alpha Z0 k).
Local Notation lam := (lam alpha).
Local Notation gam := (gam alpha).
Hypothesis L_leads : forall k i, leads b (Z k) i = (i \in L).

Local Notation P := (P b w alpha Z0).
Local Notation mass := (mass b w alpha Z0 L).
Local Notation P_sum := (P_sum b w_gt0 alpha_gt0 Z0).
Local Notation P_run := (P_run b w alpha Z0).
Local Notation leader_at := (leader_at w_gt0 alpha_gt0 L_leads).
(* Bounds: all products of tokens, at any two times, are between -M and M. *)
Definition M : R := \sum_j sq b (Z0 j).
Lemma M_start i : sq b (Z0 i) <= M.
Proof. by rewrite /M (bigD1 i) //= ler_addl sumr_ge0 // => j _; apply: sq_ge0. Qed.
Lemma M_run k i : sq b (Z k i) <= M.
Proof.
suff H : forall i j, b (Z k i) (Z k j) <= M by apply: H.
elim: k => [|k IH] {}i j; first by rewrite dot_le ?M_start.
rewrite !runS; apply: half_layer => // l; rewrite bC.
by apply: half_layer => // m; rewrite bC.
Qed.
Lemma M_ge0 : 0 <= M. Proof. by rewrite sumr_ge0 // => j _; apply: sq_ge0. Qed.
Lemma dotM k i l j : b (Z k i) (Z l j) <= M.
Proof. by rewrite dot_le ?M_run. Qed.
Lemma dotM_ge k i l j : - M <= b (Z k i) (Z l j).
Proof. by rewrite dot_ge ?M_run. Qed.

Local Notation slack k i := (slack b w (Z k) i).

(* The token is nearly orthogonal to its differences from the leaders that carry it. *)
Section OneToken.
Variable i : I.
Definition defect k := slack k i + M * mass k i.
Lemma gap_leader k v : v \in L -> 0 <= sq b (Z k i) + slack k i - b (Z k i) (Z0 v).
Proof.
move=> vL; rewrite /Norms.slack addrCA subrr addr0 subr_ge0 -(leader_at k vL).
exact: target_ge.
Qed.
Lemma gap_any k (j : I) : - M <= sq b (Z k i) + slack k i - b (Z k i) (Z0 j).
Proof.
rewrite -[leLHS]add0r; apply: ler_add; first by rewrite addr_ge0 ?sq_ge0 ?slack_ge0.
by rewrite ler_opp2 (dotM k i 0 j).
Qed.
Lemma gap_sum k : \sum_(v in L) P k i v * (sq b (Z k i) + slack k i - b (Z k i) (Z0 v)) <= defect k.
Proof.
have : \sum_v P k i v * (sq b (Z k i) + slack k i - b (Z k i) (Z0 v)) = slack k i.
  under eq_bigr do rewrite mulrBr.
  rewrite sumrB -mulr_suml P_sum mul1r (eq_bigr (fun v => b (Z k i) (P k i v *: Z0 v))).
    by rewrite -dot_sumr -P_run /sq addrAC subrr add0r.
  by move=> v _; rewrite dotZr.
rewrite (bigID (mem L)) /= => E; rewrite /defect -[X in X + M * _]E -addrA ler_addl.
rewrite /mass mulr_sumr -big_split sumr_ge0 //= => j _.
rewrite [M * _]mulrC -mulrDr mulr_ge0 ?P_ge0 //.
by rewrite -ler_subl_addr sub0r gap_any.
Qed.
Lemma gap_one k v : v \in L -> P k i v * (sq b (Z k i) + slack k i - b (Z k i) (Z0 v)) <= defect k.
Proof.
move=> vL; apply: le_trans (gap_sum k); rewrite (bigD1 v) //= ler_addl.
by rewrite sumr_ge0 // => j /andP[jL _]; rewrite mulr_ge0 ?P_ge0 ?gap_leader.
Qed.

Variable tau : R.
Hypothesis tau_gt0 : 0 < tau.
Definition label k := [set v in L | tau < P k i v].
Lemma gap_label k v : v \in label k -> sq b (Z k i) - b (Z k i) (Z0 v) <= defect k / tau.
Proof.
rewrite inE => /andP[vL pv]; rewrite ler_pdivl_mulr // mulrC.
apply: le_trans (gap_one k vL).
apply: le_trans (_ : tau * (sq b (Z k i) + slack k i - b (Z k i) (Z0 v)) <= _).
  by rewrite ler_pmul2l // addrAC ler_addl slack_ge0.
by rewrite ler_wpmul2r ?gap_leader // ltW.
Qed.
Lemma defect_ge0 k : 0 <= defect k.
Proof. by rewrite addr_ge0 ?slack_ge0 // mulr_ge0 ?M_ge0 ?mass_ge0. Qed.
Definition blur k := defect k / tau + 2%:R * M * (#|I|%:R * tau + mass k i).
Lemma gap_same k l : label k = label l ->
  sq b (Z k i) - b (Z k i) (Z l i) <=
    defect k / tau + 2%:R * M * (#|I|%:R * tau + mass l i).
Proof.
move=> E; have -> : sq b (Z k i) - b (Z k i) (Z l i) =
    \sum_v P l i v * (sq b (Z k i) - b (Z k i) (Z0 v)).
  under eq_bigr do rewrite mulrBr.
  rewrite sumrB -mulr_suml P_sum mul1r; congr (_ - _).
  by rewrite [in LHS](P_run l i) dot_sumr; apply: eq_bigr => v _; rewrite dotZr.
have big v : sq b (Z k i) - b (Z k i) (Z0 v) <= 2%:R * M.
  by rewrite mulr_natl mulr2n ler_add ?M_run // ler_oppl (dotM_ge k i 0 v).
rewrite (bigID (mem (label l))) /=; apply: ler_add.
  rewrite -[leRHS]mul1r -(P_sum l i) [in leRHS](bigID (mem (label l))) /= mulrDl ler_paddr //.
    by rewrite mulr_ge0 ?divr_ge0 ?defect_ge0 ?(ltW tau_gt0) // sumr_ge0 // => v _; apply: P_ge0.
  rewrite mulr_suml ler_sum // => v vl; rewrite ler_wpmul2l ?P_ge0 // gap_label //.
  by rewrite E.
apply: le_trans (_ : \sum_(v | v \notin label l) P l i v * (2%:R * M) <= _).
  by apply: ler_sum => v _; rewrite ler_wpmul2l ?P_ge0.
rewrite -mulr_suml mulrC ler_wpmul2l ?mulr_ge0 ?ler0n ?M_ge0 //.
rewrite (bigID (mem L)) /=; apply: ler_add.
  apply: le_trans (_ : \sum_(v in I) tau <= _); last by rewrite sumr_const mulr_natl.
  rewrite [leRHS](bigID (fun v => (v \notin label l) && (v \in L))) /= ler_paddr //.
    by rewrite sumr_ge0 // => v _; apply: ltW.
  by apply: ler_sum => v /andP[]; rewrite inE => nv vL; move: nv; rewrite vL /= -leNgt.
rewrite /mass [leRHS](bigID (fun v => v \notin label l)) /= [leRHS]addrC ler_paddl ?sumr_ge0 //.
  by move=> v _; apply: P_ge0.
by rewrite (eq_bigl (fun v => (v \notin L) && (v \notin label l))) // => v; rewrite andbC.
Qed.
Lemma dist_same k l : label k = label l -> sq b (Z k i - Z l i) <= blur k + blur l.
Proof.
move=> E; rewrite (sqB bC).
have -> : sq b (Z k i) - 2%:R * b (Z k i) (Z l i) + sq b (Z l i) =
   (sq b (Z k i) - b (Z k i) (Z l i)) + (sq b (Z l i) - b (Z l i) (Z k i)).
  by rewrite (bC (Z l i)); ring.
apply: le_trans (ler_add (gap_same E) (gap_same (esym E))) _.
by rewrite le_eqVlt; apply/orP; left; apply/eqP; rewrite /blur; ring.
Qed.
End OneToken.
End Feet.
