import pytest

from api.domain.judgement import RULINGS, Light, is_flare_up, judge, light, next_morning, ratings_of
from api.domain.pain import BodySide, Moment, Rating, Region

BEFORE, CHECK_IN, WORST, AFTER, MORNING, *_ = Moment


def rated(value: int, moment: Moment, region: Region = Region.NECK, step: str | None = None) -> Rating:
    return Rating(region, BodySide.LEFT, value, moment, step=step)


def seen(before: int | None, during: int, *, moment: Moment = WORST, presses: bool = False) -> Light | None:
    begun = () if before is None else (rated(before, BEFORE),)
    return light((*begun, rated(during, moment)), presses=presses)


@pytest.mark.parametrize(
    ("before", "worst", "expected"),
    [(0, 0, Light.GREEN), (3, 3, Light.GREEN), (3, 1, Light.GREEN), (9, 3, Light.GREEN)],
)
def test_up_to_three_without_a_rise_is_green(before: int, worst: int, expected: Light) -> None:
    assert seen(before, worst) is expected


@pytest.mark.parametrize(("before", "worst"), [(4, 4), (5, 5), (9, 4), (0, 1), (2, 3), (4, 5)])
def test_four_or_five_during_or_a_rise_of_one_is_amber(before: int, worst: int) -> None:
    assert seen(before, worst) is Light.AMBER


@pytest.mark.parametrize(("before", "worst"), [(0, 2), (1, 3), (3, 5), (6, 8)])
def test_a_rise_of_two_or_more_is_red(before: int, worst: int) -> None:
    assert seen(before, worst) is Light.STOP


def test_a_rise_to_ten_is_red_because_the_scale_ends_there() -> None:
    assert seen(9, 10) is Light.STOP
    assert seen(10, 10) is Light.AMBER


@pytest.mark.parametrize(("before", "worst"), [(5, 6), (4, 10)])
def test_six_or_more_is_red_when_it_began_below(before: int, worst: int) -> None:
    assert seen(before, worst) is Light.STOP


@pytest.mark.parametrize(("before", "worst"), [(6, 6), (6, 7), (9, 9), (8, 6)])
def test_six_or_more_is_amber_when_it_began_there(before: int, worst: int) -> None:
    assert seen(before, worst) is Light.AMBER


@pytest.mark.parametrize("moment", [CHECK_IN, WORST, AFTER])
def test_every_moment_from_the_first_step_on_counts(moment: Moment) -> None:
    assert seen(1, 3, moment=moment) is Light.STOP


def test_without_a_rating_before_nothing_is_green_but_much_pain_still_counts() -> None:
    assert seen(None, 2) is None
    assert seen(None, 4) is Light.AMBER
    assert seen(None, 6) is Light.STOP


def test_without_a_rating_during_or_after_nothing_is_green() -> None:
    assert light(()) is None
    assert light((rated(2, BEFORE),)) is None
    assert light((rated(2, BEFORE), rated(2, MORNING))) is None


def test_a_place_rated_once_says_nothing_of_change_and_hides_no_other() -> None:
    ratings = (rated(2, BEFORE), rated(3, AFTER, Region.ARM))
    assert light(ratings) is None
    assert light((*ratings, rated(2, AFTER))) is Light.GREEN
    assert light((*ratings, rated(4, AFTER))) is Light.STOP


def test_the_worst_place_decides() -> None:
    neck = (rated(5, BEFORE), rated(1, AFTER))
    arm = (rated(0, BEFORE, Region.ARM), rated(2, AFTER, Region.ARM))
    assert light(neck + arm) is Light.STOP


def test_of_two_ratings_at_one_moment_the_careful_reading_counts() -> None:
    ratings = (rated(4, BEFORE), rated(1, BEFORE), rated(3, AFTER), rated(1, AFTER))
    assert light(ratings) is light(ratings[::-1]) is Light.STOP


def test_pressure_may_hurt_up_to_five_while_it_presses() -> None:
    ratings = (rated(2, BEFORE), rated(5, WORST), rated(2, AFTER))
    assert light(ratings, presses=True) is Light.GREEN
    assert light(ratings) is Light.STOP
    assert seen(2, 6, presses=True) is Light.STOP


def test_more_pressure_pain_than_five_is_red_wherever_it_began() -> None:
    assert seen(7, 6, presses=True) is Light.STOP
    assert seen(7, 6) is Light.AMBER


@pytest.mark.parametrize("presses", [False, True])
@pytest.mark.parametrize("before", [None, *range(11)])
def test_red_is_exactly_what_stops_the_exercise_during_the_session(before: int | None, *, presses: bool) -> None:
    for worst in range(11):
        during = RULINGS[judge(worst, before, pressing=presses)].light
        assert (seen(before, worst, presses=presses) is Light.STOP) == (during is Light.STOP)


def test_pressure_pain_that_stays_counts_as_any_other() -> None:
    assert seen(2, 4, moment=CHECK_IN, presses=True) is Light.STOP
    assert seen(2, 3, moment=AFTER, presses=True) is Light.AMBER


def test_a_rise_of_one_by_the_next_morning_is_amber() -> None:
    assert light((rated(2, BEFORE), rated(2, AFTER), rated(3, MORNING))) is Light.AMBER
    assert light((rated(2, BEFORE), rated(2, AFTER), rated(2, MORNING))) is Light.GREEN


def test_two_or_more_above_before_at_the_next_morning_is_a_flare_up() -> None:
    assert is_flare_up((rated(2, BEFORE), rated(4, MORNING)))
    assert not is_flare_up((rated(2, BEFORE), rated(3, MORNING)))
    assert not is_flare_up((rated(2, BEFORE), rated(5, AFTER)))


def test_the_next_morning_tells_nothing_without_the_same_place_before() -> None:
    assert next_morning((rated(8, MORNING), rated(1, BEFORE, Region.ARM))) is None
    assert next_morning((rated(3, MORNING), rated(5, BEFORE))) == -2
    assert not is_flare_up((rated(8, MORNING),))


def test_a_rating_at_a_step_is_about_that_steps_exercise_and_one_without_about_all() -> None:
    before, hang = rated(2, BEFORE), rated(5, CHECK_IN, step="2.pull-up-bar-hang.after.check_in")
    assert ratings_of("pull-up-bar-hang", (before, hang)) == (before, hang)
    assert ratings_of("cat-cow", (before, hang)) == (before,)
    assert ratings_of("cat-cow", (rated(5, WORST, step="odd"),)) == ()


def test_the_worst_moment_without_a_step_is_about_the_exercise_that_was_stopped() -> None:
    worst, morning = rated(7, WORST), rated(4, MORNING)
    assert ratings_of("cat-cow", (worst, morning)) == (worst, morning)
    assert ratings_of("cat-cow", (worst, morning), stopped={"pull-up-bar-hang"}) == (morning,)
    assert ratings_of("pull-up-bar-hang", (worst, morning), stopped={"pull-up-bar-hang"}) == (worst, morning)
