"""Which averages of ratings PUB2 leaves out, so that none comes back by subtraction.

An average of few ratings says too little and could be a single person's. Everybody
sees the average of all topics too, so what is left out must have enough ratings when
taken together.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping

#: Ratings below which an average says too little.
RATINGS = 10


def left_out(ratings: Mapping[str, int]) -> set[str]:
    """Return the topics of a table whose averages are left out.

    Those with too few ratings, and if they have too few together, the one with the
    fewest ratings of the others.

    Shape: `ratings` is topic → its number of ratings, without the total.
    """
    few = {topic for topic, number in ratings.items() if 0 < number < RATINGS}
    enough = [topic for topic, number in ratings.items() if number >= RATINGS]
    if few and enough and sum(ratings[topic] for topic in few) < RATINGS:
        few.add(min(enough, key=lambda topic: (ratings[topic], topic)))
    return few


def left_out_beside_the_public(
    ratings: Mapping[str, int], public: Mapping[str, str | None]
) -> set[str]:
    """Return the topics whose averages are left out where the public table is known.

    Whoever sees every topic sees the public's merged rows as well, and can take shown
    topics off those too. So the rule holds within each row that the public sees, and
    within all that it does not see.

    Shape: `public` is topic → the topic under which the public sees it; None: not.
    """
    rows: Counter[str] = Counter()
    for topic, number in ratings.items():
        if (row := public[topic]) is not None:
            rows[row] += number
    unseen = left_out(rows)
    blocks: dict[str | None, dict[str, int]] = defaultdict(dict)
    for topic, number in ratings.items():
        seen_as = public[topic]
        blocks[None if seen_as in unseen else seen_as][topic] = number
    return set().union(*(left_out(block) for block in blocks.values()))
