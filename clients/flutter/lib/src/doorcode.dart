import 'dart:convert';
import 'dart:math';

import 'package:dio/dio.dart';

import 'challenge.dart';
import 'digits.dart';
import 'result.dart';
import 'storage.dart';

/// The three calls of an app. Each tap sends at most one SMS: a request keeps its idempotency key, over its own tries,
/// over further taps and over a restart, until its intention has an end. It holds no secret and reads no time of day.
class Doorcode {
  Doorcode({required String baseUrl, DoorcodeStorage? storage, Dio? dio, this.platform, this.headers})
      : _baseUrl = baseUrl.replaceAll(RegExp(r'/+$'), ''),
        _storage = storage ?? MemoryStorage(),
        _dio = dio ?? Dio() {
    if (RegExp(r'sm_[a-z]+_').hasMatch(baseUrl)) {
      throw ArgumentError('This looks like a key of the SMS provider. It belongs on the server, never in an app.');
    }
  }

  /// `android` or `ios`: chooses among the texts that the deployment configures.
  final String? platform;

  /// Further headers of each call, such as Authorization or an attestation.
  final Future<Map<String, String>> Function()? headers;
  final String _baseUrl;
  final DoorcodeStorage _storage;
  final Dio _dio;
  final Map<String, Future<OtpResult>> _underWay = {};
  final Map<String, String> _verifyKeys = {};

  static const _tries = 3;
  static const _timeout = Duration(seconds: 10);

  Future<OtpResult> requestOtp(String phoneNumber, {String? purpose, Map<String, Object>? context}) =>
      _single(_nameOf(phoneNumber, purpose, context, null),
          (name) => _send(name, phoneNumber, purpose: purpose, context: context));

  /// The same again as one's own resend: then either code works.
  Future<OtpResult> resendOtp(Challenge challenge, {Map<String, Object>? context}) => _single(
      _nameOf(challenge.phoneNumber, challenge.purpose, context, challenge.requestId),
      (name) => _send(name, challenge.phoneNumber,
          purpose: challenge.purpose, context: context, previousRequestId: challenge.requestId));

  /// Takes the code as it was typed or pasted.
  Future<OtpResult> verifyOtp(Challenge challenge, String typed, {Map<String, Object>? context}) {
    final code = codeIn(typed, challenge.codeLength);
    if (code == null) return Future.value(const MalformedCode());
    return _single('verify ${challenge.requestId} $code', (_) => _verify(challenge, code, context));
  }

  /// The challenge that was under way before a restart.
  Future<Challenge?> resume() async {
    final kept = _decode(await _read('challenge'));
    final phoneNumber = kept?['phoneNumber'];
    if (kept == null || kept['requestId'] is! String || phoneNumber is! String) return null;
    return Challenge.fromJson({...kept, 'expiresInSeconds': null},
        phoneNumber: phoneNumber, purpose: kept['purpose'] as String?);
  }

  Future<String?> accessToken() => _read('token');

  /// Forgets the token. The device stays known.
  Future<void> signOut() => _write('token', null);

  Future<OtpResult> _send(String name, String phoneNumber,
      {String? purpose, Map<String, Object>? context, String? previousRequestId}) async {
    final unanswered = _decode(await _read('intention'));
    final known = unanswered?['name'] == name ? unanswered!['key'] : null;
    final key = known is String ? known : _newKey();
    // Kept before the first byte leaves: a restart in between finds the key again.
    await _write('intention', jsonEncode({'name': name, 'key': key}));
    final device = await _read('device');
    final answer = await _post('/auth/request-otp', key, {
      'phoneNumber': phoneNumber,
      if (purpose != null) 'purpose': purpose,
      if (platform != null) 'platform': platform,
      if (previousRequestId != null) 'previousRequestId': previousRequestId,
      if (context != null) 'context': context,
    }, {
      if (device != null) 'Doorcode-Device': device,
    });
    final body = answer.body;
    if (body == null) return NoAnswer(answer.reason);
    final isSuccess = answer.status < 300;
    Challenge? challenge;
    if (body['requestId'] is String && (isSuccess || body['type'] == 'urn:doorcode:temporarily-unavailable')) {
      challenge = Challenge.fromJson(body, phoneNumber: phoneNumber, purpose: purpose);
      await _write('challenge', jsonEncode({...body, 'phoneNumber': phoneNumber, 'purpose': purpose}));
    }
    // Every other refusal leaves the intention open: an earlier try with the same key may have sent the SMS.
    if (challenge != null || (!isSuccess && _neverServed.contains(body['type']))) await _write('intention', null);
    if (isSuccess) {
      return challenge == null ? const NoAnswer(NoAnswerReason.captivePortal) : Sent(challenge);
    }
    return _refusal(answer.status, body, challenge);
  }

