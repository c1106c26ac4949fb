// Signs in with the generated Kotlin client, and prints each step: what it was, its status, its model and its members.
import com.google.gson.JsonObject
import org.openapitools.client.apis.CheckATokenApi
import org.openapitools.client.apis.SignInApi
import org.openapitools.client.apis.StaySignedInApi
import org.openapitools.client.infrastructure.ClientError
import org.openapitools.client.infrastructure.ClientException
import org.openapitools.client.infrastructure.Serializer
import org.openapitools.client.infrastructure.ServerError
import org.openapitools.client.infrastructure.ServerException
import org.openapitools.client.models.*

fun say(vararg parts: Any?) = println(parts.joinToString("\t"))

fun JsonObject.text(name: String): String = if (has(name)) get(name).asString else ""

fun given(step: String, status: Int, value: Any, more: Any?) {
    val json = Serializer.gson.toJsonTree(value).asJsonObject
    say(step, status, value::class.java.simpleName, "", json.text("supportReference"), "", more)
}

/** The body of a refusal, read by its own model. */
fun refused(step: String, model: Class<*>, more: String, call: () -> Any) {
    val (status, headers, body) = try {
        call()
        return say(step, 200, "no refusal", "", "", "", "")
    } catch (refusal: ClientException) {
        val response = refusal.response as ClientError<*>
        Triple(response.statusCode, response.headers, response.body)
    } catch (refusal: ServerException) {
        val response = refusal.response as ServerError<*>
        Triple(response.statusCode, response.headers, response.body)
    }
    val read: Any = Serializer.gson.fromJson(body.toString(), model)
    val value = if (read is CodeRefused) read.actualInstance!! else read
    val json = Serializer.gson.toJsonTree(value).asJsonObject
    val wait = headers.entries.firstOrNull { it.key.equals("Retry-After", ignoreCase = true) }?.value?.first() ?: ""
    val member = if (value is InvalidRequest) value.errors[0].pointer else json.text(more)
    val detail = json.text("detail") + json.text("error_description")
    say(step, status, value::class.java.simpleName, detail, json.text("supportReference"), wait, member)
}

fun main() {
    val (url, number, other) = readln().split(" ")
    val signIn = SignInApi(url)
    val stay = StaySignedInApi(url)
    val keys = CheckATokenApi(url)
    refused("503", TemporarilyUnavailable::class.java, "retryAfterSeconds") { signIn.requestOtp(RequestOtp(other)) }
    refused("400", InvalidRequest::class.java, "") { signIn.requestOtp(RequestOtp(number, purpose = "unknown")) }
    val wanted = RequestOtp(number, platform = RequestOtp.Platform.android)
    val key = "a-key-of-the-kotlin-client"
    val accepted = signIn.requestOtp(wanted, idempotencyKey = key)
    given("accepted", 202, accepted, accepted.codeLength)
    val again = signIn.requestOtp(wanted, idempotencyKey = key)
    given("repeated", 202, again, if (again.requestId == accepted.requestId) "same" else "another")
    refused("429", TooManyRequests::class.java, "retryAfterSeconds") { signIn.requestOtp(wanted) }
    val context = mapOf("amount" to ContextValue(16777217.25), "payee" to ContextValue("Asha"), "first" to ContextValue(true))
    val written = Serializer.gson.toJsonTree(VerifyOtp(again.requestId, "000000", context = context)).asJsonObject
    say("context", 0, "VerifyOtp", "", "", "", written.get("context"))
    println("ready")

    val (code, wrong) = readln().split(" ")
    refused("422", CodeRefused::class.java, "attemptsRemaining") { signIn.verifyOtp(VerifyOtp(again.requestId, wrong)) }
    val verified = signIn.verifyOtp(VerifyOtp(again.requestId, code, SessionWish("Pixel 9")))
    given("verified", 200, verified, verified.tokenType.value)
    val grant = StaySignedInApi.GrantTypeRefresh.refresh_token
    refused("junk", OauthError::class.java, "error") { stay.refresh(grant, "A".repeat(96)) }
    val refreshed = stay.refresh(grant, verified.refreshToken!!, attempt = "an-attempt-of-the-kotlin-client")
    given("refreshed", 200, refreshed, refreshed.scope.value)
    val token = refreshed.refreshToken
    val listed = stay.sessions(SessionsRequest(token))
    given("listed", 200, listed, listed.sessions[0].label)
    val ended = stay.sessions(SessionsRequest(token, EndWish("others")))
    given("ended the others", 200, ended, ended.sessions.size)
    val named = stay.sessions(SessionsRequest(token, EndWish(listOf("g3fCRXDqD-rsZkHT"))))
    given("ended by id", 200, named, named.sessions.size)
    refused("not the latest", OauthError::class.java, "error") { stay.sessions(SessionsRequest("junk")) }
    say("revoked", stay.revokeWithHttpInfo(token, null, null).statusCode, "nothing", "", "", "", "")
    refused("after", OauthError::class.java, "error") { stay.refresh(grant, token) }
    val discovery = keys.discovery()
    given("discovered", 200, discovery, discovery.issuer)
    val jwks = keys.jwks()
    given("keys", 200, jwks, jwks.propertyKeys[0].alg.value)
    System.exit(0)
}
