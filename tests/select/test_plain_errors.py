"""What authors read when a template fails has no words of Python in it."""

from __future__ import annotations

import jinja2
import pytest

from handbook.core.diagnostics import Source
from handbook.core.yaml_source import SourcedDict, SourcedStr
from handbook.select.plain_errors import plain_message
from handbook.select.sandbox import Sandbox

ROW = SourcedDict({"name": SourcedStr("x", Source())}, Source(), {})
MESSAGES = {
    "{{ row.nme }}": "the row has no 'nme'",
    "{{ row.name.foo }}": "text has no 'foo'",
    "{{ nope }}": "'nope' is undefined",
    "{{ none.x }}": "an empty value has no 'x'",
    "{{ 1 + 'a' }}": "a number + text is not possible",
    "{{ 'a' + 1 }}": "text + a number is not possible",
    "{{ 1 / 0 }}": "a division by zero",
    "{{ 1 < row }}": "a number < the row is not possible",
    "{% for x in 5 %}{% endfor %}": "a number is not a list",
    "{{ row() }}": "the row is not a function",
    "{{ -'a' }}": "- text is not possible",
    "{{ [1]|join(2, 3, 4, 5) }}": "a function or filter was called with the wrong arguments",
    "{{ row.__class__ }}": "access to attribute '__class__' of the row is unsafe.",
}


@pytest.mark.parametrize("template", MESSAGES)
def test_a_template_fails_in_plain_words(template: str) -> None:
    environment = Sandbox(undefined=jinja2.StrictUndefined)
    with pytest.raises(Exception) as caught:
        environment.from_string(template).render(row=ROW)
    assert plain_message(caught.value) == MESSAGES[template]
