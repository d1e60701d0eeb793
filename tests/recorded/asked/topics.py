"""Topics: broad and narrow, misspelt, as acronyms, as sentences, by the words of one abstract."""

from __future__ import annotations

from tests.recorded.asked.shape import Demand, Kind, ask

BROAD = (
    ask("llm", Kind.BROAD, Demand(at_least=4000, says=("llm", "large language model"))),
    ask("diffusion", Kind.BROAD, Demand(at_least=1500, says=("diffusion",))),
    ask("language model", Kind.BROAD, Demand(at_least=4000, says=("language model",))),
    ask("language models", Kind.BROAD, Demand(same_as="language model")),
    ask("agents", Kind.BROAD, Demand(at_least=1500, says=("agent",))),
    ask("agent", Kind.BROAD, Demand(same_as="agents")),
    ask("benchmark", Kind.BROAD, Demand(at_least=4000, says=("benchmark",))),
    ask(
        "reinforcement learning",
        Kind.BROAD,
        Demand(at_least=1500, says=("reinforcement learning",)),
    ),
    ask("LLM", Kind.BROAD, Demand(same_as="llm")),
)

NARROW = (
    ask("sign language", Kind.TOPIC, Demand(first=("2407.11144",))),
    ask("reversal curse", Kind.TOPIC, Demand(first=("2403.13799",))),
    ask(
        "grokking",
        Kind.TOPIC,
        Demand(early=("2405.15071", "2506.21551", "2504.20752")),
    ),
    ask(
        "sycophancy",
        Kind.TOPIC,
        Demand(early=("2607.01071", "2511.17220", "2606.09068", "2606.10061")),
    ),
    ask(
        "muon",
        Kind.TOPIC,
        Demand(early=("2607.16169", "2606.04662", "2510.05491", "2602.17080", "2605.10468")),
    ),
    ask("kolmogorov arnold networks", Kind.TOPIC, Demand(first=("2404.19756",))),
    ask("monocular depth estimation", Kind.TOPIC, Demand(at_least=30, says=("depth",))),
    ask("text-to-sql", Kind.TOPIC, Demand(at_least=12, says=("sql",))),
    ask("virtual try-on", Kind.TOPIC, Demand(at_least=15, says=("try on",))),
    ask("talking head", Kind.TOPIC, Demand(at_least=15, says=("talking head",), of_ten=9)),
    ask(
        "prompt-injection",
        Kind.TOPIC,
        Demand(early=("2503.18813",), at_least=20, says=("injection",)),
    ),
    ask("soccer", Kind.TOPIC, Demand(among=("2412.01820", "2505.03735", "2406.18530"))),
    ask("catastrophic forgetting", Kind.TOPIC, Demand(at_least=60, says=("forgetting",))),
    ask("lip synchronization", Kind.TOPIC, Demand(early=("2606.11180", "2505.00497"))),
    # Two words stand in any order, and each of them inflected.
    ask("video diffusion", Kind.TOPIC, Demand(at_least=700, says=("video",))),
    ask("diffusion video", Kind.VARIANT, Demand(same_as="video diffusion")),
    ask("diffusion model", Kind.TOPIC, Demand(at_least=900, says=("diffusion",), of_ten=9)),
    ask("diffusion models", Kind.VARIANT, Demand(same_as="diffusion model")),
    ask("merging models", Kind.TOPIC, Demand(among=("2410.03617",), at_least=60, says=("merg",))),
    ask("modelling", Kind.VARIANT, Demand(same_as="modeling")),
    ask("modeling", Kind.VARIANT, Demand(at_least=1300)),
    ask("hölder policy optimization", Kind.VARIANT, Demand(seen=("2605.12058",))),
    # Hardly anybody writes it so: what is close must stand in.
    ask("visual tokenisation", Kind.VARIANT, Demand(says=("token",), of_ten=8)),
)

MISSPELT = (
    ask("difusion models", Kind.MISSPELT, Demand(says=("diffusion",), of_ten=8)),
    ask("reinforcment learning", Kind.MISSPELT, Demand(says=("reinforcement",), of_ten=8)),
    ask("transfomer", Kind.MISSPELT, Demand(says=("transformer",), of_ten=8)),
    ask("retreival augmented generation", Kind.MISSPELT, Demand(says=("retrieval",), of_ten=8)),
    ask("jailbrake", Kind.MISSPELT, Demand(says=("jailbreak",), of_ten=8)),
    ask("halucination", Kind.MISSPELT, Demand(says=("hallucinat",), of_ten=8)),
    ask(
        "gaussian-spaltting",
        Kind.MISSPELT,
        Demand(nothing=True, near=("3d gaussian splatting", "gaussian splatting")),
    ),
    ask(
        "specualtive decoding",
        Kind.MISSPELT,
        Demand(nothing=True, near=("speculative decoding", "speculative")),
    ),
)

