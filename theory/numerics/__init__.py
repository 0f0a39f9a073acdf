"""Floats and balls to compare the exact theory with: simulation, softmax attention, enclosures."""
