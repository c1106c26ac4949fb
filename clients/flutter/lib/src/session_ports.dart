import 'dart:async';
import 'dart:convert';

import 'package:dio/dio.dart';

import 'ask_storage.dart';
import 'clock.dart';
import 'exchange.dart';
import 'handed_in.dart';
import 'options.dart';
import 'result.dart';
import 'storage.dart';

/// All that a session touches. Nothing here throws, and each call has a time limit.
class SessionPorts {
  SessionPorts(
      {required this.baseUrl,
      required this.clock,
      required this.dio,
      required this.headers,
      required this.sleep,
      required DoorcodeStorage storage,
      required this.timeout,
      required this.tries})
      : _storage = storage;

  final String baseUrl;
  final DoorcodeClock clock;
  final Dio dio;
  final FutureOr<Map<String, String?>> Function()? headers;
  final Future<void> Function(Duration) sleep;
  final Duration timeout;

  /// How many times one refresh is sent at most.
  final int tries;

  final DoorcodeStorage _storage;
  final AskStorage _asked = AskStorage();
  Future<void> _last = Future<void>.value();

  static const _pause = Duration(seconds: 1);

  /// The stored value; not answered if the storage failed.
  Future<Handed<String?>> read(String name) async =>
      await _asked(() => _storage.read('doorcode.$name')) ?? const Handed<String?>.late();

  /// Stores a value; null forgets it. False if the storage failed, and then it may be stored all the same.
  Future<bool> write(String name, String? value) async {
    final result = await _asked(() => _storage.write('doorcode.$name', value));
    return result != null && result.isAnswered;
  }

  /// POSTs a form or JSON once.
  Future<Answer> send(String path, {Map<String, String>? form, Map<String, Object>? json}) async {
    final own = await handedIn(() async => ownHeaders(await headers?.call() ?? const {}), timeout);
    final theirs = own.value;
    if (theirs == null) return Answer.none(HeadersFailed(own.error));
    refuseKeys([...theirs.keys, ...theirs.values]);
    theirs.remove('content-type');
    final type = form == null ? 'application/json' : 'application/x-www-form-urlencoded';
    return exchange(dio, '$baseUrl$path',
        headers: {...theirs, 'Content-Type': type},
        data: form == null ? jsonEncode(json) : Uri(queryParameters: form).query,
        tries: 1,
        timeout: timeout,
        sleep: sleep);
  }

  /// Runs one piece of work at a time in this isolate. `work` never throws.
  Future<T> lock<T>(Future<T> Function() work) {
    final turn = _last.then((_) => work());
    _last = turn.then((_) {});
    return turn;
  }

  /// Waits before the next try.
  Future<void> pause() async {
    await handedIn(() => sleep(_pause), _pause * 2);
  }
}