ACRONYMS = (
    ask("RLHF", Kind.ACRONYM, Demand(at_least=130, among=("2509.08826", "2410.02197"))),
    ask("rlhf", Kind.ACRONYM, Demand(same_as="RLHF")),
    ask(
        "reinforcement learning from human feedback",
        Kind.ACRONYM,
        Demand(at_least=100, among=("2509.08826", "2506.09113")),
    ),
    ask(
        "MoE",
        Kind.ACRONYM,
        Demand(at_least=290, among=("2410.05993", "2602.10693"), says=("moe", "mixture of")),
    ),
    ask("moe", Kind.ACRONYM, Demand(same_as="MoE")),
    ask("mixture of experts", Kind.ACRONYM, Demand(among=("2512.14080", "2608.16157"))),
    ask(
        "RAG",
        Kind.ACRONYM,
        # The last of them drags; it does not retrieve.
        Demand(among=("2406.10149", "2508.10419", "2407.01370"), never=("2412.15214",)),
    ),
    ask(
        "retrieval-augmented generation",
        Kind.ACRONYM,
        Demand(among=("2508.10419", "2407.01370"), says=("retrieval augmented", "rag")),
    ),
    ask("3DGS", Kind.ACRONYM, Demand(among=("2508.14041", "2505.23716", "2502.13144"))),
    ask(
        "3d-gaussian-splatting",
        Kind.ACRONYM,
        Demand(among=("2502.13144", "2509.25191"), at_least=120),
    ),
    ask("VLM", Kind.ACRONYM, Demand(among=("2412.04467", "2509.22186"))),
    ask("vision-language model", Kind.ACRONYM, Demand(among=("2608.05747", "2509.25339"))),
    ask("GRPO", Kind.ACRONYM, Demand(among=("2510.16880",), says=("grpo", "group relative"))),
    ask(
        "group relative policy optimization",
        Kind.ACRONYM,
        Demand(among=("2505.22453", "2505.05470")),
    ),
    ask("dpo", Kind.ACRONYM, Demand(among=("2406.02900",), says=("dpo", "preference opt"))),
    ask("lora", Kind.ACRONYM, Demand(among=("2406.09246",), says=("lora", "low rank"))),
    ask("VLAs", Kind.ACRONYM, Demand(among=("2503.19757",), says=("vla", "vision language act"))),
    # Both senses are meant by somebody: a voice, and more computing at test time.
    ask("TTS", Kind.ACRONYM, Demand(among=("2406.18009", "2601.15621", "2507.01951"))),
    ask("large language model", Kind.ACRONYM, Demand(among=("2605.13779", "2607.18213"))),
)

SENTENCES = (
    ask(
        "how do I make llm inference faster?",
        Kind.SENTENCE,
        Demand(says=("inference", "decoding", "latency"), of_ten=8),
    ),
    ask("why do llms hallucinate", Kind.SENTENCE, Demand(seen=("2509.04664",))),
    ask("Why do language models hallucinate?", Kind.SENTENCE, Demand(seen=("2509.04664",))),
    ask(
        "do language models know when they don't know something",
        Kind.SENTENCE,
        Demand(
            says=("uncertain", "calibrat", "confiden", "know", "abst", "hallucinat"),
            of_ten=8,
        ),
    ),
    ask(
        "teaching robots from human videos",
        Kind.SENTENCE,
        Demand(says=("human", "robot"), of_ten=9),
    ),
    ask(
        "what is the best way to detect ai generated text?",
        Kind.SENTENCE,
        Demand(says=("generated", "detect"), of_ten=9),
    ),
    ask("language models need sleep", Kind.SENTENCE, Demand(first=("2606.03979",))),
    # Three hundred characters, as many as the option takes.
    ask(
        "I am looking for recent work on speculative decoding where a small draft model proposes"
        " several tokens and the large target model verifies them in parallel, preferably without"
        " any loss of quality, with measurements of the speedup on real hardware, and ideally a"
        " comparison with Medusa and with EAGLE",
        Kind.SENTENCE,
        Demand(says=("speculative", "draft"), of_ten=8),
    ),
)

RARE = (
    ask("glp-1 receptor agonists", Kind.RARE, Demand(first=("2412.17780",))),
    ask("assetto corsa", Kind.RARE, Demand(first=("2407.16680",), at_most=1)),
    ask("Emakhuwa", Kind.RARE, Demand(first=("2408.11457",), at_most=1)),
    ask("lilypond", Kind.RARE, Demand(first=("2604.10628",), at_most=1)),
    ask("california bill watermarking", Kind.RARE, Demand(first=("2506.22960",))),
    ask("fur and muscle simulation", Kind.RARE, Demand(first=("2605.13857",))),
)

TOPICS = (*BROAD, *NARROW, *MISSPELT, *ACRONYMS, *SENTENCES, *RARE)
