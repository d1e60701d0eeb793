"""Names: models, people, papers by title, by id and by link; and one name written in many ways."""

from __future__ import annotations

from tests.recorded.asked.shape import Demand, Kind, ask

MODELS = (
    ask(
        "GPT-4o",
        Kind.MODEL,
        Demand(among=("2410.21276", "2504.02782", "2502.07870"), says=("gpt 4o", "gpt4o")),
    ),
    ask("gpt4o", Kind.VARIANT, Demand(same_as="GPT-4o")),
    ask('"gpt 4o"', Kind.VARIANT, Demand(same_as="GPT-4o")),
    ask("gpt-4o system card", Kind.MODEL, Demand(first=("2410.21276",))),
    ask(
        "qwen2.5-vl",
        Kind.MODEL,
        Demand(first=("2502.13923",), among=("2505.12081", "2509.24473", "2509.00676")),
    ),
    ask("Qwen2.5VL", Kind.VARIANT, Demand(same_as="qwen2.5-vl")),
    ask("Qwen-2.5-VL", Kind.VARIANT, Demand(same_as="qwen2.5-vl")),
    ask('"qwen 2.5 vl"', Kind.VARIANT, Demand(same_as="qwen2.5-vl")),
    ask(
        "C++",
        Kind.MODEL,
        # C# is another language, and "C" would be most of the corpus.
        Demand(early=("2608.06640",), at_least=12, at_most=30, never=("2401.03003",)),
    ),
    ask("c++", Kind.VARIANT, Demand(same_as="C++")),
    ask("C#", Kind.MODEL, Demand(among=("2401.03003",), at_most=10, never=("2608.06640",))),
    ask("deepseek-r1", Kind.MODEL, Demand(early=("2501.12948",), at_least=150)),
    ask("DeepSeek R1", Kind.MODEL, Demand(early=("2501.12948",), at_least=150)),
    ask("sam-2", Kind.MODEL, Demand(early=("2408.00714", "2408.00874"))),
    ask("SAM2", Kind.VARIANT, Demand(same_as="sam-2")),
    ask("segment anything", Kind.MODEL, Demand(early=("2408.00714", "2511.16719"))),
    ask("llama 3 herd", Kind.MODEL, Demand(first=("2407.21783",))),
    ask("qwen3 technical report", Kind.MODEL, Demand(first=("2505.09388",))),
    ask("gemini 2.5", Kind.MODEL, Demand(early=("2507.06261",))),
    ask("llama.cpp", Kind.MODEL, Demand(among=("2406.06282", "2407.00088"), at_most=10)),
    ask("byte latent transformer", Kind.MODEL, Demand(first=("2412.09871",))),
    ask("1-bit LLMs", Kind.MODEL, Demand(early=("2402.17764", "2411.04965", "2504.18415"))),
    ask("DeepSeek-OCR", Kind.MODEL, Demand(first=("2601.20552",))),
)

VARIANTS = (
    ask(
        "video-diffusion",
        Kind.VARIANT,
        # It speaks of the one and of the other, never of both together.
        Demand(at_least=340, among=("2512.16093", "2604.08546"), never=("2608.03974",)),
    ),
    ask('"video diffusion"', Kind.VARIANT, Demand(same_as="video-diffusion")),
    ask("videodiffusion", Kind.VARIANT, Demand(same_as="video-diffusion")),
    ask("Video-Diffusion", Kind.VARIANT, Demand(same_as="video-diffusion")),
    ask("text-to-3d", Kind.VARIANT, Demand(among=("2512.10949",), at_least=55)),
    ask('"text to 3D"', Kind.VARIANT, Demand(same_as="text-to-3d")),
    ask("kv-cache", Kind.VARIANT, Demand(at_least=190, among=("2401.02669",))),
    ask("kvcache", Kind.VARIANT, Demand(same_as="kv-cache")),
    ask('"KV cache"', Kind.VARIANT, Demand(same_as="kv-cache")),
    ask("super-resolution", Kind.VARIANT, Demand(at_least=60, among=("2401.02411",))),
    ask("superresolution", Kind.VARIANT, Demand(same_as="super-resolution")),
    ask("multi-modal", Kind.VARIANT, Demand(at_least=2200)),
    ask("multimodal", Kind.VARIANT, Demand(same_as="multi-modal")),
    ask("pre-training", Kind.VARIANT, Demand(at_least=950)),
    ask("pretraining", Kind.VARIANT, Demand(same_as="pre-training")),
    ask("fine-tuning", Kind.VARIANT, Demand(at_least=1800)),
    ask("finetuning", Kind.VARIANT, Demand(same_as="fine-tuning")),
    ask("zero-shot", Kind.VARIANT, Demand(at_least=580, among=("2506.00649",))),
    ask("zeroshot", Kind.VARIANT, Demand(same_as="zero-shot")),
)

