import pytest
from jinja2 import TemplateError
from markupsafe import Markup

from processes.sandbox import Sandbox


def rendered(source: str, **data: object) -> str:
    return Sandbox({"t": source}, {}).get_template("t").render(data)


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ value.__class__ }}",
        "{{ value['__class__'].__mro__ }}",
        "{{ 'a'.upper() }}",
        "{{ '{0.__class__}'.format(value) }}",
        "{{ self.__init__ }}",
        "{{ range.__globals__ }}",
        "{{ value|attr('__class__') }}",
        "{{ '%s'|format(value) }}",
        "{{ lipsum() }}",
        "{{ value }}",
        "{{ [value] }}",
        "{% include '/etc/passwd' %}",
    ],
)
def test_a_template_cannot_walk_from_a_value_to_python(source: str) -> None:
    with pytest.raises(TemplateError):
        rendered(source, value={"b": "c"})


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in range(60000) %}{% endfor %}",
        "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 999999999 }}",
        "{{ '%1000000000d' % 1 }}",
        "{% set x = 'a' %}" + "{% set x = x ~ x %}" * 60 + "{{ x }}",
        "{% set x = 'a' %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 60,
        "{% set x = 'a' %}" + "{% set x = [x, x]|join('') %}" * 60 + "{{ x }}",
        "{% set x = [1] %}" + "{% set x = x + x %}" * 60,
        "{% set x = 'a' %}" + "{% set x = x|replace('a', 'aaaaaaaa') %}" * 60,
        "{% set x = 3 %}" + "{% set x = x * x %}" * 60,
        "{% set x = [1] %}" + "{% set x = [x, x] %}" * 60 + "{{ x }}",
        "x" * 500_000,
    ],
)
def test_a_template_cannot_eat_the_worker(source: str) -> None:
    with pytest.raises(TemplateError):
        rendered(source)


def test_macros_that_call_themselves_end() -> None:
    with pytest.raises((TemplateError, RecursionError)):
        rendered("{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}")


def test_mappings_are_read_by_name_and_a_key_wins_over_a_method() -> None:
    assert rendered("{{ d.items }} {{ d['a b'] }} {{ e.x.y|default('–') }}", d={"items": 3, "a b": 4}, e={}) == "3 4 –"
    assert rendered("{% for k, v in d.items() %}{{ loop.index }}{{ k }}{{ v }}{% endfor %}", d={"a": 1}) == "1a1"


def test_a_missing_value_is_false_and_empty_but_never_written() -> None:
    assert rendered("{% if a.b %}x{% endif %}{% for i in a %}x{% endfor %}{{ a|default('n') }}") == "n"
    with pytest.raises(TemplateError):
        rendered("{{ a }}")
    with pytest.raises(TemplateError):
        rendered("{{ 'x' ~ a }}")


def test_values_are_escaped_and_markup_of_ours_is_not() -> None:
    assert rendered("{{ a }}{{ b }}{{ a ~ b }}", a="<i>", b=Markup("<b>")) == "&lt;i&gt;<b>&lt;i&gt;<b>"


def test_a_template_can_count() -> None:
    assert rendered("{{ 2 + 3 * 4 }} {{ 7 // 2 }} {{ [1, 2]|sum }} {{ a[0] }} {{ a[5]|default('-') }}", a=[9]) == (
        "14 3 3 9 -"
    )
