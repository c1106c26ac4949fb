import 'json.dart';

/// A code that is on its way. Its times are on the client's clock and only a hint for the screen, because the server decides.
class Challenge {
  const Challenge({
    required this.requestId,
    required this.phoneNumber,
    required this.codeLength,
    required this.isUnconfirmed,
    required this.resendAtMs,
    this.purpose,
    this.context,
    this.expiresAtMs,
    this.reference,
  });

  /// From an answer, or from what was kept of one.
  factory Challenge.fromJson(Json json,
      {required String phoneNumber, required int nowMs, String? purpose, Map<String, Object>? context}) {
    final expires = numberIn(json, 'expiresInSeconds', -1);
    final reference = textIn(json, 'supportReference');
    final wait = numberIn(json, 'retryAfterSeconds', usualResendSeconds);
    return Challenge(
      requestId: textIn(json, 'requestId'),
      phoneNumber: phoneNumber,
      purpose: purpose,
      context: context,
      codeLength: codeLengthIn(json),
      isUnconfirmed: json['delivery'] != 'accepted',
      resendAtMs: nowMs + numberIn(json, 'resendAfterSeconds', wait) * 1000,
      expiresAtMs: expires < 0 ? null : nowMs + expires * 1000,
      reference: reference == '' ? null : reference,
    );
  }

  static const usualResendSeconds = 30;

  /// No code lives longer, whatever a deployment sets.
  static const maxLifetimeSeconds = 600;

  final String requestId;
  final String phoneNumber;
  final String? purpose;

  /// As it was sent with the request; verify sends the same.
  final Map<String, Object>? context;
  final int codeLength;

  /// The provider never answered. The SMS may still come, and its code works.
  final bool isUnconfirmed;
  final int resendAtMs;

  /// Null if it is not known, as after a restart.
  final int? expiresAtMs;

  /// What the user tells support where no SMS comes. Null if it is not known, as after a restart.
  final String? reference;

  /// When its code ends at the latest.
  int get endsAtMs => expiresAtMs ?? resendAtMs + maxLifetimeSeconds * 1000;

  /// Whole seconds until another SMS may be asked for.
  int resendInSeconds(int nowMs) => secondsUntil(resendAtMs, nowMs);

  /// A hint for the screen; null where it is not known.
  int? expiresInSeconds(int nowMs) {
    final expires = expiresAtMs;
    return expires == null ? null : secondsUntil(expires, nowMs);
  }

  /// The same with a later resend.
  Challenge withResendAt(int atMs) => Challenge(
        requestId: requestId,
        phoneNumber: phoneNumber,
        purpose: purpose,
        context: context,
        codeLength: codeLength,
        isUnconfirmed: isUnconfirmed,
        resendAtMs: atMs,
        expiresAtMs: expiresAtMs,
        reference: reference,
      );
}

/// The length of a code, from four to ten digits. Nobody could type a code of any other length.
int codeLengthIn(Json json) {
  final length = numberIn(json, 'codeLength', 6);
  return length >= 4 && length <= 10 ? length : 6;
}

/// Whole seconds, rounded up, never below zero.
int secondsUntil(int atMs, int nowMs) => atMs <= nowMs ? 0 : ((atMs - nowMs) / 1000).ceil();
