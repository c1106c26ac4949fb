import 'challenge.dart';

/// What is under way: a code to type, or a request that no answer settled.
class Resumed {
  const Resumed.challenge(Challenge this.challenge) : unansweredNumber = null;
  const Resumed.unanswered(String this.unansweredNumber) : challenge = null;

  final Challenge? challenge;

  /// Asking again for this number sends no second SMS.
  final String? unansweredNumber;
}
