import 'dart:math';

import 'challenge.dart';
import 'exchange.dart';
import 'json.dart';
import 'result.dart';

/// The server's longest window; no longer wait is believed.
const _maxWaitSeconds = 7 * 86400;

/// Turns a problem document into a result, by its type. `nowMs` is on the client's clock.
OtpResult refusalOf(Answer answer, Json body, {required int nowMs, Challenge? challenge}) {
  final reference = answer.reference;
  final seconds = min(numberIn(body, 'retryAfterSeconds', 5), _maxWaitSeconds);
  final atMs = nowMs + seconds * 1000;
  final type = textIn(body, 'type');
  switch (type) {
    case 'urn:doorcode:invalid-request':
      return InvalidRequest(pointersIn(body['errors']), reference);
    case 'urn:doorcode:incorrect-code':
      return IncorrectCode(numberIn(body, 'attemptsRemaining', 0), reference);
    case 'urn:doorcode:expired-code':
      return ExpiredCode(reference);
    case 'urn:doorcode:too-many-requests':
      return Wait(WaitReason.tooManyRequests, seconds, atMs, reference);
    case 'urn:doorcode:too-many-attempts':
      return Wait(WaitReason.tooManyAttempts, seconds, atMs, reference);
    case 'urn:doorcode:temporarily-unavailable':
      return Wait(WaitReason.unavailable, seconds, atMs, reference, challenge);
    case 'urn:doorcode:unauthorized':
      return NotAllowed(NotAllowedReason.unauthorized, reference);
    case 'urn:doorcode:app-not-attested':
      return NotAllowed(NotAllowedReason.appNotAttested, reference);
    default:
      return Refused(type, answer.status, reference);
  }
}
