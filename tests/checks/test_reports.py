"""Reports: what the pages say, in which order, safely, and what happens where they cannot be."""

import json
import os
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flint import fmpq
from report_cases import CASES, HOSTILE, LEFT, RIGHT, STATEMENT, held, never, refuted

from checks import Claim, Report, Run, Verdict, verifier
from checks.cli import main
from checks.reports import Page, Refutation, draw, facts, prepare, runs, write_report, write_run
from checks.reports import latex as typeset
from checks.reports.captions import plain
from checks.reports.picture import figure
from checks.statements import claims, find
from checks.statements.sources import Source
from theory import (
    CAUSAL,
    FIRST_INDEX,
    HARDMAX,
    INFINITE,
    Configuration,
    Dynamics,
    HardmaxError,
    Undecided,
    settle,
)
from theory.exact import ILL_FORMED
from theory.files.configurations import read_configurations, read_problems
from theory.pictures.figures import draw_configuration
from theory.pictures.slides import MOST, Slides
from theory.pictures.view import telling
from theory.readable import decimal, point
from theory.rules import Masked
from theory.schedules.functions import RationalFunction
from theory.scores import Matrices
from theory.steps import Constant, InTurn, Scheduled, Valued

pytest.importorskip("plotly")
pytest.importorskip("jinja2")
pytest.importorskip("latex2mathml")

