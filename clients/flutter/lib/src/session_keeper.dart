import 'dart:async';
import 'dart:math';

import 'package:flutter/foundation.dart';

import 'exchange.dart';
import 'json.dart';
import 'new_key.dart';
import 'refusal.dart';
import 'result.dart';
import 'session_access.dart';
import 'session_debts.dart';
import 'session_ports.dart';
import 'session_record.dart';

/// Keeps one session, by the rules of the TypeScript client's `session-keeper.ts`.
///
/// - The record is never taken from memory. It is read before each try, and an answer counts only if the record still has
///   the token that was sent. Then the record is written whole, with a new attempt.
/// - Nothing is refreshed that is not stored. After a failed write the token and its attempt stay, and the server gives the
///   same answer again.
/// - `invalid_grant` ends the session, if the record still has the refused token. No other answer does.
/// - Finding nothing counts only after the storage has taken a write in this run: before the first unlock, iOS finds
///   nothing where there is something.
class SessionKeeper {
  SessionKeeper(this._ports, {String? label})
      : asks = {if (label != null) 'label': label},
        _debts = SessionDebts(_ports) {
    // What an earlier run has left.
    unawaited(_debts.deliver());
  }

  /// Asks verify for a session. The server starts one for a sign-in alone.
  final Map<String, Object> asks;

  /// What was seen last.
  final ValueNotifier<SessionState> state = ValueNotifier(SessionState.unknown);

  final SessionPorts _ports;
  final SessionDebts _debts;

  /// The access tokens of sessions that are over, in case the storage refuses to forget them.
  final Set<String> _ended = {};
  bool _hasWritten = false;

  /// How many wait for the refresh under way to end.
  int _waiting = 0;

  /// A sign-in that the storage refused. This run uses its access token, and refreshes it once it is stored.
  SessionRecord? _unsaved;

  /// The access token that this run got last, and when.
  String _gotToken = '';
  int _gotAtMs = 0;

  /// The latest refusal that named a wait.
  Wait? _wait;
  Future<SessionAccess>? _refreshing;

  static const _name = 'session';

  /// A token; where an API refused one, another one if there is any.
  Future<SessionAccess> access([String? refused]) async {
    final seen = await _look();
    final record = seen.record;
    if (record == null) return seen.instead!;
    final need = _unsaved == null ? _need(record, refused) : RefreshNeed.now;
    final token = HasToken(record.accessToken);
    if (need == RefreshNeed.none) return token;
    final refreshing = _refreshing ??= _ports.lock(() => _renew(refused)).whenComplete(() {
      _refreshing = null;
    });
    return need == RefreshNeed.now ? refreshing : token;
  }

  /// Reads what is stored, and asks a storage that failed once more.
  Future<SessionState> check() async {
    await _look();
    unawaited(_debts.deliver());
    return state.value;
  }

  /// Keeps what a sign-in brought, and revokes what it replaces.
  Future<void> keep(Json body) async {
    await _inTurn(() async {
      final stored = await _ports.read(_name);
      final replaced = [_unsaved, SessionRecord.parse(stored.value)];
      final record = _recordOf(
          refreshToken: textIn(body, 'refreshToken'),
          accessToken: textIn(body, 'accessToken'),
          fromMs: _ports.clock.wallMs,
          seconds: numberIn(body, 'expiresInSeconds', 0));
      _ended.remove(record.accessToken);
      _unsaved = await _store(record) ? null : record;
      for (final old in replaced) {
        if (old != null && old.refreshToken != record.refreshToken) await _debts.owe(old.refreshToken);
      }
      state.value = SessionState.signedIn;
    });
    unawaited(_debts.deliver());
  }

  /// False means that the storage failed, and may give the session back.
  Future<bool> signOut() async {
    final isDone = await _inTurn(() async {
      final stored = await _ports.read(_name);
      final records = [_unsaved, SessionRecord.parse(stored.value)];
      for (final record in records) {
        if (record != null) await _debts.owe(record.refreshToken);
      }
      return await _forget(records) && stored.isAnswered;
    });
    unawaited(_debts.deliver());
    return isDone;
  }

  /// The list of sessions as the server answers it, after ending some: `others`, `all`, or a list of ids. The access is
  /// why there is none.
  Future<({Answer? answer, SessionAccess? instead})> list({Object? end, String? refused}) async {
    final reached = await access(refused);
    if (reached is! HasToken) return (answer: null, instead: reached);
    final seen = await _look();
    final record = seen.record;
    if (record == null) return (answer: null, instead: seen.instead);
    final json = <String, Object>{'refreshToken': record.refreshToken};
    if (end != null) json['end'] = end;
    final answer = await _ports.send('/auth/sessions', json: json);
    // Another isolate may have refreshed meanwhile, or its answer got lost. A refresh finds out, once.
    if (_isInvalidGrant(answer) && refused == null) return list(end: end, refused: record.accessToken);
    return (answer: answer, instead: null);
  }

