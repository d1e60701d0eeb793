-- A ledger that can say "nobody can know", that holds edits, lines and notices beside the parts of
-- editions, and what it takes to explain a silence and to look again at what did not match.

-- kind: a part of an edition, the quiet line that stands in for one, or a notice to a person.
-- edits: the key of the message that this row edits; NULL where it is a message of its own.
-- late: what an edit brings, given back to the next edition where the edit cannot be made.
-- doubtful_since: an earlier claim whose message may be there although nobody said so.
CREATE TABLE ledger (
    key             TEXT PRIMARY KEY,
    kind            TEXT NOT NULL CHECK (kind IN ('part', 'line', 'notice')),
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

INSERT INTO ledger (key, kind, edition_id, number, channel_id, content, state, attempts,
                    planned_at, claimed_at, doubtful_since, settled_at, not_before, message_id,
                    code, error)
SELECT key, 'part', edition_id, number, channel_id, part, state, attempts, planned_at, claimed_at,
       NULL, settled_at, not_before, message_id, code, error
FROM deliveries;

DROP TABLE deliveries;
ALTER TABLE ledger RENAME TO deliveries;

CREATE INDEX deliveries_waiting ON deliveries (edition_id, number) WHERE state <> 'sent';
-- The queue in its order: ten thousand waiting messages are not sorted for each thirty sent.
CREATE INDEX deliveries_queue ON deliveries (planned_at, key) WHERE state <> 'sent';
CREATE INDEX deliveries_claimed ON deliveries (claimed_at) WHERE state = 'claimed';
CREATE INDEX deliveries_settled ON deliveries (settled_at) WHERE state = 'sent';
CREATE INDEX deliveries_of_an_edition ON deliveries (edition_id, number);
CREATE INDEX deliveries_of_a_channel ON deliveries (channel_id, planned_at);

-- An edition takes late papers until it is frozen: one of its messages could not be edited.
-- decided_before: when its channel's papers were decided before it, for one that is taken back.
ALTER TABLE editions ADD COLUMN frozen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE editions ADD COLUMN decided_before TEXT;

UPDATE editions SET decided_before = made_at;

-- decided_at: when the channel's papers were last decided; edition_id: its last edition;
-- quiet_id: the edition for which a quiet line stands in the channel.
ALTER TABLE schedules ADD COLUMN decided_at TEXT;
ALTER TABLE schedules ADD COLUMN edition_id TEXT;
ALTER TABLE schedules ADD COLUMN quiet_id TEXT;

UPDATE schedules SET decided_at = last_run, edition_id = (
    SELECT id FROM editions AS e WHERE e.channel_id = schedules.channel_id
    ORDER BY made_at DESC LIMIT 1);

CREATE INDEX schedules_quiet ON schedules (channel_id) WHERE quiet_id IS NOT NULL;

-- What a channel asked for until it asked for something else: a closed day's papers that did not
-- match when it closed stay so, whatever is asked for afterwards.
CREATE TABLE filters (
    channel_id   INTEGER NOT NULL,
    until        TEXT NOT NULL,
    min_upvotes  INTEGER NOT NULL,
    PRIMARY KEY (channel_id, until)
) STRICT, WITHOUT ROWID;
