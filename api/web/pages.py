"""What people open in a browser: the documentation, which works without the internet, and a page for each problem."""

import json
import re
from collections.abc import Callable, Mapping
from html import escape
from importlib.resources import files

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.domain.errors import Refusal
from api.web.openapi import Document
from api.web.problems import all_refusals, status_of
from api.web.ready import ROUTE_LABEL, Ready, ready

SWAGGER_UI = files("fastapi_swagger") / "resources"
OWN = files("api.web") / "static"
HTML, SCRIPT, STYLE = "text/html; charset=utf-8", "text/javascript; charset=utf-8", "text/css; charset=utf-8"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
{head}
</head>
<body>
{body}
</body>
</html>
"""
DOCUMENT = "/openapi.json"
"""Takes a second to build, so a thread does it, and no table of ready answers has it."""
ICON = '<link rel="icon" href="data:,">'
PLAIN = (
    f"{ICON}<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}}</style>"
)
DOCS_HEAD = f"""<link rel="stylesheet" href="/docs/swagger-ui.css">
{ICON}
<style>@media(max-width:40rem){{.response-col_links{{display:none}}}}</style>
<script src="/docs/swagger-ui-bundle.js" defer></script>
<script src="/docs/docs.js" defer></script>"""


def pages(document: Callable[[], Document]) -> Mapping[str, Ready]:
    """Every page under its path, each built when it is first asked for."""
    return {
        "/docs": ready(docs_page, language="en", media_type=HTML),
        "/docs/docs.js": ready((OWN / "docs.js").read_bytes, language="en", media_type=SCRIPT),
        "/docs/swagger-ui-bundle.js": asset("swagger-ui-bundle.js", SCRIPT),
        "/docs/swagger-ui.css": asset("swagger-ui.css", STYLE),
        DOCUMENT: ready(lambda: json.dumps(document()).encode(), language="en"),
        **{f"/problems/{refusal.code}": problem_page(refusal) for refusal in all_refusals()},
    }


def asset(name: str, media_type: str) -> Ready:
    return ready((SWAGGER_UI / name).read_bytes, language="en", media_type=media_type)


def docs_page() -> bytes:
    return PAGE.format(policy=POLICY, title="Unknot API", head=DOCS_HEAD, body='<div id="docs"></div>').encode()


def problem_page(refusal: type[Refusal]) -> Ready:
    def build() -> bytes:
        body = (
            f"<h1>{escape(refusal.title)}</h1>\n<p><code>{refusal.code}</code>, status {status_of(refusal)}</p>\n"
            f'<h2>What to do</h2>\n<p>{marked(refusal.cure)}</p>\n<p><a href="/docs">All operations</a></p>'
        )
        return PAGE.format(policy=POLICY, title=escape(refusal.title), head=PLAIN, body=body).encode()

    return ready(build, language="en", media_type=HTML)


def marked(text: str) -> str:
    """Backticks mean code here as they do in the document."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def install(app: FastAPI, shown: Mapping[str, Ready]) -> None:
    """Declares the pages as routes; most are sent by the table of ready answers before a route is looked for."""
    for path, page in shown.items():
        app.add_route(path, answering(page, path), methods=["GET"], include_in_schema=False)
    app.add_route("/", answering(RedirectResponse("/docs"), "/"), methods=["GET"], include_in_schema=False)


def answering(response: Response, path: str) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        request.scope[ROUTE_LABEL] = path
        if isinstance(response, Ready):
            response.build()
        return response

    return endpoint
