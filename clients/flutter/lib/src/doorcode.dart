import 'dart:async';
import 'dart:convert';

import 'package:dio/dio.dart';

import 'challenge.dart';
import 'clock.dart';
import 'digits.dart';
import 'exchange.dart';
import 'handed_in.dart';
import 'json.dart';
import 'kept.dart';
import 'new_key.dart';
import 'options.dart';
import 'refusal.dart';
import 'result.dart';
import 'resumed.dart';
import 'session_access.dart';
import 'session_keeper.dart';
import 'storage.dart';
import 'tag.dart';
import 'under_way.dart';

/// The calls of an app. Each tap sends at most one SMS. A request keeps its idempotency key over its own tries, further
/// taps and a restart, until an answer settles it. Two taps at the same time make one call. The client waits for as long
/// as the server told. If a function or storage of the app fails or hangs, the call still ends in a value.
///
/// The client holds no secret. `contract/behaviours.json` says what it does in each situation.
class Doorcode {
  Doorcode({
    required String baseUrl,
    DoorcodeStorage? storage,
    Dio? dio,
    this.platform,
    this.headers,
    this.timeout = const Duration(seconds: 10),
    this.tries = 3,
    DoorcodeClock? clock,
    Future<void> Function(Duration)? sleep,
    SessionKeeper? session,
  })  : _session = session,
        _baseUrl = checkedBaseUrl(baseUrl),
        _kept = Kept(storage ?? MemoryStorage()),
        _dio = dio ?? Dio(),
        _clock = clock ?? DoorcodeClock(),
        _sleep = sleep ?? Future<void>.delayed;

  /// `android` or `ios`: chooses among the texts that the deployment configures.
  final String? platform;

  /// Further headers of each call, such as Authorization or an attestation, asked for each call within `timeout`. One
  /// without a value is left out, and ours are never replaced.
  final FutureOr<Map<String, String?>> Function()? headers;

  /// How long one try may take. The server answers within 5.5 s.
  final Duration timeout;

  /// How often a call without an answer is tried in all, with the same key.
  final int tries;

  /// What keeps the tokens of sign-ins, in place of the one access token: see `Session`.
  final SessionKeeper? _session;
  final String _baseUrl;
  final Kept _kept;
  final Dio _dio;
  final DoorcodeClock _clock;
  final Future<void> Function(Duration) _sleep;
  final Map<String, Future<OtpResult>> _turns = {};
  final Map<String, Wait> _waits = {};
  final Map<String, String> _verifyKeys = {};

  /// The challenges of this run, whose times are known on the client's clock.
  final Map<String, Challenge> _challenges = {};

  /// Milliseconds on the clock that the results use.
  int now() => _clock.now();

  /// `locale` is the language of the SMS, such as `hi` or `hi-IN`; the deployment has the usual text for one it does not
  /// know.
  Future<OtpResult> requestOtp(String phoneNumber,
          {String? purpose, Map<String, Object>? context, String? locale}) =>
      _request(phoneNumber, purpose: purpose, context: context, locale: locale);

  /// Asks for another SMS as the user's own resend. Either code then works.
  Future<OtpResult> resendOtp(Challenge challenge, {String? locale}) => _request(challenge.phoneNumber,
      purpose: challenge.purpose,
      context: challenge.context,
      previousRequestId: challenge.requestId,
      locale: locale);

  /// Takes the code as it was typed or pasted.
  Future<OtpResult> verifyOtp(Challenge challenge, String typed) async {
    final code = codeIn(typed, challenge.codeLength);
    if (code == null) return const MalformedCode();
    return _turn('${challenge.requestId}$code', challenge.phoneNumber, () => _verify(challenge, code));
  }

  /// What is under way for this purpose and context, default the plain sign-in, and for this number or the latest; also
  /// from before a restart. A code that has expired is not.
  Future<Resumed?> resume({String? phoneNumber, String? purpose, Map<String, Object>? context}) async {
    for (final entry in entriesIn(await _kept.read(Kept.underWay))) {
      if (!entry.isAbout(phoneNumber: phoneNumber, purpose: purpose, context: context)) continue;
      final challenge = _liveIn(entry, purpose, context);
      if (challenge != null) return Resumed.challenge(challenge);
      return entry.key == '' ? null : Resumed.unanswered(entry.phoneNumber);
    }
    return null;
  }

