"""The survey: every statement held under every kind of dynamics, one verdict a cell."""
