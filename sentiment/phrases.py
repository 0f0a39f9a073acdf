"""Groups of words that mean more than their words, and emoji, with ratings from −4 to 4.

The ratings are ours, in VADER's scale, given by judgement and not by a survey; a slash divides
words of which any may stand there. A phrase that is rated 0 means less than its words: in "not
only" nothing is negated, and a "must" is no duty in "must have been".
"""

from collections.abc import Iterator, Mapping
from itertools import product

_RATED: Mapping[float, str] = {
    3.0: """
        exceeded/exceeds expectations|instant classic|couldn't/could not ask for a better
        couldn't/could not ask for a nicer|can't imagine life/living without
        nobody does it better|can't/cannot/couldn't recommend it/this/them highly enough
        exceeded/exceeds my/our/all expectations|what's not to like/love
        what is not to like/love|doesn't/can't/couldn't get any better|does not get any better
        hard to put down|can't/couldn't put it down|could not put it down|blown away|chef's kiss
        second to none|is/was the shit|one of a kind|blown/blew me away|out of this world
        top notch|first rate|10/10|5/5|a+|five stars|5 stars|5 star|five star
        can't recommend enough|can't get enough|couldn't be better/happier
        could not be better/happier|cannot get enough|can't recommend it/this/them enough
        cannot recommend it/this/them enough|can't say enough|cannot say enough
        couldn't ask for more/better|could not have asked for more/better
        couldn't have asked for more/better|could not ask for more
    """,
    2.0: """
        no one should miss|what a ride|pain free|pain free at last
        fixed/solved/fixes/solves my/all problem/problems/issue/issues
        fixed/solved all my problems/issues|never gets old|never get old
        exactly what i/we needed/wanted|will be back|i'll/we'll be back|who doesn't love/like
        happy tears|tears of joy|obsessed with|got me hooked|i'm hooked|hooked from
        live/lives/lived up to|breath of fresh air|lit af|is/was/so lit
        is/was/straight/pure fire|the goat|on point|hits different
        killed/killing/nailed/crushed it|two thumbs up|thumbs up|thumb up|must see|must read
        must buy|must watch|is/are/was a must|a must see/have/read/buy/watch|well made|well done
        well written|well acted|well worth|worth every penny|worth it|can't go wrong
        cannot go wrong|can't beat|cannot beat|can't wait|cannot wait|can not wait
        can't complain|cannot complain|no complaints|no complaint|nothing beats
        nothing better than|never better|never been better/happier|easy to use|value for money
        good/great value|highly recommend|highly recommended|spot on|hit the spot
        cut the mustard|on the ball|cooking with gas|like a charm|looking forward|look forward
        looks forward|made my day|wouldn't change a thing|won't be disappointed
        will not be disappointed|hats off|couldn't agree more|4/5|8/10|9/10|4 stars|four stars
        worth a look|worth seeing|worth watching|worth the money/price/wait/time/trip|no problem
        no problems|no issues|no worries|no regrets|nothing short of|without a hitch
        without a flaw|without fault|edge of my/your seat|steals the show|stole the show
        rings true|stay/stays with you|never disappoints|never fails|does the trick
        did the trick|don't miss|do not miss|dead on
    """,
    1.0: """
        only downside/complaint/drawback/gripe/negative|as good as|worth/believe the hype
        all day long|no holds barred|no nonsense|no brainer|can't stop|couldn't stop
        good morning/night/luck|no doubt|no doubts|no denying|can't help but|couldn't help but
        upper hand|in the black|not too shabby|so far so good|as expected|as described
        as advertised|in good condition|break a leg|grows on you|grew on me|holds up
    """,
    -1.0: """
        expected more/better|expected so much more
        could use some work/improvement|needs work/improvement|hesitate to
        i've had/seen/read/eaten better|have had/seen better|so much potential|wasted potential
        could/should have been so/much better|could/should have been so much better
        could/should be so much better|could've/should've been so/much better
        could/should be so/much better|not enough|lack of|lacking in|devoid of|fails to|fail to
        failed to|failing to|failure to|unable to|far/much/way too|too much
        kinda/so/is/was/pretty mid|the shit|nothing new|nothing more than
        so what|could have been better|could be better
        could've been better|should have been better|would have been nice|would have liked
        would've liked|should have been|should've been|wanted to like|wanted to love|not for me
        no better than|not my cup of tea|no thanks|no thank you|hit or miss|three stars|3 stars
        under the weather|hand to mouth|back handed|at best|runs out of steam|falls short
        fell short|fall short|leaves a lot to be desired|goes nowhere|all over the place|meh
        blow smoke|blowing smoke|in the red|so so|going through the motions|run of the mill
        by the numbers|running on empty
    """,
    -2.0: """
        nothing special|nothing to write home about
        please fix|hung up on|so done with|done with this|ads everywhere|did/does/do nothing for
        false advertising|thumbs way down|if only it were/was|never flying|not nearly as
        not what i/we expected/wanted/hoped/ordered|not my thing
        never buying/going/ordering/using/coming/returning/staying/eating|never go back
        will/would never buy/go/use/return/order/stay/eat/fly
        won't be back/returning/buying/going|will not be back/returning/buying
        would not buy/return|wouldn't buy/return|not buy again|fell asleep|fall asleep
        put/puts me to sleep|put/puts you to sleep|walked out|no one should watch/see/read/buy
        never get back|hours of my life|smelled/smelt/smells/reeked/reeks of|couldn't finish
        could not finish|until it wasn't/didn't/stopped/broke
        can't/couldn't wait for it to end/finish|can't/couldn't wait for it to be over
        train wreck|hot mess|thumbs down|two thumbs down|thumb down|not worth|falls flat
        fell flat|fall flat|falling flat|falls apart|fell apart|fall apart|fed up|let down
        lets down|letdown|don't bother|do not bother|didn't bother|don't buy|do not buy
        stay away|steer clear|save your money/time|want/wanted my money back|money back
        get your money back|never again|too good to be true|no good|no use|no fun|no sense
        makes no sense|no way|doesn't work|does not work|didn't work|did not work|don't work
        do not work|not work|not working|isn't working|stopped/stops/quit/quits working
        won't work|broke down|broke after|ripped off|rip off|ripoff|piece of junk/crap/trash
        going downhill|went downhill|one star|1 star|2 stars|two stars|2/10|3/10|4/10|2/5
        last straw|pulled the plug|why bother|don't care|do not care|hard to watch|no idea how
        sick of|tired of|sick and tired|had enough|pain in the ass/neck/butt|a joke|what a joke
        hard to believe|miss the mark|misses the mark|missed the mark|drags on|wears thin
        wear thin|yeah right|kiss of death|wake me up|phone it in|phoned in|mail it in
        on autopilot|by the book|for nothing
    """,
    -3.0: """
        dumpster fire|hot garbage|waste/wastes/wasted/wasting of/my/your/our time/money
        waste of my/your/our time/money|waste time|waste money|complete/total waste
        complete/total waste of time/money|don't waste|do not waste|not waste|0/10|1/10|1/5|0/5
        zero stars|0 stars|no stars|want/wanted my time back|worst ever|worst of the worst
        sucks big time|avoid at all costs|avoid like the plague|a disgrace|bored to death
        bored to tears
    """,
    0.0: """
        not perfect
        can't/couldn't/cannot believe how|anything so/as/this/more/better|anyone so/as
        nothing so/as|like it says|not gonna lie|not only|not just|not merely|not simply
        not to mention|not surprisingly|not least|if not|not until|not long|not since|why not
        or not|without doubt|without a doubt|without question|without a question|no question
        no wonder|no exaggeration|no matter|no matter how|no longer than|no less|no less than
        none other|none other than|nothing but|never mind|never knew/thought|nothing else
        never so|never this|never been so|never been this|never before|doesn't just|don't just
        isn't just|aren't just|wasn't just|didn't just|does not just|is not just|doesn't only
        don't only|isn't only|is not only|isn't merely|doesn't merely|hardly ever|let alone
        at least|at the very least|at the least|last but not least|but also|all but
        must have been|must be|kind of thing|like to|would like|would like to|i'd like|we'd like
        like a|like an|like the|looks like|look like|looked like|feels like|feel like|felt like
        sounds like|seems like|just like|things like|bus stop|pretty much|of course|as well
        as well as|well as|with respect|long time no see|no sooner|not so much as
    """,
}

