"""Shifting data: what a classifier meets in new texts that it did not meet in old ones.

samples      texts with labels, groups and times, as far as there are any; periods of time
measures     what is measured of each text at infinite depth
resampling   the bootstrap over texts or groups, and intervals that hold together
comparison   two samples compared: a `Drift`, with its verdict
tables, pages  the same for the terminal, and as a page
"""
