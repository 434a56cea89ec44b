"""A tenant's colours: taken when they can be read, replaced when not."""

from __future__ import annotations

from web.ui.colours import DARK, LIGHT, contrast, legible, palette, tenant_css


def test_our_own_colours_can_be_read() -> None:
    assert legible(LIGHT)
    assert legible(DARK)


def test_contrast_is_what_wcag_says() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_legible_colours_of_a_town_are_taken() -> None:
    given = {"light": {"tenant": "#3d4a9e", "strong": "#2d377c", "soft": "#eceefa", "line": "#c3c9ec"}}
    found = palette(given)
    assert found.light.tenant == found.light.link == "#3d4a9e"
    assert found.dark == DARK


def test_colours_nobody_could_read_are_replaced_whole() -> None:
    assert palette({"light": {"tenant": "#ffee00"}}).light == LIGHT


def test_what_is_no_colour_never_gets_into_the_style_sheet() -> None:
    evil = {"light": {"tenant": "red;}body{display:none", "line": "url(https://elsewhere)"}}
    assert palette(evil).light == LIGHT
    assert "elsewhere" not in tenant_css(palette(evil))
    assert palette("nonsense").light == LIGHT
