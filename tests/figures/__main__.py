"""Contact sheets: every figure small in both themes, written to a folder to be looked at; or some of them, large."""

import argparse
from pathlib import Path

import resvg_py

from api.domain.exercise import Side
from api.drawing.body import PEOPLE
from api.drawing.picture import SIZE, still
from tests.figures.drawn import POSES, exercise

COLUMNS = 6
GAP = 8
WIDEST = 1600
OWN_SIZE = f'width="{SIZE}" height="{SIZE}"'


def sheet(pictures: list[str], size: int) -> bytes:
    """The pictures side by side as one PNG."""
    columns = max(1, min(COLUMNS, WIDEST // (size + GAP), len(pictures)))
    step = size + GAP
    placed = "".join(
        picture.replace("<svg ", f'<svg x="{n % columns * step}" y="{n // columns * step}" ', 1).replace(
            OWN_SIZE, f'width="{size}" height="{size}"', 1
        )
        for n, picture in enumerate(pictures)
    )
    edges = f'width="{columns * step}" height="{-(-len(pictures) // columns) * step}"'
    whole = f'<svg xmlns="http://www.w3.org/2000/svg" {edges}>{placed}</svg>'
    return resvg_py.svg_to_bytes(svg_string=whole, background="#888888", skip_system_fonts=True)


def draw(folder: Path, size: int, person: str, names: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        chosen = [pose for name, pose in POSES.items() if not names or name in names]
        pictures = [still(pose, person=person, theme=theme) for pose in chosen]
        if not names:
            sided = [pose for pose in chosen if exercise(pose.id).sides[0] is Side.LEFT]
            pictures += [still(pose, person=person, theme=theme, mirrored=True) for pose in sided]
            pictures += [still(POSES["wall-angel"], person=other, theme=theme) for other in PEOPLE]
        (folder / f"{theme}-{person}-{size}.png").write_bytes(sheet(pictures, size))


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m tests.figures", description=__doc__)
    options.add_argument("folder", type=Path, metavar="FOLDER")
    options.add_argument("--size", type=int, default=220, help="of each picture, in pixels")
    options.add_argument("--person", choices=PEOPLE, default="amber")
    options.add_argument("--only", nargs="+", choices=POSES, default=[], metavar="EXERCISE")
    return options


if __name__ == "__main__":
    chosen = parser().parse_args()
    draw(chosen.folder, chosen.size, chosen.person, chosen.only)
