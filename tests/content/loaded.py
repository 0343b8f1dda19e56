"""The content as it is shipped, read once in a process: an application takes it as its own many times as quickly."""

from pathlib import Path

import api.main  # noqa: F401 - which problems there are is known when every room was imported
from api.catalogue.content import load_content
from api.web.problems import english_titles

FOLDER = Path(__file__).parents[2] / "content"
CONTENT = load_content(FOLDER, english_titles())
