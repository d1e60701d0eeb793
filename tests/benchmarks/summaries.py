"""Extractive summaries: what share of abstracts fills each part, and how near to published ones.

Needs the recorded data. The rules were fitted on half of the published summaries, told apart by a
hash of the paper's id; what is printed here is of the other half.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.archives import one_line, plain_text
from bot.domain.summaries import PARTS
from bot.sources.archive import parse_archive
from bot.summaries.grounding import numbers
from bot.summaries.housekeeping import fit_sentences
from bot.summaries.imported import split_imported
from bot.summaries.parts import best_sentence, sentences_by_part
from tests.benchmarks import NOW, grid
from tests.benchmarks.rouge import ROUGE, rouge, textrank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bot.domain.summaries import Summary

    Chosen = Mapping[str, Sequence[str]]

WITHOUT_DATA = (
    "The benchmark of summaries needs the recorded data: PAPERBOY_RECORDED names no folder."
)


@dataclass(frozen=True)
class Pair:
    """A paper whose abstract and published summary are both known."""

    title: str
    abstract: str
    published: Summary


async def measure() -> str:
    """Summarise the whole corpus, and compare with what was published of its papers."""
    folder = os.environ.get("PAPERBOY_RECORDED")
    if not folder:
        return WITHOUT_DATA
    recorded = Path(folder)
    corpus = dict(_corpus(recorded))
    pairs = list(_pairs(recorded, dict(_listed(recorded)) | corpus))
    tables = (_filled(list(corpus.values())), _compared(pairs), _right_results(pairs))
    return "\n\n".join(tables)


def by_position(sentences: Sequence[str]) -> Chosen:
    """Give the parts the first, the middle and the last sentence."""
    first, middle, last = sentences[0], sentences[len(sentences) // 2], sentences[-1]
    return {
        "tldr": (first,),
        "objective": (first,),
        "method": (middle,),
        "results": (last,),
        "implications": (last,),
    }


def by_textrank(sentences: Sequence[str]) -> Chosen:
    """Give the tldr the most central sentence, the others the next four as the abstract goes."""
    first, *ranked = textrank(sentences)
    four = sorted(ranked[: len(PARTS) - 1]) or [first]
    spread = [four[part * len(four) // (len(PARTS) - 1)] for part in range(len(PARTS) - 1)]
    return {name: (sentences[place],) for name, place in zip(PARTS, [first, *spread], strict=True)}


def _corpus(recorded: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    with gzip.open(recorded / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            yield record["arxiv_id"], (one_line(record["title"]), one_line(record["abstract"]))


def _listed(recorded: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    for path in sorted((recorded / "hf" / "daily_papers").glob("*.json")):
        for record in json.loads(path.read_text(encoding="utf-8")):
            paper = record["paper"]
            yield paper["id"], (one_line(paper["title"]), one_line(paper["summary"]))


def _pairs(recorded: Path, known: Mapping[str, tuple[str, str]]) -> Iterator[Pair]:
    """Yield the test half: papers of the archives whose abstract has a sentence to choose."""
    done: set[str] = set()
    for path in sorted((recorded / "archive").rglob("*.md")):
        for row in parse_archive(path.read_text(encoding="utf-8"), path.name).rows:
            paper_id = row.paper_id or ""
            if paper_id in done or paper_id not in known or _of_development(paper_id):
                continue
            done.add(paper_id)
            title, abstract = known[paper_id]
            if fit_sentences(abstract):
                yield Pair(title, abstract, split_imported(plain_text(row.summary), NOW))


def _of_development(paper_id: str) -> bool:
    return hashlib.sha256(paper_id.encode()).digest()[0] % 2 == 0


def _filled(papers: Sequence[tuple[str, str]]) -> str:
    found, seconds = [], []
    for title, abstract in papers:
        started = time.perf_counter()
        found.append(sentences_by_part(title, abstract))
        seconds.append(time.perf_counter() - started)
    verbatim = [
        all(one in abstract for told in parts.values() for one in told)
        for (_, abstract), parts in zip(papers, found, strict=True)
    ]
    repeated = [
        any(parts[name] == parts["tldr"] for name in PARTS[1:] if parts[name]) for parts in found
    ]
    rows = [
        ("what", "value"),
        *((f"{name} filled", _share([bool(parts[name]) for parts in found])) for name in PARTS),
        ("every sentence verbatim", _share(verbatim)),
        ("the tldr stands under another part too", _share(repeated)),
        ("time an abstract, median", f"{statistics.median(seconds) * 1000:.2f} ms"),
        (
            "time an abstract, 99 % within",
            f"{statistics.quantiles(seconds, n=100)[-1] * 1000:.2f} ms",
        ),
    ]
    return f"{len(papers):,} abstracts\n\n{grid(rows)}"


def _compared(pairs: Sequence[Pair]) -> str:
    systems = [[_ours(pair), *_baselines(pair)] for pair in pairs]
    rows: list[tuple[str, ...]] = [
        ("part", "measure", "papers", *("ours", "position", "TextRank") * 2)
    ]
    for name in PARTS:
        scored, told = [], []
        for pair, three in zip(pairs, systems, strict=True):
            published = getattr(pair.published, name)
            if not published:
                continue
            scored.append([rouge(" ".join(system[name]), published) for system in three])
            if three[0][name]:
                told.append(scored[-1])
        for number, measure in enumerate(ROUGE):
            cells = (*_means(told, number), *_means(scored, number))
            rows.append((name, measure, f"{len(told)} of {len(scored)}", *cells))
    return (
        f"F1 with the published summaries of {len(pairs)} papers that the rules were not fitted "
        "on\nfirst three: where ours has the part; last three: every paper, a missing part is 0\n"
        "all choose among the same sentences; position: first for tldr and objective, middle for\n"
        "method, last for results and implications; TextRank: the most central for tldr, the next\n"
        f"four in the abstract's order for the others\n\n{grid(rows)}"
    )


def _right_results(pairs: Sequence[Pair]) -> str:
    asked = [pair for pair in pairs if pair.published.results]
    rows = [("chosen by", "nearest", "nearest, or with most of the figures")]
    choosers: dict[str, Callable[[Pair], Sequence[str]]] = {
        "ours, at most two sentences": lambda pair: _ours(pair)["results"],
        "ours, the best one": lambda pair: (
            best_sentence("results", pair.title, pair.abstract) or "",
        ),
        "position (the last)": lambda pair: _baselines(pair)[0]["results"],
        "TextRank": lambda pair: _baselines(pair)[1]["results"],
    }
    for chooser, choose in choosers.items():
        chosen = [set(choose(pair)) for pair in asked]
        right = [_right(pair) for pair in asked]
        either = [not told.isdisjoint(ones) for told, ones in zip(chosen, right, strict=True)]
        nearest = [ones[0] in told for told, ones in zip(chosen, right, strict=True)]
        rows.append((chooser, _share(nearest), _share(either)))
    return (
        f"Share of {len(asked)} papers whose right results sentence is chosen: the abstract's\n"
        "sentence nearest to the published results by ROUGE-1, or one with most of their figures\n"
        f"\n{grid(rows)}"
    )


def _right(pair: Pair) -> list[str]:
    """Return the sentence nearest to the published results, then those with most figures."""
    published = pair.published.results or ""
    sentences = fit_sentences(pair.abstract)
    figures = numbers(published)
    shared = [len(figures & numbers(sentence)) for sentence in sentences]
    most = max(shared)
    nearest = max(sentences, key=lambda sentence: rouge(sentence, published)[0])
    return [nearest, *(one for one, n in zip(sentences, shared, strict=True) if n == most > 0)]


def _ours(pair: Pair) -> Chosen:
    return sentences_by_part(pair.title, pair.abstract)


def _baselines(pair: Pair) -> tuple[Chosen, Chosen]:
    sentences = fit_sentences(pair.abstract)
    return by_position(sentences), by_textrank(sentences)


def _means(scored: Sequence[Sequence[tuple[float, ...]]], number: int) -> Iterator[str]:
    """Yield each system's mean of one measure over the papers."""
    for one in zip(*scored, strict=True):
        yield f"{statistics.fmean(figures[number] for figures in one):.4f}"


def _share(statements: Sequence[bool]) -> str:
    return f"{statistics.fmean(statements):.1%}"
