"""The query language as people use it, the mistakes that they make in it, and abuse."""

from __future__ import annotations

from tests.recorded.asked.shape import Demand, Kind, ask

FORMS = (
    ask("quant*", Kind.GRAMMAR, Demand(among=("2509.22611", "2510.11696", "2406.14347"))),
    ask(
        "diffusion -video",
        Kind.GRAMMAR,
        Demand(among=("2604.20796", "2408.14837"), never=("2605.13724", "2608.03974")),
    ),
    ask("diffusion NOT video", Kind.GRAMMAR, Demand(same_as="diffusion -video")),
    ask("rlhf OR dpo", Kind.GRAMMAR, Demand(among=("2509.08826", "2503.16921"), at_least=300)),
    ask("rlhf | dpo", Kind.GRAMMAR, Demand(same_as="rlhf OR dpo")),
    ask("dpo OR rlhf", Kind.GRAMMAR, Demand(same_as="rlhf OR dpo")),
    ask(
        "(jailbreak OR prompt-injection) agent",
        Kind.GRAMMAR,
        Demand(among=("2410.05295", "2509.22830"), says=("jailbreak", "injection")),
    ),
    ask(
        "agent (jailbreak | prompt-injection)",
        Kind.GRAMMAR,
        Demand(same_as="(jailbreak OR prompt-injection) agent"),
    ),
    ask(
        "title:muon",
        Kind.GRAMMAR,
        Demand(
            among=("2607.16169", "2606.04662", "2605.19282", "2602.17080", "2605.10468"),
            at_most=8,
            never=("2608.11612",),
        ),
    ),
    ask("TITLE:Muon", Kind.GRAMMAR, Demand(same_as="title:muon")),
    ask("cat:cs.RO", Kind.GRAMMAR, Demand(at_least=136)),
    ask("cat:cs.ro", Kind.GRAMMAR, Demand(same_as="cat:cs.RO")),
    ask("cat:cs.RO diffusion", Kind.GRAMMAR, Demand(at_least=10, at_most=136)),
    ask("keyword:grpo", Kind.GRAMMAR, Demand(at_least=130, says=("grpo", "group relative"))),
    ask(
        'title:"world model" author:"Saining Xie"',
        Kind.GRAMMAR,
        Demand(first=("2602.22208",), at_most=1),
    ),
    ask("video AND diffusion", Kind.GRAMMAR, Demand(at_least=300, says=("video",))),
    ask(
        '"diffusion models are real-time game engines"',
        Kind.GRAMMAR,
        Demand(first=("2408.14837",), at_most=1),
    ),
    ask('"game diffusion engines"', Kind.GRAMMAR, Demand(nothing=True)),
    ask("video-difusion", Kind.MISSPELT, Demand(nothing=True, near=("video diffusion",))),
)

MISTAKES = (
    ask("video OR", Kind.MISTAKE, Demand(mistake_at=(6, 7, 8))),
    ask("OR video", Kind.MISTAKE, Demand(mistake_at=(0,))),
    ask("(video diffusion", Kind.MISTAKE, Demand(mistake_at=(0, 16))),
    ask("video diffusion)", Kind.MISTAKE, Demand(mistake_at=(15,))),
    ask("()", Kind.MISTAKE, Demand(mistake_at=(0, 1))),
    ask("video ()", Kind.MISTAKE, Demand(mistake_at=(6, 7))),
    ask("author:", Kind.MISTAKE, Demand(mistake_at=(0, 7))),
    ask('""', Kind.MISTAKE, Demand(mistake_at=(0, 1, 2))),
    ask("-video", Kind.MISTAKE, Demand(mistake_at=(0, 1, 6))),
    ask("NOT video", Kind.MISTAKE, Demand(mistake_at=(0, 3, 4, 9))),
    ask("rlhf NOT", Kind.MISTAKE, Demand(mistake_at=(5, 7, 8))),
    ask("*", Kind.MISTAKE, Demand(mistake_at=(0,))),
    ask("OR OR OR", Kind.MISTAKE, Demand(mistake_at=(0,))),
    # An open quote may be forgiven, or be told; which of the two is not a reader's to demand.
    ask('"video diffusion', Kind.MISTAKE),
    ask('video diffusion"', Kind.MISTAKE),
    ask('author:"Saining Xie', Kind.MISTAKE),
)

HOSTILE = (
    ask("'; DROP TABLE papers; --", Kind.HOSTILE),
    ask('" OR 1=1 --', Kind.HOSTILE),
    ask("1' UNION SELECT token FROM settings --", Kind.HOSTILE),
    ask('diffusion" NEAR "video', Kind.HOSTILE),
    ask("NEAR(video diffusion, 2)", Kind.HOSTILE),
    ask("{title abstract}: video", Kind.HOSTILE),
    ask("^video + diffusion", Kind.HOSTILE),
    ask("papers MATCH 'video' ORDER BY rank", Kind.HOSTILE),
    ask("rowid:1", Kind.HOSTILE),
    ask("%", Kind.HOSTILE),
    ask("a\x00b", Kind.HOSTILE),
    ask("\\", Kind.HOSTILE),
    ask("@everyone <@123456789012345678> [here](https://example.org)", Kind.HOSTILE),
    ask("(" * 300, Kind.HOSTILE, Demand(mistake_at=tuple(range(301)))),
    ask("-" * 300, Kind.HOSTILE),
    ask('"' * 299, Kind.HOSTILE),
    ask("a* " * 100, Kind.HOSTILE),
    ask("a OR " * 59 + "a", Kind.HOSTILE),
    ask("(a|" * 75 + ")" * 75, Kind.HOSTILE),
    ask("x" * 301, Kind.HOSTILE, Demand(mistake_at=(0, 300, 301))),
)

GRAMMAR = (*FORMS, *MISTAKES, *HOSTILE)
