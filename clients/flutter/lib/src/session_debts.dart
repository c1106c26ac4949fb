import 'exchange.dart';
import 'result.dart';
import 'session_ports.dart';

/// The sessions that the server has still to end: their refresh tokens are kept aside until it says 200, also over a
/// restart of the app (RFC 7009).
class SessionDebts {
  SessionDebts(this._ports);

  /// What fits into an item of a keychain, with room to spare. The oldest go.
  static const _maxTokens = 8;

  static const _name = 'revoke';

  final SessionPorts _ports;

  /// Those of this run, which the storage may have refused.
  final Set<String> _owed = {};
  bool _isDelivering = false;

  /// Keeps a token aside.
  Future<void> owe(String refreshToken) async {
    if (refreshToken == '') return;
    _owed.add(refreshToken);
    await _change((tokens) => [...tokens, refreshToken]);
  }

  /// Sends what is kept aside, one after the other, until one fails. Never call it inside the lock.
  Future<void> deliver() async {
    if (_isDelivering) return;
    _isDelivering = true;
    final stored = await _ports.read(_name);
    for (final token in {..._tokensIn(stored.value), ..._owed}) {
      final Answer answer = await _ports.send('/auth/revoke', form: {'token': token});
      final instead = answer.instead;
      // The server's 200 is empty (RFC 7009, section 2.2), a portal's is a page.
      final isPortal = instead is NoAnswer && instead.reason == NoAnswerReason.captivePortal;
      if (answer.status != 200 || isPortal) break;
      _owed.remove(token);
      await _ports.lock(() => _change((tokens) => tokens.where((other) => other != token).toList()));
    }
    _isDelivering = false;
  }

  /// Changes what is stored; a storage that fails keeps what it has.
  Future<void> _change(List<String> Function(List<String> tokens) change) async {
    final stored = await _ports.read(_name);
    if (!stored.isAnswered) return;
    final tokens = change(_tokensIn(stored.value));
    final kept = tokens.length > _maxTokens ? tokens.sublist(tokens.length - _maxTokens) : tokens;
    await _ports.write(_name, kept.isEmpty ? null : kept.join(' '));
  }

  static List<String> _tokensIn(String? value) => value == null || value == '' ? const [] : value.split(' ');
}
