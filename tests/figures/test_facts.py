"""The article's facts, measured on the drawings."""

from cmath import phase
from math import degrees

import pytest

from api.drawing.body import HIPS, SHOULDERS
from api.drawing.skeleton import Skeleton
from tests.figures.drawn import POSES, end_of, loop_of

STRAIGHT = 10
DOG, ROLLER = "downward-facing-dog", "foam-roller-upper-back"
SHRUG, HANG, NECK = "shoulder-shrug-seated", "pull-up-bar-hang", "neck-side-bend-rotation"
BEND_TO_LEFT = ("neck-side-bend-rotation", "neck-side-flexion-active", "upper-trap-stretch-anchored")


def trunk_line(skeleton: Skeleton) -> float:
    """Degrees of the way from the hips to the neck."""
    return degrees(phase(skeleton.on_spine(1)[0] - skeleton.posture.hip))


def test_in_the_downward_dog_arms_back_and_legs_are_straight() -> None:
    """F64, F65, F66."""
    dog = end_of(DOG)
    assert all(chain.bend < STRAIGHT for chain in dog.limbs.values())
    shoulder, wrist = dog.limbs["left_arm"].root, dog.limbs["left_arm"].tip
    assert abs(trunk_line(dog) % 360 - degrees(phase(wrist.at - shoulder.at)) % 360) < STRAIGHT
    assert max(dog.posture.trunk) - min(dog.posture.trunk) < STRAIGHT


def test_in_the_downward_dog_the_hips_are_the_highest_point() -> None:
    """F61."""
    dog = end_of(DOG)
    others = [joint.at.imag for chain in dog.limbs.values() for joint in (chain.middle, chain.tip)]
    shoulders = [dog.limbs[name].root.at.imag for name in ("left_arm", "right_arm")]
    assert dog.posture.hip.imag > max(*others, *shoulders, dog.skull.imag)


def test_in_the_downward_dog_feet_are_hip_width_and_hands_shoulder_width_apart() -> None:
    """F58, F59."""
    limbs = end_of(DOG).limbs
    assert abs(limbs["left_leg"].tip.depth - limbs["right_leg"].tip.depth) == pytest.approx(2 * HIPS)
    assert abs(limbs["left_arm"].tip.depth - limbs["right_arm"].tip.depth) == pytest.approx(2 * SHOULDERS)


def test_the_downward_dog_starts_on_the_stomach() -> None:
    """F57."""
    start = loop_of(DOG)[0]
    assert start.posture.hip.imag < 15
    assert start.posture.facing == -1
    assert abs(trunk_line(start)) > 170


def test_the_roller_is_below_the_neck_and_above_the_lowest_ribs_in_every_frame() -> None:
    """F43, F54."""
    [roller] = [thing for thing in POSES[ROLLER].props if thing.kind == "roller"]
    for skeleton in loop_of(ROLLER):
        shares = [n / 50 for n in range(51)]
        nearest = min(shares, key=lambda share: abs(skeleton.on_spine(share)[0] - complex(*roller.at)))
        assert 0.4 < nearest < 0.9


def test_on_the_roller_knees_are_bent_feet_flat_and_hips_in_line_with_the_shoulders() -> None:
    """F44, F45, F47."""
    body = end_of(ROLLER)
    for name in ("left_leg", "right_leg"):
        leg = body.limbs[name]
        assert leg.bend > 60
        assert leg.end == 0
        assert leg.tip.at.imag == pytest.approx(8, abs=2)
    straight = abs(body.on_spine(0.88)[0] - body.posture.hip)
    assert abs(body.on_spine(0.44)[0] - (body.on_spine(0.88)[0] + body.posture.hip) / 2) < 0.06 * straight


def test_in_the_shrug_elbows_stay_straight_and_shoulders_unrounded_while_they_rise() -> None:
    """F34, F35, F39, F40."""
    for skeleton in loop_of(SHRUG):
        assert max(skeleton.limbs[name].bend for name in ("left_arm", "right_arm")) < STRAIGHT
        assert skeleton.posture.reach == 0
    low, high = loop_of(SHRUG)[0], end_of(SHRUG)
    for name in ("left_arm", "right_arm"):
        assert high.limbs[name].root.at.imag - low.limbs[name].root.at.imag > 5
    assert (high.yaw, high.posture.nod) == (0, 0)


