import 'dart:async';
import 'dart:convert';
import 'dart:io';
import 'dart:typed_data';

import 'package:dio/dio.dart';
import 'package:doorcode/doorcode.dart';
import 'package:doorcode/src/clock.dart';

/// The contract of all clients, as data. Run in `clients/flutter`.
List<Map<String, dynamic>> contract(String name) =>
    (jsonDecode(File('../contract/$name.json').readAsStringSync()) as List<dynamic>).cast<Map<String, dynamic>>();

final List<Map<String, dynamic>> answers = contract('answers');

Map<String, dynamic> answerNamed(String name) => answers.firstWhere((answer) => answer['name'] == name);

/// One call as it was sent.
class ScriptedCall {
  ScriptedCall(RequestOptions options)
      : path = options.uri.path,
        key = options.headers['Idempotency-Key'] as String?,
        device = options.headers['Doorcode-Device'] as String?,
        locale = (jsonDecode(options.data as String) as Map<String, dynamic>)['locale'] as String?;

  final String path;
  final String? key;
  final String? device;
  final String? locale;
}

/// A phone with scripted answers: two clocks, a storage that survives a restart, no network.
class ScriptedPhone implements HttpClientAdapter {
  ScriptedPhone() {
    doorcode = _open();
  }

  final List<ScriptedCall> calls = [];
  final MemoryStorage _storage = MemoryStorage();
  late Doorcode doorcode;
  Map<String, dynamic> answer = const {'fails': true};
  int monotonicMs = 5000;
  int wallMs = 1790000000000;

  Doorcode _open() => Doorcode(
        baseUrl: 'https://api.example.com',
        storage: _storage,
        dio: Dio()..httpClientAdapter = this,
        timeout: const Duration(milliseconds: 20),
        tries: 2,
        clock: DoorcodeClock(monotonicMs: () => monotonicMs, timeOfDayMs: () => wallMs),
        sleep: (_) async {},
      );

  void restart() {
    // The monotonic clock starts anew with the app.
    monotonicMs = 100;
    doorcode = _open();
  }

  void wait(num seconds) {
    monotonicMs += (seconds * 1000).round();
    wallMs += (seconds * 1000).round();
  }

  void sleep(num seconds) => wallMs += (seconds * 1000).round();

  @override
  Future<ResponseBody> fetch(
      RequestOptions options, Stream<Uint8List>? requestStream, Future<void>? cancelFuture) async {
    calls.add(ScriptedCall(options));
    if (answer['fails'] == true) throw const SocketException('no route');
    if (answer['hangs'] == true) return Completer<ResponseBody>().future;
    final body = answer['body'];
    return ResponseBody.fromString(body is String ? body : jsonEncode(body), answer['status'] as int);
  }

  @override
  void close({bool force = false}) {}
}
