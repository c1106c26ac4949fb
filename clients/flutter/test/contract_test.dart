import 'package:doorcode/doorcode.dart';
import 'package:flutter_test/flutter_test.dart';

import 'scripted_phone.dart';

const numbers = {'A': '+919876543210', 'B': '+918765432109'};

String nameOfNumber(String number) => numbers.entries.firstWhere((entry) => entry.value == number).key;

void main() {
  group('an answer', () {
    for (final answer in answers.where((answer) => answer['request'] != null)) {
      test('to a request: ${answer['name']}', () async {
        final phone = ScriptedPhone()..answer = answer;
        final result = await phone.doorcode.requestOtp(numbers['A']!);
        expect(result.tag, answer['request']);
        expect(phone.calls.length, answer['triedAgain'] == true ? 2 : 1);
        phone
          ..wait(700000)
          ..answer = answerNamed('sent');
        await phone.doorcode.requestOtp(numbers['A']!);
        expect(phone.calls.last.key != phone.calls.first.key, answer['endsRequest']);
      });
    }
    for (final answer in answers.where((answer) => answer['verify'] != null)) {
      test('to a code: ${answer['name']}', () async {
        final phone = ScriptedPhone()..answer = answerNamed('sent');
        final sent = await phone.doorcode.requestOtp(numbers['A']!) as Sent;
        phone.answer = answer;
        final result = await phone.doorcode.verifyOtp(sent.challenge, '123456');
        expect(result.tag, answer['verify']);
        expect(phone.calls.length, answer['triedAgain'] == true ? 3 : 2);
        if (result is SignedIn) return;
        final notices = answer['notice'] as Map<String, dynamic>?;
        expect(noticeOf(result, isVerify: true).reason.tag, notices?['verify'] ?? result.tag);
      });
    }
  });

  group('a phone', () {
    for (final behaviour in contract('behaviours')) {
      test(behaviour['name'], () async {
        final phone = ScriptedPhone();
        final keys = <String, String?>{};
        final challenges = <String, Challenge>{};
        for (final step in (behaviour['steps'] as List<dynamic>).cast<Map<String, dynamic>>()) {
          final before = phone.calls.length;
          final given = await take(step, phone, challenges);
          if (step['gives'] != null) expect(given, step['gives']);
          final calls = phone.calls.skip(before);
          expect(calls.isNotEmpty, step['meets'] != null || step['meetsBody'] != null);
          for (final call in calls) {
            final label = step['key'] as String;
            if (keys.containsKey(label)) {
              expect(call.key, keys[label]);
            } else {
              expect(keys.values, isNot(contains(call.key)));
            }
            keys[label] = call.key;
            if (step.containsKey('device')) expect(call.device, step['device']);
            if (step.containsKey('sendsLocale')) expect(call.locale, step['sendsLocale']);
          }
        }
      });
    }
  });
}

/// Does one step; what it gave, in the contract's words.
Future<String?> take(Map<String, dynamic> step, ScriptedPhone phone, Map<String, Challenge> challenges) async {
  final meets = step['meets'] as String?;
  if (meets != null) phone.answer = answerNamed(meets);
  final meetsBody = step['meetsBody'] as Map<String, dynamic>?;
  if (meetsBody != null) phone.answer = meetsBody;
  if (step['restart'] == true) phone.restart();
  phone
    ..wait(step['waitSeconds'] as num? ?? 0)
    ..sleep((step['sleepSeconds'] as num? ?? 0) + (step['setClockSeconds'] as num? ?? 0));
  if (step['token'] == true) return phone.doorcode.accessToken();
  final about = step['resume'] as Map<String, dynamic>?;
  if (about != null) {
    final resumed = await phone.doorcode.resume(
        phoneNumber: numbers[about['number']],
        purpose: about['purpose'] as String?,
        context: contextIn(about));
    final unanswered = resumed?.unansweredNumber;
    if (unanswered != null) return 'unanswered ${nameOfNumber(unanswered)}';
    final challenge = resumed?.challenge;
    if (challenge == null) return 'nothing';
    challenges[challenge.requestId] = challenge;
    return 'challenge ${nameOfNumber(challenge.phoneNumber)} ${challenge.requestId}';
  }
  final result = await calls(step, phone, challenges);
  if (result == null) return null;
  final seconds = step['retryAfterSeconds'];
  if (seconds != null) expect((result as Wait).retryAfterSeconds, seconds);
  final challenge = result is Sent
      ? result.challenge
      : result is Wait
          ? result.challenge
          : null;
  if (challenge != null) {
    challenges[challenge.requestId] = challenge;
    if (step['codeLength'] != null) expect(challenge.codeLength, step['codeLength']);
  }
  return result.tag;
}

Future<OtpResult?> calls(
    Map<String, dynamic> step, ScriptedPhone phone, Map<String, Challenge> challenges) async {
  final asked = step['ask'] as String?;
  final locale = step['locale'] as String?;
  if (asked != null) {
    return phone.doorcode.requestOtp(numbers[asked]!,
        purpose: step['purpose'] as String?, context: contextIn(step), locale: locale);
  }
  final typed = step['type'] as String?;
  if (typed != null) return phone.doorcode.verifyOtp(challenges[typed]!, '123456');
  final resent = step['resend'] as String?;
  return resent == null ? null : phone.doorcode.resendOtp(challenges[resent]!, locale: locale);
}

Map<String, Object>? contextIn(Map<String, dynamic> step) =>
    (step['context'] as Map<String, dynamic>?)?.cast<String, Object>();
