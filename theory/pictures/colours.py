"""Colours, those of Okabe and Ito, and what each stands for in every picture.

No two marks differ by colour alone: whoever draws gives each role a shape of its own.
"""

from theory.pictures.scene import Role

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILION, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#767676"
WHITE = "#FFFFFF"

FACE_AND_EDGE = {
    Role.LEADER: (VERMILION, BLACK),
    Role.LATER: (WHITE, VERMILION),
    Role.FOLLOWER: (SKY, BLUE),
    Role.VERTEX: (SKY, BLUE),
    Role.FACE: (GREEN, BLACK),
    Role.OTHER: (PURPLE, BLACK),
    Role.START: (WHITE, BLUE),
    Role.MEAN: (PURPLE, BLACK),
}
"""The colours of a mark: inside, and of its outline."""
