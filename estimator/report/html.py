"""HTML pages that need nothing else: no script, no font and no picture from elsewhere, readable by day and by night."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from estimator import __version__
from estimator.report.layout import printable
from estimator.report.page import Page
from estimator.scenario.memo import HTML_ID

HERE = Path(__file__).parent


def page_html(page: Page) -> str:
    """A page as one HTML file; every text is escaped, and the page's own policy forbids scripts."""
    return _template().render(page=page, embedded_id=HTML_ID, version=__version__)


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["plain"] = printable
    return environment.get_template("page.html.j2")
