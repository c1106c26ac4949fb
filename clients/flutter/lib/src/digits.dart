// Reads digits as people type and paste them: in their own script, with spaces, inside a whole SMS. A text with two
// possible readings gives nothing, because the client must not guess. `contract/readings.json` holds the cases of all
// clients.

/// Direction marks, joiners, soft hyphens, and the marks that make emoji of digits.
final _invisible = RegExp(r'[\p{Cf}\u20e3\ufe0f]', unicode: true);
final _decimal = RegExp(r'^\p{Nd}$', unicode: true);

/// The text with every digit as an ASCII one, and without what nobody sees.
String asciiDigits(String text) {
  final points = text.replaceAll(_invisible, '').runes.map((point) {
    final digit = point < 0x80 ? null : _digitOf(point);
    return digit == null ? point : 0x30 + digit;
  });
  return String.fromCharCodes(points);
}

/// Unicode puts the ten digits of a script, or several such tens, in a row that starts with a zero.
int? _digitOf(int point) {
  var start = point;
  while (_decimal.hasMatch(String.fromCharCode(start))) {
    start -= 1;
  }
  return start == point ? null : (point - start - 1) % 10;
}

/// Digits with at most one space or dash between two of them: a code as people write it inside a text.
final _spaced = RegExp(r'\d(?:[\s\u2010-\u2015\u2212-]?\d)*');
final _gaps = RegExp(r'[\s\u2010-\u2015\u2212-]');

/// The code in a text; null when there is none, or more than one.
String? codeIn(String text, int codeLength) {
  final ascii = asciiDigits(text);
  final digits = ascii.replaceAll(_gaps, '');
  if (RegExp(r'^\d+$').hasMatch(digits)) return _onlyDigits(digits, codeLength);
  final groups = _spaced.allMatches(ascii).map((match) => match.group(0)!.replaceAll(_gaps, ''));
  final runs = RegExp(r'\d+').allMatches(ascii).map((match) => match.group(0)!);
  return _onlyOne([...groups, ...runs].where((run) => run.length == codeLength));
}

/// A field with nothing but digits: the code, the code filled in twice, or filled in after its first digits were typed.
String? _onlyDigits(String digits, int codeLength) {
  if (digits.length < codeLength) return null;
  final code = digits.substring(digits.length - codeLength);
  final before = digits.substring(0, digits.length - codeLength);
  final isRepeated = digits == code * (digits.length ~/ codeLength);
  return code.startsWith(before) || isRepeated ? code : null;
}

/// The new content of a code field that held `before`: the code, or its digits so far; null for text that is no part of a
/// code. An insertion counts as typed at the end, because the field shows no caret to put it elsewhere.
String? codeTyped(String text, {required String before, required int codeLength}) {
  final inserted = _insertions(before, text);
  final code = inserted.isEmpty
      ? codeIn(text, codeLength)
      : _onlyOne(inserted.map((part) => codeIn(part, codeLength)).whereType<String>());
  if (code != null) return code;
  // Autofill has inserted the same complete code again.
  if (before.length == codeLength && inserted.contains(before)) return before;
  final typed = inserted.isEmpty ? text : before + inserted.first;
  final digits = asciiDigits(typed).replaceAll(RegExp(r'[\s-]'), '');
  return RegExp(r'^\d*$').hasMatch(digits) && digits.length <= codeLength ? digits : null;
}

/// Every text that, put somewhere into `before`, gives `text`; the one at the end first.
Set<String> _insertions(String before, String text) {
  final added = text.length - before.length;
  final found = <String>{};
  if (added <= 0) return found;
  for (var at = before.length; at >= 0; at -= 1) {
    if (text.substring(0, at) + text.substring(at + added) == before) found.add(text.substring(at, at + added));
  }
  return found;
}

String? _onlyOne(Iterable<String> codes) {
  final different = codes.toSet();
  return different.length == 1 ? different.first : null;
}

/// What may stand before a number, any number of times: the country code and the trunk zero. `00` dials abroad and needs
/// 91 after it, and so does `+`, or a zero: no country has one.
final _prefix = RegExp(r'(?:\+?(?:00)?91|\+?0(?!0))');
final _number = RegExp(r'[6-9][0-9]{9}');

/// Words, and what stands between two numbers; never between a prefix and its number.
final _separator = RegExp(r'[a-z/;|\n]*', caseSensitive: false);

/// Longer than any number with its prefixes, written twice.
const _maxCharacters = 60;

/// The Indian mobile number in what was typed or pasted, in the API's spelling; null when there is none, or more than one.
String? phoneNumberIn(String text) {
  final spelled = asciiDigits(text)
      .replaceAll(RegExp(r'[^0-9+a-z/;|\n]', caseSensitive: false), '')
      .replaceAll(RegExp(r'^[a-z/;|\n]+|[a-z/;|\n]+$', caseSensitive: false), '');
  final numbers = spelled.length > _maxCharacters ? const <String>{} : _readings(spelled, 0);
  return numbers.length == 1 ? '+91${numbers.first}' : null;
}

int _separatorsEnd(String text, int at) => _separator.matchAsPrefix(text, at)!.end;

/// The different numbers in all ways to read `text` from `at` to its end.
Set<String> _readings(String text, int at) {
  final found = <String>{};
  final after = _prefix.matchAsPrefix(text, at);
  if (after != null) found.addAll(_readings(text, after.end));
  final digits = _number.matchAsPrefix(text, at);
  if (digits != null) {
    final number = digits.group(0)!;
    final rest = digits.end == text.length ? {number} : _readings(text, _separatorsEnd(text, digits.end));
    if (rest.isNotEmpty) found.addAll({number, ...rest});
  }
  return found;
}
