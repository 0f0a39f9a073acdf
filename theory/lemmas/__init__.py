"""The lemmas of the theory as data, with proofs that hold in every dimension and for every n.

Each `Lemma` has one or more `theory.lemmas.gram.Proof`s: facts with known signs, a conclusion, and
the multipliers that make the conclusion an identity. What a proof speaks of is a fixed, small
number of formal vectors (a token, its target, another token, …), so it covers every dimension,
every number of tokens and every choice of the tokens named, since these are arbitrary. What is no
identity in finitely many vectors is said in words, as a `Prose` of its lemma, with the hypotheses
that it uses; no program checks it. Two such steps come again and again.
- *Means.* A target m is a mean Σ p_j z_j of any number of tokens. Where a linear functional is at
  most c on every z_j, it is at most c on m. By induction on the number of tokens this is the proof
  called "means", which splits off one token: m = (1−p) m' + p z with 0 ≤ p ≤ 1. Facts that use it
  say so.
- *All layers.* "For all later layers" is induction over the layers; the proof is one step.
"""
