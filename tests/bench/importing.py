"""An application that imports FastAPI and SQLModel and answers one path: what a start costs before any of ours.

`python -m tests.bench.importing --port 8001`.
"""

import argparse

import sqlmodel
import uvicorn
from fastapi import FastAPI

app = FastAPI(description=sqlmodel.__version__)


@app.get("/readyz")
async def ready() -> dict[str, str]:
    return {"status": "ok"}


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--workers", type=int, default=1)
    chosen = options.parse_args()
    served = app if chosen.workers == 1 else "tests.bench.importing:app"
    uvicorn.run(served, port=chosen.port, workers=chosen.workers, log_config=None, access_log=False)
