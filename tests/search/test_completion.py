from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.queries import Field
from bot.search.completion import LONGEST_CHOICE, Completion, completed, completion
from bot.search.topics import Kind, Topic, folded


@pytest.mark.parametrize(
    ("typed", "before", "field", "text"),
    [
        ("", "", None, ""),
        ("vid", "", None, "vid"),
        (" vid", " ", None, "vid"),
        ("video diff", "", None, "video diff"),
        ("video ", "", None, "video "),
        ("text-to-vid", "", None, "text-to-vid"),
        ("diffusion -vid", "diffusion -", None, "vid"),
        ("-vid", "-", None, "vid"),
        ("+vid", "+", None, "vid"),
        ("diffusion NOT vid", "diffusion NOT ", None, "vid"),
        ("robots OR vid", "robots OR ", None, "vid"),
        ("robots or vid", "", None, "robots or vid"),
        ("robots | vid", "robots | ", None, "vid"),
        ("(robots) vid", "(robots) ", None, "vid"),
        ("robots (vid", "robots (", None, "vid"),
        ('author:"sai', "author:", Field.AUTHOR, "sai"),
        ('author: "sai', "author: ", Field.AUTHOR, "sai"),
        ("author:sai", "author:", Field.AUTHOR, "sai"),
        ("authors:sai", "authors:", Field.AUTHOR, "sai"),
        ("AUTHOR:saining x", "AUTHOR:", Field.AUTHOR, "saining x"),
        ("author:", "author:", Field.AUTHOR, ""),
        ("video -author:sai", "video -author:", Field.AUTHOR, "sai"),
        ("robots cat:cs.C", "robots cat:", Field.CATEGORY, "cs.C"),
        ("category:cs.C", "category:", Field.CATEGORY, "cs.C"),
        ("org:Google title:vid", "org:Google title:", Field.TITLE, "vid"),
        ("author:a OR b", "author:a OR ", None, "b"),
        ("foo:vid", "", None, "foo:vid"),
        ("12:30", "", None, "12:30"),
        ('"video diff', "", None, "video diff"),
        ("\u201cvideo diff", "", None, "video diff"),
        ('"video diffusion" rob', '"video diffusion" ', None, "rob"),
        ('author:"Saining Xie" rob', 'author:"Saining Xie" ', None, "rob"),
        ('author:Xie "rob', "author:Xie ", None, "rob"),
        ("author\uff1asai", "author:", Field.AUTHOR, "sai"),
        ('12"x', "", None, '12"x'),
    ],
)
def test_the_words_since_the_last_sign_are_being_typed(
    typed: str, before: str, field: Field | None, text: str
) -> None:
    found = completion(typed)
    assert (found.before, found.field, found.text) == (before, field, text)


def test_a_shorter_completion_keeps_the_first_word() -> None:
    typing = completion("author:xie fast  diffu")
    second = typing.shorter
    assert second == Completion(before="author:xie ", text="fast  diffu")
    third = second.shorter
    assert third == Completion(before="author:xie fast  ", text="diffu")
    assert third.shorter is None
    assert completion("video ").shorter is None
    assert completion('"fast diffu').shorter is None


def made(typed: str, kind: Kind, text: str) -> str | None:
    return completed(completion(typed), Topic(kind, folded(text), text))


@pytest.mark.parametrize(
    ("typed", "kind", "text", "query"),
    [
        ('author:"sai', Kind.AUTHOR, "Saining Xie", 'author:"Saining Xie"'),
        ("author:sai", Kind.AUTHOR, "Saining Xie", 'author:"Saining Xie"'),
        ("sai", Kind.AUTHOR, "Saining Xie", 'author:"Saining Xie"'),
        ("diffusion -vid", Kind.KEYWORD, "video generation", 'diffusion -"video generation"'),
        ("text-to", Kind.KEYWORD, "text-to-image", "text-to-image"),
        ("moe", Kind.ACRONYM, "MoE", "MoE"),
        ("c", Kind.KEYWORD, "C++", "C++"),
        ("keyword:rob", Kind.KEYWORD, "robots", "keyword:robots"),
        ("title:rob", Kind.ACRONYM, "ROB", "title:ROB"),
        ("cat:cs", Kind.CATEGORY, "cs.CV", "cat:cs.CV"),
        ("cs", Kind.CATEGORY, "cs.CV", "cat:cs.CV"),
        ("org:all", Kind.ORGANIZATION, "Allen Institute", 'org:"Allen Institute"'),
        ("x", Kind.KEYWORD, 'so-called "agents"', '"so-called agents"'),
        ("x", Kind.KEYWORD, "A* search", '"A search"'),
        ("x", Kind.KEYWORD, "OR", '"OR"'),
        ("x", Kind.KEYWORD, "a:b", '"a:b"'),
        ("x", Kind.KEYWORD, "-like", '"-like"'),
        ("x", Kind.KEYWORD, "Inc.", '"Inc."'),
        ("author:sai", Kind.KEYWORD, "saint", None),
        ("cat:cs", Kind.AUTHOR, "Cs Person", None),
        ("title:sai", Kind.AUTHOR, "Saining Xie", None),
        ("x" * 60 + " -vid", Kind.KEYWORD, "v" * 50, None),
    ],
)
def test_a_topic_completes_the_query_as_the_language_writes_it(
    typed: str, kind: Kind, text: str, query: str | None
) -> None:
    assert made(typed, kind, text) == query


TYPED = st.text(alphabet='ab -+|()":OR NT*.\u201c\u201d', max_size=40) | st.text(max_size=40)


@given(TYPED)
def test_what_was_typed_is_kept_but_for_the_quote_that_was_opened(typed: str) -> None:
    found = completion(typed)
    assert unicodedata.normalize("NFKC", typed).startswith(found.before)
    rest = unicodedata.normalize("NFKC", typed)[len(found.before) :]
    assert rest[found.quoted :] == found.text


@given(TYPED, st.sampled_from(list(Kind)), st.text(min_size=1, max_size=60))
def test_a_completed_query_is_short_enough_and_has_its_quotes_closed(
    typed: str, kind: Kind, text: str
) -> None:
    query = made(typed, kind, text)
    if query is not None:
        assert len(query) <= LONGEST_CHOICE
        assert not completion(query).quoted
