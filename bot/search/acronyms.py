"""Acronyms and what they stand for, as far as enough papers agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from bot.search.definitions import LONGEST_FORM, looks_like_acronym, singular, squeezed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# A paper's own name for its method stands in that paper beside its long form, so that spelling it
# out finds no other paper but those which use the words for something else.
FEWEST_PAPERS = 3
FAIR_SHARE = 0.25
CLEAR_SHARE = 0.6
"""Of the papers that define an acronym, those that must mean the long form for the way back."""

# Two letters mean something else too often: of AD's six papers on autonomous driving nobody else
# knows, and hundreds on it never say AD.
FEWEST_PAPERS_OF_PAIRS = 10
FAIR_SHARE_OF_PAIRS = 0.4
CLEAR_SHARE_OF_PAIRS = 0.8
# A word in capitals may only be loud: IS is importance sampling to half of those who define it.
SHARE_OF_WORDS = 0.6

_COMMON = 10  # papers of an acronym that is spelled out inside other long forms, …
_CERTAIN = 0.9  # … and the share that mean it
_RUNS = 10_000  # runs of words that are kept as they are looked up
_SPELLING = 2  # papers that make another way to write a long form worth a look

# English words by which methods are called; written small they are only words.
_WORDS = frozenset(
    """
    a able about above abs ace act acts ad add adds ads after age agile ago aid aim air all along
    also alter am amber an anchor and angle ant any apex apple apt arc are area arena argue aria
    arise ark arm arms art artist as ask aspect aspen assist at atlas atom aura auto aware away
    axis back bad balance bang bar bare base bass bat be beam bear beat bee been best bet big bird
    bit bits blade blend blind blink block bloom blue boat body bold bond bone book boost boot
    born boss bot box brain brains branch break breeze bridge bright brush bug build bus but buy by
    cache cake calm came camera can candle cap cape car card care cars case cast cat catch cause
    cave chain chair chance change chart chat check chef chess choice circle city claim clap class
    clean clear click climb clip clips clock close cloud clue coach coal coat code coin cold color
    comet compass con cone cook cool coral core craft crane create crew cross crow crown cube cup
    cure cut dance dare dark dart dash data date dawn day deal debate deck deep deer delta den
    dense desk dial dice did die diff dig dim dip direct dirt do dog done door dot dove down draft
    drag draw dream drift drive drop drum dry due duet dust each eagle ear early earth ease east
    easy eat echo edge edit ego elder else ember end energy engage epic era even ever every exact
    exist eye face fact fade fair faith fall far fast fat fate fear feel few fig file film find
    fine fire firm first fish fit five fix flag flame flare flash flat fleet flex flight flip flow
    fly focus fold for force forge form fort forward four fox frame free fresh frog from frost full
    fun fuse fusion gain game gap garden gate gather gauge gear gem get giant gift gist give glass
    glide glow glue go goal gold good got grace grade grand grant grape graph grasp grass gravity
    great green grid grip ground group grow guard guide gun gym had hall halo halt ham hand happy
    hard hare harm harp has hat have hawk haze he head heal hear heart heat help her here hero hex
    hey hide high hill him hint hip his hit hold home honest hope horizon host hot how hub human
    hunt hybrid ice icon idea if image impact in insight intact intent into iris iron is island it
    its jade jam jar jest jet join judge jump junior just keep key kid kind king kite know lab lace
    ladder lady lake lamp land lap large laser last late launch law layer lead leaf lean leap learn
    least left leg lens less let level life lift light like lily lime line link lion list lit live
    load local lock log long look loop lost lot loud love low luck lucid lure lynx mad made magic
    magnet main make mama man manner many map maps march mark mask mass mast match mate matter may
    maze me mean meet mega men mend mental menu mercy merge mesh met meta metal method might mild
    mill mimic min mind mine mini mint mirror miss mist mix moat mode model mom moon more mosaic
    most motion move much muse music must my nap near nest net never new next night nine no node
    none north nose not note nova now oak oar oasis ocean odd of off oil old omega omit on once one
    only onto open optic or oracle orbit orca order other our out over own pace pack page paint
    pair palm pan panda paper par park part pass past patch path pause pay peak pearl pen people
    per pet phase phone piano pick piece pile pilot pin pipe pit pivot pixel place plan plane plant
    plate play plot plug plus point polar pole policy pool pop port pose post pot power press price
    pride prime prism probe pro proof prop pros prune pulse pump pure push put quack quest queue
    quick quiet quilt quiz race radar radio rain raise ram ran range rank rap rapid rare rat rate
    raven raw ray re reach react read real ream rear recall reclaim red refer refine reflect reform
    remix rent repair reset rest return rib rice rich ride rig right ring rise risk river road roar
    robe robot robust rock rod role roll room root rose round route row ruby rule run rush
    rust sad safe saga sage sail salad salt sam same sand sat save saw say scale scan scene scent
    school scope score scout sea seal search seat secret see seed seek seem self send sense set
    shade shape share sharp she shell shield shift ship shoe shop short shot should show shrink
    side sigma sign silk silver sim simple sing sir sit six size sketch skill skip sky slam slate
    sleep slice slim slot slow smart smile smooth snap snow so soap soar soft solar sole solid
    solve some son song soon sound soup south space span spark speak spear speed spell spin spirit
    split spot spread spring square stable stack staff stage stair stamp stand star start state
    stay steal steam steel steer stem step stick still stock stone stop store storm story stream
    street string strong study style such suite sum summit sun super sure surf swan swap swarm
    sweep sweet swift swim sword table tag tail take tale talk tall tame tank tap tape target task
    tea teach team tell ten tense tent test text than that the them then they thin think this three
    tick tide tie tiger tight tile time tiny tip tire to toe tone too tool top torch touch tour
    tower town toy trace track trade trail train trait trap tree tri trick trip true trust truth
    try tune turbo turn turtle twin twist two type ultra under unity up us use valid value vast
    vein verse very vest via vibe view vine violet vision vista vital vivid vote vow wait walk wall
    war warm warp was wash watch water wave wax way we weak web well were west what wheat wheel
    when where while who why wide wild will win wind wine wing wire wise wish with wolf wonder wood
    word work world would wrap yes yet you your youth zen zero zest zip zone zoo zoom
    """.split()  # noqa: SIM905 - a thousand words read better so
)

# What a long form may have or lack and stay the same.
_FILLERS = frozenset(
    "a an and based enabled for from in level of on the to via with".split()  # noqa: SIM905
)
_ENDINGS = frozenset(("", "e", "ed", "er", "ing", "ion", "ation", "ional", "ual"))
_ADDED = frozenset(("al", "ally", "ly", "ized"))
_STEM = 3  # letters that two forms of a word must share, but for "use" and "using"
_SHORT_STEM, _SHORT_ENDINGS = 2, frozenset(("e", "ed", "ing"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """One thing that an acronym stands for.

    ``papers`` of those that define the acronym mean it, which is a ``share`` from 0 to 1 of them;
    ``spellings`` are other ways in which they write it.
    """

    long: str
    papers: int
    share: float
    spellings: tuple[str, ...] = ()


def senses(counts: Mapping[tuple[str, str], int]) -> dict[str, tuple[Sense, ...]]:
    """Return what each acronym stands for, most papers first, by its letters in lower case.

    ``counts`` says how many papers define each (short, long), as ``definitions`` reads them.
    Spellings of one long form are one sense, the most frequent of them its name.
    """
    return _senses(_by_letters(counts))


def _senses(by_letters: Mapping[str, Counter[str]]) -> dict[str, tuple[Sense, ...]]:
    certain = dict(_certain(by_letters))
    return {short: tuple(_parted(longs, certain)) for short, longs in by_letters.items()}


def _certain(by_letters: Mapping[str, Counter[str]]) -> Iterator[tuple[str, str]]:
    for short, longs in by_letters.items():
        long, papers = longs.most_common(1)[0]
        if short not in _WORDS and papers >= max(_COMMON, _CERTAIN * longs.total()):
            yield short, long


def _parted(longs: Counter[str], certain: Mapping[str, str]) -> Iterator[Sense]:
    """Gather the spellings of each sense under the most frequent one."""
    gathered: dict[tuple[str, ...], list[str]] = {}
    for long in sorted(longs, key=lambda one: (-longs[one], one)):
        words = _content(long, certain)
        known = next((other for other in gathered if _same(words, other)), words)
        gathered.setdefault(known, []).append(long)
    found = []
    for spellings in gathered.values():
        papers = sum(longs[one] for one in spellings)
        others = tuple(one for one in spellings[1:] if longs[one] >= _SPELLING)
        share = papers / longs.total()
        found.append(Sense(long=spellings[0], papers=papers, share=share, spellings=others))
    yield from sorted(found, key=lambda sense: -sense.papers)


def _content(long: str, certain: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words that tell a long form from others, each in the singular."""
    plain = long.replace("'s", "").replace("isation", "ization")
    spelled = " ".join(certain.get(word, word) for word in map(singular, plain.split()))
    words = [singular(word) for word in spelled.split()]
    return tuple([word for word in words if word not in _FILLERS] or words)


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if len(one) == len(other):
        return all(map(_akin, one, other))
    return "".join(one) == "".join(other)


