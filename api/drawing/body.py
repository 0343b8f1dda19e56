"""Who is drawn: the lengths and widths of a body of 170 cm, and the four people that there are."""

from dataclasses import dataclass

UPPER_ARM, FOREARM = 28.0, 24.5
THIGH, SHIN = 41.0, 40.0
SPINE, NECK = 49.0, 7.5
SKULL = 10.0
"""From the top of the neck to the middle of the head, which is 23 cm high."""
SHOULDERS, HIPS = 15.4, 8.4
"""Half the distance of the joints."""
SHOULDER_AT = 0.88
"""Where on the spine the shoulders sit, from the hips at 0 to the neck at 1."""

TORSO = (
    # along the spine, half the width, how far the front is, how far the back is
    (-0.16, 9.0, 6.0, 7.5),
    (-0.10, 15.4, 8.6, 10.2),
    (0.04, 16.0, 10.2, 11.8),
    (0.20, 14.8, 10.6, 9.4),
    (0.40, 13.0, 9.8, 7.6),
    (0.60, 14.0, 10.4, 9.4),
    (0.78, 16.2, 11.6, 11.0),
    (0.90, 17.2, 9.8, 10.6),
    (0.965, 15.2, 7.2, 9.2),
    (1.005, 10.4, 5.6, 7.2),
    (1.05, 6.5, 5.0, 5.8),
    (1.15, 5.4, 5.0, 5.2),
)


@dataclass(frozen=True, slots=True)
class Person:
    """How wide the trunk and the limbs are beside the average, the hair, and the colours of skin and hair."""

    trunk: float
    limbs: float
    hair: str
    skin: str
    hair_colour: str


PEOPLE = {
    "amber": Person(trunk=1.0, limbs=1.0, hair="bun", skin="#e9b48f", hair_colour="#43302b"),
    "birch": Person(trunk=1.1, limbs=1.1, hair="short", skin="#f3cdb0", hair_colour="#8a5a35"),
    "cedar": Person(trunk=1.0, limbs=1.02, hair="curls", skin="#8d5a3b", hair_colour="#2a1d1b"),
    "dune": Person(trunk=1.22, limbs=1.2, hair="bun", skin="#c98f63", hair_colour="#332522"),
}
