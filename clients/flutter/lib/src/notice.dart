import 'result.dart';

/// Each cause of a refusal. `tag` is its name in the contract of all clients.
enum NoticeReason {
  invalidNumber('invalid-number'),
  malformedCode('malformed-code'),
  incorrectCode('incorrect-code'),
  expiredCode('expired-code'),
  unconfirmed('unconfirmed'),
  offline('offline'),
  timeout('timeout'),
  captivePortal('captive-portal'),
  busy('busy'),
  blocked('blocked'),
  wrongAddress('wrong-address'),
  tooManyRequests('too-many-requests'),
  tooManyAttempts('too-many-attempts'),

  /// No SMS can be sent.
  unavailable('unavailable'),

  /// No code can be checked.
  verifyUnavailable('verify-unavailable'),
  unauthorized('unauthorized'),
  appNotAttested('app-not-attested'),

  /// The server failed.
  serverFault('server-fault'),

  /// The server refused the app's request as invalid, for another reason than the number.
  invalidRequest('invalid-request'),

  /// The app failed to give its own headers.
  headersFailed('headers-failed'),

  /// A function or storage of the app failed.
  appFault('app-fault'),

  /// This version of the app does not understand the server's answer.
  unknown('unknown');

  const NoticeReason(this.tag);
  final String tag;
}

/// The notice about the last call, as plain data.
class Notice {
  const Notice(this.reason, {this.untilMs, this.attemptsRemaining, this.reference});

  final NoticeReason reason;

  /// When its wait is over, on the client's clock.
  final int? untilMs;
  final int? attemptsRemaining;

  /// What the user tells support.
  final String? reference;
}

/// The notice of a refusal, by which call was refused.
Notice noticeOf(OtpResult result, {required bool isVerify}) {
  final reference = result.reference;
  if (result is Wait) {
    return Notice(_reasonNamed(isVerify && result.reason == WaitReason.unavailable ? 'verify-unavailable' : result.tag),
        untilMs: result.retryAtMs, reference: reference);
  }
  if (result is IncorrectCode) {
    return Notice(NoticeReason.incorrectCode, attemptsRemaining: result.attemptsRemaining, reference: reference);
  }
  if (result is InvalidRequest) return Notice(_invalidPart(result.pointers), reference: reference);
  if (result is Refused) {
    return Notice(result.status >= 500 ? NoticeReason.serverFault : NoticeReason.unknown, reference: reference);
  }
  return Notice(_reasonNamed(result.tag), reference: reference);
}

/// The user can correct only what they typed. Any other invalid member is a fault of the app.
NoticeReason _invalidPart(List<String> pointers) {
  if (pointers.contains('#/phoneNumber')) return NoticeReason.invalidNumber;
  return pointers.contains('#/code') ? NoticeReason.malformedCode : NoticeReason.invalidRequest;
}

NoticeReason _reasonNamed(String tag) =>
    NoticeReason.values.firstWhere((reason) => reason.tag == tag, orElse: () => NoticeReason.unknown);
