"""Speed with proof: what settles large configurations, and thousands of small ones, exactly.

Nothing here says what is true: `theory` does, and `theory.solve` alone chooses between its way and
the ways of this room. NumPy's floats may decide only within a proven error bound
(`theory.fast.filter`; sections 3.6, 3.7 and 9 of `paper_notes.md`).
"""
