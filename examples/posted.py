"""The JSON object that a request holds, read with care: it comes from outside."""

import json
from typing import Any

from fastapi import HTTPException, Request

LARGEST = 200_000
"""So many bytes may be sent."""


async def posted(request: Request) -> dict[str, Any]:
    """The object; 413 where it is too long, 400 where it is none or gives a key twice."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise HTTPException(413)
    try:
        sent = json.loads(body, object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise HTTPException(400, "cần một đối tượng JSON, mỗi khóa một lần")
    return sent


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key is given twice")
    return dict(pairs)
