from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.alignment import align, parts_of
from bot.search.definitions import (
    LONGEST_FORM,
    Definition,
    definitions,
    normal_form,
    singular,
    squeezed,
)

DEFINED = [
    (
        "Reinforcement Learning from Human Feedback (RLHF)",
        "RLHF",
        "reinforcement learning from human feedback",
    ),
    ("the retrieval-augmented generation (RAG) system", "RAG", "retrieval augmented generation"),
    ("Mixture-of-Experts (MoE) layers", "MoE", "mixture of experts"),
    ("with Proximal Policy Optimization (PPO)", "PPO", "proximal policy optimization"),
    ("A use of 3D Gaussian Splatting (3DGS)", "3DGS", "3d gaussian splatting"),
    ("3D Gaussian splatting (3D-GS)", "3D-GS", "3d gaussian splatting"),
    ("many Vision-Language Models (VLMs) see", "VLM", "vision language model"),
    ("large language model (LLM) agents", "LLM", "large language model"),
    ("large language models~(LLMs)", "LLM", "large language model"),
    ("a large language model's (LLM's)", None, None),
    ("a large language model's (LLM) answers", "LLM", "large language model"),
    ("Rotary Position Embedding (RoPE)", "RoPE", "rotary position embedding"),
    ("Low-Rank Adaptation (LoRA)", "LoRA", "low rank adaptation"),
    ("a variational autoencoder (VAE)", "VAE", "variational autoencoder"),
    ("text-to-image (T2I) models", "T2I", "text to image"),
    ("self-supervised speech models (S3Ms)", "S3M", "self supervised speech model"),
    ("explainable AI (XAI)", "XAI", "explainable ai"),
    ("state-of-the-art (SOTA)", "SOTA", "state of the art"),
    ("lower perplexity (PPL)", "PPL", "perplexity"),
    ("Maximum Likelihood Estimation (MLE)", "MLE", "maximum likelihood estimation"),
    ("vision-language-action models (VLAs)", "VLA", "vision language action"),
    ("video virtual try-on (VVT)", "VVT", "video virtual try on"),
    ("Generative Flow Networks (GFlowNets)", "GFlowNet", "generative flow network"),
    ("Coordinate Hash Maps (CHaS)", "CHaS", None),
    (
        "Reinforcement learning (RL) with verifiable rewards (RLVR)",
        "RLVR",
        "reinforcement learning with verifiable reward",
    ),
    ("See, Point, Fly (SPF)", "SPF", "see point fly"),
    (
        "hallucINation DEtection in texts, or Detecting hallucINations (DIN)",
        "DIN",
        "detecting hallucination",
    ),
    ("Bring “Chain of Thought” (CoT)", "CoT", "chain of thought"),
    ("Pontryagin’s Maximum Principle (PMP)", "PMP", "pontryagin's maximum principle"),
    (
        "the \\textbf{R}einforcement \\textbf{L}earning (\\textbf{RL}) loop",
        "RL",
        "reinforcement learning",
    ),
    ("we use $k$-Nearest Neighbors ($k$NN)", "kNN", "k nearest neighbor"),
    ("GEAR (Guided End-to-end AutoRegression) does", "GEAR", "guided end to end autoregression"),
    (
        "RLHF (Reinforcement Learning from Human Feedback; Ouyang et al., 2022)",
        "RLHF",
        "reinforcement learning from human feedback",
    ),
    ("TMRoPE(Time-aligned Multimodal RoPE)", "TMRoPE", "time aligned multimodal rope"),
    ("We ask “RAG” (retrieval-augmented generation)", "RAG", "retrieval augmented generation"),
    ("Retrieval-augmented generation (RAG, Lewis et al.)", "RAG", "retrieval augmented generation"),
]


@pytest.mark.parametrize(("text", "short", "long"), DEFINED)
def test_a_definition_is_read(text: str, short: str | None, long: str | None) -> None:
    found = {one.short: one.long for one in definitions(text)}
    if long is None:
        assert short not in found
    else:
        assert found[short or ""] == long


