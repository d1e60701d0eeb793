-- Alerts: who wants to hear of what, where and when; what each has found; and whom nobody knows
-- any more.

-- channel_id: a channel, or a person's own with the bot, where guild_id is NULL.
-- since: papers first listed after it are looked at.
CREATE TABLE alerts (
    no            INTEGER PRIMARY KEY AUTOINCREMENT,  -- buttons name it: never given out again
    person_id     INTEGER NOT NULL,
    guild_id      INTEGER,
    channel_id    INTEGER NOT NULL,
    query_no      INTEGER NOT NULL REFERENCES standing_queries (no),
    query         TEXT NOT NULL,
    at            TEXT,
    zone          TEXT,
    mention_role  INTEGER,
    state         TEXT NOT NULL CHECK (state IN ('active', 'paused', 'stopped')),
    reason        TEXT,
    since         TEXT NOT NULL,
    next_run      TEXT
) STRICT;

CREATE INDEX alerts_of_a_query ON alerts (query_no);
CREATE INDEX alerts_of_a_person ON alerts (person_id);
CREATE INDEX alerts_of_a_channel ON alerts (channel_id);
CREATE INDEX alerts_of_a_server ON alerts (guild_id) WHERE guild_id IS NOT NULL;
CREATE INDEX alerts_due ON alerts (next_run) WHERE next_run IS NOT NULL AND state = 'active';

-- Which papers an alert has found, each once for ever. batch: the message that brings it; NULL
-- while it waits for one, '' where it will never come. at_once: no daily time is waited for.
CREATE TABLE alert_hits (
    alert_no  INTEGER NOT NULL,
    paper_no  INTEGER NOT NULL REFERENCES papers (no),
    found_at  TEXT NOT NULL,
    at_once   INTEGER NOT NULL,
    batch     TEXT,
    PRIMARY KEY (alert_no, paper_no)
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_hits_at_once ON alert_hits (alert_no) WHERE batch IS NULL AND at_once;
CREATE INDEX alert_hits_of_a_batch ON alert_hits (batch) WHERE batch <> '';
CREATE INDEX alert_hits_by_age ON alert_hits (found_at);

-- What is new of listed papers and alerts have not looked at yet, in the order in which it came: a
-- paper may stand here several times. newest: the last alert that there was when the paper was
-- listed for the first time; 0 where that is not what is new.
CREATE TABLE alert_pending (
    no        INTEGER PRIMARY KEY AUTOINCREMENT,
    paper_no  INTEGER NOT NULL,
    newest    INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX alert_pending_of_a_paper ON alert_pending (paper_no);

CREATE TRIGGER alert_listed AFTER INSERT ON listings
WHEN NOT EXISTS (SELECT 1 FROM listings WHERE paper_no = new.paper_no AND day <> new.day)
BEGIN
    INSERT INTO alert_pending (paper_no, newest)
    SELECT new.paper_no, coalesce(max(no), 0) FROM alerts;
END;

CREATE TRIGGER alert_changed_paper AFTER UPDATE ON papers
WHEN (new.title IS NOT old.title OR new.abstract IS NOT old.abstract
      OR new.authors IS NOT old.authors OR new.ai_keywords IS NOT old.ai_keywords
      OR new.categories IS NOT old.categories OR new.organization IS NOT old.organization)
    AND EXISTS (SELECT 1 FROM listings WHERE paper_no = new.no)
BEGIN
    INSERT INTO alert_pending (paper_no) VALUES (new.no);
END;

CREATE TRIGGER alert_new_summary AFTER INSERT ON summaries
WHEN EXISTS (SELECT 1 FROM listings WHERE paper_no = new.paper_no)
BEGIN
    INSERT INTO alert_pending (paper_no) VALUES (new.paper_no);
END;

CREATE TRIGGER alert_changed_summary AFTER UPDATE ON summaries
WHEN (new.tldr IS NOT old.tldr OR new.objective IS NOT old.objective
      OR new.method IS NOT old.method OR new.results IS NOT old.results
      OR new.implications IS NOT old.implications)
    AND EXISTS (SELECT 1 FROM listings WHERE paper_no = new.paper_no)
BEGIN
    INSERT INTO alert_pending (paper_no) VALUES (new.paper_no);
END;

-- Orders that a person looks at before they are saved.
CREATE TABLE alert_drafts (
    id         TEXT PRIMARY KEY,
    person_id  INTEGER NOT NULL,
    wanted     TEXT NOT NULL,               -- JSON
    made_at    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX alert_drafts_of_a_person ON alert_drafts (person_id);
CREATE INDEX alert_drafts_by_age ON alert_drafts (made_at);

-- What is remembered of a person: the time zone that they last named.
CREATE TABLE people (
    person_id  INTEGER PRIMARY KEY,
    zone       TEXT NOT NULL
) STRICT;

-- Servers that the bot has left, whose rows go after thirty days.
CREATE TABLE departures (
    guild_id  INTEGER PRIMARY KEY,
    left_at   TEXT NOT NULL
) STRICT;

-- The ledger takes messages of alerts. A table's check cannot be changed, so it is made anew.
CREATE TABLE ledger (
    key             TEXT PRIMARY KEY,
    kind            TEXT NOT NULL CHECK (kind IN ('part', 'line', 'notice', 'batch')),
    edition_id      TEXT NOT NULL,
    number          INTEGER NOT NULL,
    edits           TEXT,
    channel_id      INTEGER NOT NULL,
    person_id       INTEGER,
    content         TEXT NOT NULL,          -- JSON: the message, fixed with the plan
    late            TEXT NOT NULL DEFAULT '[]',
    state           TEXT NOT NULL
                    CHECK (state IN ('planned', 'claimed', 'sent', 'refused', 'unknown')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    planned_at      TEXT NOT NULL,
    claimed_at      TEXT,
    doubtful_since  TEXT,
    settled_at      TEXT,
    not_before      TEXT,
    message_id      INTEGER,
    code            INTEGER,
    error           TEXT
) STRICT, WITHOUT ROWID;

INSERT INTO ledger SELECT * FROM deliveries;

DROP TABLE deliveries;
ALTER TABLE ledger RENAME TO deliveries;

CREATE INDEX deliveries_waiting ON deliveries (edition_id, number) WHERE state <> 'sent';
-- Editions come before alerts, of which there may be very many at once.
CREATE INDEX deliveries_queue ON deliveries ((kind = 'batch'), planned_at, key)
WHERE state <> 'sent';
CREATE INDEX deliveries_claimed ON deliveries (claimed_at) WHERE state = 'claimed';
CREATE INDEX deliveries_settled ON deliveries (settled_at) WHERE state = 'sent';
CREATE INDEX deliveries_of_an_edition ON deliveries (edition_id, number);
CREATE INDEX deliveries_of_a_channel ON deliveries (channel_id, planned_at);
CREATE INDEX deliveries_of_a_person ON deliveries (person_id) WHERE person_id IS NOT NULL;
