"""Search, as pure functions: text → tree → patterns → what matches, how well, and why.

    parsing     what a person typed → the tree of ``domain.queries``
    analysis    text → words → stems, the same for papers and queries
    expansion   tree → patterns: run together or apart, acronyms both ways
    matching    patterns and a paper → whether, and where
    expression  patterns → a full-text expression of quoted words
    ranking     candidates → the best first
    acronyms, topics    what the papers themselves teach: short and long forms, what is suggested

The tables and statements live in ``storage.search_index``; ``services.search`` joins the two.
"""
