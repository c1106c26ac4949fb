/// A code that is on its way. Its times run on a stopwatch, never on the phone's clock; after a restart they are not
/// known, and the server decides.
class Challenge {
  Challenge({
    required this.requestId,
    required this.phoneNumber,
    required this.purpose,
    required this.codeLength,
    required this.isUnconfirmed,
    required this.resendAfter,
    required this.expiresAfter,
  }) : _since = Stopwatch()..start();

  /// From an answer, or from what was kept of one.
  factory Challenge.fromJson(Map<String, dynamic> json, {required String phoneNumber, String? purpose}) {
    final seconds = json['expiresInSeconds'];
    return Challenge(
      requestId: json['requestId'] as String,
      phoneNumber: phoneNumber,
      purpose: purpose,
      codeLength: json['codeLength'] is int ? json['codeLength'] as int : 6,
      isUnconfirmed: json['delivery'] != 'accepted',
      resendAfter: Duration(seconds: json['resendAfterSeconds'] is int ? json['resendAfterSeconds'] as int : 30),
      expiresAfter: seconds is int ? Duration(seconds: seconds) : null,
    );
  }

  final String requestId;
  final String phoneNumber;
  final String? purpose;
  final int codeLength;

  /// The provider never answered: the SMS may come, and its code works.
  final bool isUnconfirmed;
  final Duration resendAfter;

  /// Null for a challenge from before a restart.
  final Duration? expiresAfter;
  final Stopwatch _since;

  /// Whole seconds until another SMS may be asked for.
  int get resendInSeconds => _left(resendAfter);

  /// A hint for the screen; null where it is not known.
  int? get expiresInSeconds => expiresAfter == null ? null : _left(expiresAfter!);

  int _left(Duration after) {
    final left = after - _since.elapsed;
    return left.isNegative ? 0 : (left.inMilliseconds / 1000).ceil();
  }
}
