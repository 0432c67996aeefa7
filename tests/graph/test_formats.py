"""Every format reads back, says what the graph says, and lets no text break out of its place."""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
import sysconfig
import zlib
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest

from sharedvalue.engine.errors import UserError
from sharedvalue.engine.graph import SUFFIXES, write
from sharedvalue.engine.graph.parts import KINDS, clean, of_edges, of_nodes, short
from tests.graph.cases import EXPERTS, decided, drawn, hostile

SVG = "{http://www.w3.org/2000/svg}"
VOID = {"meta", "br", "link", "input", "img", "hr"}


def written(name: str, suffix: str, folder: Path) -> bytes:
    graph = hostile() if name == "hostile" else drawn(name, name == "two-sponsors-pull-apart")
    write(graph, folder / f"graph{suffix}")
    return (folder / f"graph{suffix}").read_bytes()


@pytest.fixture(params=[EXPERTS, "silent-drift", "two-sponsors-pull-apart", "hostile"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_svg_is_a_described_picture(name: str, tmp_path: Path) -> None:
    root = ElementTree.fromstring(written(name, ".svg", tmp_path))
    assert root.get("role") == "img"
    described = [root.find(f".//*[@id='{i}']") for i in (root.get("aria-labelledby") or "").split()]
    assert len(described) == 2
    assert all(part is not None and (part.text or "").strip() for part in described)
    nodes = [g for g in root.iter(f"{SVG}g") if "node" in (g.get("class") or "").split()]
    graph = hostile() if name == "hostile" else drawn(name, name == "two-sponsors-pull-apart")
    assert len(nodes) == len(graph)
    assert all(g.find(f"{SVG}title") is not None and len(list(g.iter(f"{SVG}text"))) >= 2 for g in nodes)
    assert any((g.get("class") or "") == "legend" for g in root.iter(f"{SVG}g"))
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    shapes = {"svg", "title", "desc", "style", "defs", "marker", "g", "path", "rect", "text"}
    assert tags <= shapes, "nothing that runs or loads"
    loads = [v for e in root.iter() for k, v in e.attrib.items() if k.startswith("on") or "href" in k]
    assert loads == []


def test_svg_says_state_and_kind_in_words_and_shape_not_in_colour_alone(tmp_path: Path) -> None:
    root = ElementTree.fromstring(written(EXPERTS, ".svg", tmp_path))
    for group in root.iter(f"{SVG}g"):
        names = (group.get("class") or "").split()
        if "node" in names:
            words = " ".join(element.text or "" for element in group.iter(f"{SVG}text"))
            kind = next(n.removeprefix("k-") for n in names if n.startswith("k-"))
            signs = [path for path in group.iter(f"{SVG}path") if path.get("class") == "sign"]
            outcome = any(name.startswith("o-") for name in names)
            assert bool(signs) == outcome  # an outcome has its sign, everything else the letter of its kind
            assert outcome or words.startswith(KINDS[kind].letter)
            if "s-absent" in names:
                assert "not" in words.lower()
    assert ".s-absent .shape { stroke-dasharray" in (root.find(f"{SVG}style").text or "")  # type: ignore[union-attr]


def test_png_is_a_picture(name: str, tmp_path: Path) -> None:
    data = written(name, ".png", tmp_path)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = struct.unpack(">II", data[16:24])
    assert 600 <= wide <= 12_000
    assert 400 <= high <= 12_000
    place, packed = 8, b""
    while place < len(data):
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        packed += data[place + 8 : place + 8 + size] if kind == b"IDAT" else b""
        place += size + 12
    assert len(set(zlib.decompress(packed)[: wide * 400])) > 10, "there is something on it"


class Strict(HTMLParser):
    """Closes what it opens, in order; remembers what would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(key, value or "") for key, value in attrs]
        self.ids += [value or "" for key, value in attrs if key == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_well_formed_and_loads_nothing(name: str, tmp_path: Path) -> None:
    text = written(name, ".html", tmp_path).decode("utf-8")
    page = Strict()
    page.feed(text)
    page.close()
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert page.tags.count("script") == 1
    assert not {"link", "img", "iframe", "object", "embed", "image", "use"} & set(page.tags)
    assert not [
        key for key, _ in page.attributes if key.startswith("on") or key in ("src", "srcset", "xlink:href")
    ]
    assert [value for key, value in page.attributes if key == "href"] == ["#table"]
    assert "default-src 'none'" in dict(page.attributes)["content"] or "default-src &#x27;none&#x27;" in text
    assert "@import" not in text
    assert not re.search(r"url\((?!#m-)", text)


def test_html_has_every_node_in_picture_panel_and_table(tmp_path: Path) -> None:
    text = written(EXPERTS, ".html", tmp_path).decode("utf-8")
    graph = drawn(EXPERTS)
    assert (
        text.count('class="node ')
        == text.count("<template id=")
        == text.count('<th scope="row">')
        == len(graph)
    )
    assert "“the community might have to be restricted to only experts in the field”" in text
    assert "asked: at least 50 (contribution restrict, house); 25 apart; holds" in text


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    for suffix in (".svg", ".html"):
        text = written("hostile", suffix, tmp_path).decode("utf-8")
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text
    assert "<script" not in written("hostile", ".mmd", tmp_path).decode("utf-8")
    labels = re.findall(r'label="((?:[^"\\]|\\.)*)"', written("hostile", ".dot", tmp_path).decode("utf-8"))
    assert any("alert(1)" in label for label in labels)


def test_json_is_networkx_node_link_with_edges(name: str, tmp_path: Path) -> None:
    data = json.loads(written(name, ".json", tmp_path))
    assert data["graph"]["schema"] == "sharedvalue/graph/1"
    back = nx.node_link_graph(data, edges="edges")
    graph = hostile() if name == "hostile" else drawn(name, name == "two-sponsors-pull-apart")
    assert back.is_directed()
    assert dict(back.nodes(data=True)) == {
        n: json.loads(json.dumps(told)) for n, told in graph.nodes(data=True)
    }
    assert set(back.edges) == set(graph.edges)


def test_graphml_reads_back(name: str, tmp_path: Path) -> None:
    written(name, ".graphml", tmp_path)
    back: nx.DiGraph[str] = nx.DiGraph(nx.read_graphml(tmp_path / "graph.graphml"))
    graph = hostile() if name == "hostile" else drawn(name, name == "two-sponsors-pull-apart")
    assert sorted(of_nodes(back, "label")) == sorted(of_nodes(graph, "label"))
    assert sorted(of_edges(back)) == sorted(of_edges(graph))


def test_dot_is_read_by_graphviz(name: str, tmp_path: Path) -> None:
    beside = Path(sysconfig.get_path("scripts")) / "graphviz-pure"
    program = str(beside) if beside.exists() else shutil.which("dot")
    if program is None:
        pytest.skip("there is no Graphviz")
    written(name, ".dot", tmp_path)
    command = [program, "-Kdot", "-Tplain", str(tmp_path / "graph.dot")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    graph = hostile() if name == "hostile" else drawn(name, name == "two-sponsors-pull-apart")
    assert sum(line.startswith("node ") for line in done.stdout.splitlines()) == len(graph)


def test_mermaid_names_every_node_and_edge(name: str, tmp_path: Path) -> None:
    text = written(name, ".mmd", tmp_path).decode("utf-8")
    graph = hostile() if name == "hostile" else drawn(name, name == "two-sponsors-pull-apart")
    assert text.splitlines()[3] == "flowchart LR"
    assert len(re.findall(r'^  n\d+\D*"[^"\n]*"\D+:::\w+$', text, re.M)) == len(graph)
    assert len(re.findall(r"^  n\d+ \S+ n\d+$", text, re.M)) == graph.number_of_edges()


# --- writing --------------------------------------------------------------------------------------
def test_an_unknown_suffix_is_told_with_the_known_ones(tmp_path: Path) -> None:
    for name in ("why.jpg", "why"):
        with pytest.raises(UserError) as caught:
            write(drawn(EXPERTS), tmp_path / name)
        assert caught.value.problems[0].code == "SV120"
        assert all(suffix in caught.value.problems[0].mend for suffix in SUFFIXES)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.svg").mkdir()
    for target in (
        tmp_path / "nowhere" / "why.svg",
        tmp_path / "folder.svg",
        tmp_path / f"{'x' * 300}.svg",
        tmp_path / "a\0b.svg",
    ):
        with pytest.raises(UserError) as caught:
            write(drawn(EXPERTS), target)
        assert caught.value.problems[0].code == "SV121"
    assert [path.name for path in tmp_path.iterdir()] == ["folder.svg"]


def test_a_file_is_replaced_as_a_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "why.JSON"
    target.write_text("old")
    target.chmod(0o640)
    write(drawn(EXPERTS), target)
    assert json.loads(target.read_text("utf-8"))["nodes"]
    assert target.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [target]


def test_texts_are_cleaned_and_cut_at_words() -> None:
    assert clean("a\x00b\u202ec \n d\ud800") == "a b c d"
    assert short("one two three four", 12) == "one two…"
    assert len(short("x" * 500)) == 150


def test_the_picture_of_the_readme_is_the_graph_of_the_example() -> None:
    """Make it anew with: sharedvalue graph scenarios/neophytes-and-experts.yaml -o docs/images/restrict-graph.svg (and .png)."""
    picture = Path(__file__).resolve().parents[2] / "docs" / "images" / "restrict-graph.svg"
    root = ElementTree.fromstring(picture.read_bytes())
    shown = {g.findtext(f"{SVG}title", "") for g in root.iter(f"{SVG}g") if "node" in (g.get("class") or "")}
    labels = {told["label"] for _, told in drawn(EXPERTS).nodes(data=True)}
    assert decided(EXPERTS).outcome == "RESTRICT_MEMBERSHIP"
    assert all(any(label in title for title in shown) for label in labels)
    assert len(shown) == len(drawn(EXPERTS))
