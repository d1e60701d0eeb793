-- Summaries that a model writes: what was checked of them, what they cost, and what failed.

ALTER TABLE summaries ADD COLUMN unknown_names TEXT NOT NULL DEFAULT '[]';   -- JSON: [name, …]
ALTER TABLE summaries ADD COLUMN suspicious INTEGER NOT NULL DEFAULT 0;

CREATE INDEX summaries_written ON summaries (written_at);

-- A paper of which the models wrote nothing usable, and how often it was tried with a prompt.
CREATE TABLE unwritten (
    paper_no  INTEGER NOT NULL REFERENCES papers (no),
    prompt    INTEGER NOT NULL,
    attempts  INTEGER NOT NULL,
    error     TEXT NOT NULL,
    tried_at  TEXT NOT NULL,
    PRIMARY KEY (paper_no, prompt)
) STRICT, WITHOUT ROWID;

-- What each model was asked on a day (UTC), as its endpoint counts it.
CREATE TABLE model_use (
    day        TEXT NOT NULL,
    model      TEXT NOT NULL,
    requests   INTEGER NOT NULL DEFAULT 0,
    read       INTEGER NOT NULL DEFAULT 0,
    written    INTEGER NOT NULL DEFAULT 0,
    summaries  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, model)
) STRICT, WITHOUT ROWID;

-- worded_at: of which moment the texts of an edition are; a better summary is of a later one.
ALTER TABLE editions ADD COLUMN worded_at TEXT;

UPDATE editions SET worded_at = made_at;

CREATE INDEX editions_made ON editions (made_at);
