// Signs in with the generated Java client, and prints each step: what it was, its status, its model and its members.
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.JSON;
import org.openapitools.client.api.CheckATokenApi;
import org.openapitools.client.api.SignInApi;
import org.openapitools.client.api.StaySignedInApi;
import org.openapitools.client.model.*;

public class Main {
  interface Call {
    Object of() throws ApiException;
  }

  static void say(Object... parts) {
    String line = "";
    for (Object part : parts) line += (line.isEmpty() ? "" : "\t") + part;
    System.out.println(line);
  }

  static String text(JsonObject json, String name) {
    return json.has(name) ? json.get(name).getAsString() : "";
  }

  static void given(String step, int status, Object value, Object more) {
    JsonObject json = JSON.getGson().toJsonTree(value).getAsJsonObject();
    say(step, status, value.getClass().getSimpleName(), "", text(json, "supportReference"), "", more);
  }

  /** The body of a refusal, read by its own model. */
  static void refused(String step, Class<?> model, String more, Call call) {
    try {
      call.of();
      say(step, 200, "no refusal", "", "", "", "");
    } catch (ApiException refusal) {
      Object value = JSON.getGson().fromJson(refusal.getResponseBody(), model);
      if (value instanceof CodeRefused) value = ((CodeRefused) value).getActualInstance();
      JsonObject json = JSON.getGson().toJsonTree(value).getAsJsonObject();
      String detail = text(json, "detail") + text(json, "error_description");
      Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      headers.putAll(refusal.getResponseHeaders());
      String wait = headers.getOrDefault("Retry-After", List.of("")).get(0);
      String member =
          value instanceof InvalidRequest ? ((InvalidRequest) value).getErrors().get(0).getPointer() : text(json, more);
      say(step, refusal.getCode(), value.getClass().getSimpleName(), detail, text(json, "supportReference"), wait, member);
    }
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    String[] words = lines.readLine().split(" ");
    ApiClient client = new ApiClient().setBasePath(words[0]);
    SignInApi signIn = new SignInApi(client);
    StaySignedInApi stay = new StaySignedInApi(client);
    CheckATokenApi keys = new CheckATokenApi(client);
    RequestOtp other = new RequestOtp().phoneNumber(words[2]);
    refused("503", TemporarilyUnavailable.class, "retryAfterSeconds", () -> signIn.requestOtp(other, null, null));
    RequestOtp unknown = new RequestOtp().phoneNumber(words[1]).purpose("unknown");
    refused("400", InvalidRequest.class, "", () -> signIn.requestOtp(unknown, null, null));
    RequestOtp wanted = new RequestOtp().phoneNumber(words[1]).platform(RequestOtp.PlatformEnum.ANDROID);
    String key = "a-key-of-the-java-client";
    RequestOtpAccepted accepted = signIn.requestOtp(wanted, key, null);
    given("accepted", 202, accepted, accepted.getCodeLength());
    RequestOtpAccepted again = signIn.requestOtp(wanted, key, null);
    given("repeated", 202, again, again.getRequestId().equals(accepted.getRequestId()) ? "same" : "another");
    refused("429", TooManyRequests.class, "retryAfterSeconds", () -> signIn.requestOtp(wanted, null, null));
    VerifyOtp approval = new VerifyOtp().requestId(again.getRequestId()).code("000000");
    approval.putContextItem("amount", new ContextValue(16777217.25));
    approval.putContextItem("payee", new ContextValue("Asha"));
    approval.putContextItem("first", new ContextValue(true));
    JsonObject written = JSON.getGson().toJsonTree(approval).getAsJsonObject();
    say("context", 0, "VerifyOtp", "", "", "", written.get("context"));
    System.out.println("ready");

    words = lines.readLine().split(" ");
    SessionWish wish = new SessionWish().label("Pixel 9");
    VerifyOtp wrong = new VerifyOtp().requestId(again.getRequestId()).code(words[1]);
    refused("422", CodeRefused.class, "attemptsRemaining", () -> signIn.verifyOtp(wrong, null));
    VerifyOtp right = new VerifyOtp().requestId(again.getRequestId()).code(words[0]).session(wish);
    Verified verified = signIn.verifyOtp(right, null);
    given("verified", 200, verified, verified.getTokenType());
    refused("junk", OauthError.class, "error", () -> stay.refresh("refresh_token", "A".repeat(96), null, null, null));
    String attempt = "an-attempt-of-the-java-client";
    Refreshed refreshed = stay.refresh("refresh_token", verified.getRefreshToken(), attempt, null, null);
    given("refreshed", 200, refreshed, refreshed.getScope());
    String token = refreshed.getRefreshToken();
    Sessions listed = stay.sessions(new SessionsRequest().refreshToken(token));
    given("listed", 200, listed, listed.getSessions().get(0).getLabel());
    Sessions ended = stay.sessions(new SessionsRequest().refreshToken(token).end(new EndWish("others")));
    given("ended the others", 200, ended, ended.getSessions().size());
    try {
      EndWish ids = new EndWish(List.of("g3fCRXDqD-rsZkHT"));
      Sessions named = stay.sessions(new SessionsRequest().refreshToken(token).end(ids));
      given("ended by id", 200, named, named.getSessions().size());
    } catch (RuntimeException fault) {
      say("ended by id", 0, fault.getClass().getSimpleName(), "", "", "", fault.getMessage());
    }
    SessionsRequest junk = new SessionsRequest().refreshToken("junk");
    refused("not the latest", OauthError.class, "error", () -> stay.sessions(junk));
    say("revoked", stay.revokeWithHttpInfo(token, null, null).getStatusCode(), "nothing", "", "", "", "");
    refused("after", OauthError.class, "error", () -> stay.refresh("refresh_token", token, null, null, null));
    Discovery discovery = keys.discovery();
    given("discovered", 200, discovery, discovery.getIssuer());
    Jwks jwks = keys.jwks();
    given("keys", 200, jwks, jwks.getKeys().get(0).getAlg());
    System.exit(0);
  }
}
