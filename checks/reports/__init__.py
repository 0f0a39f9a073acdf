"""Reports: what came out, in a form that can be read, checked and sent on.

The public names: `Page` is what is told of one statement, `Refutation` what refutes it;
`write_report` writes a directory of pages, `write_run` one page about one run, `draw` the picture
alone, as a plotly figure. These three need the extra ``report``; `require` tells early whether it
is there, and `prepare` whether a directory can be written to.
"""

from checks.reports.library import require
from checks.reports.model import Page, Refutation
from checks.reports.picture import draw
from checks.reports.write import prepare, write_report, write_run

__all__ = ["Page", "Refutation", "draw", "prepare", "require", "write_report", "write_run"]
