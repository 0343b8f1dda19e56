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
    uvicorn.run(app, port=options.parse_args().port, log_config=None, access_log=False)
