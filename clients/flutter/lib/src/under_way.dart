import 'dart:convert';

import 'challenge.dart';
import 'json.dart';

/// What is under way, as it is kept: one entry for each number, purpose and context, the latest first. An entry is a flat
/// map:
///
///     name          for whom and what for: `nameOf`
///     phoneNumber
///     key, resends  a request that has no end yet: its idempotency key, and the requestId that it resends
///     requestId, codeLength, delivery, fromMs, untilMs
///                   the code that is on its way, from and until when by the time of day
///     verifyKey     the idempotency key of the code typed in, once one was
///
/// Its times only decide whether the client offers a code. The server decides whether it works.
class Entry {
  const Entry(this.json);

  final Json json;

  String get phoneNumber => textIn(json, 'phoneNumber');
  String get key => textIn(json, 'key');
  String get resends => textIn(json, 'resends');
  String get requestId => textIn(json, 'requestId');
  String get verifyKey => textIn(json, 'verifyKey');

  bool isAbout({String? phoneNumber, String? purpose, Map<String, Object>? context}) =>
      textIn(json, 'name') == nameOf(phoneNumber ?? this.phoneNumber, purpose, context);

  /// With the key of a request, before its first byte leaves.
  Entry asking(String name, String phoneNumber, {required String key, required String resends}) =>
      Entry({...json, 'name': name, 'phoneNumber': phoneNumber, 'key': key, 'resends': resends});

  /// After an answer that ends the request.
  Entry ended() => Entry({...json, 'key': null});

  Entry withVerifyKey(String key) => Entry({...json, 'verifyKey': key});

  Entry withoutChallenge() => Entry({...json, 'requestId': null});

  /// With the code of an answer.
  Entry withChallenge(Challenge challenge, Json body, int wallMs) => Entry({
        ...json,
        'requestId': challenge.requestId,
        'codeLength': challenge.codeLength,
        'delivery': challenge.isUnconfirmed ? 'unconfirmed' : 'accepted',
        'fromMs': wallMs,
        'untilMs': wallMs + numberIn(body, 'expiresInSeconds', Challenge.maxLifetimeSeconds) * 1000,
        'verifyKey': null,
      });

  /// A clock is corrected by seconds now and then; what lies further in the future is stale.
  static const _toleranceMs = 60000;

  /// Whether its code may still live, by the time of day.
  bool mayLive(int wallMs) =>
      requestId != '' &&
      wallMs < numberIn(json, 'untilMs', 0) &&
      wallMs > numberIn(json, 'fromMs', 0) - _toleranceMs;
}

/// The purpose that is meant when none is named.
const usualPurpose = 'sign-in';

/// Tells one number, purpose and context from another, whatever the order of the context's members.
String nameOf(String phoneNumber, String? purpose, Map<String, Object>? context) {
  final members = (context ?? const <String, Object>{}).entries.toList()..sort((a, b) => a.key.compareTo(b.key));
  final pairs = members.map((member) => [member.key, member.value]).toList();
  return '$phoneNumber ${jsonEncode([purpose ?? usualPurpose, pairs])}';
}

List<Entry> entriesIn(String? value) => jsonList(value).map(Entry.new).toList();

/// Keychains and Keystores hold small items: this many characters at most, and as many entries.
const _maxCharacters = 2000;
const _maxEntries = 8;

/// A change of the entry `name`: it comes first in the list, or goes when nothing is left of it.
String? Function(String?) altered(String name, Entry Function(Entry) change) => (value) {
      bool isIt(Json one) => textIn(one, 'name') == name;
      final list = jsonList(value);
      final entry = change(Entry(list.firstWhere(isIt, orElse: () => const {})));
      final others = list.where((one) => !isIt(one));
      final isEmpty = entry.key == '' && entry.requestId == '';
      return fitting([if (!isEmpty) entry.json, ...others]);
    };

/// A list as JSON, cut at its end to what a keychain item holds; null for an empty one.
String? fitting(List<Json> list) {
  if (list.isEmpty) return null;
  final json = jsonEncode(list);
  final isFitting = json.length <= _maxCharacters && list.length <= _maxEntries;
  return isFitting || list.length == 1 ? json : fitting(list.sublist(0, list.length - 1));
}

/// The device token of a number.
String? deviceTokenOf(String? value, String phoneNumber) {
  for (final device in jsonList(value)) {
    final token = textIn(device, 'token');
    if (textIn(device, 'phoneNumber') == phoneNumber && token != '') return token;
  }
  return null;
}

/// The list with the token of a number first; the numbers that were longest not used go when it is full.
String? withDeviceToken(String? value, String phoneNumber, String token) {
  final others = jsonList(value).where((device) => textIn(device, 'phoneNumber') != phoneNumber);
  return fitting([
    {'phoneNumber': phoneNumber, 'token': token},
    ...others,
  ]);
}
