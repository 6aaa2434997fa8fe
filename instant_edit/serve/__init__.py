"""The other side of the protocol ``infill``: one engine behind HTTP, for a team's own machine.

Needs the extra ``serve`` (starlette and uvicorn). Nothing here is imported by an editor's server.
"""
