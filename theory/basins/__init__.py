"""Basins: where one token goes, for every start of it on a grid in a plane; each point exact.

    plane         the grid: an exact origin, directions, a box;
    destinations  where a settled pattern takes the token;
    engine        the points settled, in batches where these apply;
    overlay       what a map is compared with: the hull, K, the cells of the vertices, as polygons;
    basins        the map: `Basins`.

What is told of a point is proved of that point; of what lies between the points nothing is
(section 13 of `paper_notes.md`).
"""

from theory.basins.basins import Basins, settle_grid
from theory.basins.destinations import Destination
from theory.basins.overlay import Cell, Mark, Overlay
from theory.basins.plane import Plane
from theory.basins.problem import Problem

__all__ = ["Basins", "Cell", "Destination", "Mark", "Overlay", "Plane", "Problem", "settle_grid"]
