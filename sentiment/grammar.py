"""The words of English that say little by themselves and change what others say.

Closed classes, in lower case and with straight apostrophes: function words, negations, what ends
the reach of a negation, what sets one half of a sentence against the other. The lists are ours; of
the negations many are VADER's (C. J. Hutto and E. Gilbert, ICWSM 2014), as are the words of degree,
which `sentiment.lexicon` reads from its package.
"""

FUNCTION = frozenset([
    "a", "an", "the", "this", "that", "these", "those", "such", "same", "other", "another",
    "each", "every", "either", "some", "any", "all", "something", "anything", "everything",
    "someone", "anyone", "everyone", "somebody", "anybody", "everybody", "both", "half", "i",
    "me", "my", "mine", "myself", "you", "your", "yours", "yourself", "yourselves", "he", "him",
    "his", "himself", "she", "her", "hers", "herself", "it", "its", "itself", "we", "us", "our",
    "ours", "ourselves", "they", "them", "their", "theirs", "themselves", "one", "ones",
    "oneself", "who", "whom", "whose", "which", "what", "whatever", "whoever", "when", "where",
    "why", "how", "there", "here", "then", "thus", "am", "is", "are", "was", "were", "be", "been",
    "being", "'s", "'re", "'m", "'ve", "'ll", "'d", "s", "re", "m", "ve", "ll", "d", "t", "i'm",
    "i've", "i'll", "i'd", "you're", "you've", "you'll", "you'd", "he's", "he'll", "he'd",
    "she's", "she'll", "she'd", "it's", "it'll", "it'd", "we're", "we've", "we'll", "we'd",
    "they're", "they've", "they'll", "they'd", "that's", "that'll", "that'd", "there's",
    "there're", "here's", "who's", "who'd", "what's", "where's", "how's", "let's", "im", "ive",
    "youre", "youve", "theyre", "thats", "theres", "whats", "have", "has", "had", "having", "do",
    "does", "did", "doing", "done", "will", "would", "shall", "should", "can", "could", "may",
    "might", "must", "ought", "going", "gonna", "gotta", "get", "gets", "got", "getting", "let",
    "lets", "of", "to", "in", "on", "at", "by", "for", "from", "with", "about", "into", "onto",
    "over", "under", "above", "below", "between", "among", "through", "during", "before", "after",
    "since", "until", "till", "as", "than", "like", "off", "up", "down", "out", "upon", "within",
    "along", "across", "around", "near", "toward", "towards", "per", "via", "and", "or", "but",
    "nor", "so", "if", "because", "while", "although", "though", "whereas", "unless", "whether",
    "yet", "however", "therefore", "just", "only", "also", "even", "still", "too", "again",
    "ever", "once", "already", "now", "anyway", "o", "oh", "well", "ok", "okay", "mr", "mrs",
    "ms", "dr",
])  # fmt: skip
"""They use up no reach of a negation and get no mark. "like" and "well" count as words of feeling
where a lexicon rates them."""

LIGHT = frozenset([
    "b", "c", "e", "f", "g", "h", "j", "k", "l", "n", "p", "q", "r", "u", "v", "w", "x", "y", "z",
    "co", "com", "um", "uh", "ii", "iii", "iv", "vs", "etc", "two", "three", "four", "five", "six",
    "ten", "first", "second", "thing", "things", "way", "ways", "part", "parts", "kind", "sort",
    "bit", "lot", "lots", "bunch", "piece", "much", "many", "more", "most", "made", "make",
    "makes", "making", "go", "goes", "went", "gone", "come", "comes", "came", "say", "says",
    "said", "saying", "take", "takes", "took", "taken", "put", "puts", "seem", "seems", "seemed",
    "become", "becomes", "became", "really", "quite", "rather", "perhaps", "maybe", "probably",
    "usually", "actually", "instead",
])  # fmt: skip
"""Content words that say little by themselves: they do not lead a text, as function words and
negations do not, unless a lexicon rates them."""

NEGATIONS = frozenset([
    "not", "no", "never", "zero", "less", "least", "none", "nor", "neither", "nothing", "nobody",
    "nowhere", "cannot", "without", "hardly", "barely", "scarcely", "rarely", "seldom", "nope",
    "n't",
])  # fmt: skip
"""What turns the words after it, beside all that ends in "n't"."""

BARE = {
    word.replace("'", ""): word
    for word in [
        "ain't", "aren't", "can't", "couldn't", "daren't", "didn't", "doesn't", "don't", "hadn't",
        "hasn't", "haven't", "isn't", "mightn't", "mustn't", "needn't", "oughtn't", "shan't",
        "shouldn't", "wasn't", "weren't", "won't", "wouldn't",
    ]
}  # fmt: skip
"""Negations that are often written without their apostrophe."""

SAYING = frozenset([
    "say", "says", "said", "saying", "claim", "claims", "think", "thinks", "thought", "believe",
    "believes", "mean", "means",
])  # fmt: skip
"""Verbs through which a negation reaches another one, which undoes it: "can't say it isn't fun"."""

CLAUSE = frozenset([
    "but", "because", "cause", "cuz", "although", "though", "whereas", "however", "unless",
    "while", "except", "despite",
])  # fmt: skip
"""Where a clause begins that a negation before it does not reach."""

TURNS = frozenset({"but", "however", "nevertheless", "nonetheless"})
"""What comes before weighs less, and what comes after weighs more."""

CONCESSIONS = frozenset({"although", "though", "despite", "notwithstanding"})
"""What comes after, up to the next comma, weighs less than the rest of the sentence."""

PRONOUNS = frozenset([
    "it", "he", "she", "they", "we", "you", "i", "this", "that", "these", "those", "there",
])  # fmt: skip

BETTER = frozenset(["better", "finer", "nicer", "funnier", "happier", "smarter", "cleaner"])
NOT_YET = frozenset(["never", "not", "haven't", "hasn't", "hadn't", "don't", "didn't"])
LIVED = frozenset([
    "seen", "had", "read", "heard", "watched", "met", "used", "eaten", "tasted", "stayed", "see",
    "owned", "bought", "found", "come", "tried",
])  # fmt: skip
ARTICLES = frozenset(["a", "an", "any", "anything", "anyone"])
"""What "I have never seen a better film" is made of, which denies that there is one."""

FORMS_OF_BE = frozenset([
    "is", "are", "was", "were", "be", "been", "it's", "he's", "she's", "that's", "they're",
])  # fmt: skip

DEGREES_OF_FEELING = frozenset([
    "pretty", "super", "damn", "crazy", "freaking", "stupid", "insane", "mad", "wicked", "bloody",
])  # fmt: skip
"""Words of feeling that before one of the other side only say how much, as all in "ly" do: "pretty
bad", "terribly good"."""
