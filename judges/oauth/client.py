"""A public client of Authlib: it knows the issuer, its own id and refresh tokens, and finds the rest by discovery.

Reads {"issuer", "client", "document", "tokens": {"good", "denied"}} and prints a JSON list of [step, what came of it].
"""
import json
import sys

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url

given = json.load(sys.stdin)
steps = []
basic = "client_secret_basic"


def client(name=given["client"], **more):
    return OAuth2Session(name, **more)


ours = client()
where = get_well_known_url(given["issuer"], external=True, suffix=given["document"])
metadata = AuthorizationServerMetadata(ours.request("GET", where, withhold_token=True).json())
for check in ("issuer", "jwks_uri", "token_endpoint", "revocation_endpoint", "grant_types_supported",
              "token_endpoint_auth_methods_supported", "revocation_endpoint_auth_methods_supported"):
    try:
        getattr(metadata, f"validate_{check}")()
        steps.append([f"metadata {check}", "valid"])
    except ValueError as error:
        # Only the scheme of a server without TLS may be wrong.
        steps.append([f"metadata {check}", "valid" if "https" in str(error) else str(error)])
steps.append(["issuer", "same" if metadata["issuer"] == given["issuer"] else metadata["issuer"]])


def refreshed(token, by=ours, **more):
    try:
        return by.refresh_token(metadata["token_endpoint"], refresh_token=token, **more)
    except OAuthError as error:
        return {"error": error.error}


def fetched(grant, by=ours):
    try:
        return by.fetch_token(metadata["token_endpoint"], grant_type=grant)
    except OAuthError as error:
        return {"error": error.error}


def revoked(token, by=ours, **more):
    answer = by.revoke_token(metadata["revocation_endpoint"], token=token, **more)
    return str(answer.status_code) if answer.status_code == 200 else answer.json().get("error")


def outcome(token, before):
    """What the client holds afterwards: another refresh token, the same one, or the error."""
    after = token.get("refresh_token")
    if after is None:
        return token.get("error") or f"no error and no token: {sorted(token)}"
    return "the same token" if after == before else "another token"


def challenged(by):
    """The status and the scheme with which a client is refused."""
    seen = []
    by.register_compliance_hook("refresh_token_response", lambda answer: seen.append(answer) or answer)
    error = refreshed("junk", by).get("error")
    challenge = seen[0].headers.get("WWW-Authenticate")
    return f"{seen[0].status_code} {error} {challenge.split(' ')[0] if challenge else 'no challenge'}"


good = given["tokens"]["good"]
first = dict(refreshed(good))
steps.append(["the answer", " ".join(sorted(first))])
steps.append(["its type", first.get("token_type")])
steps.append(["is over at once", str(ours.token.is_expired(leeway=60)) if ours.token else "no token"])
again = dict(refreshed(good))
steps.append(["the same old token again", outcome(again, first.get("refresh_token"))])
second = dict(refreshed(again.get("refresh_token", "none"), scope="sign-in"))
steps.append(["the next token", outcome(second, again.get("refresh_token"))])

late = client(token={**second, "expires_at": 1}, token_endpoint=metadata["token_endpoint"])
late.ensure_active_token()
third = dict(late.token)
steps.append(["by itself, when the access token is over", outcome(third, second.get("refresh_token"))])
by_basic = client(token_endpoint_auth_method=basic, revocation_endpoint_auth_method=basic)
fourth = dict(refreshed(third.get("refresh_token", "none"), by_basic))
steps.append(["by Basic", outcome(fourth, third.get("refresh_token"))])
latest = fourth.get("refresh_token", "none")

steps.append(["another client", challenged(client("other"))])
steps.append(["another client by Basic", challenged(client("other", client_secret="secret"))])
steps.append(["another grant", fetched("client_credentials").get("error")])
steps.append(["another scope", refreshed(latest, scope="payment").get("error")])
kept = client(token={"refresh_token": given["tokens"]["denied"]})
steps.append(["a number that is denied", refreshed(given["tokens"]["denied"], kept).get("error")])
steps.append(["what the client then keeps", outcome(kept.token, given["tokens"]["denied"])])
steps.append(["a form of 8 KiB", refreshed(latest, pad="x" * 8192).get("error")])
steps.append(["revoke an access token", revoked(fourth.get("access_token", "none"))])
steps.append(["revoke by Basic of another client", revoked(latest, client("other", client_secret="secret"))])
steps.append(["revoke", revoked(latest, token_type_hint="refresh_token")])
steps.append(["revoke again, by Basic", revoked(latest, by_basic)])
steps.append(["refresh what is revoked", refreshed(latest).get("error")])
steps.append(["refresh junk", refreshed("junk").get("error")])
elsewhere = client().refresh_token(f"{metadata['token_endpoint']}/nowhere", refresh_token="kept")
steps.append(["an answer of the gateway itself", f"taken as a token: {' '.join(sorted(elsewhere))}"])
json.dump(steps, sys.stdout)
