"""Paperboy: the day's AI papers, delivered to Discord.

The path of a paper, and the rooms that it goes through:

    sources.huggingface / sources.arxiv / sources.archive          Paper
      └─ services.collect     merges records                 → storage.papers
           ├─ services.summarize   summaries.extractive      → storage.summaries, at once
           ├─ services.writing     sources.fulltext → summaries.fallback: llm → checking
           │                                                 → storage.summaries
           ├─ services.drafts → editions   what a channel gets now     Edition ─┐
           ├─ services.late        what comes late, as an edit         Revision ┤
           ├─ services.rewording   what a model said better, as one    Revision ┤
           └─ services.alert_rounds   standing: whom a new paper concerns  Batch ┤
                services.delivery    plan → claim → publish → settle  ◄─────────┘
                services.settling    what has no answer is looked for
                     └─ ui.publisher → ui.digest             → Discord
    /papers topic → cogs.search → services.search → answers → retrieval
        search.parsing → expansion → expression, ranking     ◄─ storage.search_reading
        storage.search_index follows the papers, in the transaction that changes them
    /paper, /digest → cogs → one service → ui → reply
    the clock → jobs → services.daily

Imports go one way only: __main__ → cli → demo → running → app | watch → network → cogs →
client | jobs → ui → services → search | sources | storage | summaries → domain →
settings | log | metrics → errors | zones.
"""
