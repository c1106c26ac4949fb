import 'dart:async';
import 'dart:convert';
import 'dart:io';
import 'dart:typed_data';

import 'package:dio/dio.dart';
import 'package:doorcode/doorcode.dart';
import 'package:doorcode/src/clock.dart';
import 'package:flutter_test/flutter_test.dart';

/// The contract of both clients about sessions, as data. Run in `clients/flutter`.
final Map<String, dynamic> sessions =
    jsonDecode(File('../contract/sessions.json').readAsStringSync()) as Map<String, dynamic>;

List<Map<String, dynamic>> listed(String name) => (sessions[name] as List<dynamic>).cast<Map<String, dynamic>>();

class SentCall {
  SentCall(RequestOptions options, this.form)
      : path = options.uri.path,
        key = options.headers['Idempotency-Key'] as String?;

  final String path;
  final String? key;
  final Map<String, String> form;

  String? get token => form['refresh_token'] ?? form['token'];
  String? get attempt => form['attempt'];
}

/// A phone with a storage that can fail, two clocks, restarts, and a server that answers as told.
class SessionPhone implements HttpClientAdapter, DoorcodeStorage {
  final List<SentCall> sent = [];
  final Map<String, String> stored = {};
  List<String> meets = [];
  String storage = 'good';
  int monotonicMs = 5000;
  int wallMs = 1790000000000;
  Session? _session;

  Session get session => _session ??= Session(
        baseUrl: 'https://id.example.com',
        storage: this,
        dio: Dio()..httpClientAdapter = this,
        timeout: const Duration(milliseconds: 20),
        tries: 2,
        clock: DoorcodeClock(monotonicMs: () => monotonicMs, timeOfDayMs: () => wallMs),
        sleep: (_) async {},
      );

  void restart() {
    monotonicMs = 100;
    _session = null;
  }

  void wait(num seconds) {
    monotonicMs += (seconds * 1000).round();
    wallMs += (seconds * 1000).round();
  }

  @override
  Future<String?> read(String key) async {
    if (storage == 'reads fail') throw StateError('broken');
    return storage == 'locked' ? null : stored[key];
  }

  @override
  Future<void> write(String key, String? value) async {
    if (storage == 'locked' || storage == 'writes fail') throw StateError('not now');
    if (value == null) {
      stored.remove(key);
    } else {
      stored[key] = value;
    }
    if (storage == 'writes land but fail') throw StateError('or so it says');
  }

  @override
  Future<ResponseBody> fetch(
      RequestOptions options, Stream<Uint8List>? requestStream, Future<void>? cancelFuture) async {
    final path = options.uri.path;
    if (path == '/auth/request-otp') return answered({'requestId': 'r', 'expiresInSeconds': 300}, 202);
    final data = options.data as String;
    sent.add(SentCall(options, data.startsWith('{') ? const {} : Uri.splitQueryString(data)));
    final name = meets.isEmpty ? 'nothing' : meets.removeAt(0);
    final granted = RegExp(r'^granted (\d+)(, over)?$').firstMatch(name);
    if (granted != null) {
      final number = granted.group(1);
      final seconds = granted.group(2) == null ? 900 : 0;
      return answered(path == '/auth/verify-otp'
          ? {'accessToken': 'access-$number', 'refreshToken': 'refresh-$number', 'expiresInSeconds': seconds}
          : {'access_token': 'access-$number', 'refresh_token': 'refresh-$number', 'expires_in': seconds});
    }
    final plain = {'accessToken': 'access-plain', 'expiresInSeconds': 3600};
    if (name == 'plain') return answered(plain);
    if (name == 'no session') return answered({...plain, 'refreshToken': null});
    if (name == 'invalid grant') return answered({'error': 'invalid_grant'}, 400);
    if (name == 'revoked') return ResponseBody.fromString('', 200);
    final answer = listed('answers').firstWhere((one) => one['name'] == name);
    if (answer['fails'] == true) throw const SocketException('no route');
    if (answer['hangs'] == true) return Completer<ResponseBody>().future;
    return ResponseBody.fromString(answer['text'] as String, answer['status'] as int);
  }

  ResponseBody answered(Map<String, Object?> body, [int status = 200]) =>
      ResponseBody.fromString(jsonEncode(body), status);

  @override
  void close({bool force = false}) {}
}

/// Does one step; what it gave, in the contract's words.
Future<String?> take(SessionPhone phone, Map<String, dynamic> step) async {
  if (step['restart'] == true) phone.restart();
  phone.storage = step['storage'] as String? ?? phone.storage;
  phone.wait(step['waitSeconds'] as num? ?? 0);
  phone.wallMs += ((step['setClockSeconds'] as num? ?? 0) * 1000).round();
  phone.meets = [...(step['meets'] as List<dynamic>? ?? const []).cast<String>()];
  if (step['gives'] == null) return null;
  final session = phone.session;
  if (step['check'] == true) return (await session.check()).tag;
  if (step['signOut'] == true) return '${await session.signOut()}';
  if (step['signIn'] == true) {
    final asked = await session.doorcode.requestOtp('+919876543210');
    if (asked is! Sent) return asked.tag;
    return (await session.doorcode.verifyOtp(asked.challenge, '123456')).tag;
  }
  final access = await session.access(step['refused'] as String?);
  return access is HasToken ? access.accessToken : access.tag;
}

/// Lets what runs alongside end.
Future<void> settle() => Future<void>.delayed(const Duration(milliseconds: 5));

void main() {
  group('a session', () {
    for (final behaviour in listed('behaviours')) {
      test(behaviour['name'], () async {
        final phone = SessionPhone();
        final attempts = <String, String?>{};
        for (final step in (behaviour['steps'] as List<dynamic>).cast<Map<String, dynamic>>()) {
          final before = phone.sent.length;
          expect(await take(phone, step), step['gives']);
          await settle();
          final calls = phone.sent.sublist(before);
          expect(calls.length, (step['meets'] as List<dynamic>? ?? const []).length);
          final sends = (step['sends'] as List<dynamic>? ?? const []).cast<Map<String, dynamic>>();
          for (var at = 0; at < sends.length; at += 1) {
            final call = calls[at];
            expect(call.path, sends[at]['path']);
            if (sends[at]['token'] != null) expect(call.token, sends[at]['token']);
            if (call.path == '/auth/verify-otp') expect(call.key, calls.first.key);
            final label = sends[at]['attempt'] as String?;
            if (label == null) continue;
            expect(call.attempt, matches(RegExp(r'^[!-~]{16,64}$')));
            if (attempts.containsKey(label)) {
              expect(call.attempt, attempts[label]);
            } else {
              expect(attempts.values, isNot(contains(call.attempt)));
            }
            attempts[label] = call.attempt;
          }
        }
      });
    }

    for (final answer in listed('answers')) {
      test('is not ended by an answer to a refresh: ${answer['name']}', () async {
        final phone = SessionPhone();
        await take(phone, {
          'signIn': true,
          'meets': ['granted 0'],
          'gives': '',
        });
        phone.wait(901);
        final name = answer['name'] as String;
        final meets = [name, if (answer['triedAgain'] == true) name];
        expect(await take(phone, {'token': true, 'meets': meets, 'gives': ''}), answer['gives']);
        expect(phone.sent.length, 1 + meets.length);
        expect((await phone.session.check()).tag, 'signed-in');
        phone.wait(10);
        final next = await take(phone, {
          'token': true,
          'meets': ['granted 1'],
          'gives': '',
        });
        expect(next, 'access-1');
        expect(phone.sent.last.attempt, phone.sent[1].attempt);
      });
    }
  });
}
