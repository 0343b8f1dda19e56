"""All tables in one place, for migrations and their checks."""

from sqlmodel import SQLModel

import api.accounts.tables
import api.adherence.tables
import api.notices.tables
import api.privacy.tables
import api.progress.tables
import api.screening.tables
import api.sessions.tables  # noqa: F401 - importing the modules is what fills the metadata

metadata = SQLModel.metadata
