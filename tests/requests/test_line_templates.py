"""A line that is read by its template has the parts that parsing it finds."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gpt41calc.requests.line_templates import Templates
from gpt41calc.requests.plain_lines import plain_line
from gpt41calc.sources.strict_json import parse_json

TEXT = st.text(max_size=20) | st.sampled_from(["\\", '"', '"}, {"role": "user"', "x" * 100, "\n\t", "é🎉"])
VALUES = {
    "model": "gpt-4.1",
    "user": TEXT,
    "seed": st.integers(),
    "metadata": st.dictionaries(st.text(max_size=3), st.text(max_size=3) | st.lists(st.text(max_size=3)), max_size=3),
    "instructions": TEXT,
    "input": TEXT,
}
SOME = st.permutations([*VALUES, "messages"]).flatmap(
    lambda keys: st.integers(0, len(keys)).map(lambda number: keys[:number])
)


@given(
    data=st.data(), keys=SOME, roles=st.lists(st.sampled_from(["system", "user"]), max_size=3), is_line=st.booleans()
)
def test_a_template_finds_the_parts(data: st.DataObject, keys: list[str], roles: list[str], *, is_line: bool) -> None:
    """In any order of the keys: names, texts and form; a line with an empty text or name may have to be parsed."""

    def drawn() -> dict[str, Any]:
        body: dict[str, Any] = {}
        for key in keys:
            value: Any = VALUES.get(key)
            body[key] = data.draw(value) if isinstance(value, st.SearchStrategy) else value
            if key == "messages":
                body[key] = [{"content": data.draw(TEXT), "role": role} for role in roles]
        return {"custom_id": data.draw(TEXT), "body": body, "method": "POST"} if is_line else body

    templates: Templates[str] = Templates()
    for value in (drawn() for _ in range(4)):
        raw = json.dumps(value, ensure_ascii=data.draw(st.booleans())).encode()
        expected = plain_line(parse_json(raw))
        found = templates.match(raw)
        if found is not None:
            assert (expected, "known") == found
        elif expected is not None:
            templates.add(raw, value, expected, "known")
            again = templates.match(raw)
            assert again is None or again == (expected, "known")


def test_the_second_line_of_a_form_is_read_by_the_template_of_the_first() -> None:
    """Lines that differ in names and texts are not parsed; one with another number is."""
    line = '{"custom_id": "%s", "body": {"model": "gpt-4.1", "messages": [{"role": "user", "content": "%s"}], "n": %d}}'
    first, second, third = (line % each for each in (("a", "Hi", 1), ("b", "Bye \\u00e9", 1), ("c", "Hi", 2)))
    templates: Templates[int] = Templates()
    value = parse_json(first.encode())
    plain = plain_line(value)
    assert plain is not None
    templates.add(first.encode(), value, plain, 1)
    expected = [(("b", ("Bye é",)), 1), None]
    actual = [
        None if found is None else (found[0][1:], found[1])
        for found in (templates.match(each.encode()) for each in (second, third))
    ]

    assert expected == actual
