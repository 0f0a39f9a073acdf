(* One class of tokens: the setting in which the class files work.

   J is the set of the moving tokens with one limit s0; they attend to J and to K only, where the
   tokens of K are already understood: their scaled deviations are polynomials of the layer.

   polynomial_later u(N + k) is a polynomial if u(k) is
   scaled k i       W_i(k) = lambda^(-k) (z_i(k) - s_i), the scaled deviation
   one_class        the hypotheses on J, K, s0, collected in one record
   one_class_later  they hold again when counting starts at layer N
   scaledS          W_i(k+1) = W_i(k) + alpha mean of W_l(k) over C_i(k)
   meanZ, eq_mean, avgZ, avgN   means and averages: a factor comes out, equal entries
   avg_known, mean_known        the known part of a mean may be replaced by its own mean
   nrm              |y|, the square root of <y, y>; Cauchy-Schwarz, triangle inequality
   nrm_mean         |mean of g_l| <= average of |g_l|
   dev_beats        |z_i(k) - s_i| B (k+1)^q tends to 0
   lam_beats        lambda^k B (k+1)^q tends to 0                                                *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From mathcomp Require Import reals.
From Hardmax Require Import Theory Converge Capture Reduction Fast Polynomials.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Lemma polynomial_later (V : zmodType) N (u : nat -> V) :
  polynomial_in u -> polynomial_in (fun k => u (N + k)%N).
Proof. by move=> /(polynomial_shift N); apply: polynomial_ext => k; rewrite addnC. Qed.

Section Setting.
Variables (R : realType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat) (alpha : R).

Definition scaled (Z0 : I -> V) (s : I -> V) k i : V :=
  lam alpha ^- k *: dev b w alpha Z0 s k i.

(* Counting from layer N. *)
Lemma run_from Z0 N k : run b w alpha (run b w alpha Z0 N) k = run b w alpha Z0 (N + k).
Proof. by rewrite /run addnC iterD. Qed.
Lemma dev_later Z0 s N k i :
  dev b w alpha (run b w alpha Z0 N) s k i = dev b w alpha Z0 s (N + k) i.
Proof. by rewrite /dev run_from. Qed.
Lemma scaled_later Z0 s N k i : 0 < alpha ->
  scaled (run b w alpha Z0 N) s k i = lam alpha ^+ N *: scaled Z0 s (N + k) i.
Proof.
move=> a0; rewrite /scaled dev_later scalerA exprD invfM mulVKf // expf_neq0 //.
by rewrite gt_eqF ?lam_gt0.
Qed.

Record one_class (Z0 s : I -> V) (s0 : V) (J K : {set I}) : Prop := OneClass {
  class_w : forall i, (0 < w i)%N;
  class_alpha : 0 < alpha;
  class_sym : symmetric_form b;
  class_pd : posdef b;
  class_em : forall P : Prop, P \/ ~ P;
  class_inj : forall k, injective (run b w alpha Z0 k);
  (* all attention sets are balanced at the limits, and deviations are small beyond polynomials *)
  class_balanced : settled_from b w alpha Z0 s 0;
  class_fast : forall q i, small (fun k => k.+1%:R ^+ q * sq b (dev b w alpha Z0 s k i));
  (* the moving tokens *)
  class_J_s : forall i, i \in J -> s i = s0;
  class_J_sees : forall k i, i \in J -> attn b (run b w alpha Z0 k) i \subset J :|: K;
  class_J_moves : forall k i, i \in J -> dev b w alpha Z0 s k i != 0;
  class_J_norm : forall k i, i \in J -> sq b (run b w alpha Z0 k i) <= sq b s0;
  class_J_leads : forall k i, i \in J -> ~~ leads b (run b w alpha Z0 k) i;
  class_J_hull : forall k i l, i \in J -> l \in attn b (run b w alpha Z0 k) i ->
    b (run b w alpha Z0 k i) s0 <= b (run b w alpha Z0 k i) (run b w alpha Z0 k l);
  (* the known tokens *)
  class_K_s : forall l, l \in K -> b s0 (s l) = sq b s0;
  class_JK : forall l, l \in J -> l \notin K;
  class_K_poly : forall l, l \in K -> polynomial_in (fun k => scaled Z0 s k l) }.

Variables (Z0 s : I -> V) (s0 : V) (J K : {set I}).
Hypothesis H : one_class Z0 s s0 J K.
Local Notation Z k := (run b w alpha Z0 k).
Local Notation C k i := (attn b (Z k) i).
Local Notation lam := (lam alpha).
Local Notation dev := (dev b w alpha Z0 s).
Local Notation W := (scaled Z0 s).
Let w_gt0 := class_w H.
Let alpha_gt0 := class_alpha H.
Let bC := class_sym H.
Let b_pd := class_pd H.

Lemma lamk_gt0 k : 0 < lam ^+ k. Proof. by rewrite exprn_gt0 ?lam_gt0. Qed.
Lemma lamk k : lam ^+ k != 0. Proof. by rewrite gt_eqF ?lamk_gt0. Qed.
Lemma lam01 : 0 < lam < 1. Proof. by rewrite lam_gt0 ?lam_lt1. Qed.
Lemma devE k i : dev k i = lam ^+ k *: W k i.
Proof. by rewrite /scaled scalerA mulfV ?lamk ?scale1r. Qed.
Lemma limit_dev k i : Z k i = s i + lam ^+ k *: W k i.
Proof. by rewrite -devE /Reduction.dev addrC subrK. Qed.
Lemma dot_dev k i y : lam ^+ k * b (W k i) y = b (dev k i) y.
Proof. by rewrite devE dotZl. Qed.
Lemma dev_small i : small (fun k => sq b (dev k i)).
Proof. by move=> e /(class_fast H 0 i)[N HN]; exists N => k /HN; rewrite expr0 mul1r. Qed.

Lemma one_class_later N : one_class (Z N) s s0 J K.
Proof.
split; try by case: H.
- by move=> k; rewrite run_from; apply: class_inj H _.
- by move=> k i _; rewrite run_from; apply: class_balanced H _ _ _.
- move=> q i e /(class_fast H q i)[M HM]; exists M => k Mk; rewrite dev_later.
  apply: le_trans (HM (N + k)%N _); last by rewrite (leq_trans Mk) ?leq_addl.
  rewrite ler_wpmul2r ?sq_ge0 // ler_expn2r ?nnegrE ?ler0n // ler_nat ltnS.
  exact: leq_addl.
- by move=> k i iJ; rewrite run_from; apply: class_J_sees H _ _ iJ.
- by move=> k i iJ; rewrite dev_later; apply: class_J_moves H _ _ iJ.
- by move=> k i iJ; rewrite run_from; apply: class_J_norm H _ _ iJ.
- by move=> k i iJ; rewrite run_from; apply: class_J_leads H _ _ iJ.
- by move=> k i l iJ; rewrite run_from; apply: class_J_hull H _ _ _ iJ.
move=> l lK.
apply: polynomial_ext (polynomialZ (lam ^+ N) (polynomial_later N (class_K_poly H lK))) => k.
by rewrite scaled_later.
Qed.

(* Means. *)
Lemma meanZ a (g : I -> V) (S : {set I}) : mean w (fun l => a *: g l) S = a *: mean w g S.
Proof.
rewrite /mean [RHS]scalerA mulrC -scalerA; congr (_ *: _); rewrite scaler_sumr.
by apply: eq_bigr => l _; rewrite !scalerA mulrC.
Qed.
Lemma eq_mean (g h : I -> V) (S : {set I}) : {in S, g =1 h} -> mean w g S = mean w h S.
Proof. by move=> E; rewrite /mean (eq_bigr (fun l => (w l)%:R *: h l)) // => l lS; rewrite E. Qed.
Lemma avgZ a (g : I -> R) (S : {set I}) : avg w (fun l => a * g l) S = a * avg w g S.
Proof.
rewrite /avg [RHS]mulrCA; congr (_ * _); rewrite mulr_sumr.
by apply: eq_bigr => l _; rewrite mulrCA.
Qed.
Lemma avgN (g : I -> R) (S : {set I}) : avg w (fun l => - g l) S = - avg w g S.
Proof. by rewrite -mulN1r -avgZ; apply: eq_avg => l _; rewrite mulN1r. Qed.
Lemma scaledS k i : W k.+1 i = W k i + alpha *: mean w (W k) (C k i).
Proof.
have l0 : lam != 0 by rewrite gt_eqF ?lam_gt0.
rewrite {1}/scaled (devS alpha_gt0 i (class_balanced H) (leq0n k)) scalerDr; congr (_ + _).
  by rewrite scalerA exprSr invfM -mulrA mulVf // mulr1.
rewrite (@eq_mean (dev k) (fun l => lam ^+ k *: W k l)) => [|l _]; last by rewrite devE.
rewrite meanZ; set m := mean _ _ _; clearbody m.
rewrite !scalerA; congr (_ *: _); rewrite /Layer.gam exprSr.
by rewrite -!mulrA [lam * _]mulrC mulrCA mulVf ?mulr1 // mulf_neq0 ?lamk.
Qed.

(* A mean in which the known part is replaced by its own mean. *)
Lemma wt_avg (g : I -> R) (S : {set I}) : wt R w S * avg w g S = \sum_(j in S) (w j)%:R * g j.
Proof.
rewrite /avg; have [->|/set0Pn[j jS]] := eqVneq S set0; first by rewrite !big_set0 !mulr0.
by rewrite mulVKf // gt_eqF ?(wt_gt0 R w_gt0 jS).
Qed.
Lemma avg_known (g : I -> R) (S : {set I}) :
  avg w g S = avg w (fun l => if l \in K then avg w g (S :&: K) else g l) S.
Proof.
rewrite [LHS]/avg [RHS]/avg; congr (_ * _).
rewrite [LHS](big_setID K) [RHS](big_setID K) /=; congr (_ + _); last first.
  by apply: eq_bigr => j; rewrite in_setD => /andP[/negbTE jK _]; rewrite jK.
rewrite -wt_avg /wt mulr_suml; apply: eq_bigr => j.
by rewrite inE => /andP[_ ->].
Qed.
Lemma mean_known (g : I -> V) (S : {set I}) :
  mean w g S = mean w (fun l => if l \in K then mean w g (S :&: K) else g l) S.
Proof.
rewrite [LHS]/mean [RHS]/mean; congr (_ *: _).
rewrite [LHS](big_setID K) [RHS](big_setID K) /=; congr (_ + _); last first.
  by apply: eq_bigr => j; rewrite in_setD => /andP[/negbTE jK _]; rewrite jK.
rewrite [RHS](eq_bigr (fun j => (w j)%:R *: mean w g (S :&: K))) => [|j]; last first.
  by rewrite in_setI => /andP[_ ->].
rewrite -scaler_suml -/(wt R w (S :&: K)).
have [->|/set0Pn[j jS]] := eqVneq (S :&: K) set0; first by rewrite /mean !big_set0 !scaler0.
by rewrite /mean scalerA mulfV ?scale1r // gt_eqF ?(wt_gt0 R w_gt0 jS).
Qed.

(* Norms. *)
Definition nrm (y : V) := Num.sqrt (sq b y).
Lemma nrm_ge0 y : 0 <= nrm y. Proof. exact: sqrtr_ge0. Qed.
Lemma nrm2 y : nrm y ^+ 2 = sq b y. Proof. by rewrite sqr_sqrtr ?sq_ge0. Qed.
Lemma dot_nrm y z : `|b y z| <= nrm y * nrm z.
Proof.
rewrite -(@ler_pexpn2r _ 2 isT) ?nnegrE ?mulr_ge0 ?nrm_ge0 // real_normK ?num_real //.
by rewrite exprMn !nrm2; apply: CS.
Qed.
Lemma nrmD y z : nrm (y + z) <= nrm y + nrm z.
Proof.
rewrite -(@ler_pexpn2r _ 2 isT) ?nnegrE ?addr_ge0 ?nrm_ge0 // sqrrD !nrm2 (sqD bC).
rewrite ler_add2r ler_add2l -[leRHS]mulr_natl ler_pmul2l ?ltr0n //.
exact: le_trans (ler_norm _) (dot_nrm _ _).
Qed.
Lemma nrmZ a y : 0 <= a -> nrm (a *: y) = a * nrm y.
Proof. by move=> a0; rewrite /nrm sqZ sqrtrM ?sqr_ge0 // sqrtr_sqr ger0_norm. Qed.
Lemma nrm_mean (g : I -> V) (S : {set I}) : nrm (mean w g S) <= avg w (fun l => nrm (g l)) S.
Proof.
have w0 : 0 <= (wt R w S)^-1 by rewrite invr_ge0 /wt sumr_ge0 // => j _; rewrite ler0n.
rewrite /mean nrmZ // /avg ler_wpmul2l //; elim/big_rec2: _ => [|j y z _ IH].
  by rewrite /nrm /sq dot0l sqrtr0.
by apply: le_trans (nrmD _ _) _; rewrite nrmZ ?ler0n // ler_add2l.
Qed.
(* Deviations are small beyond all polynomials. *)
Lemma small_sqr (u : nat -> R) : (forall k, 0 <= u k) -> small (fun k => u k ^+ 2) -> small u.
Proof.
move=> u0 su e e0; have [N HN] := su _ (exprn_gt0 2 e0); exists N => k /HN.
by rewrite ler_pexpn2r // nnegrE // ltW.
Qed.
Lemma dev_beats B q i : 0 <= B -> small (fun k => nrm (dev k i) * (B * k.+1%:R ^+ q)).
Proof.
move=> B0; apply: small_sqr => [k|]; first by rewrite !mulr_ge0 ?nrm_ge0 ?exprn_ge0 ?ler0n.
apply: small_le (small_scale (sqr_ge0 B) (class_fast H (q * 2) i)) => k.
by rewrite !exprMn nrm2 -exprM mulrC mulrA.
Qed.
Lemma lam_beats B q : small (fun k => lam ^+ k * (B * k.+1%:R ^+ q)).
Proof.
move=> e /(small_scale (normr_ge0 B) (powers_small lam01 q))[N HN]; exists N => k /HN.
apply: le_trans; rewrite [leRHS]mulrA [leRHS]mulrC; apply: ler_wpmul2l;
  first exact: ltW (lamk_gt0 k).
by rewrite ler_wpmul2r ?exprn_ge0 ?ler0n // ler_norm.
Qed.
End Setting.
