import 'dart:async';

/// The result of a function of the app: its value, its error, or nothing in time.
class Handed<T> {
  const Handed.answered(T this.value)
      : isAnswered = true,
        isLate = false,
        error = null;
  const Handed.failed(this.error)
      : isAnswered = false,
        isLate = false,
        value = null;
  const Handed.late()
      : isAnswered = false,
        isLate = true,
        value = null,
        error = null;

  final bool isAnswered;
  final bool isLate;
  final T? value;
  final Object? error;
}

/// Calls `part`; never throws, and takes `limit` at most. What comes later is ignored, also when it is an error.
Future<Handed<T>> handedIn<T>(FutureOr<T> Function() part, Duration limit) async {
  try {
    return Handed.answered(await Future<T>.sync(part).timeout(limit));
  } on TimeoutException {
    return const Handed.late();
  } on Object catch (error) {
    return Handed.failed(error);
  }
}
