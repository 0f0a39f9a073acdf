"""Reports: what came out, in a form that can be read, checked and sent on.

The public names: `Page` is what is told of one statement, `Refutation` what refutes it;
`write_report` writes a directory of pages, `write_run` one page about one run, `write_map` one
about maps of basins, `write_sweep` about a sweep, `draw` the picture of a run alone, as a plotly
figure. These need the extra ``report``; `require` tells early whether it is there, and `prepare`
whether a directory can be written to.
"""

from checks.reports.library import require
from checks.reports.maps import write_map
from checks.reports.model import Page, Refutation
from checks.reports.picture import draw
from checks.reports.sweeps import write_sweep
from checks.reports.write import prepare, write_report, write_run

__all__ = [
    "Page",
    "Refutation",
    "draw",
    "prepare",
    "require",
    "write_map",
    "write_report",
    "write_run",
    "write_sweep",
]