def test_in_the_hang_knees_are_bent_and_the_lower_legs_cross() -> None:
    """F26, F27: seen from behind, the person's left is on the left of the picture."""
    limbs = end_of(HANG).limbs
    assert min(limbs[name].bend for name in ("left_leg", "right_leg")) > 50
    assert limbs["left_leg"].root.at.real < limbs["right_leg"].root.at.real
    assert limbs["left_leg"].tip.at.real > limbs["right_leg"].tip.at.real


def test_in_the_hang_straight_arms_hold_the_bar_at_shoulder_width_and_the_feet_are_off_the_floor() -> None:
    """F25, F28."""
    body = end_of(HANG)
    [bar] = [thing for thing in POSES[HANG].props if thing.kind == "bar"]
    left, right = body.limbs["left_arm"], body.limbs["right_arm"]
    assert max(left.bend, right.bend) < 15
    assert abs(left.tip.at - right.tip.at) == pytest.approx(2 * SHOULDERS, rel=0.2)
    assert 0 < bar.at[1] - left.tip.at.imag < 8
    assert min(body.limbs[name].tip.at.imag for name in ("left_leg", "right_leg")) > 25


def test_the_hand_lies_on_the_other_side_of_the_head_which_tips_and_turns_to_the_hands_side() -> None:
    """F13, F16, F17, F18: seen from the front, the person's left is on the right of the picture."""
    body = end_of(NECK)
    crown = body.posture.head
    assert crown < 75
    assert 10 < body.yaw < 60
    assert body.posture.nod > 0
    hand = body.limbs["left_arm"]
    assert degrees(phase(hand.tip.at - body.skull)) < crown + 60
    assert abs(hand.tip.at - body.skull) < 18
    assert 150 < hand.end % 360 < 240


def test_in_the_side_bend_shoulders_and_lower_body_stay_where_they_are() -> None:
    """F14, F15."""
    for skeleton in loop_of(NECK):
        assert skeleton.posture.lift == (0, 0)
        assert (skeleton.posture.hip, skeleton.posture.trunk) == (loop_of(NECK)[0].posture.hip, (90, 90, 90))


@pytest.mark.parametrize("name", BEND_TO_LEFT)
def test_a_bend_to_the_left_stretches_the_right_side(name: str) -> None:
    assert end_of(name).skull.real > end_of(name).spine[0][0].real
    assert {light.side for light in POSES[name].highlight} == {"right"}


@pytest.mark.parametrize("name", ["levator-scapulae-stretch", "neck-rotation"])
def test_a_turn_to_the_left_turns_the_face_to_the_left(name: str) -> None:
    assert 30 < end_of(name).yaw < 90


def test_the_head_glides_straight_back_in_the_chin_tuck() -> None:
    start, end = loop_of("chin-tuck-seated")[0], end_of("chin-tuck-seated")
    assert end.skull.real < start.skull.real - 3
    assert abs(end.skull.imag - start.skull.imag) < 3
    assert abs(end.posture.head - 90) < 5


def test_arms_stay_straight_where_the_words_say_so() -> None:
    for name in ("scapular-push-up", "cat-cow", "childs-pose", "wall-lat-stretch", "hang-feet-supported"):
        arms = [end_of(name).limbs[side] for side in ("left_arm", "right_arm")]
        assert max(arm.bend for arm in arms) < 15, name


def test_feet_stay_where_they_stand() -> None:
    """Where the first and the last moment have the feet in one place, so have those in between."""
    for name in (ROLLER, "ball-wall-release", "hang-feet-supported", "thoracic-ext-roller", "wall-push-up"):
        feet = [skeleton.limbs["right_leg"].tip.at for skeleton in loop_of(name)]
        assert max(abs(foot - feet[0]) for foot in feet) < 1, name


def test_nobody_sinks_into_the_floor() -> None:
    for name, pose in POSES.items():
        for skeleton in loop_of(name) if pose.floor else ():
            lowest = min(joint.at.imag for chain in skeleton.limbs.values() for joint in (chain.middle, chain.tip))
            assert min(lowest, skeleton.skull.imag - 7) > 0, name


def test_joints_bend_the_way_that_joints_do() -> None:
    """Seen from the side, a knee points to the front of the body and never the other way."""
    for name, pose in POSES.items():
        if pose.start and end_of(name).posture.facing:
            for leg in (end_of(name).limbs["left_leg"], end_of(name).limbs["right_leg"]):
                thigh, shin = leg.middle.at - leg.root.at, leg.tip.at - leg.middle.at
                turned = degrees(phase(shin / thigh)) * end_of(name).posture.facing
                assert turned < STRAIGHT, (name, turned)