  /// The session as it is stored, or why there is none.
  Future<({SessionRecord? record, SessionAccess? instead})> _look() async {
    for (;;) {
      final unsaved = _unsaved;
      final SessionRecord? record;
      if (unsaved == null) {
        final stored = await _ports.read(_name);
        if (!stored.isAnswered) return _unknown();
        record = SessionRecord.parse(stored.value);
      } else {
        record = SessionRecord(
            refreshToken: '',
            attempt: unsaved.attempt,
            accessToken: unsaved.accessToken,
            fromMs: unsaved.fromMs,
            dueMs: unsaved.dueMs,
            overMs: unsaved.overMs);
      }
      if (record != null) {
        final isOver = record.refreshToken == '' && _need(record, null) == RefreshNeed.now;
        if (!isOver && !_ended.contains(record.accessToken)) {
          state.value = SessionState.signedIn;
          return (record: record, instead: null);
        }
      } else if (!_hasWritten) {
        if (await _write('probe', '1')) continue;
        return _unknown();
      }
      state.value = SessionState.signedOut;
      return (record: null, instead: const NoSession());
    }
  }

  ({SessionRecord? record, SessionAccess? instead}) _unknown() {
    state.value = SessionState.unknown;
    return (record: null, instead: const SessionUnknown());
  }

  RefreshNeed _need(SessionRecord record, String? refused) => record.needAt(
      wallMs: _ports.clock.wallMs,
      gotAgoMs: record.accessToken == _gotToken ? _ports.clock.now() - _gotAtMs : -1,
      isRefused: record.accessToken == refused);

  /// Refreshes until the record has a token that needs none; inside the lock.
  Future<SessionAccess> _renew(String? refused) async {
    final unsaved = _unsaved;
    if (unsaved != null && await _store(unsaved)) _unsaved = null;
    SessionAccess last = const SessionUnknown();
    for (var tried = 0;; tried += 1) {
      final seen = await _look();
      final record = seen.record;
      if (record == null) return seen.instead!;
      if (record.refreshToken == '' || _need(record, refused) == RefreshNeed.none) {
        return HasToken(record.accessToken);
      }
      final wait = _wait;
      if (wait != null && wait.retryAtMs > _ports.clock.now()) return SessionUnreachable(wait);
      if (tried >= _ports.tries || (tried > 0 && _waiting > 0)) return last;
      final fromMs = _ports.clock.wallMs;
      final answer = await _ports.send('/auth/token', form: {
        'grant_type': 'refresh_token',
        'refresh_token': record.refreshToken,
        'attempt': record.attempt,
      });
      final body = answer.body;
      if (body == null) {
        final instead = answer.instead!;
        last = SessionUnreachable(instead);
        if (!isPassing(instead)) return last;
        if (tried + 1 < _ports.tries) await _ports.pause();
        continue;
      }
      final refreshToken = textIn(body, 'refresh_token');
      final accessToken = textIn(body, 'access_token');
      final seconds = numberIn(body, 'expires_in', -1);
      final isEnded = _isInvalidGrant(answer);
      if (!isEnded && (seconds < 0 || refreshToken == '' || accessToken == '')) {
        final refusal = refusalOf(answer, body, nowMs: _ports.clock.now());
        if (refusal is Wait) _wait = refusal;
        return SessionUnreachable(refusal);
      }
      final present = await _ports.read(_name);
      if (present.isAnswered) {
        // Another isolate has written meanwhile, or signed out: what it left counts.
        if (SessionRecord.parse(present.value)?.refreshToken != record.refreshToken) continue;
        if (isEnded) {
          await _forget([record]);
          return const NoSession();
        }
        final next = _recordOf(
            refreshToken: refreshToken, accessToken: accessToken, fromMs: fromMs, seconds: seconds);
        if (await _store(next)) {
          unawaited(_debts.deliver());
          if (seconds == 0) continue;
        }
      }
      return seconds > 0 ? HasToken(accessToken) : const SessionUnknown();
    }
  }

  SessionRecord _recordOf(
      {required String refreshToken, required String accessToken, required int fromMs, required int seconds}) {
    final overMs = seconds * 1000;
    return SessionRecord(
        refreshToken: refreshToken,
        attempt: newKey(),
        accessToken: accessToken,
        fromMs: fromMs,
        dueMs: (overMs * (0.8 - Random().nextDouble() / 10)).round(),
        overMs: overMs);
  }

  Future<bool> _forget(List<SessionRecord?> records) async {
    for (final record in records) {
      if (record != null) _ended.add(record.accessToken);
    }
    _unsaved = null;
    final isForgotten = await _write(_name, null);
    state.value = SessionState.signedOut;
    return isForgotten;
  }

  Future<bool> _store(SessionRecord record) {
    _gotToken = record.accessToken;
    _gotAtMs = _ports.clock.now();
    return _write(_name, record.toJson());
  }

  Future<bool> _write(String name, String? value) async {
    final isWritten = await _ports.write(name, value);
    if (isWritten) _hasWritten = true;
    return isWritten;
  }

  /// Waits for the refresh under way, which then tries no more.
  Future<T> _inTurn<T>(Future<T> Function() work) {
    _waiting += 1;
    return _ports.lock(() {
      _waiting -= 1;
      return work();
    });
  }
}

bool _isInvalidGrant(Answer answer) => answer.status == 400 && answer.body?['error'] == 'invalid_grant';