SLOW = "examples/hundreds-of-layers.json"


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text outside scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.inside = tag

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside not in ("script", "style"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def in_order(words: str, *parts: str) -> None:
    """Each part stands in `words`, after the one before it."""
    at = 0
    for part in parts:
        found = words.find(part, at)
        assert found >= 0, f"{part!r} is missing, or stands too early"
        at = found + len(part)


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    return [
        *(refuted(name, c) for name, c in CASES.items()),
        held("held"),
        refuted(HOSTILE, CASES["plane"]),
    ]


@pytest.fixture(scope="module")
def report(pages: list[Page], tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("report")
    assert write_report(pages, directory / "deep" / "report").name == "index.html"
    return directory / "deep" / "report"


# ------------------------------------------------------------------------------ the facts


def test_the_order_of_facts(report: Path) -> None:
    order = [
        "line", "REFUTED", "Refuted by 5 tokens in dimension 1, α = 1/3", "What is violated",
        "layer 2, tokens 0, 1", "Claimed: left", "≤", "In fact: left", ">", str(LEFT),
        "≈ 0.333333333333", str(RIGHT), "≈ 5.9292306", "The configuration, exactly",
        '"3"', "layer",
        "Hypotheses", "Source", "ours", "How hard was looked", "4,321", "1,234", "Certificate",
        "line.cert.json", "hardmax check line.cert.json", "To reproduce this",
        "hardmax refute line --seed 99",
    ]  # fmt: skip
    in_order(Elements((report / "line.html").read_text()).text, *order)
    in_order((report / "line.md").read_text(), *order)


def test_json_has_everything_exactly(report: Path) -> None:
    for name, configuration in CASES.items():
        found = json.loads((report / f"{name}.json").read_text())
        assert Configuration(**found["configuration"]) == configuration
        violation = found["violation"]
        assert (fmpq(*map(int, violation["left"].split("/"))), violation["relation"]) == (
            LEFT,
            "<=",
        )
        assert violation["right"] == str(RIGHT)
        assert (found["verdict"], found["seed"], found["applicable"]) == ("REFUTED", 99, 1234)
        assert found["statement"] == STATEMENT
        certificate = (report / f"{name}.cert.json").read_text()
        assert "settle at layer" in str(verifier.verify(certificate))
        assert json.loads(certificate) == found["certificate"]


def test_the_configuration_block_can_be_run(report: Path, tmp_path: Path) -> None:
    page = (report / "plane.md").read_text()
    block = re.search(r"```json\n(.*?)\n```", page, re.DOTALL)
    assert block
    (tmp_path / "c.json").write_text(block[1])
    assert read_configurations(str(tmp_path / "c.json")) == [CASES["plane"]]


def test_the_index_has_every_statement(report: Path, pages: list[Page]) -> None:
    index = json.loads((report / "index.json").read_text())
    assert [entry["name"] for entry in index["statements"]] == [p.statement.name for p in pages]
    for entry in index["statements"]:
        assert {(report / entry[kind]).is_file() for kind in ("html", "markdown", "json")} == {True}
    html, markdown = (report / "index.html").read_text(), (report / "index.md").read_text()
    links = [attributes["href"] for tag, attributes in Elements(html).elements if tag == "a"]
    for entry in index["statements"]:
        assert entry["html"] in links
        assert f"({entry['markdown']})" in markdown
    assert "6 statements: 1 held, 5 refuted; all as expected." in Elements(html).text
    assert index["reach"] == {"ties": 17}
    assert "some attention set has several tokens" in Elements(html).text


def test_a_page_of_what_held_claims_no_proof(report: Path) -> None:
    text = Elements((report / "held.html").read_text()).text
    assert "Held on 7 applicable configurations. That is no proof." in text
    assert "What is violated" not in text
    assert "<math" in (report / "held.html").read_text()


def test_the_witness_is_asked_again_for_the_violation() -> None:
    page = refuted("line", CASES["line"])
    assert page.violation == never(Run(CASES["line"]))

    def broken(run: Run) -> bool:
        raise ZeroDivisionError

    claim = Claim("c", "", (), "ours", Verdict.HELD, broken)
    report = Report("c", Verdict.HELD, Verdict.REFUTED, 1, 1, 0, {}, 0, CASES["line"], "in words")
    page = Page(report, claim)
    assert page.violation is None
    assert (page.report.explanation, page.report.as_declared) == ("in words", False)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_its_pages(verdict: Verdict, tmp_path: Path) -> None:
    claim = Claim("c", "words only", (), "ours", Verdict.HELD, never)
    page = Page(Report("c", Verdict.HELD, verdict, 0, 0, 0, {}, 0, None, "because"), claim)
    write_report([page], tmp_path)
    assert verdict in Elements((tmp_path / "c.html").read_text()).text
    declared = verdict in (Verdict.HELD, Verdict.PROVED)
    assert ("not as expected" in (tmp_path / "index.md").read_text()) is not declared
    assert not (tmp_path / "plotly.min.js").exists()


def test_a_report_of_nothing(tmp_path: Path) -> None:
    write_report([], tmp_path)
    assert "0 statements" in (tmp_path / "index.md").read_text()


# ---------------------------------------------------------------------------------- safety


def test_nothing_hostile_gets_through(report: Path, pages: list[Page]) -> None:
    claim = Claim(
        HOSTILE, f"{HOSTILE} ${HOSTILE}$ $\\href{{javascript:alert(1)}}{{x}}$", (HOSTILE,), HOSTILE,
        Verdict.REFUTED, never,
    )  # fmt: skip
    report_of = Report(
        HOSTILE, Verdict.REFUTED, Verdict.REFUTED, 1, 1, 0, {HOSTILE: {HOSTILE: 1}}, 0,
        CASES["plane"], HOSTILE,
    )  # fmt: skip
    why = Refutation(never(Run(CASES["plane"])), HOSTILE)
    hostile = Page(report_of, claim, why, HOSTILE)
    write_report([hostile], report / "hostile", HOSTILE)
    write_run(settle(CASES["plane"]), CASES["plane"], report / "hostile" / "run.html", HOSTILE)
    for file in [*report.glob("*.html"), *report.glob("hostile/*.html")]:
        page = file.read_text()
        found = Elements(page)
        tags = [tag for tag, _ in found.elements]
        assert not {"img", "iframe", "object", "embed", "base"} & set(tags)
        assert not [a for _, attributes in found.elements for a in attributes if a[:2] == "on"]
        assert tags.count("script") <= 4
        assert page.count("</script>") == tags.count("script")
    for file in [*report.glob("*.md"), *report.glob("hostile/*.md")]:
        fenced = re.sub(r"```.*?```", "", file.read_text(), flags=re.DOTALL)
        assert "<img" not in fenced
        assert "</script" not in fenced
    assert (
        HOSTILE
        in Elements((report / "hostile" / "script-img-src-x-onerror-alert-1.html").read_text()).text
    )


def test_pages_ask_nothing_of_the_network(report: Path) -> None:
    write_run(settle(CASES["plane"]), CASES["plane"], report / "run.html", "run")
    for file in report.glob("*.html"):
        page = file.read_text()
        for tag, attributes in Elements(page).elements:
            for name in ("src", "href", "action", "srcset", "poster", "data"):
                target = attributes.get(name) or ""
                assert re.fullmatch(r"[\w.-]*|data:,", target), (file.name, tag, target)
        assert "default-src 'none'" in page
        own = re.sub(r"<script>/\*\*.*?</script>", "", page, flags=re.DOTALL)  # without plotly's
        assert not re.search(r"https?://(?!www\.w3\.org/)|@import|url\(", own), file.name
    (report / "run.html").unlink()


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.name)
def test_every_statement_is_typeset(claim: Claim) -> None:
    page = typeset.to_html(claim.statement)
    found = Elements(page)
    assert "$" not in found.text
    assert "\\" not in found.text
    formulas = [part for formula, part in typeset.pieces(claim.statement) if formula]
    shown = [a["alttext"] for tag, a in found.elements if tag == "math"]
    assert shown == formulas
    assert typeset.to_markdown(claim.statement).count("$") == 2 * len(formulas)


def test_text_that_only_looks_like_a_formula() -> None:
    assert typeset.to_html("5$ & <b>") == "5$ &amp; &lt;b&gt;"
    assert typeset.to_html(r"$\frac$").startswith(("<code>", "<math"))


def test_numbers_of_any_size_are_told() -> None:
    assert decimal(fmpq(10) ** 9000) == "1e+9000"
    assert decimal(fmpq(1, 3**9000)).startswith("≈ ")
    assert decimal(fmpq(-5)) == "-5"
    assert decimal(fmpq(0)) == "0"
    assert point([fmpq(1, 3)]) == "(1/3)"
    assert len(point([fmpq(1, 3**9000)])) < 60
    assert len(str(runs.place([fmpq(1, 3**9000)]).whole)) < 120
    big = Configuration([[fmpq(3) ** 9000], [-1]], 1)
    assert len(refuted("big", big).as_dict()["configuration"]["tokens"][0][0]) > 4000


# ------------------------------------------------------------------------------ the picture


@pytest.mark.parametrize("name", CASES)
def test_plotly_takes_the_picture(name: str) -> None:
    run = Run(CASES[name])
    slides = Slides.of(run)
    drawn = draw(run)
    assert len(drawn.frames) == len(slides.slides) == run.settled.layer + 4
    assert [slide.title for slide in slides.slides][-1] == "limit"
    assert len(drawn.layout.sliders[0].steps) == len(drawn.frames)
    assert [button.label for button in drawn.layout.updatemenus[0].buttons] == ["Play", "Pause"]
    kinds = {trace.type for trace in drawn.data}
    assert kinds == ({"mesh3d", "scatter3d"} if name == "space" else {"scatter"})


def test_every_token_is_told_exactly_in_every_layer() -> None:
    run = Run(CASES["plane"])
    slides = Slides.of(run)
    for slide, frame in zip(slides.slides, figure(slides)["frames"], strict=True):
        told = " ".join(
            words
            for trace in frame["data"]
            if trace["hoverinfo"] == "text" and trace["name"] != "origin"
            for words in trace["hovertext"]
        )
        for i, (z, attended) in enumerate(zip(slide.tokens, slide.pattern, strict=True)):
            assert f"<b>token {plain(slides.names.name(i))}</b>" in told
            assert f"at ({', '.join(map(str, z))})" in told
            assert f"attends to {plain(slides.names.members(attended))}" in told
        assert "<img" not in told
    assert slides.slides[-1].tokens == run.equilibrium.limits
    assert [slide.tokens for slide in slides.slides[:3]] == [run.tokens(k) for k in range(3)]


def test_leaders_and_face_limits_are_marked_apart() -> None:
    last = figure(Slides.of(Run(CASES["plane"])))["frames"][-1]["data"]
    marks = {t["name"]: (t["x"], t["marker"]["symbol"]) for t in last if "marker" in t}
    assert marks["leader"] == ([-2.0, -2.0, 47 / 64], "star")
    assert marks["limit on a face"] == ([-2.0], "diamond")


TOLD = {
    HARDMAX: "α = 1/2, A the identity",
    FIRST_INDEX: "α = 1/2, A the identity, ties broken by the first index",
    CAUSAL: "α = 1/2, A the identity, a causal mask",
    INFINITE: "α = ∞, A the identity",
    Dynamics(Masked(((1,), (0,)))): "α = 1/2, A the identity, a mask",
    Dynamics(step=Constant("1/3")): "γ = 1/3, A the identity",
    Dynamics(step=Scheduled(RationalFunction.parse("2/(k+2)"))): "γ_k = 2/(k+2), A the identity",
    Dynamics(step=Valued([[2]])): "a value matrix V, A the identity",
    Dynamics(step=InTurn((Constant(1), Constant("1/3")), repeat=True)): (
        "2 steps in turn, A the identity"
    ),
    Dynamics(scores=Matrices([[[1]], [[2]], [[3]]])): "α = 1/2, 3 matrices A in turn",
}


@pytest.mark.parametrize(("dynamics", "words"), TOLD.items(), ids=TOLD.values())
def test_a_headline_names_the_dynamics(dynamics: Dynamics, words: str) -> None:
    pair = Configuration([[2], [1]], "1/2")
    assert facts.size(pair, dynamics) == f"2 tokens in dimension 1, {words}"
    parts = (dynamics.candidates, dynamics.ties, dynamics.step, dynamics.scores)
    assert any(part.named for part in parts) is (dynamics != HARDMAX)
    assert all(bool(part.named) is bool(part.words) for part in parts)


def test_a_headline_stays_short() -> None:
    long = Dynamics(step=Constant("1/" + "3" * 400))
    assert len(facts.size(Configuration([[2], [1]], 1), long)) < 140


def test_more_than_three_coordinates_are_projected_by_name() -> None:
    picture = figure(Slides.of(Run(CASES["more"])))
    assert "coordinates 0 and 3 of 0 to 4" in picture["layout"]["title"]["text"]
    assert telling(CASES["more"].tokens) == (0, 3)
    assert telling(CASES["space"].tokens) == (0, 1, 2)


def test_a_long_run_is_shown_where_it_changes() -> None:
    (configuration,) = read_configurations(SLOW)
    slides = Slides.of(settle(configuration))
    assert slides.settled_layer == 231
    assert 10 < len(slides.slides) <= MOST + 1
    titles = [slide.title for slide in slides.slides]
    assert {"layer 0", "layer 230", "layer 231", "layer 233", "limit"} <= set(titles)
    numbers = [int(title.split()[1]) for title in titles[:-1]]
    assert numbers == sorted(set(numbers))


def test_what_did_not_settle_is_shown_without_a_limit(tmp_path: Path) -> None:
    (configuration,) = read_configurations(SLOW)
    result = settle(configuration, 5)
    assert isinstance(result, Undecided)
    slides = Slides.of(result)
    assert (len(slides.slides), slides.equilibrium, slides.settled_layer) == (12, None, None)
    draw(result)
    write_run(result, configuration, tmp_path / "a.html", "a")
    page = Elements((tmp_path / "a.html").read_text()).text
    assert f"Undecided, and nothing is certified: {result.reason}." in page
    assert "beyond the budget of 5" in page


@pytest.mark.parametrize(
    "configuration",
    [
        Configuration([[1]], 1),
        Configuration([[0, 0]], 1),
        Configuration([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]], 1),
        Configuration([[1, 0], [1, 0], [0, 2]], 1),
        Configuration([[1, 0], [0, 1]], "-1/2"),
        Configuration([[1, 0], [0, 1]], "-3"),
        Configuration([["1e300", 0], [0, "1e-300"]], 1),
        Configuration([[x % 7 - 3, x % 5 - 2, x % 11 - 5] for x in range(100)], 1),
    ],
    ids=["one", "zero", "solid", "copies", "small", "no limits", "wide", "many"],
)
def test_anything_can_be_shown(configuration: Configuration, tmp_path: Path) -> None:
    run = Run(configuration)
    draw(run)
    claim = Claim("c", STATEMENT, (), "ours", Verdict.REFUTED, never)
    report = Report("c", Verdict.REFUTED, Verdict.REFUTED, 1, 1, 0, {}, 0, configuration, "so")
    write_report([Page(report, claim)], tmp_path)
    write_run(run.settling, configuration, tmp_path / "run.html", "run")
    merged = "shown as one: tokens 0, 1." in Elements((tmp_path / "run.html").read_text()).text
    assert merged is (run.configuration.size == 2 and configuration.size == 3)


