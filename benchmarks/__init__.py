"""Measurements of cost, each a ratio in one run against a baseline written here.

`timing` alternates the sides and takes medians of CPU time; `inputs` and `baselines` are what is
measured; `settling`, `growth` and `memory` each have a `main()` that returns a page of Markdown.
``python -m benchmarks`` runs them all and writes `benchmarks/results/`.
"""