@pytest.mark.parametrize(
    "text",
    [
        "our method (ours) wins",
        "a clear gain (see Fig. 2)",
        "strong models (e.g., GPT-4o and LLaMA)",
        "as shown before (2024)",
        "the best model (GPT-4)",
        "appeared at a conference (ICLR)",
        "three parts: (i) this, (ii) that, and (III) those",
        "we train a small model (7B) on tokens (20K)",
        "text 200K tokens (20K)",
        "we evaluate Mamba (Gu and Dao, 2023)",
        "the agent uses DeepSeek-R1 (671B)",
        "a mean of the models (MoE)",
        "CNN (0.4M parameters; 4.0M total)",
        "(RLHF)",
        "an agent, (RLHF)",
        "RLHF (rlhf)",
        "LLMs (as a student)",
        "This AI (A) I",
        "It is so. Learning (RL)",
        "nothing to align with here (QZJX)",
    ],
)
def test_what_is_in_brackets_and_no_acronym_is_left_alone(text: str) -> None:
    assert definitions(text) == ()


def test_each_definition_is_told_once_in_the_order_of_the_text() -> None:
    text = "Large language models (LLMs), reinforcement learning (RL), large language model (LLM)"
    assert definitions(text) == (
        Definition("LLM", "large language model"),
        Definition("RL", "reinforcement learning"),
    )


def test_first_letters_win_over_letters_inside_words() -> None:
    words = parts_of("we optimize a proximal policy optimization")
    assert align("PPO", words) == (3, 6)
    assert align("PO", words) == (4, 6)


def test_a_single_letter_stands_for_nothing() -> None:
    assert align("R", parts_of("reward")) is None


def test_a_plural_loses_its_ending_and_a_singular_in_s_keeps_it() -> None:
    plurals = {
        "models": "model", "policies": "policy", "processes": "process", "losses": "loss",
        "boxes": "box", "batches": "batch", "ties": "tie", "cameras": "camera",
    }  # fmt: skip
    assert {word: singular(word) for word in plurals} == plurals
    for word in (
        "bias",
        "analysis",
        "physics",
        "corpus",
        "loss",
        "gaussian",
        "is",
        "lens",
        "atlas",
    ):
        assert singular(word) == word


def test_after_of_a_plural_is_part_of_the_name() -> None:
    assert normal_form(["Mixture", "of", "Experts"]) == "mixture of experts"
    assert normal_form(["Large", "Language", "Models"]) == "large language model"
    assert normal_form([]) == ""


@pytest.mark.parametrize(
    "piece",
    ["(", "()", "(A", "A (", "AAAA (a b c d) ", "a-" * 40 + "(AAAA) ", "a " * 20 + "(A" * 9 + ") ",
     "\\text{", "$(", "(" + "a" * 150 + " ", "A-", "4 (4A4) ", "\\", " ", "’s"],
)  # fmt: skip
def test_hostile_text_is_read_in_time(piece: str) -> None:
    # Anything worse than linear would take hours here.
    definitions((piece * (30_000 // len(piece) + 1))[:30_000])


WORDS = st.lists(st.from_regex(r"[a-z]{2,9}", fullmatch=True), min_size=2, max_size=6)


@given(WORDS)
def test_any_words_before_their_initials_are_read_whole_or_not_defined_at_all(
    words: list[str],
) -> None:
    short = "".join(word[0].upper() for word in words)
    for one in definitions(f"{' '.join(words)} ({short})"):
        assert one.short == short
        assert " ".join([*words[:-1], ""]).endswith(" ".join([*one.long.split()[:-1], ""]))


@given(st.text(alphabet="AaBb12 -().,;:$\\{}~’s", max_size=300))
def test_any_text_gives_definitions_in_their_normal_form(text: str) -> None:
    for short, long in definitions(text):
        assert 2 <= len(squeezed(short)) <= 16
        assert long == normal_form(long.split())
        assert 0 < len(long.split()) <= LONGEST_FORM
        assert squeezed(short) != squeezed(long)
