(* Bounds by powers of the layer.

   power_bound p    p(k) <= B (k+1)^q for all k, some q and some B >= 0
   sqr_bound        if p^2 has a bound then p >= 0 has one
   common_bound     finitely many sequences have a common bound                                  *)
From mathcomp Require Import all_ssreflect all_algebra ring.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Bounds.
Variable R : realFieldType.
Definition power_bound (p : nat -> R) := exists B q, 0 <= B /\ forall k, p k <= B * k.+1%:R ^+ q.
Lemma sqr_bound (p : nat -> R) : (forall k, 0 <= p k) ->
  (exists B q, forall k, `|p k ^+ 2| <= B * k.+1%:R ^+ q) ->
  power_bound p.
Proof.
move=> p0 [B [q HB]]; pose B1 := 1 + `|B|; have B11 : 1 <= B1 by rewrite ler_addl.
exists B1, q; split=> [|k]; first exact: le_trans ler01 B11.
have k1 : 1 <= k.+1%:R ^+ q :> R by rewrite exprn_ege1 // ler1n.
have bk : 1 <= B1 * k.+1%:R ^+ q by rewrite mulr_ege1.
have b0 := le_trans ler01 bk.
rewrite -(@ler_pexpn2r _ 2 isT) ?nnegrE ?p0 //.
apply: le_trans (ler_norm _) _; apply: le_trans (HB k) _.
apply: le_trans (_ : B1 * k.+1%:R ^+ q <= _); last by rewrite expr2 ler_pemull.
rewrite ler_wpmul2r ?(le_trans ler01 k1) //.
by apply: le_trans (ler_norm _) _; rewrite /B1 ler_addr ler01.
Qed.
Lemma common_bound (T : finType) (P : pred T) (p : T -> nat -> R) :
  (forall t, P t -> power_bound (p t)) ->
  exists B q, 0 <= B /\ forall k t, P t -> p t k <= B * k.+1%:R ^+ q.
Proof.
move=> each; have {}each t : exists Bq : R * nat, P t ->
  0 <= Bq.1 /\ forall k, p t k <= Bq.1 * k.+1%:R ^+ Bq.2.
  have [Pt|] := boolP (P t); last by exists (0, 0%N).
  by have [B [q h]] := each t Pt; exists (B, q).
have [f Hf] := fin_all_exists each; pose B := \sum_(t | P t) (f t).1;
  pose q := (\max_(t | P t) (f t).2)%N.
exists B, q; split=> [|k t Pt]; first by apply: sumr_ge0 => t Pt; have [] := Hf t Pt.
have [Bt ht] := Hf t Pt; apply: le_trans (ht k) _;
  apply: (ler_pmul Bt (exprn_ge0 _ (ler0n _ _))); last first.
  by rewrite ler_weexpn2l ?ler1n // /q leq_bigmax_cond.
rewrite /B (bigD1 t) //= ler_addl; apply: sumr_ge0 => t' /andP[Pt' _].
by have [] := Hf t' Pt'.
Qed.
End Bounds.
