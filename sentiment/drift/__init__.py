"""Shifting data: what a classifier meets in new texts that it did not meet in old ones.

samples      texts with labels, groups and times, as far as there are any; periods of time
measures     what is measured of each text, leaders at infinite depth
resampling   the bootstrap, permutations, and intervals that hold together
comparison   two samples compared: a `Drift`
telling      the verdict, and numbers as people read them
tables, pages, records   the same for the terminal, as a page, and as JSON
"""
