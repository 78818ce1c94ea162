"""Settings, security: whether everybody needs an authenticator app, and who joins by the identity provider."""

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from reports.model.language import translate
from service.accounts.roles import ROLES
from service.accounts.second_factor import need_of, require_of_everybody
from service.accounts.sign_in_domains import JOINING_ROLES, change_domain, read_domain
from service.errors import InvalidItem
from service.pages.components.forms import faults_by_field, read_form
from service.pages.components.layout import html_response, redirect, render
from service.pages.sign_in import admit
from service.platform.db import account_transaction
from service.platform.secret_encryption import cipher_of
from service.web.requests import AnyRequest
from service.web.route_options import page_options
from service.web.services import RequestContext, RequestContextDependency

PATH = "/settings/security"
_NOBODY = 0


@get(PATH, opt=page_options("admin"), before_request=admit)
async def security(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Whether the account asks everybody for a second factor, and the domain of people who join by themselves."""
    async with account_transaction(context.pool, context.access.account_id, readonly=True) as connection:
        need = await need_of(connection, context.access.account_id, _NOBODY)
        domain = await read_domain(connection, context.access.account_id)
    values = {"required": "yes" if need.required else "", "domain": "", "role": JOINING_ROLES[0], **dict(domain or {})}
    return _page(request, context, values)


def _page(
    request: AnyRequest, context: RequestContext, values: dict[str, str], error: InvalidItem | None = None
) -> Response[str | bytes]:
    page = render(
        "security.html",
        session=request.user,
        values=values,
        errors={} if error is None else faults_by_field(error),
        roles=[(name, translate(ROLES[name].title)) for name in JOINING_ROLES],
        provider=context.settings.oidc_issuer,
        saved="saved" in request.query_params,
    )
    return html_response(page, 200 if error is None else 422)


@post(PATH, opt=page_options("admin"), before_request=admit, status_code=200)
async def change_security(request: AnyRequest, context: RequestContextDependency) -> Response[str | bytes]:
    """Save both. Raises SetupError without a key for secrets."""
    fields = await read_form(request)
    values = {name: fields.get(name, "") for name in ("required", "domain", "role")}
    cipher_of(context.settings)  # not without a place for the secrets
    try:
        async with account_transaction(context.pool, context.access.account_id) as connection:
            account_id = context.access.account_id
            await require_of_everybody(connection, account_id, required=bool(values["required"]))
            await change_domain(connection, account_id, values["domain"], values["role"] or JOINING_ROLES[0])
    except InvalidItem as error:
        return _page(request, context, values, error)
    return redirect(f"{PATH}?saved=security")


HANDLERS: list[HTTPRouteHandler] = [security, change_security]
