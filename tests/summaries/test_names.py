from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.summaries.names import unknown_names

PAPER = """Reader: Learning to Read. Large language models (LLMs) and a vision transformer read
papers. We train Qwen 2.5 in sizes of 7B and 72B with reinforcement learning from human feedback
on ImageNet-21k, MMLU Pro and C4, a mixture of experts, and compare GPT-4 and 3D Gaussian
splatting."""


@pytest.mark.parametrize(
    "told",
    [
        "It reads. Recently, Chinese and French papers were read by Alice.",
        "LLMs and an LLM-based agent with a ViT and an MoE",
        "RLHF is used",
        "Qwen2.5-7B, Qwen2.5-72B and qwen-2.5",
        "ImageNet21K, Imagenet-21k and MMLU-Pro-style questions on C4",
        "GPT4, GPT-4s and GPT 4",
        "3DGS in 3D with 4x 80GB at 2K, 512x512, 1.5B and 10Ks",
        "F1, ROUGE, FID and FLOPs on an H100 at GitHub",
        "A Language-based World Model (LWM) and State Space Duality (SSD)",
        "Level-3 and Stage-2",
        "in files/MyData, by me@MyHost, at https://x.org/MyModel",
        "X" * 70 + "Y1",
    ],
)
def test_what_the_paper_has_or_the_whole_field_says_is_not_reported(told: str) -> None:
    assert unknown_names(told, PAPER) == ()


@pytest.mark.parametrize(
    ("told", "unknown"),
    [
        ("It beats GPT-4o and GPT-5 on GSM8K.", ("GPT-4o", "GPT-5", "GSM8K")),
        ("Non-COCO images, COCO-based ones and COCOs", ("COCO",)),
        ("Llama-3.1-8B (a base)", ("Llama-3.1-8B",)),
        ("Qwen2.5-14B and Qwen2.5-VL-7B", ("Qwen2.5-14B", "Qwen2.5-VL-7B")),
        ("ImageNet-1k", ("ImageNet-1k",)),
        ("on LiveCodeBench, LiveCodeBench again and T5.", ("LiveCodeBench", "T5")),
    ],
)
def test_names_that_the_paper_lacks_are_reported_once_as_written(
    told: str, unknown: tuple[str, ...]
) -> None:
    assert unknown_names(told.replace("Non-", "non-"), PAPER) == unknown


@given(st.text() | st.from_regex(r"(?:[A-Z][a-z]{0,3}[A-Z0-9.+-]{0,4} ?){0,8}", fullmatch=True))
def test_a_text_has_all_its_own_names(text: str) -> None:
    assert unknown_names(text, text) == ()


@pytest.mark.parametrize(
    "piece", ["a-", "A1", "A.1", "aB-cd", "Aa ", "A1 ", "-aa", "A1-", "B1 to ", "AAAB "]
)
def test_a_hostile_paper_comes_to_an_end(piece: str) -> None:
    text = piece * (100_000 // len(piece)) + "/"
    assert unknown_names("COCO, AAAAAAAC and " + text[-2_000:], text) is not None
