# Any base with Python 3.11 or newer and its venv module will do.
ARG BASE=docker.io/library/python:3.13-slim-bookworm

FROM ${BASE} AS build
WORKDIR /src
RUN python3 -m venv /opt/unknot
COPY requirements.lock ./
RUN /opt/unknot/bin/pip install --quiet --no-cache-dir --disable-pip-version-check --no-compile \
    --require-hashes --no-deps -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY api api
COPY content content
COPY alembic alembic
# What only the build needs is taken out again, pip last of all. Compiled files that go by a hash stay true wherever
# they are copied to; by default they go by a time, which some builders round.
RUN /opt/unknot/bin/pip install --quiet --no-cache-dir --disable-pip-version-check --no-compile \
    --no-deps --no-build-isolation . \
    && /opt/unknot/bin/pip uninstall --quiet --yes hatchling editables pathspec pluggy trove-classifiers setuptools pip \
    && /opt/unknot/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/unknot/lib

FROM ${BASE}
COPY --from=build /opt/unknot /opt/unknot
RUN groupadd --gid 10001 unknot \
    && useradd --uid 10001 --gid unknot --no-create-home --home-dir /data --shell /usr/sbin/nologin unknot \
    && install --directory --owner=unknot --group=unknot /data
ENV PATH=/opt/unknot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    UNKNOT_HOST=0.0.0.0 \
    UNKNOT_DATABASE_URL=sqlite:////data/unknot.db
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD \
    ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ.get('UNKNOT_PORT', '8000')}/readyz\", timeout=2)"]
CMD ["unknot", "serve"]
