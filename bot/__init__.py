"""Paperboy: the day's AI papers, delivered to Discord.

The path of a paper, and the rooms that it goes through:

    sources.huggingface / sources.arxiv / sources.archive          Paper
      └─ services.collect     merges records                 → storage.papers
           ├─ services.summarize   summaries.*               → storage.summaries
           └─ services.editions    what a channel gets now     Edition
                └─ services.delivery    plan → claim → publish → settle
                     └─ ui.publisher → ui.digest             → Discord
    /paper, /digest → cogs → one service → ui → reply
    the clock → jobs → services.daily

Imports go one way only: __main__ → cli → demo → running → app | watch → cogs → client | jobs →
ui → services → sources | storage | summaries → domain → settings | log | metrics → errors | zones.
"""
