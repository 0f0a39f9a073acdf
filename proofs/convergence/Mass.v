(* Mass contraction: all tokens give their mass to the leaders, at a fixed rate. Over any ordered
   field, from a layer 0 on after which no token begins to lead; L is the set of leaders.

   P k i j              the share of the start z_j^0 in z_i^k: z_i^k = sum_j P k i j z_j^0
   mass k i             the part of it outside L: the mass that token i has not given to leaders
   W                    the sum of all multiplicities
   cc                   c = min (lam, gam / W)

   leader_at            leaders stand still
   P_ge0 P_sum P_run    P k i is a convex combination, and gives z_i^k
   P_mix                sum_i c_i z_i^k = sum_j (sum_i c_i P k i j) z_j^0
   massS                mass k.+1 i = lam mass k i + gam (mean of mass k over C_i)
   mass_leader          leaders have mass 0
   mass_mono            a bound of all masses stays one
   received k D t       the tokens i with mass (k + t) i <= (1 - c^t) D
   received_stays       they stay such from layer to layer
   received_next        and so becomes a token that attends to one of them
   received_grows       so they are all, or at least t
   mass_contract        mass k <= D implies mass (k + n) <= (1 - c^n) D, n the number of tokens
   mass_rate rate_lt1   so mass (m n) <= (1 - c^n)^m, and 0 <= 1 - c^n < 1 *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Theory.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Mass.
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

Lemma leader_at k v : v \in L -> Z k v = Z0 v.
Proof.
move=> vL; elim: k => // k IH; rewrite runS leader_still //.
by rewrite L_leads.
Qed.

(* The weights with which token i consists of the tokens at the start. *)
Fixpoint P k i j : R := if k is k.+1
  then lam * P k i j + gam * avg w (fun l => P k l j) (attn b (Z k) i)
  else (i == j)%:R.
Lemma P_ge0 k i j : 0 <= P k i j.
Proof.
elim: k i => [|k IH] i /=; first by rewrite ler0n.
rewrite addr_ge0 // mulr_ge0 ?(ltW (lam_gt0 _)) ?(ltW (gam_gt0 _)) //.
by apply: avg_ge0 => l _; apply: IH.
Qed.
Lemma P_sum k i : \sum_j P k i j = 1.
Proof.
elim: k i => [|k IH] i /=.
  rewrite (bigD1 i) //= eqxx big1 ?addr0 // => j; rewrite eq_sym => /negbTE -> //.
rewrite big_split /= -2!mulr_sumr IH avg_sum.
have [j jC] := attn_ex b (Z k) i.
rewrite (@eq_avg _ _ w _ (fun=> 1)) => [|l _]; last exact: IH.
by rewrite (avg_const w_gt0 _ jC) -split_lam.
Qed.
Lemma P_run k i : Z k i = \sum_j P k i j *: Z0 j.
Proof.
elim: k i => [|k IH] i /=.
  rewrite (bigD1 i) //= eqxx scale1r big1 ?addr0 // => j; rewrite eq_sym => /negbTE ->.
  by rewrite scale0r.
rewrite layerE // {1}IH (eq_bigr _ (fun j _ => scalerDl _ _ _)) big_split /= scaler_sumr.
congr (_ + _); first by apply: eq_bigr => j _; rewrite scalerA.
set C := attn b (Z k) i; rewrite /target /mean /avg -/C !scaler_sumr.
rewrite (eq_bigr (fun l => \sum_j (gam * ((wt R w C)^-1 * ((w l)%:R * P k l j))) *: Z0 j))
  => [|l _]; last first.
  by rewrite {1}IH !scaler_sumr; apply: eq_bigr => j _; rewrite !scalerA !mulrA.
rewrite exchange_big /=; apply: eq_bigr => j _.
by rewrite -scaler_suml -!mulr_sumr.
Qed.
Lemma P_mix k (c : I -> R) : \sum_i c i *: Z k i = \sum_j (\sum_i c i * P k i j) *: Z0 j.
Proof.
under [RHS]eq_bigr do rewrite scaler_suml.
rewrite exchange_big /=; apply: eq_bigr => i _.
by rewrite {1}P_run scaler_sumr; apply: eq_bigr => j _; rewrite scalerA.
Qed.

(* The mass that token i has not yet given to leaders. *)
Definition mass k i : R := \sum_(j | j \notin L) P k i j.
Lemma massS k i : mass k.+1 i = lam * mass k i + gam * avg w (mass k) (attn b (Z k) i).
Proof. by rewrite /mass /= big_split /= -2!mulr_sumr avg_sum. Qed.
Lemma mass_ge0 k i : 0 <= mass k i. Proof. by rewrite sumr_ge0 // => j _; apply: P_ge0. Qed.
Lemma mass_le1 k i : mass k i <= 1.
Proof.
rewrite -(P_sum k i) [leRHS](bigID (fun j => j \notin L)) /= ler_addl.
by rewrite sumr_ge0 // => j _; apply: P_ge0.
Qed.
Lemma mass_leader k v : v \in L -> mass k v = 0.
Proof.
move=> vL; elim: k => [|k IH].
  by rewrite /mass big1 //= => j; case: eqP => // <-; rewrite vL.
have := L_leads k v; rewrite vL /leads => /eqP E.
rewrite massS E IH mulr0 add0r (@eq_avg _ _ w _ (fun=> 0)) => [|j]; last by rewrite inE => /eqP ->.
by rewrite (avg_const w_gt0 0 (set11 v)) mulr0.
Qed.

Definition W : R := \sum_j (w j)%:R.
Definition cc : R := Num.min lam (gam / W).
Lemma W_gt0 (i : I) : 0 < W.
Proof.
rewrite /W (bigD1 i) //= ltr_paddr ?ltr0n // sumr_ge0 // => l _.
by rewrite ler0n.
Qed.
Lemma cc_lam : cc <= lam. Proof. by rewrite le_minl lexx. Qed.
Lemma cc_gt0 (i : I) : 0 < cc.
Proof. by rewrite lt_minr lam_gt0 // divr_gt0 ?gam_gt0 ?(W_gt0 i). Qed.
Lemma cc_lt1 : cc < 1. Proof. exact: le_lt_trans cc_lam (lam_lt1 _). Qed.
Lemma mass_mono k D : (forall i, mass k i <= D) -> forall t i, mass (k + t) i <= D.
Proof.
move=> H; elim=> [|t IH] i; first by rewrite addn0.
have [j jC] := attn_ex b (Z (k + t)) i.
rewrite addnS massS [leRHS](split_lam alpha_gt0); apply: ler_add.
  by rewrite ler_pmul2l ?lam_gt0.
by rewrite ler_pmul2l ?gam_gt0 // (avg_le w_gt0 jC).
Qed.

(* In every layer one more token has received a fixed share of its mass from leaders. *)
Section Contract.
Variables (k : nat) (D : R).
Hypothesis mass_D : forall i, mass k i <= D.

Definition received t := [set i | mass (k + t) i <= (1 - cc ^+ t) * D].
Lemma receivedE t i : (i \in received t) = (mass (k + t) i <= D - cc ^+ t * D).
Proof. by rewrite inE mulrBl mul1r. Qed.
Lemma share_ge0 (i : I) t : 0 <= cc ^+ t * D.
Proof.
rewrite mulr_ge0 ?exprn_ge0 ?(ltW (cc_gt0 i)) //.
exact: le_trans (mass_ge0 k i) (mass_D i).
Qed.
Let mixl x : lam * (D - x) + gam * D = D - lam * x.
Proof. by rewrite [in RHS](split_lam alpha_gt0 D); ring. Qed.
Let mixr x : lam * D + gam * (D - x) = D - gam * x.
Proof. by rewrite [in RHS](split_lam alpha_gt0 D); ring. Qed.
Lemma received_stays t i : i \in received t -> i \in received t.+1.
Proof.
rewrite !receivedE addnS massS => g; have [j jC] := attn_ex b (Z (k + t)) i.
apply: le_trans (_ : lam * (D - cc ^+ t * D) + gam * D <= _).
  apply: ler_add; rewrite ler_pmul2l ?lam_gt0 ?gam_gt0 // (avg_le w_gt0 jC) // => l _.
  exact: mass_mono.
by rewrite mixl ler_add2l ler_opp2 exprS -mulrA ler_wpmul2r ?cc_lam ?(share_ge0 i).
Qed.
Lemma received_next t j l : l \in attn b (Z (k + t)) j -> l \in received t ->
  j \in received t.+1.
Proof.
move=> lC; rewrite !receivedE addnS massS => lg; set x := cc ^+ t * D in lg *.
have part : x / W <= D - avg w (mass (k + t)) (attn b (Z (k + t)) j).
  rewrite -[X in X - _](avg_const w_gt0 D lC) -avgB.
  apply: le_trans (avg_part w_gt0 (j := l) _ lC) => [|y _]; last by rewrite subr_ge0 mass_mono.
  by rewrite ler_wpmul2r ?invr_ge0 ?(ltW (W_gt0 j)) // ler_subr_addl addrC -ler_subr_addl.
have cW : cc * x <= gam * (x / W).
  have -> : gam * (x / W) = gam / W * x by rewrite mulrA mulrAC.
  by rewrite ler_wpmul2r ?(share_ge0 j) // /cc le_minl lexx orbT.
apply: le_trans (_ : lam * D + gam * (D - x / W) <= _).
  apply: ler_add; rewrite ler_pmul2l ?lam_gt0 ?gam_gt0 ?mass_mono //.
  by rewrite ler_subr_addl -ler_subr_addr.
by rewrite mixr ler_add2l ler_opp2 exprS -mulrA.
Qed.
Lemma follower_edge t j : j \notin L -> exists2 l, l \in attn b (Z t) j & l != j.
Proof.
move=> jL; have [m mC] := attn_ex b (Z t) j; have [E|] := eqVneq m j; last by exists m.
apply/exists_inP; apply: contraR jL => /exists_inPn self.
rewrite -(L_leads t) /leads eqEsubset sub1set -{3}E mC andbT.
by apply/subsetP => x /self; rewrite negbK inE.
Qed.
Lemma received_grows t : received t = setT \/ (t <= #|received t|)%N.
Proof.
elim: t => [|t [E|IH]]; [by right|left|].
  by apply/setP => i; rewrite [RHS]inE; apply: received_stays; rewrite E inE.
have [E|] := eqVneq (received t) setT.
  by left; apply/setP => i; rewrite [RHS]inE; apply: received_stays; rewrite E inE.
rewrite -subTset => /subsetPn[i _ ig]; right.
have [j jg jmax] := @arg_maxP _ _ _ i [pred j | j \notin received t]
  (fun j => sq b (Z (k + t) j)) ig.
have jL : j \notin L.
  apply: contra jg => jL; rewrite receivedE mass_leader // subr_ge0 ler_pimull //.
    exact: le_trans (mass_ge0 k i) (mass_D i).
  by rewrite exprn_ile1 // ltW ?(cc_gt0 i) ?cc_lt1.
have [l lC lj] := follower_edge (k + t) jL.
have lg : l \in received t.
  apply/negPn/negP => /jmax; apply/negP; rewrite -ltNge; apply: edge_lt lC lj => //.
  exact: (run_inj w_gt0 alpha_gt0 bC b_pd Z0_inj).
apply: leq_ltn_trans IH _; apply: proper_card; apply/properP; split.
  by apply/subsetP => x; apply: received_stays.
by exists j; [apply: received_next lC lg|].
Qed.
Theorem mass_contract i : mass (k + #|I|) i <= (1 - cc ^+ #|I|) * D.
Proof.
have all : received #|I| = setT.
  by have [//|n] := received_grows #|I|; apply/eqP; rewrite eqEcard subsetT cardsT.
by have := in_setT i; rewrite -all receivedE mulrBl mul1r.
Qed.
End Contract.

Lemma rate_lt1 (i : I) : 0 <= 1 - cc ^+ #|I| < 1.
Proof.
rewrite subr_ge0 exprn_ile1 ?(ltW (cc_gt0 i)) ?(ltW cc_lt1) //= ltr_subl_addr.
by rewrite ltr_addl exprn_gt0 ?(cc_gt0 i).
Qed.
Theorem mass_rate m i : mass (m * #|I|) i <= (1 - cc ^+ #|I|) ^+ m.
Proof.
elim: m i => [|m IH] i; first exact: mass_le1.
by rewrite mulSn addnC exprS; apply: mass_contract.
Qed.
End Mass.
