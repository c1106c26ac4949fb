import 'dart:convert';
import 'dart:io';

import 'package:doorcode/doorcode.dart';
import 'package:doorcode/src/tag.dart';
import 'package:flutter_test/flutter_test.dart';

/// The cases that all clients share. Run in `clients/flutter`.
final Map<String, dynamic> readings =
    jsonDecode(File('../contract/readings.json').readAsStringSync()) as Map<String, dynamic>;

List<List<dynamic>> cases(String name) => (readings[name] as List<dynamic>).cast<List<dynamic>>();

void main() {
  group('a reading that all clients share', () {
    for (final one in cases('locales')) {
      test('of the language in ${jsonEncode(one[0])}', () {
        expect(tagIn(one[0] as String), one[1]);
      });
    }
    for (final one in cases('numbers')) {
      test('of the number in ${jsonEncode(one[0])}', () {
        expect(phoneNumberIn(one[0] as String), one[1]);
      });
    }
    for (final one in cases('codes')) {
      test('of the code in ${jsonEncode(one[0])}', () {
        expect(codeIn(one[0] as String, 6), one[1]);
      });
    }
    for (final one in cases('typed')) {
      test('of a field with ${jsonEncode(one[0])} that becomes ${jsonEncode(one[1])}', () {
        expect(codeTyped(one[1] as String, before: one[0] as String, codeLength: 6), one[2]);
      });
    }
  });
}
