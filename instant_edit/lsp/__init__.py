"""The language server: pygls glue over the engine, and nothing else.

This is the only room that imports pygls and lsprotocol. Importing it, starting the server
and answering ``initialize`` never import torch: the model is opened in the background when
a document that can be edited is open.
"""

from __future__ import annotations


def run_stdio(model: str = "embedded") -> int:
    """Serve the Language Server Protocol on stdin and stdout; return the exit status.

    0 after ``shutdown`` and ``exit``, 1 when the client left without them, 130 on Ctrl-C.
    """
    from instant_edit.lsp.server import create_server, open_model
    from instant_edit.lsp.stdio import serve

    return serve(create_server(open_model, model))