def _akin(one: str, other: str) -> bool:
    """Say whether two words are forms of one: verified and verifier, not general, generative."""
    if one == other:
        return True
    pairs = enumerate(zip(one, other, strict=False))
    shared = next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
    ends = {one[shared:], other[shared:]}
    if shared == _SHORT_STEM:
        return ends <= _SHORT_ENDINGS
    return shared >= _STEM and (ends <= _ENDINGS or ("" in ends and not ends.isdisjoint(_ADDED)))


class Acronyms:
    """What is known of acronyms, to find a long form by its acronym and the other way round."""

    def __init__(self, counts: Mapping[tuple[str, str], int]) -> None:
        by_letters = _by_letters(counts)
        # Nine in ten stand in one paper or two: to leave them out first makes it quick.
        some = {one: longs for one, longs in by_letters.items() if longs.total() >= FEWEST_PAPERS}
        # A question is asked for every run of its words, for most of them again and again.
        self._joined = lru_cache(maxsize=_RUNS)(partial(_joined, certain=dict(_certain(some))))
        self._printed = _most_printed(counts)
        self._senses = {short: _believed(short, known) for short, known in _senses(some).items()}
        self._shorts: dict[str, dict[str, int]] = defaultdict(dict)
        for short, believed in self._senses.items():
            for sense in believed:
                if _is_clear(short, sense):
                    for long in (sense.long, *sense.spellings):
                        self._shorts[self._joined(long)][short] = sense.papers

    def long_forms(self, short: str) -> tuple[Sense, ...]:
        """Return what an acronym stands for, most papers first; () where that is not sure.

        Hyphens, a plural's s and capitals may be missing; an English word means its letters only
        where it is printed as an acronym (``SAM``, not ``Sam``).
        """
        letters = squeezed(short)
        for form in (letters, letters.removesuffix("s")):
            if form in _WORDS and not looks_like_acronym(short):
                return ()
            if found := self._senses.get(form):
                return found
        return ()

    def short_forms(self, long: str) -> tuple[str, ...]:
        """Return the acronyms of words, as mostly printed, the one of most papers first.

        () where there is none. One that often stands for something else, or that is an English
        word, is left out: it would find what nobody asked for.
        """
        if len(long.split()) > LONGEST_FORM:
            return ()
        papers = self._shorts.get(self._joined(long), {})
        return tuple(self._printed[one] for one in sorted(papers, key=lambda one: -papers[one]))


