from api.domain.pain import BodySide, Moment, Rating, Region, change


def rated(value: int, moment: Moment, region: Region = Region.NECK) -> Rating:
    return Rating(region, BodySide.LEFT, value, moment)


def test_the_change_is_that_of_the_place_that_changed_for_the_worse_most() -> None:
    ratings = (
        rated(6, Moment.BEFORE),
        rated(3, Moment.AFTER),
        rated(2, Moment.BEFORE, Region.SHOULDER),
        rated(3, Moment.AFTER, Region.SHOULDER),
    )
    assert change(ratings) == 1


def test_a_place_rated_only_once_says_nothing_of_change() -> None:
    assert change((rated(6, Moment.BEFORE), rated(3, Moment.AFTER, Region.ARM))) is None
