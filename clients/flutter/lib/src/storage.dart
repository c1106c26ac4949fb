/// Where the client keeps what must survive a restart: the token, device tokens, and what is under way.
abstract interface class DoorcodeStorage {
  Future<String?> read(String key);

  /// Keeps a value; null forgets it.
  Future<void> write(String key, String? value);
}

/// Forgets everything with the process.
class MemoryStorage implements DoorcodeStorage {
  final Map<String, String?> _values = {};

  @override
  Future<String?> read(String key) async => _values[key];

  @override
  Future<void> write(String key, String? value) async {
    _values[key] = value;
  }
}
