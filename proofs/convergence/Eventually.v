(* In the end the leaders are always the same.

   leaders_stable       from some layer on no token begins to lead; excluded middle is the
                        hypothesis em *)
From mathcomp Require Import all_ssreflect all_algebra.
From Hardmax Require Import Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Eventually.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Hypothesis (w_gt0 : forall i, (0 < w i)%N) (alpha_gt0 : 0 < alpha).
Hypothesis em : forall P : Prop, P \/ ~ P.
Variable Z0 : I -> V.
Local Notation Z k := (run b w alpha Z0 k).

Lemma leaders_stable : exists N, forall i k, leads b (Z (N + k)) i = leads b (Z N) i.
Proof.
have one i : exists n, forall k, (n <= k)%N -> leads b (Z k) i = leads b (Z n) i.
  have [[n Ln]|no] := em (exists n, leads b (Z n) i).
    by exists n => k nk; rewrite Ln -(subnKC nk) leads_later.
  by exists 0%N => k _; apply/idP/idP => L; case: no; [exists k|exists 0%N].
have [f Hf] := fin_all_exists one; exists (\max_i f i) => i k.
have le : (f i <= \max_i f i)%N by apply: leq_bigmax.
by rewrite Hf ?(leq_trans le) ?leq_addr // [RHS]Hf.
Qed.
End Eventually.
