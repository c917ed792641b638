"""Which student groups part all students among them: each student is in one at most.

What does not belong here: what is done where a group is small.
"""

RACE = ("AM7", "AS7", "BL7", "HI7", "PI7", "WH7", "MU7", "MENA")
SEX = ("F", "M")
#: A yes/no flag and its complement, which no site needs to report.
FLAGS = (
    ("ECODIS", "NECODIS"),
    ("LEP", "NLEP"),
    ("IDEA", "NIDEA"),
    ("MS", "NMS"),
    ("HOM", "NHOM"),
    ("FOS", "NFOS"),
    ("MIL", "NMIL"),
)
PARTITIONS: tuple[tuple[str, ...], ...] = (RACE, SEX, *FLAGS)