@pytest.mark.parametrize(
    ("dynamics", "here", "elsewhere"),
    [(INFINITE, "tend to a cycle of 2 layers", "α = 1,"), (CAUSAL, "α = 1,", "cycle")],
    ids=["cycle", "causal"],
)
def test_a_page_of_other_layers_states_them_and_can_be_run_again(
    dynamics: Dynamics, here: str, elsewhere: str, tmp_path: Path
) -> None:
    c = Configuration([[1], [-1]], 1, [[-1]])
    write_run(settle(c, dynamics=dynamics), c, tmp_path / "run.html", "run")
    page = Elements((tmp_path / "run.html").read_text()).text
    assert here in page
    assert elsewhere not in page
    assert dynamics.words in page
    stated = page[page.index('{ "tokens"') : page.index("All numbers")]
    (tmp_path / "again.json").write_text(stated)
    assert read_problems(tmp_path / "again.json") == [(c, dynamics)]


# ---------------------------------------------------------------------------------- errors


def no_traces(directory: Path) -> None:
    assert not [file.name for file in directory.rglob(".*")]


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("mine")
    for function in (prepare, lambda place: write_report([held("a")], place)):
        with pytest.raises(HardmaxError, match=r"report .*report: cannot be written: File exists"):
            function(tmp_path / "report")
    with pytest.raises(HardmaxError, match="Not a directory"):
        write_report([held("a")], tmp_path / "report" / "below")
    assert (tmp_path / "report").read_text() == "mine"


