"""Near duplicates among many lessons, beside comparing all with all.

    python bench/near_duplicates.py [LESSONS] [FEWER]

Invents FEWER lessons (2,000) and LESSONS lessons (20,000) of about 180 words, one in fifty
an edited copy of another. Then, each as a process of its own: finds the near duplicates
of the fewer lessons, and of all of them; and compares the fewer with each other one by
one, in sets. Prints seconds of CPU and of the clock, peak memory, and the ratio of both
ways. They must find the same pairs, and every planted copy must be among them.
"""

import json
import random
import re
import resource
import subprocess
import sys
import time
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

WORDS, LENGTH, COPIES = 30_000, 180, 50
#: Words that a copy has in the place of others.
_EDITS = 12


def lessons(count: int) -> tuple["pl.DataFrame", int]:
    """Return invented lessons and how many of them are edited copies.

    Words are drawn as in English: the second is half as frequent as the first, and so
    on, so that word pairs of frequent words stand in many lessons.
    """
    import polars as pl

    chance = random.Random(7)
    vocabulary = [f"w{number}" for number in range(WORDS)]
    weights = [1 / (rank + 1) for rank in range(WORDS)]
    texts: list[list[str]] = []
    copies = 0
    for number in range(count):
        if number % COPIES == COPIES - 1:
            text = list(texts[chance.randrange(len(texts))])
            for place in chance.sample(range(len(text)), _EDITS):
                text[place] = chance.choice(vocabulary)
            copies += 1
        else:
            length = LENGTH + chance.randrange(-60, 60)
            text = chance.choices(vocabulary, weights, k=length)
        texts.append(text)
    return (
        pl.DataFrame(
            {
                "public_id": [f"L{number:05d}" for number in range(count)],
                "title": [" ".join(text[:12]) for text in texts],
                "situation": [" ".join(text[12:60]) for text in texts],
                "action": [" ".join(text[60:]) for text in texts],
                "result": [""] * count,
                "recommendation": [""] * count,
            }
        ),
        copies,
    )


def ours(count: int) -> dict[str, object]:
    """Find them as a release does."""
    from pcbl_pipeline.summaries.near_duplicates import near_duplicates

    frame, copies = lessons(count)
    begun = time.process_time()
    found = near_duplicates(frame)
    return {
        "pairs": len(found),
        "copies": copies,
        "found": sorted(map(list, found.select("first_id", "second_id").iter_rows())),
        "own_cpu": time.process_time() - begun,
    }


def naive(count: int) -> dict[str, object]:
    """Compare all with all."""
    from pcbl_pipeline.summaries.near_duplicates import LIKENESS, STORY

    frame, copies = lessons(count)
    begun = time.process_time()
    pairs = {
        row["public_id"]: set(
            pairwise(re.findall(r"\w+", " ".join(row[name] for name in STORY)))
        )
        for row in frame.iter_rows(named=True)
    }
    found = [
        [one, two]
        for (one, in_one), (two, in_two) in combinations(pairs.items(), 2)
        if 100 * len(in_one & in_two) >= LIKENESS * len(in_one | in_two)
    ]
    return {
        "pairs": len(found),
        "copies": copies,
        "found": sorted(found),
        "own_cpu": time.process_time() - begun,
    }


def child(work: str, count: int) -> dict[str, object]:
    """Do one of both and say what it took."""
    begun = time.perf_counter()
    told = {"ours": ours, "naive": naive}[work](count)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        **told,
        "seconds": time.perf_counter() - begun,
        "peak_mb": round(used.ru_maxrss / 1024),
    }


def measure(work: str, count: int) -> dict[str, object]:
    """Do one of both as a process of its own."""
    command = [sys.executable, __file__, "--child", work, str(count)]
    output = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, object] = json.loads(output.stdout.splitlines()[-1])
    print(
        f"{work:6} {count:7,} lessons: {told['own_cpu']:8.1f} s CPU, "
        f"{told['seconds']:8.1f} s with inventing them, {told['peak_mb']:,} MB, "
        f"{told['pairs']:,} pairs for {told['copies']:,} copies"
    )
    return told


def main(count: int, fewer: int) -> None:
    """Run all three and print the figures."""
    mine, theirs = measure("ours", fewer), measure("naive", fewer)
    if mine["found"] != theirs["found"]:
        sys.exit("the two ways found other pairs")
    print(f"ratio: {theirs['own_cpu'] / mine['own_cpu']:.1f}")  # type: ignore[operator]
    measure("ours", count)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(child(sys.argv[2], int(sys.argv[3]))))
    else:
        numbers = [int(text) for text in sys.argv[1:]]
        main(*(numbers + [20_000, 2_000][len(numbers) :]))
