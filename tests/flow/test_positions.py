"""Where a stage is in its partitions, and how far behind."""

from streams.flow.positions import Position, Positions


def test_lag_is_what_is_between_the_position_and_the_end() -> None:
    positions = Positions()
    positions.taken(0, 10, 100.0)
    positions.taken(0, 11, 101.0)
    assert positions.lag({0: 15}, {}) == {0: (5, 100.0)}
    positions.worked(0, 10, 100.0)
    positions.worked(0, 11, 101.0)
    assert positions.lag({0: 15}, {}) == {0: (3, 101.0)}
    assert positions.moved == 2


def test_nothing_waiting_is_age_zero() -> None:
    positions = Positions()
    positions.taken(0, 10, 100.0)
    positions.worked(0, 10, 100.0)
    assert positions.lag({0: 11}, {}) == {0: (0, 0.0)}


def test_the_next_batch_sets_the_age_anew() -> None:
    positions = Positions()
    positions.worked(0, 10, 100.0)
    positions.taken(0, 11, 900.0)
    assert positions.lag({0: 12}, {}) == {0: (1, 900.0)}


def test_a_partition_without_a_record_counts_from_where_it_began() -> None:
    assert Positions().lag({0: 5, 1: 0}, {0: 3, 1: 0}) == {0: (2, None), 1: (0, 0.0)}


def test_what_is_committed_past_the_last_record_is_no_lag() -> None:
    """Offsets at the end that hold no record: the mark of a transaction, or all of one that was aborted."""
    positions = Positions()
    positions.worked(0, 9, 100.0)
    assert positions.lag({0: 14}, {0: 10}) == {0: (4, 100.0)}
    assert positions.lag({0: 14}, {0: 14}) == {0: (0, 0.0)}


def test_lag_is_left_out_where_it_is_not_known() -> None:
    """Read as zero it would make an autoscaler scale down."""
    positions = Positions()
    positions.worked(1, 4, 100.0)
    assert positions.lag({0: 5}, {}) == {}  # nothing seen of partition 0, no beginning known; no end of 1
    assert positions.lag({1: 5}, {}) == {1: (0, 0.0)}


def test_an_end_that_is_older_than_the_position_is_no_lag() -> None:
    positions = Positions()
    positions.worked(0, 9, 100.0)
    assert positions.lag({0: 7}, {}) == {0: (0, 0.0)}


def test_a_partition_that_went_and_came_back_begins_anew() -> None:
    positions = Positions({0: Position(10, 100.0), 1: Position(20, 200.0)})
    positions.assigned([1])
    assert positions.by_partition == {1: Position(20, 200.0)}
    positions.taken(0, 4, 50.0)
    assert positions.lag({0: 6, 1: 20}, {}) == {0: (2, 50.0), 1: (0, 0.0)}


def test_lag_counts_from_where_a_partition_began_anew() -> None:
    """The log ended at 30 before what was worked, and has come to 35 since."""
    positions = Positions({0: Position(60, 100.0)})
    positions.began_anew(0, lost=60, start=0)
    assert positions.lag({0: 35}, {}) == {0: (35, 0.0)}
    positions.worked(0, 0, 50.0)
    positions.began_anew(0, lost=60, start=0)  # told late: it has gone on
    assert positions.lag({0: 35}, {}) == {0: (34, 50.0)}
