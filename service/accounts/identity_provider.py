"""The identity provider of an installation (OpenID Connect): where people sign in with their company's account.

The browser goes to the provider with a state, a nonce and a PKCE challenge, and returns with a code. We exchange the
code for an identity token. The provider must have signed it, for us and for this sign-in, and the e-mail must be
verified.
"""

from dataclasses import dataclass
from typing import Any, cast

import httpx
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from service.config import Settings
from service.errors import NotAuthenticated

_PATIENCE_SECONDS = 10.0
_ALGORITHMS = ["RS256", "ES256", "PS256", "EdDSA"]
_LEEWAY_SECONDS = 60
_REFUSED = "Your identity provider did not confirm who you are. Try again, or ask your administrator."


@dataclass(frozen=True)
class Proofs:
    """The secrets of one sign-in, which the browser carries, encrypted, to the provider's answer."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """The person whom the provider has confirmed."""

    email: str
    name: str


@dataclass(frozen=True)
class IdentityProvider:
    """A provider as the settings name it. return_to: our address that the browser comes back to."""

    issuer: str
    client_id: str
    client_secret: str
    return_to: str

    async def begin(self) -> tuple[str, Proofs]:
        """The address to send a browser to, and the secrets of this sign-in. Raises NotAuthenticated."""
        proofs = Proofs(generate_token(32), generate_token(32), generate_token(64))
        async with _client() as client:
            known = await self._discover(client)
        challenge = create_s256_code_challenge(proofs.verifier)
        address = prepare_grant_uri(
            known["authorization_endpoint"],
            self.client_id,
            "code",
            redirect_uri=self.return_to,
            scope="openid email profile",
            state=proofs.state,
            nonce=proofs.nonce,
            code_challenge=challenge,
            code_challenge_method="S256",
        )
        return address, proofs

    async def finish(self, code: str, proofs: Proofs) -> Identity:
        """The person behind a code that the browser brought back. Raises NotAuthenticated."""
        async with _client() as client:
            known = await self._discover(client)
            tokens = await self._exchange(client, known["token_endpoint"], code, proofs.verifier)
            keys = KeySet.import_key_set(await _json(client.get(known["jwks_uri"])))
            claims = self._claims(str(tokens.get("id_token", "")), keys, proofs.nonce)
            if "email" not in claims and "userinfo_endpoint" in known:
                claims |= await _user_info(client, known["userinfo_endpoint"], tokens, claims["sub"])
        if claims.get("email_verified") is not True or not isinstance(claims.get("email"), str):
            raise NotAuthenticated("Your identity provider has not verified your e-mail address.")
        return Identity(claims["email"], str(claims.get("name") or claims["email"].partition("@")[0]))

    async def _discover(self, client: httpx.AsyncClient) -> dict[str, Any]:
        known = await _json(client.get(f"{self.issuer}/.well-known/openid-configuration"))
        if str(known.get("issuer", "")).rstrip("/") != self.issuer:
            raise NotAuthenticated(_REFUSED)
        return known

    async def _exchange(self, client: httpx.AsyncClient, endpoint: str, code: str, verifier: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.return_to,
            "code_verifier": verifier,
        }
        return await _json(client.post(endpoint, data=form, auth=(self.client_id, self.client_secret)))

    def _claims(self, token: str, keys: KeySet, nonce: str) -> dict[str, Any]:
        registry = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "values": [self.issuer, f"{self.issuer}/"]},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
            registry.validate(claims)
        except (JoseError, ValueError):
            raise NotAuthenticated(_REFUSED) from None
        if claims.get("azp", self.client_id) != self.client_id:
            raise NotAuthenticated(_REFUSED)
        return claims


def provider_of(settings: Settings) -> IdentityProvider | None:
    """The identity provider of an installation; None without one."""
    if not (settings.oidc_issuer and settings.oidc_client_id and settings.oidc_client_secret):
        return None
    return IdentityProvider(
        settings.oidc_issuer.rstrip("/"),
        settings.oidc_client_id,
        settings.oidc_client_secret,
        f"{settings.public_root}/oidc/return",
    )


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=_PATIENCE_SECONDS, follow_redirects=False)


async def _user_info(client: httpx.AsyncClient, endpoint: str, tokens: dict[str, Any], sub: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {tokens.get('access_token', '')}"}
    claims = await _json(client.get(endpoint, headers=headers))
    if claims.get("sub") != sub:
        raise NotAuthenticated(_REFUSED)
    return claims


async def _json(request: Any) -> dict[str, Any]:
    """The JSON object that the provider answers. Raises NotAuthenticated, also if the provider cannot be reached."""
    try:
        response: httpx.Response = await request
        content = response.raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        raise NotAuthenticated(_REFUSED) from None
    if not isinstance(content, dict):
        raise NotAuthenticated(_REFUSED)
    return cast("dict[str, Any]", content)
