-- What alerts look for: each query once, however many have it, and where a paper that it may match
-- is noticed.

-- form: the same for queries that mean the same; text: as the first of them typed it. pattern: what
-- the text meant by what was known of words at compiled_at, JSON. users: how many alerts have it.
CREATE TABLE standing_queries (
    no           INTEGER PRIMARY KEY AUTOINCREMENT,  -- one given out again would fire another
    form         TEXT NOT NULL UNIQUE,
    text         TEXT NOT NULL,
    pattern      TEXT NOT NULL,
    users        INTEGER NOT NULL,
    compiled_at  TEXT NOT NULL
) STRICT;

CREATE INDEX standing_queries_by_age ON standing_queries (compiled_at);

-- Every paper that a query matches has one of its anchors among its own keys. rest: what else of
-- them it must have, and must not. sure: every paper that has the anchor and the rest matches.
CREATE TABLE alert_anchors (
    anchor    TEXT NOT NULL,
    query_no  INTEGER NOT NULL REFERENCES standing_queries (no) ON DELETE CASCADE,
    rest      TEXT NOT NULL,
    sure      INTEGER NOT NULL,
    PRIMARY KEY (anchor, query_no)
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_anchors_of_a_query ON alert_anchors (query_no);
