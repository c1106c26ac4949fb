/// The zeros of Arabic, Persian, the scripts of India, Thai, Tibetan, Burmese, Khmer, and full width.
const _zeros = [
  0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xf20, 0x1040, 0x17e0, //
  0xff10,
];

/// The text with every digit as an ASCII one.
String asciiDigits(String text) {
  final points = text.runes.map((point) {
    for (final zero in _zeros) {
      if (point >= zero && point < zero + 10) return 0x30 + point - zero;
    }
    return point;
  });
  return String.fromCharCodes(points);
}

/// The code in what was typed or pasted; null when there is none, or more than one.
String? codeIn(String text, int codeLength) {
  final ascii = asciiDigits(text);
  final compact = ascii.replaceAll(RegExp(r'[\s\u200b-\u200f\u2010-\u2015\u2060-\u2069-]'), '');
  if (RegExp(r'^\d+$').hasMatch(compact)) return compact.length == codeLength ? compact : null;
  final runs = RegExp(r'\d+').allMatches(ascii).map((match) => match.group(0)!).toSet();
  final codes = runs.where((run) => run.length == codeLength).toList();
  return codes.length == 1 ? codes.first : null;
}

/// The Indian mobile number in what was typed or pasted, in the API's spelling; null when there is none.
String? phoneNumberIn(String text) {
  final digits = asciiDigits(text).replaceAll(RegExp(r'[^\d+]'), '');
  final match = RegExp(r'^(?:\+91|0091|91|0)?([6-9]\d{9})$').firstMatch(digits);
  return match == null ? null : '+91${match.group(1)}';
}
