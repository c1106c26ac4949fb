import 'package:dio/dio.dart';

import 'handed_in.dart';
import 'json.dart';
import 'result.dart';

/// Doorcode's answer, or what came in its place.
class Answer {
  const Answer(this.status, Json this.body, this.reference) : instead = null;
  const Answer.none(OtpResult this.instead, [this.status = 0])
      : body = null,
        reference = null;

  /// 0 when nothing answered.
  final int status;

  /// Null when Doorcode did not answer; then `instead` says why.
  final Json? body;
  final String? reference;
  final OtpResult? instead;
}

/// The faults that the next try may not meet.
const _passing = {NoAnswerReason.offline, NoAnswerReason.timeout, NoAnswerReason.busy};

/// Whether the next try may meet another answer.
bool isPassing(OtpResult result) => result is NoAnswer && _passing.contains(result.reason);

/// Sends until an answer of ours comes or the tries are used up. Each try has the same headers, and so the same key.
Future<Answer> exchange(Dio dio, String url,
    {required Map<String, String> headers,
    required String data,
    required int tries,
    required Duration timeout,
    required Future<void> Function(Duration) sleep}) async {
  for (var tried = 1;; tried += 1) {
    final answer = await _once(dio, url, headers: headers, data: data, timeout: timeout);
    final instead = answer.instead;
    if (instead == null || !isPassing(instead) || tried >= tries) return answer;
    final pause = Duration(milliseconds: tried > 1 ? 1200 : 400);
    await handedIn(() => sleep(pause), pause * 2);
  }
}

Future<Answer> _once(Dio dio, String url,
    {required Map<String, String> headers, required String data, required Duration timeout}) async {
  final cancel = CancelToken();
  final result = await handedIn(
    () => dio.post<String>(
      url,
      data: data,
      cancelToken: cancel,
      options: Options(headers: headers, responseType: ResponseType.plain, validateStatus: (_) => true),
    ),
    timeout,
  );
  final response = result.value;
  if (response == null) {
    cancel.cancel();
    return Answer.none(NoAnswer(result.isLate ? NoAnswerReason.timeout : NoAnswerReason.offline));
  }
  final status = response.statusCode ?? 0;
  final text = response.data ?? '';
  // The gateway's own answers have no support reference. Support takes this id as well.
  final reference = response.headers.value('apigw-requestid');
  final json = jsonObject(text);
  // `invalid_grant` is the one refusal of OAuth that means something to a client (RFC 6749, section 5.2).
  final isRefusal = json != null && (textIn(json, 'type').startsWith('urn:doorcode:') || json['error'] == 'invalid_grant');
  if (json != null && (status < 300 || isRefusal)) {
    final own = textIn(json, 'supportReference');
    return Answer(status, json, own == '' ? reference : own);
  }
  return Answer.none(NoAnswer(_standIn(status, RegExp(r'^\s*<').hasMatch(text)), reference), status);
}

/// The statuses of a wrong base URL, and those below 500 that ask for another try.
const _wrongAddress = {404, 405, 410};
const _askAgain = {408, 425, 429};

/// Says what answered in Doorcode's place.
NoAnswerReason _standIn(int status, bool isPage) {
  // A network's log-in page comes as a success, after a redirect, or with a status of its own (RFC 6585, section 6).
  if (status == 511 || (status < 400 && (isPage || status > 299))) return NoAnswerReason.captivePortal;
  if (_wrongAddress.contains(status)) return NoAnswerReason.wrongAddress;
  // A success without JSON was cut off on its way.
  if (status < 300 || status >= 500 || _askAgain.contains(status)) return NoAnswerReason.busy;
  return NoAnswerReason.blocked;
}
