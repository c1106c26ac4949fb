import 'dart:async';

import 'package:dio/dio.dart';
import 'package:flutter/foundation.dart';

import 'clock.dart';
import 'doorcode.dart';
import 'json.dart';
import 'options.dart';
import 'refusal.dart';
import 'session_access.dart';
import 'session_keeper.dart';
import 'session_ports.dart';
import 'storage.dart';

/// A client that stays signed in. `doorcode` is for the sign-in, `access` gives a token for a call of your API, and
/// `state` says whether the user is signed in. It runs no timer. Use one for an app, in one isolate.
class Session {
  Session({
    required String baseUrl,
    DoorcodeStorage? storage,
    Dio? dio,
    String? platform,
    String? label,
    FutureOr<Map<String, String?>> Function()? headers,
    Duration timeout = const Duration(seconds: 10),
    int tries = 3,
    DoorcodeClock? clock,
    Future<void> Function(Duration)? sleep,
  }) {
    final kept = storage ?? MemoryStorage();
    final client = dio ?? Dio();
    final time = clock ?? DoorcodeClock();
    final rest = sleep ?? Future<void>.delayed;
    final ports = SessionPorts(
        baseUrl: checkedBaseUrl(baseUrl),
        clock: time,
        dio: client,
        headers: headers,
        sleep: rest,
        storage: kept,
        timeout: timeout,
        tries: tries);
    _keeper = SessionKeeper(ports, label: labelOf(label));
    doorcode = Doorcode(
        baseUrl: baseUrl,
        storage: kept,
        dio: client,
        platform: platform,
        headers: headers,
        timeout: timeout,
        tries: tries,
        clock: time,
        sleep: rest,
        session: _keeper);
  }

  /// The sign-in, for `OtpSignIn` and `OtpFlow`.
  late final Doorcode doorcode;
  late final SessionKeeper _keeper;

  /// Whether the user is signed in, for a `ValueListenableBuilder`. `unknown` until `check` has answered.
  ValueListenable<SessionState> get state => _keeper.state;

  /// Reads the storage; a storage that failed is asked again. Call it at the start and whenever the app is resumed.
  Future<SessionState> check() => _keeper.check();

  /// A token, or why there is none now. `refused` is a token that an API answered with 401.
  Future<SessionAccess> access([String? refused]) => _keeper.access(refused);

  /// False means that the storage failed, and may give the session back.
  Future<bool> signOut() => _keeper.signOut();

  /// The devices that are signed in with this number.
  Future<SessionList> sessions() => _listed(null);

  /// Ends all sessions but this one; gives the rest.
  Future<SessionList> endOthers() => _listed('others');

  /// Ends the sessions with these ids; gives the rest.
  Future<SessionList> end(List<String> ids) => _listed(ids);

  /// Ends every session of the number, this one too. Without an answer of the server nothing has changed.
  Future<SessionList> signOutEverywhere() async {
    final result = await _listed('all');
    if (result.sessions != null) await signOut();
    return result;
  }

  Future<SessionList> _listed(Object? end) async {
    final (:answer, :instead) = await _keeper.list(end: end);
    if (answer == null) return SessionList.none(instead!);
    final body = answer.body;
    if (body == null) return SessionList.none(SessionUnreachable(answer.instead!));
    if (answer.status > 299) {
      return SessionList.none(SessionUnreachable(refusalOf(answer, body, nowMs: doorcode.now())));
    }
    final listed = body['sessions'];
    return SessionList(listed is List<Object?>
        ? listed.whereType<Map<String, dynamic>>().map(SessionEntry.fromJson).toList()
        : const []);
  }
}

/// A label in the server's characters; null for an empty one.
String? labelOf(String? label) {
  final plain = (label ?? '').replaceAll(RegExp('[^A-Za-z0-9_ .-]+'), ' ').trim();
  if (plain == '') return null;
  return plain.length > 24 ? plain.substring(0, 24) : plain;
}

/// The devices, or why they could not be listed. Then nothing was ended.
class SessionList {
  const SessionList(List<SessionEntry> this.sessions) : instead = null;
  const SessionList.none(SessionAccess this.instead) : sessions = null;

  final List<SessionEntry>? sessions;
  final SessionAccess? instead;
}

class SessionEntry {
  SessionEntry.fromJson(Json json)
      : id = textIn(json, 'id'),
        label = textIn(json, 'label'),
        begun = textIn(json, 'begun'),
        lastUsed = textIn(json, 'lastUsed'),
        isCurrent = json['current'] == true;

  final String id;

  /// What the app called this device; empty if it did not.
  final String label;

  /// Days such as `2026-11-26`, in UTC.
  final String begun;
  final String lastUsed;

  /// Whether it is the session of this very app.
  final bool isCurrent;
}
