"""Codes copied by hand."""

from hypothesis import given
from hypothesis import strategies as st

from portal.codes import ALPHABET, new_code, normalise


def test_a_code_reads_back_however_it_is_typed():
    code = new_code()
    assert normalise(code) == code
    assert normalise(f"  {code.lower().replace('-', ' ')}\n") == code
    assert normalise(code.replace("0", "o").replace("1", "l")) == code


@given(st.integers(0, 10), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(position, letter):
    plain = new_code().replace("-", "")
    wrong = plain[:position] + letter + plain[position + 1 :]
    assert (normalise(wrong) is None) == (wrong != plain)


@given(st.text(max_size=40))
def test_anything_else_is_no_code_and_no_error(text):
    result = normalise(text)
    assert result is None or normalise(result) == result


def test_codes_do_not_repeat():
    assert len({new_code() for _ in range(500)}) == 500
