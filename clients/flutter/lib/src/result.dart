import 'challenge.dart';

/// What a call ends in. A `switch` over it is exhaustive.
sealed class OtpResult {
  const OtpResult();
}

class Sent extends OtpResult {
  const Sent(this.challenge);
  final Challenge challenge;
}

class SignedIn extends OtpResult {
  const SignedIn(this.accessToken, this.expiresInSeconds);
  final String accessToken;
  final int expiresInSeconds;
}

/// Nothing of ours came back. Trying again sends no second SMS.
class NoAnswer extends OtpResult {
  const NoAnswer(this.reason);
  final NoAnswerReason reason;
}

enum NoAnswerReason { offline, timeout, captivePortal, busy }

/// There is no code in what was typed; no call was made.
class MalformedCode extends OtpResult {
  const MalformedCode();
}

class InvalidRequest extends OtpResult {
  const InvalidRequest(this.reference);
  final String? reference;
}

class IncorrectCode extends OtpResult {
  const IncorrectCode(this.attemptsRemaining, this.reference);
  final int attemptsRemaining;
  final String? reference;
}

class ExpiredCode extends OtpResult {
  const ExpiredCode(this.reference);
  final String? reference;
}

/// Wait, and try again then.
class Wait extends OtpResult {
  const Wait(this.reason, this.retryAfterSeconds, this.reference, [this.challenge]);
  final WaitReason reason;
  final int retryAfterSeconds;
  final String? reference;

  /// Where an SMS may still arrive: its code works.
  final Challenge? challenge;
}

enum WaitReason { tooManyRequests, tooManyAttempts, unavailable }

/// A problem that this version does not know.
class Refused extends OtpResult {
  const Refused(this.type, this.status, this.reference);
  final String type;
  final int status;
  final String? reference;
}