def _joined(long: str, certain: Mapping[str, str]) -> str:
    """Return what all spellings of a long form have in common."""
    return "".join(_content(long.lower().replace("-", " "), certain))


def _by_letters(counts: Mapping[tuple[str, str], int]) -> dict[str, Counter[str]]:
    longs: dict[str, Counter[str]] = defaultdict(Counter)
    for (short, long), papers in counts.items():
        longs[squeezed(short)][long] += papers
    return longs


def _most_printed(counts: Mapping[tuple[str, str], int]) -> dict[str, str]:
    printed: dict[str, Counter[str]] = defaultdict(Counter)
    for (short, _), papers in counts.items():
        printed[squeezed(short)][short] += papers
    return {letters: shorts.most_common(1)[0][0] for letters, shorts in printed.items()}


def _believed(short: str, known: Iterable[Sense]) -> tuple[Sense, ...]:
    pair = len(short) == len("AI")
    papers = FEWEST_PAPERS_OF_PAIRS if pair else FEWEST_PAPERS
    share = FAIR_SHARE_OF_PAIRS if pair else FAIR_SHARE
    if short in _WORDS:
        share = SHARE_OF_WORDS
    return tuple(one for one in known if one.papers >= papers and one.share >= share)


def _is_clear(short: str, sense: Sense) -> bool:
    pair = len(short) == len("AI")
    return short not in _WORDS and sense.share >= (CLEAR_SHARE_OF_PAIRS if pair else CLEAR_SHARE)
