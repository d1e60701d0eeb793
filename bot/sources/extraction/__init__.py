"""A document's text, read in a process of its own: the document is anybody's.

`process` starts the process and stops it; `__main__` is what runs in it. There `webpage` and
`pdf` say what is on a page, `sight` what a reader sees of it, `layout` and `characters` put the
words in order. Only those four may import the libraries of the extra ``llm``.
"""
