"""Refutation: the search for the smallest counterexample to a statement, and its evidence."""
