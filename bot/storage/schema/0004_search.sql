-- The search index: every paper's stems, what it is about, and what is known of words and topics.

-- The row's number is the paper's. Stems are written with a space between: "ascii" parts words at
-- spaces and takes every other character of ours for a letter.
-- https://www.sqlite.org/fts5.html#ascii_tokenizer
CREATE VIRTUAL TABLE search_index USING fts5 (
    title, abstract, summary, keywords, organization, authors, categories, tokenize = 'ascii');

-- Beside the index: what results are sorted and narrowed by, and what the paper is about.
CREATE TABLE search_papers (
    paper_no  INTEGER PRIMARY KEY REFERENCES papers (no),
    day       TEXT,                         -- the last list that it stood on, else published, else stored
    upvotes   INTEGER NOT NULL,
    stems     TEXT NOT NULL,                -- the most telling ones, with spaces between
    weights   BLOB NOT NULL,                -- a byte for each of them
    topics    TEXT NOT NULL,                -- JSON: what of it is counted in search_topics, …
    forms     TEXT NOT NULL,                -- JSON: … and in search_acronyms
    version   INTEGER NOT NULL,             -- of the rules by which it was read
    total     INTEGER NOT NULL              -- how many papers there were when it was weighed
) STRICT;

CREATE INDEX search_papers_by_total ON search_papers (total);

-- In how many papers a stem stands: in their texts, and in their authors' names. The empty stem
-- stands in every paper. word: one that has the stem; family: what it shares with the words made
-- from it.
CREATE TABLE search_words (
    stem    TEXT PRIMARY KEY,
    word    TEXT NOT NULL,
    family  TEXT NOT NULL,
    papers  INTEGER NOT NULL DEFAULT 0,
    names   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX search_words_of_a_family ON search_words (family);

-- What is suggested while a topic is typed.
CREATE TABLE search_topics (
    kind    TEXT NOT NULL,
    form    TEXT NOT NULL,                  -- in normal form, by which it is looked up
    shown   TEXT NOT NULL,
    papers  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, form)
) STRICT, WITHOUT ROWID;

-- A topic of two papers or more, under each of its words: where typing may begin.
CREATE TABLE search_beginnings (
    kind       TEXT NOT NULL,
    beginning  TEXT NOT NULL,
    form       TEXT NOT NULL,
    PRIMARY KEY (kind, beginning, form)
) STRICT, WITHOUT ROWID;

CREATE INDEX search_topics_by_papers ON search_topics (kind, papers DESC, form);

-- Short forms, and the long forms that papers define for them.
CREATE TABLE search_acronyms (
    short   TEXT NOT NULL,
    long    TEXT NOT NULL,
    papers  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (short, long)
) STRICT, WITHOUT ROWID;

-- What was asked for, under the short id that its buttons carry.
CREATE TABLE searches (
    id        TEXT PRIMARY KEY,
    asked     TEXT NOT NULL,                -- JSON
    asked_at  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX searches_by_age ON searches (asked_at);

-- Papers whose entry is missing or no longer true. Those that are new to it are indexed by the
-- transaction that changed them; the others, of a whole new index, a few at a time.
CREATE TABLE search_pending (
    paper_no  INTEGER PRIMARY KEY,
    fresh     INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE INDEX search_pending_fresh ON search_pending (paper_no) WHERE fresh;

INSERT INTO search_pending (paper_no, fresh) SELECT no, 0 FROM papers;

-- First deleted, then inserted: in a trigger, OR REPLACE gives way to the upsert that fires it.
-- https://www.sqlite.org/lang_createtrigger.html
CREATE TRIGGER search_new_paper AFTER INSERT ON papers BEGIN
    DELETE FROM search_pending WHERE paper_no = new.no;
    INSERT INTO search_pending (paper_no) VALUES (new.no);
END;

CREATE TRIGGER search_changed_paper AFTER UPDATE ON papers
WHEN new.title IS NOT old.title OR new.abstract IS NOT old.abstract
    OR new.authors IS NOT old.authors OR new.ai_keywords IS NOT old.ai_keywords
    OR new.categories IS NOT old.categories OR new.organization IS NOT old.organization
BEGIN
    DELETE FROM search_pending WHERE paper_no = new.no;
    INSERT INTO search_pending (paper_no) VALUES (new.no);
END;

CREATE TRIGGER search_upvotes AFTER UPDATE OF upvotes ON papers
WHEN new.upvotes IS NOT old.upvotes
BEGIN
    UPDATE search_papers SET upvotes = coalesce(new.upvotes, 0) WHERE paper_no = new.no;
END;

CREATE TRIGGER search_new_summary AFTER INSERT ON summaries BEGIN
    DELETE FROM search_pending WHERE paper_no = new.paper_no;
    INSERT INTO search_pending (paper_no) VALUES (new.paper_no);
END;

CREATE TRIGGER search_changed_summary AFTER UPDATE ON summaries
WHEN new.tldr IS NOT old.tldr OR new.objective IS NOT old.objective
    OR new.method IS NOT old.method OR new.results IS NOT old.results
    OR new.implications IS NOT old.implications
BEGIN
    DELETE FROM search_pending WHERE paper_no = new.paper_no;
    INSERT INTO search_pending (paper_no) VALUES (new.paper_no);
END;

CREATE TRIGGER search_listed AFTER INSERT ON listings BEGIN
    UPDATE search_papers
    SET day = (SELECT max(day) FROM listings WHERE paper_no = new.paper_no)
    WHERE paper_no = new.paper_no;
END;

CREATE INDEX archive_rows_of_a_paper ON archive_rows (paper_id, day);

CREATE TRIGGER search_archived AFTER INSERT ON archive_rows
WHEN NOT EXISTS (SELECT 1 FROM listings AS l JOIN papers AS p ON p.no = l.paper_no
                 WHERE p.id = new.paper_id)
BEGIN
    UPDATE search_papers
    SET day = (SELECT max(day) FROM archive_rows WHERE paper_id = new.paper_id)
    WHERE paper_no = (SELECT no FROM papers WHERE id = new.paper_id);
END;

CREATE TRIGGER search_published AFTER UPDATE OF published ON papers
WHEN new.published IS NOT old.published
    AND NOT EXISTS (SELECT 1 FROM listings WHERE paper_no = new.no)
BEGIN
    UPDATE search_papers SET day = coalesce(substr(new.published, 1, 10), day)
    WHERE paper_no = new.no;
END;
