import 'challenge.dart';
import 'json.dart';

/// The result of a call. A `switch` over it is exhaustive. `tag` is its name in the contract of all clients.
sealed class OtpResult {
  const OtpResult(this.tag, [this.reference]);

  final String tag;

  /// What the user tells support.
  final String? reference;
}

class Sent extends OtpResult {
  const Sent(this.challenge) : super('sent');
  final Challenge challenge;
}

class SignedIn extends OtpResult {
  const SignedIn(this.accessToken, this.expiresInSeconds, {this.otherSessions = 0}) : super('signed-in');
  final String accessToken;
  final int expiresInSeconds;

  /// With a session: how many others the number has.
  final int otherSessions;
}

/// Doorcode did not answer. Trying again sends no second SMS.
class NoAnswer extends OtpResult {
  NoAnswer(this.reason, [String? reference]) : super(reason.tag, reference);
  final NoAnswerReason reason;
}

enum NoAnswerReason {
  /// No connection.
  offline('offline'),

  /// No answer in time.
  timeout('timeout'),

  /// A web page came in place of our answer.
  captivePortal('captive-portal'),

  /// Something in front of the server answered for it, and it may be over soon.
  busy('busy'),

  /// Something in front of the server refused.
  blocked('blocked'),

  /// No Doorcode answers at the base URL.
  wrongAddress('wrong-address');

  const NoAnswerReason(this.tag);
  final String tag;
}

/// The app's own headers threw, took too long, or cannot be sent; no call was made.
class HeadersFailed extends OtpResult {
  const HeadersFailed(this.error) : super('headers-failed');

  /// What was thrown; null when nothing came in time.
  final Object? error;
}

/// There is no code in what was typed; no call was made.
class MalformedCode extends OtpResult {
  const MalformedCode() : super('malformed-code');
}

class InvalidRequest extends OtpResult {
  const InvalidRequest(this.pointers, String? reference) : super('invalid-request', reference);

  /// Which members, as JSON pointers.
  final List<String> pointers;
}

class IncorrectCode extends OtpResult {
  const IncorrectCode(this.attemptsRemaining, String? reference) : super('incorrect-code', reference);
  final int attemptsRemaining;
}

class ExpiredCode extends OtpResult {
  const ExpiredCode(String? reference) : super('expired-code', reference);
}

/// The app must wait, and then try again. An earlier call gets the same result, without a request to the server.
class Wait extends OtpResult {
  Wait(this.reason, this.retryAfterSeconds, this.retryAtMs, String? reference, [this.challenge])
      : super(reason.tag, reference);
  final WaitReason reason;
  final int retryAfterSeconds;

  /// On the client's clock.
  final int retryAtMs;

  /// Where an SMS may still arrive: its code works.
  final Challenge? challenge;

  /// The same with what is left of it.
  Wait withSeconds(int seconds) => Wait(reason, seconds, retryAtMs, reference, challenge);
}

enum WaitReason {
  tooManyRequests('too-many-requests'),
  tooManyAttempts('too-many-attempts'),
  unavailable('unavailable');

  const WaitReason(this.tag);
  final String tag;
}

/// Only where the deployment asks for a session of the caller, or for an attestation of the app.
class NotAllowed extends OtpResult {
  NotAllowed(this.reason, String? reference) : super(reason.tag, reference);
  final NotAllowedReason reason;
}

enum NotAllowedReason {
  unauthorized('unauthorized'),
  appNotAttested('app-not-attested');

  const NotAllowedReason(this.tag);
  final String tag;
}

/// A problem that this version does not know.
class Refused extends OtpResult {
  const Refused(this.type, this.status, String? reference) : super('refused', reference);
  final String type;
  final int status;
}

/// The members that an invalid request names, as JSON pointers.
List<String> pointersIn(Object? errors) => errors is List<Object?>
    ? errors.whereType<Map<String, dynamic>>().map((error) => textIn(error, 'pointer')).toList()
    : const [];
