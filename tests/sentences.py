"""Small labelled texts, made for the tests: films that are praised or blamed in a few words."""

from random import Random

GOOD = ["moving", "superb", "witty", "charming", "brilliant", "delightful", "gripping", "tender"]
BAD = ["dull", "clumsy", "tedious", "hollow", "awful", "lifeless", "shallow", "bland"]
THINGS = ["film", "story", "acting", "plot", "script", "comedy", "drama", "ending", "direction"]
FILLING = ["the", "a", "this", "with", "and", "of", "it", "is", "so", "very", "by", "its"]


def sentences(count: int, seed: int, noise: float = 0.1) -> tuple[list[str], list[str], list[str]]:
    """Texts, labels "good" or "bad", and the film of each; ten texts a film.

    A part `noise` of the words is of the other side.
    """
    random = Random(seed)
    texts, labels, films = [], [], []
    for number in range(count):
        good = number % 2 == 0
        words = []
        for _ in range(random.randint(2, 4)):
            side = GOOD if good != (random.random() < noise) else BAD
            words += [random.choice(FILLING), random.choice(side), random.choice(THINGS)]
        if random.random() < 0.3:
            words += ["not", random.choice(BAD if good else GOOD)]
        texts.append(" ".join(words) + ".")
        labels.append("good" if good else "bad")
        films.append(f"film-{number // 10}")
    return texts, labels, films
