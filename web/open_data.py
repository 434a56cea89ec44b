"""Public registers as open data: the catalogue and the datasets in JSON-LD by DCAT-AP-CZ, records with their names.

The norm: https://ofn.gov.cz/dcat-ap-cz-otevřená-data/draft/ (datová sada) and the interface of local catalogues.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.model import Json
from engine.queries.registers import RecordFacts
from engine.registers.definitions import Register

CONTEXT = "https://ofn.gov.cz/dcat-ap-cz-otevřená-data/draft/datová-sada/kontext.jsonld"
CATALOGUE_CONTEXT = (
    "https://ofn.gov.cz/rozhraní-katalogů-otevřených-dat/2021-01-11/kontexty/rozhraní-katalogů-otevřených-dat.jsonld"
)
_EU = "http://publications.europa.eu/resource/authority"
_TERMS = "https://data.gov.cz/podmínky-užití"
#: The law on free access to information, by which open data are published.
LAW = "https://www.e-sbirka.cz/eli/cz/sb/1999/106/2025-08-19"
_OFFICES = "https://rpp-opendata.egon.gov.cz/odrpp/zdroj/orgán-veřejné-moci"
_XSD = {
    "date": "http://www.w3.org/2001/XMLSchema#date",
    "date-time": "http://www.w3.org/2001/XMLSchema#dateTime",
    "money": "http://www.w3.org/2001/XMLSchema#decimal",
}
#: Every amount of money in a register is in this one.
CURRENCY = "CZK"
_RUIAN = "https://linked.cuzk.cz/resource/ruian"
#: Ending → type of file, media type, name.
FORMS: Mapping[str, tuple[str, str, str]] = {
    "csv": ("CSV", "text/csv", "CSV"),
    "json": ("JSON", "application/json", "JSON"),
    "jsonld": ("JSON_LD", "application/ld+json", "JSON-LD"),
}


def dataset(kept: Register, root: str, office: str, settings: Mapping[str, Json]) -> dict[str, Any]:
    """Describe a register as a dataset; `root` is the address of the portal with a slash at its end."""
    told = kept.open_data or {}
    title = {lang: text for lang, text in kept.title.items() if lang in ("cs", "en")} or {"cs": kept.key}
    about = told.get("description") or {"cs": f"{title.get('cs', kept.key)}, {office}."}
    iri = f"{root}otevrena-data/{kept.key}.jsonld"
    ico, town = str(settings.get("ico") or ""), str(settings.get("ruian") or "")
    described: dict[str, Any] = {
        "@context": CONTEXT,
        "iri": iri,
        "typ": "Datová sada",
        "název": title,
        "popis": about,
        "poskytovatel": f"{_OFFICES}/{ico}" if ico else root,
        "téma": [f"{_EU}/data-theme/{told.get('theme') or 'GOVE'}"],
        "periodicita_aktualizace": f"{_EU}/frequency/{told.get('frequency') or 'CONT'}",
        "klíčové_slovo": told.get("keywords") or {"cs": [title.get("cs", kept.key)]},
        "prvek_rúian": [f"{_RUIAN}/obec/{town}" if town else f"{_RUIAN}/stat/1"],
        "právní_předpis": [LAW],
        "vstupní_stránka": f"{root}registry/{kept.key}",
        "distribuce": [_file(kept, root, iri, ending) for ending in FORMS],
    }
    return described


def catalogue(registers: Iterable[Register], root: str, office: str, settings: Mapping[str, Json]) -> dict[str, Any]:
    """Describe the catalogue: which datasets there are."""
    ico = str(settings.get("ico") or "")
    return {
        "@context": CATALOGUE_CONTEXT,
        "iri": f"{root}otevrena-data/katalog.jsonld",
        "typ": "Katalog",
        "název": {"cs": f"Otevřená data: {office}", "en": f"Open data: {office}"},
        "popis": {"cs": f"Veřejné registry, které vede {office}.", "en": f"Public registers kept by {office}."},
        "poskytovatel": f"{_OFFICES}/{ico}" if ico else root,
        "domovská_stránka": f"{root}otevrena-data",
        "datová_sada": [f"{root}otevrena-data/{one.key}.jsonld" for one in registers],
    }


def as_linked(kept: Register, root: str, records: Iterable[RecordFacts]) -> dict[str, Any]:
    """Give public records as JSON-LD: each by its address, its fields by names of this register."""
    names: dict[str, Any] = {"@vocab": f"{root}registry/{kept.key}#", "id": "@id"}
    for name, shape in kept.schema.get("properties", {}).items():
        if kind := _XSD.get(str(shape.get("format"))):
            names[name] = {"@id": f"{root}registry/{kept.key}#{name}", "@type": kind}
    items = [{"id": f"{root}registry/{kept.key}/{one.id}", **one.data} for one in records]
    return {"@context": names, "@graph": items}


def public_schema(kept: Register) -> dict[str, Any]:
    """The shape of what is public; money is a decimal number written as text, so that nobody rounds it."""
    shapes = kept.schema.get("properties", {})
    public = {name: {**shapes[name]} for name in kept.public_fields or ()}
    for shape in public.values():
        if shape.get("format") == "money":
            shape |= {"pattern": r"^-?[0-9]+\.[0-9]{2}$", "x-currency": CURRENCY}
    if kept.pictures:
        public[kept.pictures] = _of_pictures(public[kept.pictures])
    return {"type": "object", "properties": public}


def _of_pictures(shape: dict[str, Any]) -> dict[str, Any]:
    """What is told of pictures instead of their files."""
    told = shape.get("items", {}).get("properties", {})
    address = {**told.get("file", {}), "type": "string", "format": "uri"}
    return {**shape, "items": {"type": "object", "properties": {"address": address, "alt": told.get("alt", {})}}}


def _file(kept: Register, root: str, iri: str, ending: str) -> dict[str, Any]:
    kind, media, name = FORMS[ending]
    address = f"{root}registry/{kept.key}.{ending}"
    personal = "obsahuje-osobní-údaje" if (kept.open_data or {}).get("personal") else "neobsahuje-osobní-údaje"
    described = {"schéma": f"{address}-metadata.json"} if ending == "csv" else {}
    return {
        "iri": f"{iri}#{ending}",
        **described,
        "typ": "Distribuce",
        "název": {"cs": name, "en": name},
        "podmínky_užití": {
            "typ": "Specifikace podmínek užití",
            "autorské_dílo": f"{_TERMS}/neobsahuje-autorská-díla/",
            "databáze_jako_autorské_dílo": f"{_TERMS}/není-autorskoprávně-chráněnou-databází/",
            "databáze_chráněná_zvláštními_právy": (f"{_TERMS}/není-chráněna-zvláštním-právem-pořizovatele-databáze/"),
            "osobní_údaje": f"{_TERMS}/{personal}/",
        },
        "přístupové_url": address,
        "soubor_ke_stažení": address,
        "formát": f"{_EU}/file-type/{kind}",
        "typ_média": f"http://www.iana.org/assignments/media-types/{media}",
        "právní_předpis": [LAW],
    }
