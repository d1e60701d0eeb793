-- Papers, the daily lists they stand on, their summaries, and what each channel got.

CREATE TABLE papers (
    no            INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    title         TEXT NOT NULL,
    abstract      TEXT NOT NULL,
    authors       TEXT NOT NULL,            -- JSON: [[name, user name or null], …]
    source        TEXT NOT NULL,
    published     TEXT,
    submitted     TEXT,
    submitter     TEXT,
    upvotes       INTEGER,
    comments      INTEGER,
    ai_summary    TEXT,
    ai_keywords   TEXT NOT NULL,            -- JSON: [keyword, …]
    categories    TEXT NOT NULL,            -- JSON: [category, …]
    github_repo   TEXT,
    github_stars  INTEGER,
    project_page  TEXT,
    organization  TEXT,
    thumbnail     TEXT,
    media         TEXT NOT NULL,            -- JSON: [address, …]
    first_seen    TEXT NOT NULL,
    changed_at    TEXT NOT NULL
) STRICT;

-- One row for each day that was ever read whole; an unread day has none.
CREATE TABLE days (
    day      TEXT PRIMARY KEY,
    read_at  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A paper that is absent from one reading may have moved between two pages while they were
-- read, so it leaves the list only after two readings without it.
CREATE TABLE listings (
    day         TEXT NOT NULL REFERENCES days (day),
    paper_no    INTEGER NOT NULL REFERENCES papers (no),
    rank        INTEGER NOT NULL,
    upvotes     INTEGER NOT NULL,
    first_seen  TEXT NOT NULL,
    missed      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, paper_no)
) STRICT, WITHOUT ROWID;

CREATE INDEX listings_of_a_paper ON listings (paper_no, day);

CREATE TABLE summaries (
    paper_no      INTEGER PRIMARY KEY REFERENCES papers (no),
    tldr          TEXT,
    objective     TEXT,
    method        TEXT,
    results       TEXT,
    implications  TEXT,
    model         TEXT NOT NULL,
    source        TEXT NOT NULL,
    prompt        INTEGER NOT NULL,
    grounded      INTEGER,
    sought        INTEGER NOT NULL,
    written_at    TEXT NOT NULL
) STRICT;

-- Imported digests, each cell as it was, apart from the merged records.
CREATE TABLE archive_rows (
    day       TEXT NOT NULL,
    position  INTEGER NOT NULL,
    paper_id  TEXT,
    title     TEXT NOT NULL,
    authors   TEXT NOT NULL,
    summary   TEXT NOT NULL,
    PRIMARY KEY (day, position)
) STRICT, WITHOUT ROWID;

-- A digest with no rows is an archive too, and is exported as one.
CREATE TABLE archive_days (
    day  TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE schedules (
    channel_id    INTEGER PRIMARY KEY,
    guild_id      INTEGER NOT NULL,
    at            TEXT NOT NULL,
    zone          TEXT NOT NULL,
    weekdays      TEXT NOT NULL,
    show          INTEGER NOT NULL,
    min_upvotes   INTEGER NOT NULL,
    style         TEXT NOT NULL,
    mention_role  INTEGER,
    created_by    INTEGER NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('active', 'paused', 'stopped')),
    reason        TEXT,
    next_run      TEXT NOT NULL,
    since         TEXT,
    last_run      TEXT,
    last_outcome  TEXT
) STRICT;

CREATE INDEX schedules_due ON schedules (next_run) WHERE state = 'active';
CREATE INDEX schedules_of_a_server ON schedules (guild_id);

CREATE TABLE editions (
    id          TEXT PRIMARY KEY,
    channel_id  INTEGER NOT NULL,
    made_at     TEXT NOT NULL,
    shown       INTEGER NOT NULL,
    matching    INTEGER NOT NULL,
    listed      INTEGER NOT NULL,
    days        TEXT NOT NULL               -- JSON: [day, …]
) STRICT, WITHOUT ROWID;

-- What a channel was ever brought. place counts from 1; 0 stands for under browse all.
CREATE TABLE brought (
    channel_id  INTEGER NOT NULL,
    paper_no    INTEGER NOT NULL REFERENCES papers (no),
    place       INTEGER NOT NULL,
    edition_id  TEXT NOT NULL,
    PRIMARY KEY (channel_id, paper_no)
) STRICT, WITHOUT ROWID;

-- The ledger: written before a message is sent, settled by Discord's answer.
CREATE TABLE deliveries (
    key         TEXT PRIMARY KEY,
    edition_id  TEXT NOT NULL,
    number      INTEGER NOT NULL,
    channel_id  INTEGER NOT NULL,
    part        TEXT NOT NULL,              -- JSON: the entries, fixed with the plan
    state       TEXT NOT NULL CHECK (state IN ('planned', 'claimed', 'sent', 'refused')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    planned_at  TEXT NOT NULL,
    claimed_at  TEXT,
    settled_at  TEXT,
    not_before  TEXT,
    message_id  INTEGER,
    code        INTEGER,
    error       TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_waiting ON deliveries (edition_id, number) WHERE state <> 'sent';
CREATE INDEX deliveries_of_a_channel ON deliveries (channel_id, planned_at);

CREATE TABLE collections (
    no        INTEGER PRIMARY KEY,
    source    TEXT NOT NULL,
    began_at  TEXT NOT NULL,
    days      TEXT NOT NULL,                -- JSON: [day, …] that were read
    papers    INTEGER NOT NULL,
    fresh     INTEGER NOT NULL,
    error     TEXT
) STRICT;

CREATE TABLE facts (
    name   TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
