"""Numbers to compare the exact theory with: floats, balls that enclose, and many digits."""
