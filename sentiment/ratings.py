"""Words that VADER does not rate and that tell what their writer feels, with ratings from −4 to 4.

VADER's words are those of feelings and of posts on the web. These are the words in which films,
goods, places, food, service and programs are praised and blamed, and some slang. The ratings are
ours, by judgement and in steps of one half, in VADER's scale; five of its own are replaced. Words
of subjects ("war", "flight") are left out, however often they stand in complaints.
"""

from collections.abc import Mapping

_RATED: Mapping[float, str] = {
    3.0: """
        exquisite impeccable impeccably marvellous marvellously marvelously masterful masterfully
        mesmerising mesmerizing phenomenal stupendous sublime superlative transcendent
        unforgettable unmissable
    """,
    2.5: """
        absorbing amazingly bussin captivating delish dope enthralling exceptional exceptionally
        extraordinary fabulously fantastically faves favourite flavorful flavourful gem gems
        goated gripping hypnotic incredible incredibly ingenious insightful luv memorable
        mouthwatering poignant riveting spellbinding superbly tasty unbeatable unrivaled
        unrivalled whoop wondrous yas
    """,
    2.0: """
        aced affecting appealing artful artfully atmospheric attentive banger bangers bewitching
        bravo breezy catchy cleanest coolest cosy cozy crafted crisp crispy deft deftly durable
        effortless effortlessly engrossing evocative exquisitely fast-paced feel-good finely
        finest hearty helped hilariously homemade immaculate immersive informative intuitive
        inventive juicy knowledgeable lightweight likable luscious lush moving nuanced poggers
        polished potent pristine psyched pumped recommending refreshing refreshingly reliable
        riotous rousing savvy seamless seamlessly slaps slay slayed sleek smashing smoothly snappy
        spacious spellbound spotless standout stirring stoked sturdy stylish succulent suspenseful
        tastiest thought-provoking timeless touching unpretentious vivid vividly watchable
        well-crafted winsome witty yum
    """,
    1.5: """
        ably accessible adept affordable authentic believable captivates captures cohesive compact
        dank dazzles decently delivers deserves discount easy-going elevates enchantingly
        enriching enthralls epic flair fluid freshness fulfilling genuinely gifted handy humane
        humanity hyped imagination imaginative intimate intriguing involving lifelike magic
        magical melodic observant organic outdid perceptive plush promptly rare realistic
        rejuvenating relatable remarkably resonant resonates rocks roomy scenic seductive sensual
        sensuous sharp shines skilful skill skillful skillfully smooth soars spicy subtle sweeping
        tantalizing tasteful textured timely timesaver transcends transporting unaffected
        uncluttered uncommonly understated unexpected unique upbeat visceral wry zesty zippy
    """,
    1.0: """
        able adequately colorful colourful comfy complex convenience conveniently deeper detailed
        fast fun-loving genuine lasts offbeat offers omg provides quick quiet quietly quirky
        roller-coaster simplicity slick sly solidly spotlessly steady sturdily tidy undeniably
        underrated versatile worked works
    """,
    -1.0: """
        apparently attempt attempts average barely bug bugs bulky cheap cheaply chewy cliche
        cliched cliches cliché clichéd clichés cluttered cramped crowded dated delaying delays
        derivative dry expensive expired faded formulaic glitch glitches glitchy greasy
        heavy-handed hectic humdrum jumbled lacked lacking lacks laggy lengthy loud merely mild
        muddy murky mushy obviously outdated overlong plain predictable predictably pricey
        protracted queue recycled rehash rehashed rehashing repetitious routine samey sigh sketchy
        slow smelled soggy standard stiff stretched superficial supposed tad thin tried tries
        uneven unlikely unnecessary unremarkable unsatisfying waited waiting wordy
    """,
    -1.5: """
        amateurish artificial baffling banal blah bland blandly bloated bloating brainless buggy
        bumpy canned cheesy chipped choppy chore cloying clumsily clunky contrived convoluted
        corny crashed crashes crashing dented diarrhea dim-witted disconnected dismissive
        distasteful dizziness downtime drab dusty exasperating faltering far-fetched fizzles
        flabby flat flimsy flopped fluff forgettable frozen generic gimmick gimmicky gratuitous
        hackneyed half-baked haphazard headache headaches hokey hollow ill-conceived ill-fitting
        illogical implausible incompatible incomplete inconsistent inconsistently incorrect
        indulgent inert inexplicable inexplicably jammed jarring juvenile laborious lacked lacking
        lackluster lacklustre lacks lazily leaden leaking lifeless limp listless low-budget
        lumbering malfunction malfunctioned malfunctions manipulative mawkish meandering
        mechanical melodramatic misfire misfires misguided mishmash mismatched moldy monotonous
        mouldy muddle muddled mundane musty nauseous nope outage overblown overcooked overdone
        overheating overheats overhyped overlong overpriced overrated oversized overwrought
        paper-thin passable pedestrian peeled perfunctory plodding pointlessly pompous ponderous
        poorly preachy pretentiousness rambling rattles redundant refund refunded refunds retread
        rushed scratched self-conscious self-indulgent shallow shrill simplistic slapdash sloppily
        sloppy smells smelly soulless stained stale sterile sticky stilted stodgy stuffy stumbles
        stumbling sub-par subpar substandard tacky tasteless tedium tepid thankless tiresomely
        trash turgid unappealing unconvincing unconvincingly undercooked underdeveloped
        underwhelming uneventful unhelpful unimaginative uninspired uninspiring uninteresting
        unmoved unmoving unoriginal unreliable unresponsive unsubtle untidy vomiting wasteful
        wobbles wobbly wooden yawn yawns yikes
    """,
    -2.0: """
        abysmally asinine bait-and-switch bedbugs bricked bs cockroaches crapfest crapped cringe
        cringe-worthy cringeworthy cringy crummy debacle deceptive disrespectful dreck drivel
        filthy garbage gibberish godawful hideously inane incoherent incomprehensible inedible
        inept ineptly inexcusable infested interminable junk laughable laughably letdown loathsome
        mediocre mediocrity mind-numbing mislead nonsensical overcharged pointless pretentious
        putrid revolting rip-off ripoff roaches rubbish scammed scammer shambles shoddy sleazy
        snooze snoozefest stomach-churning suckiest tedious tiresome trainwreck trashy tripe
        unbearable unbearably unendurable unfunny unintelligible unintentionally unlikable
        unlikeable unpalatable unsanitary untalented unusable unwatchable vapid vomit witless
        wretched
    """,
    -3.0: """
        abominable abomination atrocious atrociously execrable repugnant repulsive unforgivable
        unspeakable worthlessly
    """,
}


def rated() -> Mapping[str, float]:
    """Every word with its rating; a word that stands twice has the one farther from 0."""
    words: dict[str, float] = {}
    for rating, line in _RATED.items():
        for word in line.split():
            words[word] = max(rating, words.get(word, 0.0), key=abs)
    return words
