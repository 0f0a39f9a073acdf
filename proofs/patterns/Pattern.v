(******************************************************************************)
(* The setting of notes, section 8: a pattern that stands for ever, and       *)
(* trajectories with the bases 1 and lam only. Vectors are of any module over *)
(* an ordered field; a polynomial is a sequence, as in Differences.v, with a  *)
(* difference that is zero; difs m u 0 is its leading coefficient, times m!.  *)
(*                                                                            *)
(*   stands b w alpha Z C   C_i is the attention set of token i at all layers *)
(*                          of the run that starts at Z                       *)
(*   rests z i              z_i(t) = z_i(0) for all t                         *)
(*   one_base x z s P       every P_i is a polynomial, and for all t          *)
(*                          z_i(t) = s_i + x^t P_i(t)                         *)
(*   has_degree m u         u is a polynomial of degree m and not 0           *)
(*   kill rs f              f after E - r for every r in rs, (Ef)(t) = f(t+1) *)
(*   without r f            kill rs f = 0 for some rs without r: f is a sum   *)
(*                          of terms of other bases than r                    *)
(*                                                                            *)
(*   polynomial_degree  a polynomial is 0 or has a degree                     *)
(*   has_degreeP        has_degree m determines m                             *)
(*   has_degree_dot     <u, v> has the leading coefficient C(m+n,m) <a, b>;   *)
(*                      so <u, u> has degree 2m                               *)
(*   dot_neq0           <u, v> is not 0 if the leading coefficient of v is    *)
(*                      a multiple, but not 0, of that of u, at one degree    *)
(*   has_degree_step    U(t+1) - U(t) = a u(t), a != 0: degree m + 1, leading *)
(*                      coefficient a b                                       *)
(*   without_term without_add   terms of other bases, and sums                *)
(*   without_zero       3.1: if r^t u(t) is without r, then u = 0             *)
(*   terms_unique       s + x^t u(t) = s' + x^t u'(t) for all t: s = s' and   *)
(*                      u = u'                                                *)
(*   terms2_zero        s + x^t u(t) + x^2t v(t) = 0 for all t: s = 0, u = 0, *)
(*                      v = 0                                                 *)
(*   ones_rest ones_step   if C stands and one_base z s P: s_i is the mean of *)
(*                      s over C_i, and P_i(t+1) - P_i(t) = alpha Q_i(t), Q_i *)
(*                      the mean of P over C_i                                *)
(*   ones_target        m_i(t) = s_i + lam^t Q_i(t)                           *)
(*   ones_fixed         P_i = 0 iff i rests                                   *)
(* What a polynomial does in the end (polynomial_sign: one sign, and bounded  *)
(* away from 0) is in Trends.v, which this file gives out.                    *)
(******************************************************************************)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory ClosedForm.
From Hardmax Require Export Polynomials.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(* Degrees. *)
Section Degrees.
Variables (R : realFieldType) (V : lmodType R).
Implicit Types u v : nat -> V.
Definition has_degree m u := degree_lt m.+1 u /\ difs m u 0 != 0.
Lemma degree_cases m u : degree_lt m u ->
  (forall t, u t = 0) \/ exists2 n, (n < m)%N & has_degree n u.
Proof.
elim: m => [|m IH] Hu; first by left.
have [u0|u0] := eqVneq (difs m u 0) 0; last by right; exists m.
have [H|[n nm H]] := IH (degree_lt_lower Hu u0); first by left.
by right; exists n; first exact: ltnW.
Qed.
Lemma polynomial_degree u : polynomial_in u -> (forall t, u t = 0) \/ exists m, has_degree m u.
Proof. by move=> [m /degree_cases[H|[n _ H]]]; [left|right; exists n]. Qed.
Lemma has_degree_poly m u : has_degree m u -> polynomial_in u.
Proof. by move=> [H _]; exists m.+1. Qed.
Lemma has_degree_neq0 m u : has_degree m u -> ~ forall t, u t = 0.
Proof. by move=> [_ /eqP u0] H; apply: u0; apply: (degree_lt0 _ H). Qed.
Lemma has_degree_le m n u : has_degree m u -> degree_lt n u -> (m < n)%N.
Proof.
move=> [_ /eqP u0] Hn; rewrite ltnNge; apply/negP => nm.
by apply: u0; apply: (degree_lt_le nm Hn).
Qed.
Lemma has_degreeP m n u : has_degree m u -> has_degree n u -> m = n.
Proof.
move=> Hm Hn; apply/eqP; rewrite eqn_leq.
by rewrite -ltnS (has_degree_le Hm Hn.1) -ltnS (has_degree_le Hn Hm.1).
Qed.
Lemma difsZ a m u k : difs m (fun t => a *: u t) k = a *: difs m u k.
Proof. exact: (difs_prodr (B := fun a x => a *: x) (@scalerDr _ _)). Qed.
Lemma has_degree_step a m u U : a != 0 -> (forall t, U t.+1 - U t = a *: u t) ->
  has_degree m u -> has_degree m.+1 U /\ difs m.+1 U 0 = a *: difs m u 0.
Proof.
move=> a0 dU [Hu u0]; have E k n : difs n.+1 U k = a *: difs n u k.
  by rewrite difsS -difsZ; apply: difs_ext.
rewrite /has_degree E scaler_eq0 negb_or a0 u0; split=> //; split=> // k.
by rewrite E Hu scaler0.
Qed.
Variable b : form V.
Lemma has_degree_dot m n u v : degree_lt m.+1 u -> degree_lt n.+1 v ->
  degree_lt (m + n).+1 (fun t => b (u t) (v t)) /\
  difs (m + n) (fun t => b (u t) (v t)) 0 = b (difs m u 0) (difs n v 0) *+ 'C(m + n, m).
Proof.
move=> Hu Hv; split; last exact: (difs_prod (dotDl b) (dotDr b) Hu Hv).
by have := degree_lt_prod (dotDl b) (dotDr b) Hu Hv; rewrite addSn addnS.
Qed.
Lemma dot_neq0 a m u v : posdef b -> a != 0 -> has_degree m u -> degree_lt m.+1 v ->
  difs m v 0 = a *: difs m u 0 -> ~ forall t, b (u t) (v t) = 0.
Proof.
move=> b_pd a0 [Hu u0] Hv E H; have [_] := has_degree_dot Hu Hv.
rewrite E dotZr (degree_lt0 _ H) => /esym/eqP; rewrite mulrn_eq0 mulf_eq0 (negbTE a0).
by rewrite [b _ _ == 0]gt_eqF ?b_pd // orbF -leqn0 leqNgt bin_gt0 leq_addr.
Qed.
End Degrees.

(* Bases: 3.1. *)
Section Bases.
Variables (R : realFieldType) (V : lmodType R).
Implicit Types (f g u : nat -> V) (r x : R).
Fixpoint kill (rs : seq R) f : nat -> V :=
  if rs is r :: rs then kill rs (fun t => f t.+1 - r *: f t) else f.
Lemma kill_ext rs f g : f =1 g -> kill rs f =1 kill rs g.
Proof. by elim: rs f g => [|r rs IH] f g E //=; apply: IH => t; rewrite !E. Qed.
Lemma killD rs f g t : kill rs (fun t => f t + g t) t = kill rs f t + kill rs g t.
Proof.
elim: rs f g t => [|r rs IH] f g t //=; rewrite -IH; apply: kill_ext => k.
by rewrite scalerDr opprD addrACA.
Qed.
Lemma killC r rs f t : kill rs (fun t => f t.+1 - r *: f t) t = kill rs f t.+1 - r *: kill rs f t.
Proof.
elim: rs f t => [|q rs IH] f t //=; rewrite -IH; apply: kill_ext => k.
by rewrite !scalerBr !scalerA (mulrC q) !opprB addrACA [RHS]addrACA [- _ - _]addrC.
Qed.
Lemma kill_cat rs qs f t : kill (rs ++ qs) f t = kill qs (kill rs f) t.
Proof. by elim: rs f t => //= r rs IH f t; rewrite IH. Qed.
Lemma kill0 rs f : f =1 (fun=> 0) -> kill rs f =1 (fun=> 0).
Proof. by elim: rs f => //= r rs IH f E; apply: IH => t; rewrite !E scaler0 subr0. Qed.

Definition without r f := exists2 rs, r \notin rs & kill rs f =1 (fun=> 0).
Lemma without_ext r f g : f =1 g -> without r f -> without r g.
Proof. by move=> E [rs Hrs H]; exists rs => // t; rewrite -(kill_ext _ E). Qed.
Lemma without_add r f g : without r f -> without r g -> without r (fun t => f t + g t).
Proof.
move=> [rs Hrs Hf] [qs Hqs Hg]; exists (rs ++ qs) => [|t].
  by rewrite mem_cat negb_or Hrs.
rewrite killD kill_cat (kill0 _ Hf) add0r.
suff: kill qs (kill rs g) t = 0 by rewrite kill_cat.
have -> : kill qs (kill rs g) t = kill rs (kill qs g) t; last exact: kill0.
elim: rs g {Hrs Hf Hg} => //= q rs IH g; rewrite IH; apply: kill_ext => k; exact: killC.
Qed.
Lemma without_term r x u : x != r -> polynomial_in u -> without r (fun t => x ^+ t *: u t).
Proof.
move=> xr [m]; elim: m u => [|m IH] u Hu.
  by exists [::] => // t; rewrite /= (Hu t : u t = 0) scaler0.
have [|rs Hrs H] := IH (fun t => x *: dif u t).
  by move=> k; rewrite difsZ ((degree_ltS m u).1 Hu) scaler0.
exists (x :: rs) => [|t]; first by rewrite inE negb_or eq_sym xr.
rewrite -[RHS](H t) /=; apply: kill_ext => k.
by rewrite scalerA -exprS -scalerBr scalerA -exprSr.
Qed.
Lemma without_const r s : r != 1 -> without r (fun=> s).
Proof.
move=> r1; have pc : polynomial_in (fun=> s) := polynomial_const s.
apply: without_ext (without_term (x := 1) _ pc) => [t|]; last by rewrite eq_sym.
by rewrite expr1n scale1r.
Qed.
Lemma without_self r u : r != 0 -> polynomial_in u ->
  without r (fun t => r ^+ t *: u t) -> forall t, u t = 0.
Proof.
move=> r0 Hu [rs]; elim: rs u Hu => [|q rs IH] u Hu Hrs H t.
  by have /eqP := H t; rewrite scaler_eq0 expf_eq0 (negbTE r0) andbF => /eqP.
move: Hrs; rewrite inE negb_or => /andP[rq Hrs].
have v0 : forall k, r *: u k.+1 - q *: u k = 0.
  apply: IH Hrs _ => [|k]; first by
    apply: polynomialB; apply: polynomialZ; [apply: polynomial_next|].
  rewrite -[RHS](H k) /=; apply: kill_ext => h.
  by rewrite exprS scalerBr !scalerA ![_ * r ^+ h]mulrC.
have [//|[m [Hm um]]] := polynomial_degree Hu.
have: difs m (fun k => r *: u k.+1 + (- q) *: u k) 0 = 0.
  by apply: (degree_lt0 _ _) => k; rewrite scaleNr v0.
rewrite difsD !difsZ (difs_ext _ (v := fun k => u (k + 1)%N)) => [|k]; last by rewrite addn1.
rewrite difs_shift (difs_const _ Hm) -scalerDl => /eqP; rewrite scaler_eq0 (negbTE um) orbF.
by rewrite subr_eq0 (negbTE rq).
Qed.
Theorem without_zero r f u : r != 0 -> without r f -> polynomial_in u ->
  (forall t, f t + r ^+ t *: u t = 0) -> forall t, u t = 0.
Proof.
move=> r0 Hf Hu H t; apply/eqP; rewrite -oppr_eq0; apply/eqP.
apply: (without_self r0 (polynomialN Hu)); apply: without_ext Hf => k.
by apply/eqP; rewrite scalerN -addr_eq0 H.
Qed.
End Bases.

Section Unique.
Variables (R : realFieldType) (V : lmodType R) (x : R).
Hypothesis x01 : 0 < x < 1.
Implicit Types (u v : nat -> V) (s : V).
Let x_neq0 : x != 0. Proof. by case/andP: x01 => /lt0r_neq0. Qed.
Let x_neq1 : x != 1. Proof. by case/andP: x01 => _ /lt_eqF ->. Qed.
Let x2_lt : x ^+ 2 < x. Proof. by case/andP: x01 => x0 x1; rewrite expr2 gtr_pmulr. Qed.
Let x2_lt1 : x ^+ 2 < 1. Proof. by apply: lt_trans x2_lt _; case/andP: x01. Qed.
Theorem terms2_zero s u v : polynomial_in u -> polynomial_in v ->
  (forall t, s + x ^+ t *: u t + x ^+ (2 * t) *: v t = 0) ->
  [/\ s = 0, forall t, u t = 0 & forall t, v t = 0].
Proof.
move=> Hu Hv H; have v0 : forall t, v t = 0.
  have Hs : without (x ^+ 2) (fun=> s) by apply: without_const; rewrite lt_eqF.
  have Hx : without (x ^+ 2) (fun t => x ^+ t *: u t) by apply: without_term; rewrite ?gt_eqF.
  by apply: (without_zero _ (without_add Hs Hx)) => // [|t]; rewrite ?expf_neq0 // -exprM.
have u0 : forall t, u t = 0.
  apply: (without_zero x_neq0 (without_const s x_neq1)) => // t.
  by rewrite -[RHS](H t) v0 scaler0 addr0.
by split=> //; have := H 0%N; rewrite u0 v0 !scaler0 !addr0.
Qed.
Corollary terms_unique s s' u u' : polynomial_in u -> polynomial_in u' ->
  (forall t, s + x ^+ t *: u t = s' + x ^+ t *: u' t) -> s = s' /\ forall t, u t = u' t.
Proof.
move=> Hu Hu' H; have [|t|/eqP s0 u0 _] := @terms2_zero (s - s') _ (fun=> 0) (polynomialB Hu Hu').
- exact: polynomial_const.
- by rewrite scaler0 addr0 scalerBr addrACA -opprD H subrr.
by split=> [|t]; apply/eqP; rewrite -subr_eq0 ?u0.
Qed.
End Unique.

(* The setting. *)
Section Setting.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Definition stands (Z : I -> V) (C : I -> {set I}) :=
  forall t i, attn b (run b w alpha Z t) i = C i.
Definition rests (z : nat -> I -> V) i := forall t, z t i = z 0%N i.
Definition one_base (x : R) (z : nat -> I -> V) (s : I -> V) (P : I -> nat -> V) :=
  (forall i, polynomial_in (P i)) /\ forall t i, z t i = s i + x ^+ t *: P i t.

Hypotheses (w_gt0 : forall i, (0 < w i)%N) (alpha_gt0 : 0 < alpha).
Variables (Z : I -> V) (C : I -> {set I}) (s : I -> V) (P : I -> nat -> V).
Local Notation z := (run b w alpha Z).
Local Notation lam := (lam alpha).
Local Notation gam := (gam alpha).
Local Notation mean_of x i := (mean w x (C i)).
Local Notation Q i t := (mean w (fun j => P j t) (C i)).
Hypotheses (Cstands : stands Z C) (ones : one_base lam z s P).
Lemma lam01 : 0 < lam < 1. Proof. by rewrite lam_gt0 // lam_lt1. Qed.
Lemma polynomial_means i : polynomial_in (fun t => Q i t).
Proof. by apply: polynomial_mean => j _; apply: ones.1. Qed.
Lemma ones_mean t i : mean_of (z t) i = mean_of s i + lam ^+ t *: Q i t.
Proof.
rewrite (eq_mean w (Z' := fun j => s j + lam ^+ t *: P j t)) => [|j _]; last exact: ones.2.
by rewrite -/(means _ _ _ _) meansD meansZ.
Qed.
Lemma ones_both i : mean_of s i = s i /\ forall t, P i t.+1 - P i t = alpha *: Q i t.
Proof.
have [||t|E1 E2] := @terms_unique _ _ _ lam01 (lam *: s i + gam *: mean_of s i) (s i)
  (fun t => lam *: P i t + gam *: Q i t) (fun t => lam *: P i t.+1).
- by apply: polynomialD; apply: polynomialZ; [apply: ones.1|apply: polynomial_means].
- by apply/polynomialZ/polynomial_next/ones.1.
- transitivity (z t.+1 i); last by rewrite ones.2 exprSr scalerA.
  rewrite runS layerE // /target Cstands ones.2 ones_mean !scalerDr !scalerA ![_ * lam ^+ t]mulrC.
  by rewrite -!scalerA !scalerA addrACA -!addrA.
split.
  apply: (scalerI (lt0r_neq0 (gam_gt0 alpha_gt0))); apply: (addrI (lam *: s i)).
  by rewrite E1 -scalerDl lam_gam // scale1r.
move=> t; apply: (scalerI (lt0r_neq0 (lam_gt0 alpha_gt0))).
by rewrite scalerBr -E2 addrC addKr [RHS]scalerA; congr (_ *: _); rewrite mulrC.
Qed.
Lemma ones_rest i : mean_of s i = s i. Proof. by have [] := ones_both i. Qed.
Lemma ones_step i t : P i t.+1 - P i t = alpha *: Q i t. Proof. by have [_] := ones_both i. Qed.
Lemma ones_target t i : target b w (z t) i = s i + lam ^+ t *: Q i t.
Proof. by rewrite /target Cstands ones_mean ones_rest. Qed.
Lemma ones_fixed i : rests z i <-> forall t, P i t = 0.
Proof.
split=> [H|P0 t]; last by rewrite !ones.2 !P0 !scaler0.
have [||t|_ //] := @terms_unique _ _ _ lam01 (s i) (z 0%N i) (P i) (fun=> 0).
- exact: ones.1.
- exact: polynomial_const.
by rewrite scaler0 addr0 -ones.2.
Qed.
End Setting.
