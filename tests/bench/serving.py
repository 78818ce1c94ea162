"""The service with one handler more, which reads what is posted and answers: what any post costs on this server."""

from litestar import Litestar, Response, post

from service.__main__ import main
from service.commands.work import serve
from service.config import Settings
from service.platform.ledger_keeper import LedgerKeeper
from service.web.requests import AnyRequest, whole_body

_as_it_is = serve.load_app


@post("/empty", status_code=201)
async def empty(request: AnyRequest) -> Response[bytes]:
    """Read the body and answer with a receipt of the usual size."""
    await whole_body(request, 16 * 1024 * 1024)
    receipt = b'{"index":0,"external_id":"call-000000000","status":"created"}'
    return Response(receipt, status_code=201, media_type="application/json")


def load_app(settings: Settings, url: str, keeper: LedgerKeeper, parent: int) -> Litestar:
    """The application of a worker, as it is, and the empty handler."""
    app: Litestar = _as_it_is(settings, url, keeper, parent)
    app.register(empty)
    return app


if __name__ == "__main__":
    serve.load_app = load_app
    main()
