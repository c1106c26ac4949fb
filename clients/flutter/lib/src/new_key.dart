import 'dart:math';

/// A new name for an intention or an attempt: unlike every other, and nobody can guess it.
String newKey() {
  final random = Random.secure();
  return List.generate(16, (_) => random.nextInt(256).toRadixString(16).padLeft(2, '0')).join();
}
