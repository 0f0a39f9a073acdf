(* E: a token at rest is the point of least norm of its face.

   rest_max             m_i = z_i implies <z_i, z_j> <= |z_i|^2 for all j
   followed_rest_leads  notes 8.3, of one layer: C_i = {j} and m_j = z_j imply that j leads; nothing
                        is assumed of the form
   foot                 <y, x> = |y|^2 implies |x|^2 = |y|^2 + |x - y|^2, for symmetric forms
   rest_is_foot         so m_i = z_i and <z_i, x> = <z_i, m_i> imply |x|^2 = |z_i|^2 + |x - z_i|^2
   rest_least           E: z_i is on the face {x in co(Z): <z_i, x> = max}, of least norm there,
                        and the only such point, for definite forms *)
From mathcomp Require Import all_ssreflect all_algebra ring.
From Hardmax Require Import Forms Means Attention Hulls.
Set Implicit Arguments. Unset Strict Implicit. Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Rest.
Variables (R : realFieldType) (V : lmodType R) (I : finType) (b : form V) (w : I -> nat).
Hypothesis w_gt0 : forall i, (0 < w i)%N.
Implicit Types (Z : I -> V) (i : I) (x y : V).
Local Notation target := (target b w).

Lemma rest_max Z i : target Z i = Z i -> forall j, b (Z i) (Z j) <= sq b (Z i).
Proof. by move=> E j; have := target_ge b w_gt0 Z i j; rewrite E. Qed.

Theorem followed_rest_leads Z i j : attn b Z i = [set j] -> target Z j = Z j -> leads b Z j.
Proof.
move=> E rest; have only l : l \in attn b Z j -> l = j.
  move=> lC; apply/eqP/negPn/negP => lj.
  have le m : m \in attn b Z j -> b (Z i) (Z m) <= b (Z i) (Z j) by move=> _; apply: follows_le.
  have := avg_lt w_gt0 lC le (follows_lt E lj).
  by rewrite -dot_meanr -/(target Z j) rest ltxx.
have [m mC] := attn_ex b Z j; apply/eqP/setP => l; rewrite in_set1.
by apply/idP/eqP => [/only//|->]; rewrite -{1}(only m mC).
Qed.

Hypothesis bC : symmetric_form b.
Lemma foot x y : b y x = sq b y -> sq b x = sq b y + sq b (x - y).
Proof. by rewrite (sqB bC) (bC x) => ->; ring. Qed.
Theorem rest_is_foot Z i x : target Z i = Z i -> b (Z i) x = b (Z i) (target Z i) ->
  sq b x = sq b (Z i) + sq b (x - Z i).
Proof. by move=> E; rewrite E => /foot. Qed.

Hypothesis b_pd : posdef b.
Theorem rest_least Z i : target Z i = Z i ->
  [/\ conv Z setT (Z i), forall x, conv Z setT x -> b (Z i) x <= b (Z i) (Z i) &
    forall x, conv Z setT x -> b (Z i) x = b (Z i) (Z i) ->
      sq b (Z i) <= sq b x /\ (sq b x = sq b (Z i) -> x = Z i)].
Proof.
move=> E; split; first by apply: conv_point; rewrite inE.
  by move=> x; apply: conv_half => j _; apply: rest_max.
move=> x _ /foot->; rewrite ler_addl sq_ge0 //; split=> //.
by rewrite -[RHS]addr0 => /addrI/eqP; rewrite (sq_eq0 b_pd) subr_eq0 => /eqP.
Qed.
End Rest.
