"""Other alphabets, accents, emoji, and what phones make of quotes and hyphens."""

from __future__ import annotations

from tests.recorded.asked.shape import Demand, Kind, ask

SCRIPTS = (
    ask("Schrödinger bridge", Kind.SCRIPT, Demand(first=("2506.09007",))),
    ask("schrodinger bridge", Kind.SCRIPT, Demand(same_as="Schrödinger bridge")),
    ask("FürElise", Kind.SCRIPT, Demand(first=("2410.05791",))),
    ask("furelise", Kind.SCRIPT, Demand(same_as="FürElise")),
    ask("Diffusionsmodelle für Videos", Kind.SCRIPT),
    ask("Gödel machine", Kind.SCRIPT, Demand(early=("2608.07645",))),
    ask("hölder policy optimisation", Kind.SCRIPT, Demand(first=("2605.12058",))),
    ask("TÜLU 3", Kind.SCRIPT, Demand(early=("2411.15124",))),
    ask("tulu 3", Kind.SCRIPT, Demand(same_as="TÜLU 3")),
    ask("pokemon", Kind.SCRIPT, Demand(early=("2402.01118",))),
    ask("Pokémon", Kind.SCRIPT, Demand(same_as="pokemon")),
    ask("δ-mem", Kind.SCRIPT, Demand(first=("2605.12357",))),
    # Decomposed, as macOS hands it on.
    ask("author:Scho\u0308lkopf", Kind.SCRIPT, Demand(same_as="author:Schölkopf")),
    ask("“video diffusion”", Kind.SCRIPT, Demand(same_as='"video diffusion"')),
    ask("„video diffusion“", Kind.SCRIPT, Demand(same_as='"video diffusion"')),
    ask("video–diffusion", Kind.SCRIPT, Demand(same_as="video-diffusion")),
    ask("video\u2011diffusion", Kind.SCRIPT, Demand(same_as="video-diffusion")),
    ask("video\u00a0diffusion", Kind.SCRIPT, Demand(same_as="video diffusion")),
    ask("  video   diffusion ", Kind.SCRIPT, Demand(same_as="video diffusion")),
    ask("video\ndiffusion", Kind.SCRIPT, Demand(same_as="video diffusion")),
    ask("ＬＬＭ", Kind.SCRIPT, Demand(same_as="llm")),
    ask("扩散模型", Kind.SCRIPT, Demand(nothing=True)),
    ask("大規模言語モデル", Kind.SCRIPT, Demand(nothing=True)),
    ask("диффузионные модели", Kind.SCRIPT, Demand(nothing=True)),
    ask("نماذج اللغة", Kind.SCRIPT, Demand(nothing=True)),
    ask("视频 diffusion", Kind.SCRIPT, Demand(nothing=True, near=("diffusion",))),
    ask("diffusion модель", Kind.SCRIPT, Demand(nothing=True, near=("diffusion",))),
    ask("🔥 diffusion 🔥", Kind.SCRIPT, Demand(same_as="diffusion")),
    ask("🤖🔥", Kind.SCRIPT),
    ask("🏳️‍🌈👩‍💻", Kind.SCRIPT),
)
