"""The page of a verification: complete, self-contained, escaped, and of use in a browser."""

import ast
import base64
import hashlib
import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlparse

import chromium
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samtheory import cli
from samtheory.report import html, html_cell, html_problem, svg
from samtheory.report.verdicts import ratio
from samtheory.request import Request
from samtheory.status import Status
from samtheory.verification import journal
from samtheory.verification.cell import Cell
from samtheory.verification.closest import MEANING, closest
from samtheory.verification.evidence import drawn
from samtheory.verification.sweep import select, sweep

EVIL = "<script>alert(1)</script>&\"'"

PARABOLA = '''"""A parabola."""
import numpy as np
from samtheory import Problem, Quadratics, exact

def problem(h: float = 2.0) -> Problem:
    one, zero = exact(np.array([h]), "<i>h</i>"), exact(np.zeros(1), "f(0) = 0")
    return Problem(
        objective=Quadratics(np.full((1, 1, 1), h), np.zeros((1, 1))), x0=np.ones(1), L_i=one, L=exact(h, "<i>h</i>"),
        mu=exact(h, "h"), f_inf=exact(0.0, "f(0) = 0"), f_i_inf=zero, x_star=np.zeros(1),
    )
'''


@pytest.fixture(scope="module")
def verdicts():
    """Some cells that hold, two problems, random and not."""
    theorems = ("unified-sam/3.2", "unified-sam/3.5", "unified-sam/3.7", "ours/convex")
    cells, skipped = select(("ridge", "sine-1d"), theorems, ("full", "uniform"), (0.0, 0.5), request=Request(steps=60))
    return sweep(cells), skipped


@pytest.fixture(scope="module")
def page(verdicts):
    return html.page(*verdicts, 0)


class Reader(HTMLParser):
    """The tags of a page, its text, and what is wrong with how they nest."""

    #: Elements that have no end tag, or may leave it out.
    OPEN = frozenset({"meta", "input", "br", "td", "th", "tr", "tbody", "thead", "p", "li", "option", "path"})

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.stack = [], "", []
        self.feed(text)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.OPEN:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag not in self.OPEN:
            assert self.stack.pop() == tag

    def handle_data(self, data):
        self.text += data

    def values(self, name):
        return [attributes[name] for _, attributes in self.tags if name in attributes]


def test_every_cell_is_there_with_its_curve_constants_and_command(page, verdicts):
    found, skipped = verdicts
    reader = Reader(page)
    assert f"All {len(found)} cells hold" in reader.text
    assert [f"cell-{k}" for k in range(len(found))] == sorted(
        (each for each in reader.values("id") if each.startswith("cell-")), key=lambda each: int(each[5:])
    )
    for verdict in found:
        assert verdict.cell.command in reader.text
    paths = [attributes["d"] for tag, attributes in reader.tags if tag == "path"]
    assert len(paths) == 2 * len(found)
    assert all(paths)
    assert "lambda_max(A^T A)/n + reg" in reader.text
    for entry in skipped:
        assert entry["reason"].removeprefix(f"{entry['theorem']}: ") in reader.text


def test_places_are_named_once_and_every_link_leads_to_one(page):
    reader = Reader(page)
    places = reader.values("id")
    assert len(places) == len(set(places))
    links = reader.values("href")
    assert links
    assert {link.removeprefix("#") for link in links} <= set(places)


def test_nothing_is_loaded_and_only_what_the_policy_names_runs(page):
    reader = Reader(page)
    assert {"src", "srcset", "action", "data", "style"} & {name for _, each in reader.tags for name in each} == set()
    assert [name for _, each in reader.tags for name in each if name.startswith("on")] == []
    assert not re.search(r"url\(|@import", page)
    (policy,) = (each["content"] for tag, each in reader.tags if each.get("http-equiv") == "Content-Security-Policy")
    for kind in ("style", "script"):
        (text,) = re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_whatever_comes_from_outside_is_escaped(tmp_path):
    path = tmp_path / "<img src=x> & co.py"
    path.write_text(PARABOLA)
    cell = Cell(str(path), "unified-sam/3.4", "full", Request(steps=20), (("h", "2.0"),))
    (verdict,) = sweep([cell])
    evidence = [
        replace(piece, name=EVIL, location=EVIL, detail=EVIL, verdict=Status.VIOLATED) for piece in verdict.evidence
    ]
    evil = replace(verdict, location=EVIL, evidence=tuple(evidence))
    skipped = [{"problem": EVIL, "theorem": EVIL, "sampling": EVIL, "lam": "0", "reason": EVIL}]
    page = html.page([evil], skipped, 0)
    reader = Reader(page)
    assert [tag for tag, _ in reader.tags if tag in ("script", "img", "i")] == ["script"]
    assert EVIL in reader.text
    assert cell.command in reader.text
    assert "<i>h</i>" in reader.text


