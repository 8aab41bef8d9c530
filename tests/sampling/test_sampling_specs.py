"""Samplings by name: their texts, files and arguments, there and back, and what is refused."""

import numpy as np
import pytest

from samtheory.errors import InputError
from samtheory.sampling.base import Sampling, parse_sampling, samplings
from samtheory.sampling.full import Full
from samtheory.sampling.independent import Independent
from samtheory.sampling.nice import Nice
from samtheory.sampling.replacement import Replacement
from samtheory.sampling.single import Single

L4 = np.array([1.0, 2.5, 0.5, 4.0])
P4 = np.array([0.1, 0.2, 0.3, 0.4])


def test_every_class_with_a_key_in_the_package_is_listed_by_its_key():
    defined, waiting = set(), [Sampling]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.key and kind.__module__.startswith("samtheory."):
            defined.add(kind)
    assert set(samplings().values()) == defined
    assert list(samplings()) == sorted(kind.key for kind in defined)
    assert {"full", "uniform", "importance"} <= samplings().keys()


@pytest.mark.parametrize("kind", samplings().values(), ids=samplings().keys())
@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_examples_suit_the_number_of_components_and_go_there_and_back(kind, n):
    assert kind.__doc__
    assert kind.form.startswith(kind.key)
    for sampling in kind.examples(n):
        assert sampling.law(np.ones(n)).n == n
        again = parse_sampling(sampling.spec)
        assert again == sampling
        assert again.spec == sampling.spec


def test_a_single_component_is_swept_once():
    assert [kind.key for kind in samplings().values() if kind.examples(1)] == ["full"]


@pytest.mark.parametrize("p", [0.1, 1 / 3, 0.123456789012345, 1e-5, 1.0])
def test_a_probability_survives_its_text(p):
    assert parse_sampling(Independent(p).spec).p == p


def test_single_reads_a_file(tmp_path):
    path = tmp_path / "p.txt"
    path.write_text("0.1\n0.2\n0.3 0.4\n")
    sampling = parse_sampling(f"single:{path}")
    assert sampling.spec == f"single:{path}"
    np.testing.assert_allclose(sampling.law(L4).p, P4, rtol=1e-15)
    with pytest.raises(InputError, match="must be n=3"):
        sampling.law(np.ones(3))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0.5\n0.4\n", "sum is 0.9"),
        ("0.5\n0.5\n0\n", "above 0"),
        ("1.5\n-0.5\n", "above 0"),
        ("nan\n1\n", "p=nan"),
        ("half\nhalf\n", "p=half"),
        ("", "above 0"),
        ("\0\ud7ff", "not a text file"),
    ],
)
def test_single_refuses_what_is_no_distribution(tmp_path, text, words):
    path = tmp_path / "p.txt"
    path.write_bytes(text.encode())
    with pytest.raises(InputError, match=words) as refused:
        parse_sampling(f"single:{path}")
    assert "\n" not in str(refused.value)


def test_single_refuses_what_it_cannot_read(tmp_path):
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for argument in (tmp_path / "missing", tmp_path, tmp_path / "binary"):
        with pytest.raises(InputError, match=r"cannot be read|UTF-16 text"):
            parse_sampling(f"single:{argument}")


def test_single_reads_past_a_byte_order_mark(tmp_path):
    (tmp_path / "p.txt").write_bytes(b"\xef\xbb\xbf0.25\r\n0.75\r\n")
    assert parse_sampling(f"single:{tmp_path / 'p.txt'}").p == (0.25, 0.75)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("unifrom", "did you mean uniform"),
        ("", "one of full"),
        ("uniform:2", "takes no argument"),
        ("full:", "takes no argument"),
        ("nice", "nice:TAU"),
        ("nice:", "tau="),
        ("nice:0", "tau=0"),
        ("nice:-1", "tau=-1"),
        ("nice:2.5", "tau=2.5"),
        ("nice:two", "tau=two"),
        ("nice:nan", "tau=nan"),
        ("nice:inf", "tau=inf"),
        ("replacement", "replacement:TAU"),
        ("replacement:0", "tau=0"),
        ("independent", "independent:P"),
        ("independent:0", "p=0"),
        ("independent:1.5", "p=1.5"),
        ("independent:nan", "p=nan"),
        ("single", "single:FILE"),
        ("single:", "single:FILE"),
    ],
)
def test_malformed_texts_are_refused_in_one_line(text, words):
    with pytest.raises(InputError, match=words) as refused:
        parse_sampling(text)
    assert "\n" not in str(refused.value)


def test_a_batch_larger_than_n_is_refused():
    with pytest.raises(InputError, match="tau=5: must be at most n=4"):
        Nice(5).law(L4)
    assert Replacement(5).law(L4).width == 5  # with replacement it may be


def test_full_and_single_spell_their_text():
    assert Full().spec == "full"
    assert Single(P4, "p.txt").spec == "single:p.txt"
    assert Nice(2).spec == "nice:2"