def test_a_directory_where_a_page_belongs(tmp_path: Path) -> None:
    (tmp_path / "a.html").mkdir()
    with pytest.raises(HardmaxError, match=r"a\.html: cannot be written: Is a directory"):
        write_report([held("a")], tmp_path, force=True)
    no_traces(tmp_path)


@pytest.mark.parametrize("name", ["mine.md", "mine.cert.json", "mine.html"])
def test_a_foreign_file_in_a_report_is_spared(tmp_path: Path, name: str) -> None:
    write_report([held("other")], tmp_path)
    (tmp_path / name).write_text("mine")
    for function in (
        lambda: prepare(tmp_path, names=["mine"]),
        lambda: write_report([held("mine")], tmp_path),
    ):
        with pytest.raises(HardmaxError, match=rf"{name}: hardmax did not make .* --force"):
            function()
        assert (tmp_path / name).read_text() == "mine"
        assert not (tmp_path / "mine.json").exists()
    write_report([held("mine")], tmp_path, force=True)
    assert (tmp_path / name).read_text() != "mine" or name == "mine.cert.json"


def test_what_reports_have_written_is_written_over(tmp_path: Path) -> None:
    """Of whatever statements, and by versions that listed no files."""
    for name in ("mine", "other", "mine"):
        prepare(tmp_path, names=[name])
        write_report([held(name)], tmp_path)
        index = json.loads((tmp_path / "index.json").read_text())
    assert {"mine.md", "other.md", "index.md"} <= {*index["files"]}
    del index["files"]
    (tmp_path / "index.json").write_text(json.dumps(index))
    write_report([held("mine")], tmp_path)