def test_what_does_not_hold_comes_first_and_is_open(verdicts):
    found, skipped = verdicts
    last = len(found) - 1
    page = html.page([*found[:-1], replace(found[-1], verdict=Status.VIOLATED)], skipped, 0)
    assert f'<header class="violated failed">\n<h1>{len(found)} cells: 1 violated' in page
    assert page.count("<details open>") == 1
    cells = re.findall(r'<tbody class="([\w ]+)" id="(cell-\d+)"', page)
    assert cells[0] == ("violated failed", f"cell-{last}")
    rows = re.findall(r'<tr class="([\w ]+)"><th scope="row"><b></b><a href="#problem-0">', page)
    assert rows == ["violated failed"]


def test_what_fails_is_listed_first_with_its_cause_and_command(verdicts):
    found, skipped = verdicts
    wrong = [k for k, verdict in enumerate(found) if verdict.cell.problem == "ridge"]
    broken = [
        replace(
            verdict, verdict=Status.ASSUMPTION_FAILS,
            evidence=(replace(verdict.evidence[0], verdict=Status.ASSUMPTION_FAILS, bound_ratio=1 / (2 + k)),),
        )
        if k in wrong
        else verdict
        for k, verdict in enumerate(found)
    ]  # fmt: skip
    page = html.page(broken, skipped, 0)
    section = page[page.index('<h2 id="causes">') : page.index('<h2 id="problems">')]
    names = {broken[k].evidence[0].name for k in wrong}
    assert section.count('<tr class="assumption-fails failed">') == len(names)
    assert f'href="#cell-{wrong[-1]}"' in section  # the smallest ratio
    assert f"<code>{escape(broken[wrong[-1]].cell.command)}</code>" in section
    assert f"and {len(wrong) - 1} more" in section or len(names) > 1
    assert "causes" not in html.page(found, skipped, 0).partition("<main>")[2]


def test_a_crossing_is_marked_where_the_measured_value_exceeds_the_bound():
    curve = ((0.0, 1.0, 10.0, 100.0), (4.0, 2.0, 1.5, 3.0), (4.0, 3.0, 1.0, 1.0))
    (x, y), (circle,) = svg.place(curve, 10.0, 1.5), re.findall(r'<circle cx="(\d+)" cy="(\d+)"', svg.picture(curve))
    assert circle == (f"{x:.0f}", f"{y:.0f}")
    assert "circle" not in svg.picture((curve[0], curve[2], curve[2]))


def test_the_whole_catalogue_stays_near_four_megabytes(page, verdicts):
    found, _ = verdicts
    entries = re.findall(r'<tbody class="\w+" id=.*?</details>', page, re.DOTALL)
    assert len(entries) == len(found)
    assert 5600 * np.mean([len(entry.encode()) for entry in entries]) < 4.3e6


def test_every_theorem_is_listed_with_its_closest_cells(page, verdicts):
    found, _ = verdicts
    table = page[page.index('<h2 id="closest">') : page.index('<h2 id="cells">')]
    rows = re.findall(r'<tr><th scope="row"><a href="#t\d+">(.*?)</a>.*', table)
    assert rows == [each.theorem for each in closest(found)]
    for each in closest(found):
        assert f"<code>{each.tight.cell.command}</code>" in table
        assert f'href="#cell-{found.index(each.tight)}"' in table
        assert each.run is None or f'href="#cell-{found.index(each.run)}"' in table
    assert escape(MEANING) in table