  Future<OtpResult> _verify(Challenge challenge, String code, Map<String, Object>? context) async {
    final id = challenge.requestId;
    final key = _verifyKeys.putIfAbsent(id, _newKey);
    final answer = await _post('/auth/verify-otp', key, {
      'requestId': id,
      'code': code,
      if (context != null) 'context': context,
    });
    final body = answer.body;
    if (body == null) return NoAnswer(answer.reason);
    if (answer.status >= 300) {
      final refusal = _refusal(answer.status, body, null);
      if (refusal is IncorrectCode) _verifyKeys.remove(id);
      if (refusal is ExpiredCode) await _write('challenge', null);
      return refusal;
    }
    final accessToken = body['accessToken'];
    if (accessToken is! String) return const NoAnswer(NoAnswerReason.captivePortal);
    if (body['deviceToken'] is String) await _write('device', body['deviceToken'] as String);
    await _write('token', accessToken);
    await _write('challenge', null);
    // A resend that was still open has nothing left to send for.
    final open = _decode(await _read('intention'))?['name'];
    final prefix = jsonEncode([challenge.phoneNumber, challenge.purpose]).replaceAll(']', ',');
    if (open is String && open.startsWith(prefix)) await _write('intention', null);
    return SignedIn(accessToken, _whole(body['expiresInSeconds'], 0));
  }

  OtpResult _refusal(int status, Map<String, dynamic> body, Challenge? challenge) {
    final reference = body['instance'] as String?;
    final wait = _whole(body['retryAfterSeconds'], 5);
    switch (body['type']) {
      case 'urn:doorcode:invalid-request':
        return InvalidRequest(reference);
      case 'urn:doorcode:incorrect-code':
        return IncorrectCode(_whole(body['attemptsRemaining'], 0), reference);
      case 'urn:doorcode:expired-code':
        return ExpiredCode(reference);
      case 'urn:doorcode:too-many-requests':
        return Wait(WaitReason.tooManyRequests, wait, reference);
      case 'urn:doorcode:too-many-attempts':
        return Wait(WaitReason.tooManyAttempts, wait, reference);
      case 'urn:doorcode:temporarily-unavailable':
        return Wait(WaitReason.unavailable, wait, reference, challenge);
      default:
        return Refused('${body['type']}', status, reference);
    }
  }

  Future<_Answer> _post(String path, String key, Map<String, Object?> body,
      [Map<String, String> more = const {}]) async {
    var last = const _Answer.none(NoAnswerReason.offline);
    for (var tried = 0; tried < _tries; tried += 1) {
      if (tried > 0) await Future<void>.delayed(Duration(milliseconds: 400 * tried * tried));
      last = await _once(path, {
        if (headers != null) ...await headers!(),
        ...more,
        'Content-Type': 'application/json',
        'Idempotency-Key': key,
      }, body);
      if (last.body != null || last.reason == NoAnswerReason.captivePortal) return last;
    }
    return last;
  }

  Future<_Answer> _once(String path, Map<String, String> headers, Map<String, Object?> body) async {
    try {
      final response = await _dio
          .post<String>(
            '$_baseUrl$path',
            data: jsonEncode(body),
            options: Options(headers: headers, responseType: ResponseType.plain, validateStatus: (_) => true),
          )
          .timeout(_timeout);
      final status = response.statusCode ?? 0;
      final json = _decode(response.data);
      if (json == null) {
        return _Answer.none(status >= 500 && status != 511 ? NoAnswerReason.busy : NoAnswerReason.captivePortal);
      }
      // The gateway in front of us answers with a message and no type.
      final isOurs = status < 300 || json['type'] is String;
      return isOurs ? _Answer(status, json) : const _Answer.none(NoAnswerReason.busy);
    } on DioException {
      return const _Answer.none(NoAnswerReason.offline);
    } on Exception {
      return const _Answer.none(NoAnswerReason.timeout);
    }
  }

  /// Two calls of one name at a time are one.
  Future<OtpResult> _single(String name, Future<OtpResult> Function(String name) start) =>
      _underWay[name] ??= start(name).whenComplete(() {
        _underWay.remove(name);
      });

  Future<String?> _read(String name) async {
    try {
      return await _storage.read('doorcode.$name');
    } on Exception {
      return null;
    }
  }

  /// A storage that fails must not stop a sign-in.
  Future<void> _write(String name, String? value) async {
    try {
      await _storage.write('doorcode.$name', value);
    } on Exception {
      return;
    }
  }
}

class _Answer {
  const _Answer(this.status, Map<String, dynamic> this.body) : reason = NoAnswerReason.busy;
  const _Answer.none(this.reason)
      : status = 0,
        body = null;

  final int status;

  /// Null when nothing of ours came back; then `reason` says why.
  final Map<String, dynamic>? body;
  final NoAnswerReason reason;
}

/// The problems that no repetition of the same request gets past.
const _neverServed = {
  'urn:doorcode:invalid-request',
  'urn:doorcode:body-too-large',
  'urn:doorcode:unsupported-media-type',
  'urn:doorcode:idempotency-mismatch',
};

String _nameOf(String phoneNumber, String? purpose, Map<String, Object>? context, String? previousRequestId) =>
    jsonEncode([phoneNumber, purpose, context, previousRequestId]);

int _whole(Object? value, int otherwise) => value is int && value >= 0 ? value : otherwise;

Map<String, dynamic>? _decode(String? text) {
  try {
    final value = jsonDecode(text ?? '');
    return value is Map<String, dynamic> ? value : null;
  } on FormatException {
    return null;
  }
}

String _newKey() {
  final random = Random.secure();
  return List.generate(16, (_) => random.nextInt(256).toRadixString(16).padLeft(2, '0')).join();
}