AUTHORS = (
    ask(
        'author:"Saining Xie"',
        Kind.AUTHOR,
        Demand(at_least=25, at_most=25, among=("2406.16860",), by="Saining Xie"),
    ),
    ask("Saining Xie", Kind.AUTHOR, Demand(at_least=25, among=("2412.14171",), by="Saining Xie")),
    ask("saining xie", Kind.AUTHOR, Demand(same_as="Saining Xie")),
    ask('author:"saining xie"', Kind.AUTHOR, Demand(same_as='author:"Saining Xie"')),
    ask("yann lecun", Kind.AUTHOR, Demand(at_least=9, among=("2503.10622",), by="Yann LeCun")),
    ask("author:lecun", Kind.AUTHOR, Demand(at_least=9, at_most=9, by="Yann LeCun")),
    ask('author:"Kaiming He" diffusion', Kind.AUTHOR, Demand(first=("2401.14404",))),
    ask(
        "tri dao mamba",
        Kind.AUTHOR,
        Demand(early=("2405.21060", "2408.15237"), never=("2411.12372",)),
    ),
    ask("author:Schölkopf", Kind.AUTHOR, Demand(at_least=7, by="Bernhard Schölkopf")),
    ask("author:scholkopf", Kind.AUTHOR, Demand(same_as="author:Schölkopf")),
    ask("Schölkopf", Kind.AUTHOR, Demand(among=("2605.28819", "2606.05165"))),
    ask("author:Nießner", Kind.AUTHOR, Demand(at_least=9, by="Matthias Nießner")),
    # He spells himself both ways.
    ask("björn ommer", Kind.AUTHOR, Demand(among=("2403.13788", "2403.13802"))),
    ask("author:Søgaard", Kind.AUTHOR, Demand(among=("2302.06555", "2509.11986"))),
)

IDS = (
    ask("2501.12948", Kind.ID, Demand(first=("2501.12948",))),
    ask("2501.12948v1", Kind.ID, Demand(first=("2501.12948",))),
    ask("arXiv:2501.12948", Kind.ID, Demand(first=("2501.12948",))),
    ask("https://arxiv.org/abs/2404.19756", Kind.ID, Demand(first=("2404.19756",))),
    ask("https://arxiv.org/pdf/2404.19756v2.pdf", Kind.ID, Demand(first=("2404.19756",))),
    ask("https://huggingface.co/papers/2402.17764", Kind.ID, Demand(first=("2402.17764",))),
    ask("huggingface.co/papers/2402.17764", Kind.ID, Demand(first=("2402.17764",))),
    ask("9912.99999", Kind.ID, Demand(nothing=True)),
)

TITLES = (
    ask(
        "Cambrian-1: A Fully Open, Vision-Centric Exploration of Multimodal LLMs",
        Kind.TITLE,
        Demand(first=("2406.16860",)),
    ),
    ask("s1: Simple test-time scaling", Kind.TITLE, Demand(first=("2501.19393",))),
    ask("Genie: Generative Interactive Environments", Kind.TITLE, Demand(first=("2402.15391",))),
    ask(
        "DeepSeek-R1 Thoughtology: Let's <think> about LLM Reasoning",
        Kind.TITLE,
        Demand(first=("2504.07128",)),
    ),
    ask(
        "Attention Is All You Need for KV Cache in Diffusion LLMs",
        Kind.TITLE,
        Demand(first=("2510.14973",)),
    ),
    # The famous one is older than the corpus: those that have its words all together come first.
    ask(
        "attention is all you need",
        Kind.TITLE,
        Demand(early=("2510.14973", "2501.06425", "2502.07864")),
    ),
    ask(
        '"It\'s not a representation of me": Examining Accent Bias and Digital Exclusion in'
        " Synthetic AI Voice Services",
        Kind.TITLE,
        Demand(first=("2504.09346",)),
    ),
    ask(
        "I Don't Know: Explicit Modeling of Uncertainty with an [IDK] Token",
        Kind.TITLE,
        Demand(first=("2412.06676",)),
    ),
    # Their NOT is the title's own; whoever pastes a title wants that paper.
    ask(
        "Large Language Models Do NOT Really Know What They Don't Know",
        Kind.TITLE,
        Demand(seen=("2510.09033",)),
    ),
    ask(
        "Do NOT Think That Much for 2+3=? On the Overthinking of o1-Like LLMs",
        Kind.TITLE,
        Demand(seen=("2412.21187",)),
    ),
    ask(
        "Open-Sora 2.0: Training a Commercial-Level Video Generation Model in $200k",
        Kind.TITLE,
        Demand(first=("2503.09642",)),
    ),
    ask("who invented deep residual learning?", Kind.TITLE, Demand(first=("2509.24732",))),
    ask(
        "SFT or RL? An Early Investigation into Training R1-Like Reasoning Large Vision-Language"
        " Models",
        Kind.TITLE,
        Demand(first=("2504.11468",)),
    ),
)

NAMES = (*MODELS, *VARIANTS, *AUTHORS, *IDS, *TITLES)
