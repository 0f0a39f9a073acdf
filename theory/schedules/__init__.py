"""Pulls that change from layer to layer: where they take tokens, and all signs (3.9)."""
