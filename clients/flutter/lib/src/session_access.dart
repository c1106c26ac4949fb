import 'result.dart';

/// An access token, or why there is none now. `tag` is its name in the contract of all clients.
sealed class SessionAccess {
  const SessionAccess(this.tag);

  final String tag;
}

class HasToken extends SessionAccess {
  const HasToken(this.accessToken) : super('token');
  final String accessToken;
}

class NoSession extends SessionAccess {
  const NoSession() : super('signed-out');
}

/// The storage fails.
class SessionUnknown extends SessionAccess {
  const SessionUnknown() : super('unknown');
}

/// The server was not reached, or cannot answer now. The session stays.
class SessionUnreachable extends SessionAccess {
  SessionUnreachable(this.because) : super(because.tag);
  final OtpResult because;
}

/// `unknown` while the storage does not answer or the phone has not been unlocked since its start: ask again later.
enum SessionState {
  signedIn('signed-in'),
  signedOut('signed-out'),
  unknown('unknown');

  const SessionState(this.tag);
  final String tag;
}
