import 'ask_storage.dart';
import 'storage.dart';

/// The stored values and their keys. A storage that fails or hangs must not stop a sign-in.
///
///     doorcode.token       the access token of the last sign-in; a token for another purpose is not kept
///     doorcode.devices     device tokens, one for each number
///     doorcode.under-way   requests without an end and codes on their way, one for each number, purpose and context
///
/// Every read asks the storage, because another isolate of the app may have written meanwhile. What the storage did not
/// take is known in this run alone.
class Kept {
  Kept(this._storage);

  static const token = 'token';
  static const devices = 'devices';
  static const underWay = 'under-way';

  final DoorcodeStorage _storage;
  final Map<String, String?> _known = {};
  final Set<String> _unsaved = {};
  final Map<String, Future<void>> _turns = {};
  final AskStorage _asked = AskStorage();

  Future<String?> read(String name) async {
    if (!_unsaved.contains(name)) {
      final result = await _asked(() => _storage.read('doorcode.$name'));
      if (result != null && result.isAnswered && !_unsaved.contains(name)) _known[name] = result.value;
    }
    return _known[name];
  }

  /// Writes what `change` makes of the present value, one change after the other; false if it was not stored.
  Future<bool> change(String name, String? Function(String? present) change) {
    final turn = (_turns[name] ?? Future<void>.value()).then((_) async => _write(name, change(await read(name))));
    _turns[name] = turn.then((_) {});
    return turn;
  }

  Future<bool> _write(String name, String? value) async {
    _known[name] = value;
    _unsaved.add(name);
    final result = await _asked(() => _storage.write('doorcode.$name', value));
    final isStored = result != null && result.isAnswered;
    if (isStored) _unsaved.remove(name);
    return isStored;
  }
}