def test_constants_are_told_once_and_hypotheses_with_their_smallest_slack(page, verdicts):
    found, _ = verdicts
    assert page.count("lambda_max(A^T A)/n + reg") < 10
    of_ridge = [verdict for verdict in found if verdict.cell.problem == "ridge" and verdict.cell.sampling == "uniform"]
    least = min(piece.bound_ratio for verdict in of_ridge for piece in verdict.evidence if piece.name == "PL")
    rows = {name: (specs, slack) for name, specs, slack, _ in html_problem.hypotheses(of_ridge)}
    assert rows["PL"] == ("every", ratio(least))


def test_a_hypothesis_that_fails_is_told_in_its_cell(verdicts):
    found, _ = verdicts
    first, *rest = found[0].evidence
    assert first.kind == "hypothesis"
    failed = replace(
        found[0], evidence=(replace(first, verdict=Status.VIOLATED, bound_ratio=0.5), *rest), verdict=Status.VIOLATED
    )
    lines = [html_cell.evidence_line(piece) for piece in html_cell.shown(failed)]
    assert lines[-1].startswith(f"violated: hypothesis, {first.name}: 0.5000")
    assert len(html_cell.shown(found[0])) == len(lines) - 1


def test_html_is_made_by_templates_alone():
    """Otherwise a value could be inserted without escaping."""
    for path in Path(html.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                text = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
                assert not re.search(r"</?[a-z]", text), f"{path.name}:{node.lineno}: HTML in an f-string"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id == "Html":
                    assert node.args == [], f"{path.name}:{node.lineno}: Html() around text"
                elif node.func.id == "fill":
                    template = node.args[0]
                    literal = isinstance(template, ast.Constant | ast.Name)
                    assert literal, f"{path.name}:{node.lineno}: a template that is not literal"


numbers = st.one_of(st.none(), st.floats(0, 1e300), st.floats(1e-300, 1e-200))


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=40))
def test_paths_stay_in_the_box_and_near_every_point(values):
    measured, bound = zip(*values, strict=True)
    curve = (tuple(float(t) for t in range(len(values))), measured, bound)
    full = [svg.path(curve, column, tolerance=-1.0) for column in (measured, bound)]
    for column, every in zip((measured, bound), full, strict=True):
        drawn, thin = points(every), points(svg.path(curve, column))
        assert sum(map(len, drawn)) == sum(value is not None for value in column)
        assert len(thin) == len(drawn)
        assert all(0 <= x <= svg.WIDTH and 0 <= y <= svg.HEIGHT for piece in thin for x, y in piece)
        for left, piece in zip(thin, drawn, strict=True):
            assert (left[0], left[-1]) == (piece[0], piece[-1])
            x, y = np.array(sorted(set(left))).T
            away = [abs(np.interp(a, x, y) - b) for a, b in piece if (x == a).sum() == 1]
            assert max(away, default=0.0) <= svg.TOLERANCE + 2


def points(path):
    """The pieces of a path, each the list of its points."""
    pieces = []
    for piece in filter(None, path.split("M")):
        start, _, steps = piece.partition("h" if "h" in piece else "l")
        moves = [] if "h" in piece else np.array([int(word) for word in steps.split()]).reshape(-1, 2)
        begin = np.array([int(word) for word in start.split()])
        pieces.append([tuple(begin), *map(tuple, begin + np.cumsum(moves, axis=0))] if len(moves) else [tuple(begin)])
    return pieces


def test_a_curve_is_small_and_ends_where_the_run_ends():
    t = np.arange(1, 1001)
    times, measured, bound = drawn(t, 1 / t, np.where(t < 5, np.inf, 2 / t))
    assert len(times) <= 32
    assert (times[0], times[-1], measured[-1]) == (1, 1000, 1e-3)
    assert bound[0] is None
    assert bound[-1] == 2e-3


def test_a_resumed_cell_keeps_its_curve(verdicts, tmp_path):
    (verdict, *_), _ = verdicts
    path = tmp_path / "kept"
    journal.appender(str(path), "resume")(verdict)
    assert journal.read(str(path)) == {verdict.cell: verdict}
    assert any(piece.curve for piece in verdict.evidence)


# The command line


ASKED = ["verify", "sine-1d", "--theorem", "unified-sam/3.4", "--lam", "0", "--sampling", "full", "--workers", "1"]