  /// The access token of the last sign-in; whether it still lives your API says. A token for a purpose is not kept.
  Future<String?> accessToken() async {
    final session = _session;
    if (session == null) return _kept.read(Kept.token);
    final access = await session.access();
    return access is HasToken ? access.accessToken : null;
  }

  /// Forgets the token; the devices stay known. False if the storage failed, which may then still return the token.
  Future<bool> signOut() => _session?.signOut() ?? _kept.change(Kept.token, (_) => null);

  Challenge? _liveIn(Entry entry, String? purpose, Map<String, Object>? context) {
    final known = _challenges[entry.requestId];
    if (known != null) return known.endsAtMs > now() ? known : null;
    if (!entry.mayLive(_clock.wallMs)) return null;
    // From before a restart: the pause starts anew, and the expiry is left to the server.
    return Challenge.fromJson(entry.json,
        phoneNumber: entry.phoneNumber, purpose: purpose, context: context, nowMs: now());
  }

  Future<OtpResult> _request(String phoneNumber,
      {String? purpose, Map<String, Object>? context, String? previousRequestId, String? locale}) {
    final name = '${nameOf(phoneNumber, purpose, context)} $previousRequestId';
    return _turn(
        name,
        name,
        () => _send(phoneNumber,
            purpose: purpose,
            context: context,
            previousRequestId: previousRequestId,
            tag: tagIn(locale)));
  }

  /// Platform and language of the reader are no part of what is asked.
  Future<OtpResult> _send(String phoneNumber,
      {String? purpose, Map<String, Object>? context, String? previousRequestId, String? tag}) async {
    final name = nameOf(phoneNumber, purpose, context);
    final resends = previousRequestId ?? '';
    var key = newKey();
    // Kept before the first byte leaves: a restart in between finds the key again.
    await _kept.change(
        Kept.underWay,
        altered(name, (entry) {
          if (entry.key != '' && entry.resends == resends) key = entry.key;
          return entry.asking(name, phoneNumber, key: key, resends: resends);
        }));
    final device = deviceTokenOf(await _kept.read(Kept.devices), phoneNumber);
    final answer = await _post('/auth/request-otp', key, {
      'phoneNumber': phoneNumber,
      if (purpose != null) 'purpose': purpose,
      if (platform != null) 'platform': platform,
      if (tag != null) 'locale': tag,
      if (previousRequestId != null) 'previousRequestId': previousRequestId,
      if (context != null) 'context': context,
    }, {
      if (device != null) 'Doorcode-Device': device,
    });
    final body = answer.body;
    if (body == null) return answer.instead!;
    final isSuccess = answer.status < 300;
    final mayName = isSuccess || body['type'] == 'urn:doorcode:temporarily-unavailable';
    final challenge = mayName && textIn(body, 'requestId') != ''
        ? Challenge.fromJson(body, phoneNumber: phoneNumber, purpose: purpose, context: context, nowMs: now())
        : null;
    // Every other refusal leaves the intention open: an earlier try with the same key may have sent the SMS.
    if (challenge != null || _neverServed.contains(body['type'])) {
      await _kept.change(
          Kept.underWay,
          altered(name, (entry) {
            final ended = entry.asking(name, phoneNumber, key: key, resends: resends).ended();
            return challenge == null ? ended : ended.withChallenge(challenge, body, _clock.wallMs);
          }));
    }
    if (challenge != null) _challenges[challenge.requestId] = challenge;
    if (isSuccess) return challenge == null ? NoAnswer(NoAnswerReason.captivePortal) : Sent(challenge);
    return refusalOf(answer, body, nowMs: now(), challenge: challenge);
  }

