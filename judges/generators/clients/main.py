"""Signs in with the generated Python client, and prints each step: what it was, its status, its model and its members."""

import json
import sys

from openapi_client import ApiClient, ApiException, CheckATokenApi, Configuration, SignInApi, StaySignedInApi
from openapi_client import ContextValue, EndWish, RequestOtp, SessionsRequest, SessionWish, VerifyOtp

url, number, other = sys.stdin.readline().split()
client = ApiClient(Configuration(host=url))
sign_in, stay, keys = SignInApi(client), StaySignedInApi(client), CheckATokenApi(client)


def say(step, status, model, detail="", reference="", header="", more=""):
    print("\t".join(str(part) for part in (step, status, model, detail, reference, header, more)), flush=True)


def given(step, status, value, more):
    say(step, status, type(value).__name__, "", getattr(value, "support_reference", ""), "", more)


def refused(step, call, more):
    try:
        call()
        say(step, 200, "no refusal")
    except ApiException as error:
        value = getattr(error.data, "actual_instance", error.data)
        detail = getattr(value, "detail", None) or getattr(value, "error_description", "")
        header = error.headers.get("Retry-After", "")
        reference = getattr(value, "support_reference", "")
        say(step, error.status, type(value).__name__, detail, reference, header, more(value) if value else "")


refused("503", lambda: sign_in.request_otp(RequestOtp(phoneNumber=other)), lambda v: v.retry_after_seconds)
unknown = RequestOtp(phoneNumber=number, purpose="unknown")
refused("400", lambda: sign_in.request_otp(unknown), lambda v: v.errors[0].pointer)
key = "a-key-of-the-python-client"
wanted = RequestOtp(phoneNumber=number, platform="android")
accepted = sign_in.request_otp_with_http_info(wanted, idempotency_key=key)
given("accepted", accepted.status_code, accepted.data, accepted.data.code_length)
again = sign_in.request_otp(wanted, idempotency_key=key)
given("repeated", 202, again, "same" if again.request_id == accepted.data.request_id else "another")
refused("429", lambda: sign_in.request_otp(wanted), lambda v: v.retry_after_seconds)
context = {"amount": ContextValue(16777217.25), "payee": ContextValue("Asha"), "first": ContextValue(True)}
approval = VerifyOtp(requestId=again.request_id, code="000000", context=context)
say("context", 0, "VerifyOtp", more=json.dumps(client.sanitize_for_serialization(approval)["context"]))
print("ready", flush=True)

code, wrong = sys.stdin.readline().split()
guess = VerifyOtp(requestId=again.request_id, code=wrong)
refused("422", lambda: sign_in.verify_otp(guess), lambda v: v.attempts_remaining)
typed = VerifyOtp(requestId=again.request_id, code=code, session=SessionWish(label="Pixel 9"))
verified = sign_in.verify_otp_with_http_info(typed)
given("verified", verified.status_code, verified.data, verified.data.token_type)
refused("junk", lambda: stay.refresh("refresh_token", "A" * 96), lambda v: v.error)
refreshed = stay.refresh("refresh_token", verified.data.refresh_token, attempt="an-attempt-of-python")
given("refreshed", 200, refreshed, refreshed.scope)
token = refreshed.refresh_token
listed = stay.sessions(SessionsRequest(refreshToken=token))
given("listed", 200, listed, listed.sessions[0].label)
others = stay.sessions(SessionsRequest(refreshToken=token, end=EndWish("others")))
given("ended the others", 200, others, len(others.sessions))
named = stay.sessions(SessionsRequest(refreshToken=token, end=EndWish(["g3fCRXDqD-rsZkHT"])))
given("ended by id", 200, named, len(named.sessions))
refused("not the latest", lambda: stay.sessions(SessionsRequest(refreshToken="junk")), lambda v: v.error)
say("revoked", stay.revoke_with_http_info(token).status_code, "nothing")
refused("after", lambda: stay.refresh("refresh_token", token), lambda v: v.error)
given("discovered", 200, keys.discovery(), keys.discovery().issuer)
given("keys", 200, keys.jwks(), keys.jwks().keys[0].alg)
