"""The content that this process serves."""

from typing import Annotated

from fastapi import Depends, Request

from api.catalogue.shelf import Content


async def loaded_content(request: Request) -> Content:
    """What the application loaded when it was made, from `app.state.content`."""
    content = request.app.state.content
    assert isinstance(content, Content)  # noqa: S101 - create_app puts it there before the first request
    return content


LoadedContent = Annotated[Content, Depends(loaded_content)]
