"""Keys: keyed hashes in place of the ids of people.

The secret and the ids are seen here and nowhere else; neither is ever written. What
does not belong here: where the secret is kept.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from functools import partial

import polars as pl


@dataclass(frozen=True)
class Keyring:
    """The agency's secret, and whose ids it hides.

    The same id of two districts is two people, so the district is part of what is
    hashed; so is the purpose, because a learner and a teacher may share a number.
    """

    secret: bytes = field(repr=False)
    owner: str

    def hashed(self, ids: pl.Expr, purpose: str) -> pl.Expr:
        """Return the HMAC-SHA-256 of ids as 64 hex digits; blank stays blank."""
        return ids.map_batches(
            partial(self._hash_series, purpose=purpose),
            return_dtype=pl.String,
            is_elementwise=True,
        )

    def hash_id(self, person: str, purpose: str) -> str:
        """Return the HMAC-SHA-256 of one id as 64 hex digits."""
        message = f"{purpose}|{self.owner}|{person}".encode()
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()

    def _hash_series(self, ids: pl.Series, purpose: str) -> pl.Series:
        people = ids.drop_nulls().unique()
        digests = [self.hash_id(person, purpose) for person in people]
        return ids.replace_strict(
            people,
            pl.Series(digests, dtype=pl.String),
            default=None,
            return_dtype=pl.String,
        )
