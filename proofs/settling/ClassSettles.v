(* A class that attends to known tokens only settles.

   token_settles  token i has in the end one attention set and a polynomial scaled deviation
   token_settles_later  enough that it does when counting starts at layer N
   attends_best   in the end C_i is a balanced set that ties with the best one
   class_settles  if in the end C_i lies in K then C_i is eventually constant and W_i eventually a
                  polynomial (Lemma P and signs of exponential polynomials)                      *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From mathcomp Require Import reals.
From Hardmax Require Import Theory Converge Capture Reduction Polynomials Greedy.
From Hardmax Require Import ClassSetting ClassScores ClassBest.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Definition token_settles (R : realType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat)
  (alpha : R) (Z0 s : I -> V) i := (exists S, ev (fun k => attn b (run b w alpha Z0 k) i = S)) /\
  exists N, polynomial_in (fun k => scaled b w alpha Z0 s (N + k) i).

Section Settles.
Variables (R : realType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat) (alpha : R).
Variables (Z0 s : I -> V) (s0 : V) (J K Vs : {set I}) (ties : {set I} -> bool).
Hypothesis H : one_class b w alpha Z0 s s0 J K.
Hypothesis best : best_set b w alpha Z0 s s0 K Vs ties.
Local Notation Z k := (run b w alpha Z0 k).
Local Notation C k i := (attn b (Z k) i).
Local Notation lam := (lam alpha).
Local Notation dev := (dev b w alpha Z0 s).
Local Notation W := (scaled b w alpha Z0 s).
Local Notation lift := (lift b w alpha Z0 s s0).
Local Notation pull := (pull b w alpha Z0 s).
Local Notation score := (score b w alpha Z0 s s0).
Local Notation balanced := (balanced w s s0 K).
Let alpha_gt0 := class_alpha H.

Variable i : I.
Hypothesis iJ : i \in J.
Hypothesis onlyK : ev (fun k => C k i \subset K).

Lemma score_sees k l : C k i \subset K -> l \in C k i ->
  score k i l = lift k (C k i) + b (dev k i) (pull k (C k i)).
Proof.
move=> CK lC; rewrite (score_known H iJ lC) (known_all CK) //.
by apply/set0Pn; exists l.
Qed.
Lemma attends_best : ev (fun k => [/\ C k i \subset K, balanced (C k i) & ties (C k i)]).
Proof.
have [B [q [B0 HB]]] := pull_growth H.
have far S : ev (fun k => balanced S -> ~~ ties S ->
    nrm b (dev k i) * (2%:R * B * k.+1%:R ^+ q) < lift k Vs - lift k S).
  have [bS|nS] := boolP (balanced S); last by apply: ev_always.
  have := best_ties best bS; case: (ties S) => [_|[d d0 Hd]]; first by apply: ev_always.
  have d2 : 0 < d / 2%:R by rewrite divr_gt0 ?ltr0n.
  have sm := dev_beats H q i (mulr_ge0 (ler0n R 2) B0).
  apply: ev_mono (ev_and Hd (sm _ d2)) _ => k [dS le] _ _; apply: le_lt_trans le (lt_le_trans _ dS).
  by rewrite ltr_pdivr_mulr ?ltr0n // ltr_pmulr // ltr1n.
apply: ev_mono (ev_and onlyK (ev_all far)) _ => k [CK Hfar].
have bC' := sees_balanced H iJ CK; split=> //; apply: contraT => nt.
have [j jC] := attn_ex b (Z k) i; have := score_ge H iJ jC (best_balanced best).
rewrite (score_sees CK jC) -ler_subr_addr => le.
have := Hfar _ bC' nt; rewrite ltNge => /negP[]; rewrite ler_subl_addr.
apply: le_trans le _; rewrite -addrA [leRHS]addrC ler_add2l -dotBr.
apply: le_trans (ler_norm _) _; apply: le_trans (dot_nrm H _ _) _; rewrite ler_wpmul2l ?nrm_ge0 //.
apply: le_trans (nrmD H _ _) _; rewrite mulr2n mulrDl mul1r mulrDl; apply: ler_add; first exact: HB.
rewrite -scaleN1r /nrm (sqZ _ (-1)) sqrrN expr1n mul1r.
by apply: HB; apply: best_balanced best.
Qed.

Theorem class_settles : token_settles b w alpha Z0 s i.
Proof.
have [N HN] := attends_best.
pose T := {S : {set I} | balanced S && ties S}.
have [CN bN tN] := HN N (leqnn N).
have cN : balanced (C N i) && ties (C N i) by rewrite bN.
pose sg k : T := insubd (Sub (C N i) cN) (C k i).
have sgE k : (N <= k)%N -> val (sg k) = C k i.
  by move=> /HN[_ bC' tC]; rewrite /sg insubdK // unfold_in bC' tC.
have [||k t kk|k1 [t1 H1]] := @greedy_polynomials R V b alpha alpha_gt0 (class_sym H) (class_pd H)
  (class_em H) [finType of T] (fun t k => pull k (val t)) (fun k => W k i) sg N.
- by move=> t; apply: (pull_poly H); case/andP: (valP t).
- by move=> k kk; rewrite (scaledS H) sgE.
- rewrite sgE //; have [CK bC' tC] := HN k kk; case/andP: (valP t) => bt tt.
  have [j jC] := attn_ex b (Z k) i; have := score_ge H iJ jC bt; rewrite (score_sees CK jC).
  have := best_ties best bt; rewrite tt => /(_ k) ->.
  have := best_ties best bC'; rewrite tC => /(_ k) ->.
  by rewrite ler_add2l -!(dot_dev H) ler_pmul2l ?(lamk_gt0 H).
pose M := maxn N k1; pose Et := fun k => pull (M + k) (val t1).
have pE : polynomial_in Et by apply: polynomial_later (pull_poly H _); case/andP: (valP t1).
have [U pU US] := polynomial_antidif (polynomialZ alpha pE).
pose P t := W M i - U 0%N + U t; have pP : polynomial_in P by apply: polynomialD pU;
  apply: polynomial_const.
have WM t : W (M + t) i = P t.
  elim: t => [|t IH]; first by rewrite addn0 /P subrK.
  have Nt : (N <= M + t)%N by rewrite (leq_trans _ (leq_addr _ _)) // leq_maxl.
  have kt : (k1 <= M + t)%N by rewrite (leq_trans _ (leq_addr _ _)) // leq_maxr.
  have E : mean w (W (M + t)) (C (M + t) i) = Et t by rewrite -(sgE _ Nt); exact: H1 kt _.
  by rewrite addnS (scaledS H) E IH /P -US -addrA [U t + _]addrC subrK.
split; last by exists M; apply: polynomial_ext pP => k; rewrite WM.
pose const l t := b s0 (W (M + t) l) + b (P t) (s l - s0).
pose decay l t := lam ^+ M * b (P t) (W (M + t) l).
have scoreM t l : score (M + t) i l = const l t + lam ^+ t * decay l t.
  by rewrite /ClassScores.score WM exprD /const /decay; ring.
have pc l : l \in K -> polynomial_in (const l).
  move=> lK; apply: polynomialD; apply: polynomial_dot => //.
  - exact: polynomial_const.
  - exact: polynomial_later (class_K_poly H lK).
  exact: polynomial_const.
have pd l : l \in K -> polynomial_in (decay l).
  move=> lK; apply: (polynomialM (polynomial_const _)); apply: polynomial_dot => //.
  exact: polynomial_later (class_K_poly H lK).
have sign (p : I * I) : exists t : bool, ev (fun k => p.1 \in K -> p.2 \in K ->
    (score (M + k) i p.1 <= score (M + k) i p.2) = t).
  have [K1|K1] := boolP (p.1 \in K); last by exists true; apply: ev_always.
  have [K2|K2] := boolP (p.2 \in K); last by exists true; apply: ev_always.
  have [t Ht] := exppoly_sign (lam01 H) (polynomialB (pc _ K1) (pc _ K2))
    (polynomialB (pd _ K1) (pd _ K2)).
  exists t; apply: ev_mono Ht _ => k <- _ _; rewrite !scoreM -subr_le0; congr (_ <= 0).
  by rewrite opprD addrACA -mulrBr.
have [sb Hsb] := fin_all_exists sign; have [M' HM'] := ev_all Hsb.
exists [set l in K | [forall m in K, sb (m, l)]], (M + M')%N => k kk.
have kM : (M <= k)%N := leq_trans (leq_addr _ _) kk.
have Nk : (N <= k)%N := leq_trans (leq_maxl _ _) kM.
have kM' : (M' <= k - M)%N by rewrite leq_subRL.
have [CK _ _] := HN k Nk; apply/setP => l; rewrite inE; have [lK|lK] := boolP (l \in K); last first.
  by apply/negbTE; apply: contra lK => /(subsetP CK).
apply/idP/forall_inP => [lC m mK|Hl].
  have := HM' _ kM' (m, l) mK lK; rewrite /= subnKC // => <-.
  by apply: (score_max H) => //; rewrite inE mK orbT.
have [j jC] := attn_ex b (Z k) i; have jK := subsetP CK j jC.
have := HM' _ kM' (j, l) jK lK; rewrite (Hl j jK) /= subnKC // => jl.
apply/attnP => m; apply: le_trans (attnP _ _ _ _ jC m) _.
rewrite !(scoreE H) ?inE ?jK ?lK ?orbT // ler_add2l ler_pmul2l ?(lamk_gt0 H) //.
by rewrite ler_add2l.
Qed.
End Settles.

Section Later.
Variables (R : realType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat) (alpha : R).
Hypothesis alpha_gt0 : 0 < alpha.
Variables (Z0 s : I -> V).
Lemma token_settles_later N i : token_settles b w alpha (run b w alpha Z0 N) s i ->
  token_settles b w alpha Z0 s i.
Proof.
move=> [[S [M HM]] [M' pM]]; split.
  exists S, (N + M)%N => k kk; have Nk := leq_trans (leq_addr M N) kk.
  by rewrite -(subnKC Nk) -run_from HM // leq_subRL.
exists (N + M')%N; apply: polynomial_ext (polynomialZ (lam alpha ^- N) pM) => k.
by rewrite scaled_later // scalerA mulVf ?scale1r ?addnA // expf_neq0 // gt_eqF ?lam_gt0.
Qed.
End Later.
