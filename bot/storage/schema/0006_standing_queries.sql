-- Queries that stand until they are taken back, each distinct one once, and the words by which a
-- new paper finds those that it may match.

-- form: the normal form of its tree; text: as somebody typed it; pattern: what it was expanded to
-- at compiled_at; users: the alerts that have it.
CREATE TABLE standing_queries (
    no           INTEGER PRIMARY KEY,
    form         TEXT NOT NULL UNIQUE,
    text         TEXT NOT NULL,
    pattern      TEXT NOT NULL,
    users        INTEGER NOT NULL,
    compiled_at  TEXT NOT NULL
) STRICT;

CREATE INDEX standing_queries_by_age ON standing_queries (compiled_at);

-- Every paper that a query matches has one of its anchors at least. sure: and each that has this
-- one matches.
CREATE TABLE alert_anchors (
    anchor    TEXT NOT NULL,
    query_no  INTEGER NOT NULL REFERENCES standing_queries (no),
    sure      INTEGER NOT NULL,
    PRIMARY KEY (anchor, query_no)
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_anchors_of_a_query ON alert_anchors (query_no);
