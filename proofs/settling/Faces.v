(* Limits and faces: what is known of all tokens from a layer on.

   dev_fast         (k+1)^q |z_i - s_i|^2 tends to 0 for every q
   norm_le_limit    |z_i(k)| <= |s_i|
   limit_halfspace  a half-space that contains all tokens at a layer contains all limits
   limit_hull       <z_i, s_j> is at most the greatest <z_i, z_l>
   rests            a token that is at its limit stays there
   rest_half        <s_l, z_m(k)> <= |s_l|^2 for all m, if l is at its limit at layer k
   vert i           s_i is the place of a leader
   vert_locked      then i is locked in the end
   face_chain       if s_l is not and <s_i, s_l> = |s_i|^2, then l sees a third limit s_m, with
                    <s_l, s_m> = |s_l|^2 and <s_i, s_m> = |s_i|^2                                *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory Converge Capture Reduction Geometric Fast ClassSetting.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Faces.
Variables (R : archiFieldType) (V : lmodType R) (I : finType) (b : form V).
Variables (w : I -> nat) (alpha : R).
Hypothesis w_gt0 : forall i, (0 < w i)%N.
Hypothesis alpha_gt0 : 0 < alpha.
Hypotheses (bC : symmetric_form b) (b_pd : posdef b).
Hypothesis em : forall P : Prop, P \/ ~ P.
Variables (Z0 : I -> V) (L : {set I}).
Hypothesis Z0_inj : injective Z0.
Local Notation Z k := (run b w alpha Z0 k).
Local Notation C k i := (attn b (Z k) i).
Hypothesis L_leads : forall k i, leads b (Z k) i = (i \in L).
Variable s : I -> V.
Hypothesis s_lim : forall i, small (fun k => sq b (Z k i - s i)).
Local Notation dev := (dev b w alpha Z0 s).

Lemma dev_fast p i : small (fun k => k.+1%:R ^+ p * sq b (dev k i)).
Proof.
have [k0 st] := reduction w_gt0 alpha_gt0 bC b_pd em s_lim.
have g0 k j : 0 <= sq b (dev k j) by apply: sq_ge0.
have gL k v : v \in L -> sq b (dev k v) = 0.
  by move=> vL; rewrite (dev_leader w_gt0 alpha_gt0 b_pd L_leads s_lim k vL) /sq dot0l.
have gS k j (kk : (k0 <= k)%N) := dev_averaged w_gt0 alpha_gt0 bC b_pd j st kk.
have n0 : (0 < #|I|)%N by apply/card_gt0P; exists i.
have c0 := cc_gt0 w_gt0 alpha_gt0 i; have c1 := cc_lt1 w alpha_gt0.
have shrinks : 0 < 1 - cc w alpha ^+ #|I| < 1.
  have cn : cc w alpha ^+ #|I| < 1 by rewrite exprn_ilt1 -?lt0n // ltW.
  by rewrite subr_gt0 cn ltr_subl_addr ltr_addl exprn_gt0.
apply: (fast (g := fun k j => sq b (dev k j)) (k0 := k0) shrinks) => [//|k D kk le t j|k D kk le j].
  exact: (averaged_mono w_gt0 alpha_gt0 (g := fun k j => sq b (dev k j)) gS kk le).
exact: (averaged_contract w_gt0 alpha_gt0 bC b_pd Z0_inj L_leads
  (g := fun k j => sq b (dev k j)) g0 gL gS kk le).
Qed.
Lemma limit_halfspace x a k : (forall j, b x (Z k j) <= a) -> forall j, b x (s j) <= a.
Proof.
move=> le j; have half t : b x (Z (k + t) j) <= a.
  elim: t j => [|t IH] j; first by rewrite addn0.
  by rewrite addnS runS; apply: half_layer.
have xB (m : nat) : sq b ((fun=> x) m) <= sq b x by [].
have lim := dot_small bC b_pd xB (s_lim j).
have : b x (s j) - a <= - 0.
  apply: (tends_ge (tendsN lim)); exists k => m /subnKC <-.
  by rewrite dotBl opprB !(bC _ x) ler_add2l ler_opp2.
by rewrite oppr0 subr_le0.
Qed.
Lemma limit_hull k i l j : l \in C k i -> b (Z k i) (s j) <= b (Z k i) (Z k l).
Proof. by move=> lC; apply: (limit_halfspace (k := k)) => m; exact: (attnP _ _ _ _ lC m). Qed.
Lemma norm_le_limit k i : sq b (Z k i) <= sq b (s i).
Proof.
apply: (tends_ge (dot_tends w_gt0 alpha_gt0 bC b_pd s_lim i (s_lim i))); exists k => l /subnKC <-.
elim: (l - k)%N => [|t IH]; first by rewrite addn0.
by rewrite addnS; apply: le_trans IH (norm_grows _ _ _ _ _ _).
Qed.
(* A token at its limit rests. *)
Lemma rests k i : dev k i = 0 -> dev k.+1 i = 0.
Proof.
move=> /subr0_eq E; apply/eqP; rewrite subr_eq0 -E /= norm_stays //.
apply/eqP; rewrite eq_le norm_grows // andbT E.
exact: (norm_le_limit k.+1).
Qed.
Definition vert i := [exists v in L, s i == s v].
Lemma vert_locked i : vert i -> exists2 v, v \in L /\ s i = s v & ev (fun k => locked b (Z k) i v).
Proof.
case/exists_inP => v vL /eqP E; exists v => //.
have Lv : leads b Z0 v by have := L_leads 0%N v; rewrite vL.
have [c c0 H] := captured w_gt0 alpha_gt0 bC b_pd Lv Z0_inj.
have c2 : 0 < c / 2%:R by rewrite divr_gt0 ?ltr0n.
have [M HM] := s_lim i c2; exists M => k /HM.
have <- : Z0 v = s i.
  by rewrite E; apply: subr0_eq; apply: (dev_leader w_gt0 alpha_gt0 b_pd L_leads s_lim 0 vL).
move=> close; apply: H; apply: le_lt_trans close _.
by rewrite ltr_pdivr_mulr ?ltr0n // ltr_pmulr // ltr1n.
Qed.

(* A face limit seen by another limit sees a third one on the same face. *)
Lemma face_chain i l : ~~ vert l -> b (s i) (s l) = sq b (s i) ->
  exists m, [/\ s m != s l, b (s l) (s m) = sq b (s l) & b (s i) (s m) = sq b (s i)].
Proof.
move=> lv T; have [k0 st] := reduction w_gt0 alpha_gt0 bC b_pd em s_lim.
have lcl : l \in [set j | s j == s l] by rewrite inE.
have [t tC /= tmax] := @Order.TotalTheory.arg_maxP _ _ _ l (mem [set j | s j == s l])
  (fun j => sq b (Z k0 j)) lcl.
have st_t : s t = s l by apply/eqP; have : t \in [set j | s j == s l] := tC; rewrite inE.
have [bal sc] := st k0 t (leqnn k0).
have [m mC ms] : exists2 m, m \in C k0 t & s m != s l.
  apply/exists_inP; apply: contraNT lv => /exists_inPn H.
  have only m : m \in C k0 t -> m = t.
    move=> mC; have := H m mC; rewrite negbK => ml; apply/eqP; apply: contraT => mt.
    have injk : injective (Z k0) by apply: run_inj.
    have lt := edge_lt bC b_pd injk mC mt.
    have mcl : m \in [set j | s j == s l] by rewrite inE.
    by have := tmax m mcl; rewrite leNgt lt.
  have tL : t \in L.
    rewrite -(L_leads k0); apply/eqP/setP => m; rewrite [RHS]inE; apply/idP/eqP => [/only//|->].
    by have [j jC] := attn_ex b (Z k0) t; rewrite -{1}(only j jC).
  by apply/exists_inP; exists t; rewrite ?st_t.
exists m; split=> //; first by rewrite -st_t sc.
apply/eqP; rewrite eq_le (limit_scores w_gt0 alpha_gt0 bC b_pd em s_lim) /= leNgt; apply/negP => lt.
have : avg w (fun j => b (s i) (s j)) (C k0 t) < sq b (s i).
  by apply: (avg_lt w_gt0 mC) => // j _; apply: (limit_scores w_gt0 alpha_gt0 bC b_pd em s_lim).
by rewrite -dot_meanr bal st_t T ltxx.
Qed.

Lemma rest_half k l m : dev k l = 0 -> b (s l) (Z k m) <= sq b (s l).
Proof.
move=> d0; have Zl : Z k l = s l := subr0_eq d0; have Zl' : Z k.+1 l = s l := subr0_eq (rests d0).
rewrite -Zl; have [j jC] := attn_ex b (Z k) l; apply: le_trans (attnP _ _ _ _ jC m) _.
rewrite -(target_max w_gt0 jC) // /sq; have E : target b w (Z k) l = Z k l; last by rewrite E.
have := layer_step b w alpha_gt0 (Z k) l; rewrite -runS Zl' Zl => /esym/eqP.
by rewrite -subr_eq0 addrC addKr scaler_eq0 gt_eqF ?gam_gt0 //= subr_eq0 => /eqP ->.
Qed.

End Faces.
