-- A schedule's topic: a query that its papers match, or none.

ALTER TABLE schedules ADD COLUMN topic TEXT;
ALTER TABLE filters ADD COLUMN topic TEXT;

-- Which papers of a day matched a topic when its list was read after it had closed. Their keywords
-- and summaries may change later; what did not match stays so. read_at: of which reading it is.
CREATE TABLE closed_matches (
    topic    TEXT NOT NULL,
    day      TEXT NOT NULL,
    read_at  TEXT NOT NULL,
    papers   TEXT NOT NULL,                 -- JSON: [arXiv id, …]
    PRIMARY KEY (topic, day)
) STRICT, WITHOUT ROWID;
