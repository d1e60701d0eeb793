-- The stems of each indexed paper's title: a pasted title is looked up whole, and what stands in the
-- titles of those found is read without the rest of them.
CREATE TABLE search_titles (
    paper_no  INTEGER PRIMARY KEY,
    stems     TEXT NOT NULL
) STRICT;

-- From the table in which the index keeps its text, which a damaged index does not need to be read:
-- https://www.sqlite.org/fts5.html#fts5_data_structures.
INSERT INTO search_titles (paper_no, stems) SELECT id, c0 FROM search_index_content;

CREATE INDEX search_titles_by_stems ON search_titles (stems);
