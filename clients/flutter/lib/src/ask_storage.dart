import 'handed_in.dart';

/// Asks a storage that may fail or hang. After a timeout the client does not wait for it again until it has answered, so
/// that a late write never lands on top of a newer one.
class AskStorage {
  /// The time limit of one call.
  static const _limit = Duration(seconds: 2);

  int _hanging = 0;

  /// Calls a part of the storage; null while an earlier call hangs.
  Future<Handed<T>?> call<T>(Future<T> Function() part) async {
    if (_hanging > 0) return null;
    var isSettled = false;
    var isCounted = false;
    final result = await handedIn(() async {
      try {
        return await part();
      } finally {
        isSettled = true;
        if (isCounted) _hanging -= 1;
      }
    }, _limit);
    if (!isSettled) {
      isCounted = true;
      _hanging += 1;
    }
    return result;
  }
}
