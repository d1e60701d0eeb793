"""Every error that Paperboy raises on purpose.

PaperboyError
├── UserError             its text is shown to the person who asked
│   └── QueryMistake          a query that does not parse: where, and what was expected
├── SettingsError         a setting is wrong: the start stops, exit code 2
├── DatabaseError         the database cannot be used (locked, newer, not ours)
├── SourceError           a paper source could not answer
│   ├── SourceUnreachable     no answer, or 5xx, or 429, after every attempt
│   └── UnexpectedAnswer      an answer that is not what it should be; names the field
├── ArchiveError          a digest archive could not be read or written
├── SummaryError          no summary of a paper could be had from a model
│   ├── ModelUnreachable      no answer, whatever the paper: down, refused, or over its limits
│   └── BudgetSpent           the day's tokens do not suffice
└── DeliveryError         Discord did not take a message
    ├── DeliveryRefused       Discord said that no message was made (4xx)
    └── DeliveryUncertain     nobody knows: time-out, lost connection, 5xx
"""

from __future__ import annotations


class PaperboyError(Exception):
    """The root of the tree; its text is one sentence for a person."""


class UserError(PaperboyError):
    """Something the person who asked can put right; its text is shown to them."""


class QueryMistake(UserError):
    """A query does not parse; the text says what is wrong and what was expected.

    Attributes:
        text: the query on one line.
        at: the column, from 0, where the mistake begins; the query's length where it is missing.
        expected: what was expected there, as it stands in a sentence.
    """

    def __init__(self, said: str, *, text: str, at: int, expected: str) -> None:
        super().__init__(said)
        self.text = text
        self.at = at
        self.expected = expected


class SettingsError(PaperboyError):
    """A setting is missing or wrong."""


class DatabaseError(PaperboyError):
    """The database cannot be opened or used."""


class SourceError(PaperboyError):
    """A source of papers could not answer."""


class SourceUnreachable(SourceError):
    """A source gave no usable answer after every attempt."""


class UnexpectedAnswer(SourceError):
    """A source answered in a shape that it should not have; the text names the field."""


class ArchiveError(PaperboyError):
    """A digest archive could not be read or written."""


class SummaryError(PaperboyError):
    """A model wrote no summary of a paper that can be used."""


class ModelUnreachable(SummaryError):
    """A model's endpoint gives no answer, or takes no request."""


class BudgetSpent(SummaryError):
    """The tokens that may be spent today do not suffice for one more request."""


class DeliveryError(PaperboyError):
    """Discord did not take a message."""


class DeliveryRefused(DeliveryError):
    """Discord said that no message was made.

    Attributes:
        status: the HTTP status, 400 to 499.
        code: Discord's JSON error code, 0 where the answer had none.
    """

    def __init__(self, text: str, *, status: int, code: int = 0) -> None:
        super().__init__(text)
        self.status = status
        self.code = code


class DeliveryUncertain(DeliveryError):
    """Nobody knows whether the message was made: time-out, lost connection or 5xx."""