@pytest.mark.parametrize("index", [None, "{}", "[" * 100_000, '{"title": 1, "statements": []}'])
def test_a_directory_that_is_no_report(tmp_path: Path, index: str | None) -> None:
    (tmp_path / "mine.md").write_text("mine")
    if index is not None:
        (tmp_path / "index.json").write_text(index)
    before = {file.name: file.read_text() for file in tmp_path.iterdir()}
    for function in (prepare, lambda place: write_report([held("mine")], place)):
        with pytest.raises(HardmaxError, match=r"^report [^\n]* and no report; --force [^\n]*$"):
            function(tmp_path)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == before
    write_report([held("mine")], tmp_path, force=True)
    write_report([held("mine")], tmp_path)


def test_a_report_that_was_begun_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("checks.reports.markdown.statement_page", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write_report([held("a")], tmp_path)
    assert not (tmp_path / "index.html").exists()
    write_report([held("a")], tmp_path)


NASTY = "\x00\x1b[2J\x7f\x9b\ud800\ufffe ]]> --> & <b> \"' $x$ \u202e\r\n\tend"
LABEL = NASTY.replace("\ud800", "")  # which no configuration may have


def test_nothing_that_xml_forbids_gets_into_a_page(tmp_path: Path) -> None:
    plane = CASES["plane"]
    nasty = Configuration(plane.tokens, plane.alpha, labels=[LABEL] * plane.size, name=LABEL)
    origin = Source(Path("a.py"), LABEL.encode(), {"b.py": b""}, {NASTY: NASTY})
    claim = Claim(
        NASTY, f"{NASTY} $x {NASTY} y$", (NASTY,), NASTY, Verdict.REFUTED, never, origin=origin
    )
    report = Report(
        NASTY, Verdict.REFUTED, Verdict.REFUTED, 1, 1, 0, {NASTY: {NASTY: 1}}, 0, nasty, NASTY
    )
    why = Refutation(never(Run(nasty)), NASTY, {"a": NASTY})
    page = Page(report, claim, why, NASTY)
    write_report([page], tmp_path, NASTY)
    write_run(settle(nasty), nasty, tmp_path / "run.html", NASTY, NASTY)
    for file in tmp_path.iterdir():
        assert file.suffix in (".js", ".py") or not re.search(ILL_FORMED, file.read_text()), (
            file.name
        )
    (name,) = json.loads((tmp_path / "index.json").read_text())["statements"]
    told = json.loads((tmp_path / name["json"]).read_text())
    assert (told["name"], told["configuration"]["labels"][0]) == (NASTY, LABEL)
    words = (tmp_path / name["html"]).read_text()
    formulas = re.findall(r"<math.*?</math>", words, re.DOTALL)
    for part in [*formulas, *re.findall(r"<blockquote.*?</blockquote>", words, re.DOTALL)]:
        ElementTree.fromstring(part)
    assert formulas
    assert "\\x1b[2J" in Elements(words).text


def test_a_picture_is_well_formed_whatever_the_labels(tmp_path: Path) -> None:
    plane = CASES["plane"]
    nasty = Configuration(plane.tokens, plane.alpha, labels=[LABEL] * plane.size, name=LABEL)
    result = settle(nasty)
    assert not isinstance(result, Undecided)
    draw_configuration(result, tmp_path / "a.svg")
    ElementTree.parse(tmp_path / "a.svg")
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring("<a>\x1b</a>")


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_report([held("a")], tmp_path)
    before = (tmp_path / "a.html").read_text()

    def full(descriptor: int, mode: str) -> Any:
        os.close(descriptor)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("theory.files.outputs.open", full, raising=False)
    with pytest.raises(HardmaxError, match=r"^[^\n]*No space left on device$"):
        write_report([held("a")], tmp_path)
    monkeypatch.undo()
    assert (tmp_path / "a.html").read_text() == before
    no_traces(tmp_path)


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    write_report([held("a")], tmp_path)
    (tmp_path / "mine.html").write_text("mine")
    write_report([held("a")], tmp_path)
    assert (tmp_path / "mine.html").read_text() == "mine"
    no_traces(tmp_path)


# ------------------------------------------------------------------------- the command line


@pytest.mark.parametrize("library", ["plotly", "jinja2", "latex2mathml"])
def test_a_missing_library_is_named_before_anything_is_run(
    library: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    file, directory = tmp_path / "a.html", tmp_path / "report"
    wanted = f"{library} is missing: pip install 'hardmax-theory[report]'\n"
    assert main(["run", "examples/moving-tie.json", "--plot", str(file)]) == 2
    assert capsys.readouterr().err == f"hardmax: --plot {file}: {wanted}"
    assert main(["validate", "--examples", "1", "--report", str(directory)]) == 2
    assert capsys.readouterr() == ("", f"hardmax: report {directory}: {wanted}")
    assert not list(tmp_path.iterdir())


def test_validate_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--examples", "22", "--seed", "5", "--jobs", "1", "--json"]
    claims = ["--claim", "norms-grow", "--claim", "limits-are-feet"]
    status = main(["validate", *options, *claims, "--report", str(tmp_path / "r")])
    out, err = capsys.readouterr()
    assert f"report: {tmp_path / 'r' / 'index.html'}\n" in err
    printed = [json.loads(line) for line in out.splitlines()]
    assert status in (0, 3)
    for found in printed:
        page = json.loads((tmp_path / "r" / f"{found['name']}.json").read_text())
        assert {key: page[key] for key in ("name", "verdict", "applicable", "reach", "seed")} == {
            key: found[key] for key in ("name", "verdict", "applicable", "reach", "seed")
        }
        name = found["name"]
        assert page["command"] == f"hardmax validate --claim {name} --examples 22 --seed 5"


def test_validate_report_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "r").write_text("")
    assert main(["validate", "--examples", "10000000", "--report", str(tmp_path / "r")]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"hardmax: report {tmp_path / 'r'}: cannot be written: File exists\n")


def test_run_plot_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.HTML"
    assert main(["run", "examples/every-kind-of-limit.json", "--plot", str(file)]) == 0
    found = Elements(file.read_text())
    in_order(
        found.text, "every kind of limit", "Settled at layer 2: 3 leaders, 4 clusters",
        "The layers", "Every token, layer by layer", "Leaders", "(47/64, 79/64)",
        "Where the tokens tend to", "foot of the origin on the face of {0, 1}", "Hypotheses",
    )  # fmt: skip
    assert [tag for tag, attributes in found.elements if "src" in attributes] == []
    capsys.readouterr()
    assert main(["run", SLOW, "--max-layers", "5", "--plot", str(file)]) == 3
    assert "is not written" not in capsys.readouterr().err
    assert "Undecided, and nothing is certified: " in file.read_text()
    no_traces(tmp_path)


def test_run_plot_page_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "no" / "a.html"
    assert main(["run", SLOW, "--plot", str(file)]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"hardmax: cannot write {file}: No such file or directory\n")


# ------------------------------------------------------------------ statements of other layers


@pytest.mark.parametrize(
    ("name", "moved", "limits"),
    [
        ("with-infinite-step", [["1/2", 1], ["3/2", "1/2"], [2, 0]], [[2, 0], [2, 0], [2, 0]]),
        ("with-first-index-ties", [[0, 1], [1, 1], [2, 0]], [[0, 1], [1, 1], [2, 0]]),
    ],
)
def test_statements_of_other_dynamics_show_their_own_layers(
    name: str, moved: Any, limits: Any, tmp_path: Path
) -> None:
    claim = find(name)
    configuration = Configuration([[0, 1], [1, 1], [2, 0]], 1)
    report = Report(
        name, Verdict.REFUTED, Verdict.REFUTED, 1, 1, 0, {}, 0, configuration, "so",
        claim.dynamics,
    )  # fmt: skip
    page = Page(report, claim)
    assert page.run is not None
    assert page.run.tokens(1) == Configuration(moved, 1).tokens
    equilibrium = Slides.of(page.run).equilibrium
    assert equilibrium is not None
    assert equilibrium.limits == Configuration(limits, 1).tokens
    write_report([page], tmp_path)
    text = Elements((tmp_path / f"{name}.html").read_text()).text
    assert "The layers " in text
    told = json.loads((tmp_path / f"{name}.json").read_text())
    assert ("gamma" in told["configuration"]) is (name == "with-infinite-step")
    assert ("ties" in told["configuration"]) is (name == "with-first-index-ties")


def test_copies_are_kept_where_the_statement_is_about_them() -> None:
    configuration = Configuration([[1], [1]], 1)
    report = Report("c", Verdict.REFUTED, Verdict.REFUTED, 1, 1, 0, {}, 0, configuration, "so")
    page = Page(report, find("without-distinctness"))
    assert page.run is not None
    assert page.run.configuration.size == 2
    assert page.violation is not None
