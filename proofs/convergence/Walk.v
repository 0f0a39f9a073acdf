(* A walk with short steps among finitely many small sets does not go far.

   walk                 if |x_k - x_l|^2 <= eta whenever k and l have one label, and
                        |x_(k+1) - x_k|^2 <= eta, then |x_k - x_l|^2 <= (2 m)^2 eta for k <= l,
                        m the number of labels met between them *)
From mathcomp Require Import all_ssreflect all_algebra.
From Hardmax Require Import Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Walk.
Variables (R : realFieldType) (V : lmodType R) (b : form V).
Hypotheses (bC : symmetric_form b) (b_pd : posdef b).
Local Notation near := (near b).

Lemma walk (T : finType) (lab : nat -> T) (x : nat -> V) N eta : 0 <= eta ->
  (forall k l, (N <= k)%N -> (N <= l)%N -> lab k = lab l -> sq b (x k - x l) <= eta) ->
  (forall k, (N <= k)%N -> sq b (x k.+1 - x k) <= eta) ->
  forall (A : {set T}) k l, (N <= k)%N -> (k <= l)%N ->
  (forall t, (k <= t <= l)%N -> lab t \in A) -> near eta (#|A|.*2)%:R (x k) (x l).
Proof.
move=> eta0 same step A; move: {2}#|A| (erefl #|A|) => m; elim: m A => [|m IH] A Am k l Nk kl inA.
  by have := inA k; rewrite leqnn kl => /(_ isT); rewrite (cards0_eq Am) inE.
have near1 y z : sq b (y - z) <= eta -> near eta 1 y z by rewrite /near expr1n mul1r.
pose Q t := (k <= t <= l)%N && (lab t == lab k).
have Qk : exists t, Q t by exists k; rewrite /Q leqnn kl eqxx.
have Ql t : Q t -> (t <= l)%N by case/andP=> /andP[].
case: (ex_maxnP Qk Ql) => p /andP[/andP[kp pl] /eqP Ep] pmax.
have h1 : near eta 1 (x k) (x p) by apply: near1; apply: same => //; apply: leq_trans kp.
rewrite Am; have [<-|pl'] := eqVneq p l.
  apply: near_mono h1 => //; first by rewrite ler01.
  by rewrite ler1n.
have {}pl : (p < l)%N by rewrite ltn_neqAle pl'.
have h2 : near eta 1 (x p) (x p.+1).
  by apply: near1; rewrite (sqBC bC); apply: step; apply: leq_trans kp.
have Am' : #|A :\ lab k| = m.
  by have := cardsD1 (lab k) A; rewrite Am inA ?leqnn // => -[].
have in' t : (p < t <= l)%N -> lab t \in A :\ lab k.
  case/andP=> pt tl; rewrite !inE inA ?(leq_trans kp (ltnW pt)) ?tl // andbT.
  apply/negP => E; have := pmax t; rewrite /Q (eqP E) eqxx tl (leq_trans kp (ltnW pt)) => /(_ isT).
  by rewrite leqNgt pt.
have m0 : (0 < m)%N.
  by rewrite -Am' card_gt0; apply/set0Pn; exists (lab p.+1); rewrite in' ?leqnn.
have h3 := IH _ Am' p.+1 l (leq_trans Nk (leqW kp)) pl in'.
have mR : 0 < (m.*2)%:R :> R by rewrite ltr0n double_gt0.
rewrite Am' in h3; have h23 := near_trans bC b_pd ltr01 mR h2 h3.
have := near_trans bC b_pd ltr01 (addr_gt0 ltr01 mR) h1 h23.
by rewrite doubleS !mulrS.
Qed.
End Walk.