  Future<OtpResult> _verify(Challenge challenge, String code) async {
    final id = challenge.requestId;
    final name = nameOf(challenge.phoneNumber, challenge.purpose, challenge.context);
    // Changes what is kept of this very code; a later one of the same number stays as it is.
    Future<bool> alterCode(Entry Function(Entry) change) => _kept.change(
        Kept.underWay, altered(name, (entry) => entry.requestId == id ? change(entry) : entry));
    // The server's memory of a win covers the code too, so one key serves a challenge until it has an answer.
    var key = _verifyKeys[id];
    await alterCode((entry) {
      final known = key ?? (entry.verifyKey == '' ? newKey() : entry.verifyKey);
      key = known;
      return entry.withVerifyKey(known);
    });
    final sent = key ?? newKey();
    _verifyKeys[id] = sent;
    final session = _session;
    Future<Answer> send() => _post('/auth/verify-otp', sent, {
          'requestId': id,
          'code': code,
          if (challenge.context != null) 'context': challenge.context,
          if (session != null) 'session': session.asks,
        });
    var answer = await send();
    final body = answer.body;
    if (body == null) return answer.instead!;
    if (answer.status >= 300) {
      final refusal = refusalOf(answer, body, nowMs: now());
      if (refusal is IncorrectCode) _verifyKeys[id] = newKey();
      if (refusal is ExpiredCode) await alterCode((entry) => entry.withoutChallenge());
      return refusal;
    }
    var given = body;
    if (textIn(given, 'accessToken') == '') return NoAnswer(NoAnswerReason.captivePortal);
    final device = textIn(body, 'deviceToken');
    if (device != '') {
      await _kept.change(Kept.devices, (list) => withDeviceToken(list, challenge.phoneNumber, device));
    }
    // A token for anything else is for the call that it approves, and must never stand in for the session's.
    if ((challenge.purpose ?? usualPurpose) == usualPurpose) {
      // The server could not start the session. It gives the same answer again for a minute.
      for (var again = 0; session != null && again < _maxAgain && _lacksSession(given); again += 1) {
        await handedIn(() => _sleep(_againPause), _againPause * 2);
        answer = await send();
        final next = answer.body;
        if (next != null && answer.status < 300) given = next;
      }
      await (session?.keep(given) ?? _kept.change(Kept.token, (_) => textIn(given, 'accessToken')));
    }
    // A resend that was still open is no longer needed.
    await _kept.change(Kept.underWay, altered(name, (_) => const Entry({})));
    return SignedIn(textIn(given, 'accessToken'), numberIn(given, 'expiresInSeconds', 0),
        otherSessions: numberIn(given, 'otherSessions', 0));
  }

  Future<Answer> _post(String path, String key, Json body, [Map<String, String> more = const {}]) async {
    final own = await handedIn(() async => ownHeaders(await headers?.call() ?? const {}), timeout);
    final theirs = own.value;
    if (theirs == null) return Answer.none(HeadersFailed(own.error));
    refuseKeys([...theirs.keys, ...theirs.values]);
    final ours = {'Content-Type': 'application/json', 'Idempotency-Key': key, ...more};
    for (final name in ours.keys) {
      theirs.remove(name.toLowerCase());
    }
    return exchange(_dio, '$_baseUrl$path',
        headers: {...theirs, ...ours}, data: jsonEncode(body), tries: tries, timeout: timeout, sleep: _sleep);
  }

  /// Two calls of one name at a time are one; a wait is kept, so that a tap in the middle of it makes no call.
  Future<OtpResult> _turn(String name, String wait, Future<OtpResult> Function() start) =>
      _turns[name] ??= _waited(wait, start).whenComplete(() {
        _turns.remove(name);
      });

  Future<OtpResult> _waited(String name, Future<OtpResult> Function() start) async {
    final wait = _waits[name];
    final seconds = wait == null ? 0 : secondsUntil(wait.retryAtMs, now());
    if (wait != null && seconds > 0) return wait.withSeconds(seconds);
    final result = await start();
    if (result is Wait) _waits[name] = result;
    return result;
  }
}

/// How often a sign-in asks again for a session that was not started, and the pause before it.
const _maxAgain = 3;
const _againPause = Duration(seconds: 1);

bool _lacksSession(Json body) => body.containsKey('refreshToken') && body['refreshToken'] == null;

/// The problems that repeating the same request cannot solve.
const _neverServed = {
  'urn:doorcode:invalid-request',
  'urn:doorcode:body-too-large',
  'urn:doorcode:unsupported-media-type',
  'urn:doorcode:idempotency-mismatch',
};
