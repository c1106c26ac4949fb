import 'dart:convert';
import 'dart:math';

import 'json.dart';

/// The session as it is stored: one value, so that no part of it is ever older than another.
///
///     refreshToken  what the next refresh sends; empty where the server started no session
///     attempt       drawn when that token came, and sent with it each time: who shares the record shares the attempt
///     accessToken
///     life          of the access token: the time of day when it was asked for, and the ages at which it is due for a
///                   refresh alongside and over, in milliseconds
class SessionRecord {
  const SessionRecord(
      {required this.refreshToken,
      required this.attempt,
      required this.accessToken,
      required this.fromMs,
      required this.dueMs,
      required this.overMs});

  final String refreshToken;
  final String attempt;
  final String accessToken;
  final int fromMs;
  final int dueMs;
  final int overMs;

  /// A token that came less than this ago is not refreshed again.
  static const freshMs = 120000;

  /// A clock is corrected by seconds now and then. Further back, somebody set it, and no age by it is right.
  static const _toleranceMs = 60000;

  /// The record in a stored value; null for none.
  static SessionRecord? parse(String? value) {
    final json = jsonObject(value);
    final life = json?['life'];
    if (json == null || life is! Map<String, dynamic> || textIn(json, 'accessToken') == '') return null;
    return SessionRecord(
        refreshToken: textIn(json, 'refreshToken'),
        attempt: textIn(json, 'attempt'),
        accessToken: textIn(json, 'accessToken'),
        fromMs: numberIn(life, 'fromMs', 0),
        dueMs: numberIn(life, 'dueMs', 0),
        overMs: numberIn(life, 'overMs', 0));
  }

  String toJson() => jsonEncode({
        'refreshToken': refreshToken,
        'attempt': attempt,
        'accessToken': accessToken,
        'life': {'fromMs': fromMs, 'dueMs': dueMs, 'overMs': overMs},
      });

  /// When the access token is to be refreshed. `gotAgoMs` is how long ago this run got it, by the clock that nobody sets;
  /// below zero if it did not.
  RefreshNeed needAt({required int wallMs, required int gotAgoMs, required bool isRefused}) {
    final wallAgeMs = wallMs - fromMs;
    // Whatever APIs say, another refresh would change nothing. After a restart the time of day has to do.
    final gotMs = gotAgoMs < 0 ? wallAgeMs : gotAgoMs;
    if (gotMs >= 0 && gotMs < min(freshMs, overMs)) return RefreshNeed.none;
    final ageMs = max(wallAgeMs, gotAgoMs);
    if (isRefused || wallAgeMs < -_toleranceMs || ageMs >= overMs) return RefreshNeed.now;
    return ageMs < dueMs ? RefreshNeed.none : RefreshNeed.alongside;
  }
}

enum RefreshNeed { none, alongside, now }