_REVERSING = """
    far from|anything but|lack of|lacks|lacking|lacking in|lacked|devoid of|free of|short on
    fails to|failed to|fail to|failing to|failure to|no longer|not enough|less than|instead of
    rather than|used to be|yet to|hesitate to|unable to|in need of|void of|bereft of|stops being
    stopped being|cease to|ceases to|neither of|none of|not at all|by no means|in no way
    nowhere near|no one|if only it were/was
"""

_DEGREES = {
    2: "a lot of|way too|all too|such a|such an|so very|by far|ever so|out and out|a whole lot",
    -2: "kind of|sort of|just enough|a bit|a little|a tad|more or less|bit of a|a bit of",
}

EMOJI = {
    "👍": 2.0, "👎": -2.0, "❤": 3.0, "🧡": 3.0, "💛": 3.0, "💚": 3.0, "💙": 3.0, "💜": 3.0,
    "🖤": 2.0, "🤍": 3.0, "🤎": 3.0, "♥": 3.0, "💔": -2.5, "💯": 2.5, "🔥": 2.5, "👏": 2.0,
    "🙌": 2.0, "👌": 2.0, "🤩": 3.0, "🥰": 3.5, "😋": 2.0, "😉": 1.5, "🤬": -3.0, "😡": -2.8,
    "🤮": -3.0, "🤢": -2.5, "💩": -2.5, "🙄": -1.5, "😒": -1.7, "😤": -1.5, "😖": -1.5,
    "😣": -1.3, "🥱": -1.5, "😴": -1.0, "😪": -0.8, "😑": -0.8, "🤦": -1.3, "🖕": -3.0, "⭐": 1.5,
    "🌟": 1.8, "✨": 1.3, "🎉": 2.0, "🏆": 2.2, "🥇": 2.0, "🤡": -1.5, "🥴": -0.7, "🤤": 1.5,
    "😏": 0.5, "🫶": 2.5, "🥲": 0.3, "😛": 1.2, "😜": 1.3, "😝": 1.2, "🤪": 1.0, "🙏": 1.0,
    "💪": 1.5, "😆": 1.8, "😅": 0.7, "😥": -1.0, "😔": -1.5, "😓": -1.2, "🥺": 0.0, "😲": 0.3,
    "🤭": 0.7, "👻": 0.0, "🤓": 0.3, "😈": 0.3, "😵": -0.5, "❣": 2.5, "✅": 1.0, "❌": -1.0,
}  # fmt: skip
"""Emoji whose description has no rated word, or misleads: a fire is praise."""

FACES = {
    "^_^": 2.0, "^^": 1.5, "-_-": -1.3, "t_t": -1.7, ";_;": -1.7, ":'d": 1.5, "<\\3": -2.0,
    "xd": 1.8,
}  # fmt: skip
"""Emoticons that VADER does not rate."""


def rated() -> Iterator[tuple[str, float]]:
    """Every phrase with its rating."""
    for rating, phrases in _RATED.items():
        for phrase in _each(phrases):
            yield phrase, rating


def reversing() -> Iterator[str]:
    """The phrases and words that turn what comes after them, beside the negations."""
    return _each(_REVERSING)


def degrees() -> Iterator[tuple[str, int]]:
    """Phrases of degree, with the eighths that they add to the next word."""
    for eighths, phrases in _DEGREES.items():
        for phrase in _each(phrases):
            yield phrase, eighths


def _each(phrases: str) -> Iterator[str]:
    for line in phrases.strip().splitlines():
        for phrase in line.strip().split("|"):
            if any(character.isdigit() for character in phrase):
                yield phrase
            else:
                for words in product(*(word.split("/") for word in phrase.split())):
                    yield " ".join(words)