def test_verify_writes_the_page(tmp_path, capsys):
    path = tmp_path / "page.html"
    assert cli.main([*ASKED, "--html", str(path)]) == 0
    assert "The cell holds" in path.read_text(encoding="utf-8")
    assert str(path) in capsys.readouterr().err


@pytest.mark.parametrize("where", ["none/page.html", "."])
def test_a_page_that_cannot_be_written_is_refused_before_the_work(where, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main([*ASKED, "--html", where]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"html={where}: must be a file that can be written" in said


def test_the_self_test_has_no_page(tmp_path, capsys):
    assert cli.main(["verify", "--self-test", "--html", str(tmp_path / "page.html")]) == 2
    assert "self-test" in capsys.readouterr().err


# In a browser


@pytest.mark.skipif(chromium.find() is None, reason="needs Chromium (Debian: apt-get install chromium)")
def test_a_reader_finds_and_opens_a_cell_in_a_browser(page, verdicts, tmp_path):
    found, _ = verdicts
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    wanted = [v for v in found if v.cell.theorem == "unified-sam/3.2" and v.cell.request.lam == 0.5]
    with chromium.Page(path.as_uri(), tmp_path / "profile") as browser:
        shown = "[...document.querySelectorAll('.cells > tbody')].filter((body) => body.offsetHeight > 0)"
        assert browser.evaluate(f"{shown}.length") == len(found)
        browser.click("#words")
        browser.type("UNIFIED-SAM/3.2 λ=0.5")
        assert browser.evaluate(f"{shown}.length") == len(wanted)
        counted = browser.evaluate("document.getElementById('count').textContent")
        assert counted == f"{len(wanted)} of {len(found)} cells"
        first = ".cells > tbody:not([hidden])"
        assert not browser.evaluate(f"document.querySelector('{first} code').checkVisibility()")
        assert 0 < browser.evaluate(f"document.querySelector('{first} svg').getBoundingClientRect().width") < 200
        browser.click(f"{first} summary")
        assert browser.evaluate(f"document.querySelector('{first} code').checkVisibility()")
        # The browser says that a row was opened some time after it was.
        look = f"document.querySelector('{first} svg.ticked') || !left-- ? done() : setTimeout(look, 20)"
        browser.evaluate(f"let left = 250; new Promise((done) => {{ const look = () => {look}; look(); }})")
        ticks = browser.evaluate(f"[...document.querySelectorAll('{first} svg text')].map((each) => each.textContent)")
        assert {"1", "10", "t"} <= set(ticks)
        assert not browser.evaluate("document.querySelectorAll('.cells details:not([open]) svg text').length")
        command = browser.evaluate(f"document.querySelector('{first} code').textContent")
        assert command in {verdict.cell.command for verdict in wanted}
        assert browser.evaluate(f"document.querySelector('{first} svg').getBoundingClientRect().width") > 400
        # A link to what the filter hides shows it again.
        hidden = next(k for k, verdict in enumerate(found) if verdict not in wanted)
        browser.evaluate(f"location.hash = 'cell-{hidden}'; new Promise((done) => setTimeout(done, 100))")
        assert browser.evaluate(f"document.querySelector('#cell-{hidden} details').open")
        assert browser.evaluate(f"{shown}.length") == len(found)
        assert [urlparse(each).scheme for each in browser.requests()] == ["file"]
        assert browser.complaints() == []


@pytest.mark.skipif(chromium.find() is None, reason="needs Chromium (Debian: apt-get install chromium)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_light_and_dark(scheme, page, tmp_path):
    """The contrast that WCAG asks of text, 4.5, of every colour of the page against its background."""
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    with chromium.Page(path.as_uri(), tmp_path / "profile") as browser:
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        names = ("text", "soft", "good", "bad", "open", "measured", "bound")
        for under in ("back", "field"):
            back = browser.evaluate(f"getComputedStyle(document.documentElement).getPropertyValue('--{under}')")
            for name in names:
                colour = browser.evaluate(f"getComputedStyle(document.documentElement).getPropertyValue('--{name}')")
                assert contrast(colour, back) >= 4.5, (name, under)


def contrast(one, other):
    """The contrast ratio of two colours written as hexadecimal numbers."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    digits = colour.strip().removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
