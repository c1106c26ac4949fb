import 'dart:convert';

/// Reads JSON from others, and takes only values of the right type.
typedef Json = Map<String, Object?>;

/// The object in a text; null for a text that is none.
Json? jsonObject(String? text) {
  final value = _decoded(text);
  return value is Map<String, dynamic> ? value : null;
}

/// The objects in a list; none for a text that is no list.
List<Json> jsonList(String? text) {
  final value = _decoded(text);
  return value is List<Object?> ? value.whereType<Map<String, dynamic>>().toList() : const [];
}

Object? _decoded(String? text) {
  try {
    return jsonDecode(text ?? '');
  } on FormatException {
    return null;
  }
}

/// Above any number that the API tells or the client keeps, a time of day in milliseconds included.
const _maxNumber = 1e14;

/// A number of zero or more, rounded up, or what stands for it.
int numberIn(Json body, String name, int otherwise) {
  final value = body[name];
  return value is num && value >= 0 && value < _maxNumber ? value.ceil() : otherwise;
}

/// A string, or an empty one.
String textIn(Json body, String name) {
  final value = body[name];
  return value is String ? value : '';
}
