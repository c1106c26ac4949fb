import 'notice.dart';

/// All texts of the screens. A language extends this class. It does not compile if it lacks a text, or if the switch of
/// its `notice` lacks a reason.
abstract class DoorcodeTexts {
  const DoorcodeTexts();

  /// The language of the SMS that goes with these texts, as a tag such as `hi`.
  String get smsLocale;
  String get numberTitle;
  String get numberHint;
  String get numberLabel;
  String get send;
  String get sending;
  String get codeTitle;
  String codeHint(String phoneNumber);
  String codeLabel(int codeLength);
  String get verify;
  String get verifying;
  String get resend;
  String resendIn(String duration);
  String get resending;
  String expiresIn(String duration);
  String get expired;
  String get changeNumber;
  String get starting;
  String get signedIn;

  /// The button that gives the token to the app again, after the app failed to take it.
  String get goOn;
  String reference(String reference);

  /// Below the code, once another SMS may be asked for.
  String noSms(String reference);

  /// A wait or a lifetime in whole seconds.
  String duration(int seconds);

  /// `wait` is what is left of it, as `duration` says it; null where none was told.
  String notice(Notice notice, String? wait);
}

/// `+91 98765 43210`, in one line and from left to right in every language.
String spacedNumber(String phoneNumber) {
  final parts = RegExp(r'^(\+91)(\d{5})(\d{5})$').firstMatch(phoneNumber);
  final text = parts == null ? phoneNumber : '${parts[1]}\u00a0${parts[2]}\u00a0${parts[3]}';
  return '\u2066$text\u2069';
}

/// `0:09`, `4:30`.
String minutesAndSeconds(int seconds) => '${seconds ~/ 60}:${(seconds % 60).toString().padLeft(2, '0')}';

/// The default language.
class EnglishTexts extends DoorcodeTexts {
  const EnglishTexts();

  @override
  String get smsLocale => 'en';

  @override
  String get numberTitle => 'What’s your number?';

  @override
  String get numberHint => 'We’ll text you a code to sign in.';

  @override
  String get numberLabel => 'Mobile number';

  @override
  String get send => 'Send code';

  @override
  String get sending => 'Sending…';

  @override
  String get codeTitle => 'Enter the code';

  @override
  String get verify => 'Continue';

  @override
  String get verifying => 'Checking…';

  @override
  String get resend => 'Send again';

  @override
  String get resending => 'Sending again…';

  @override
  String get expired => 'The code has probably expired.';

  @override
  String get changeNumber => 'Change number';

  @override
  String get starting => 'One moment…';

  @override
  String get signedIn => 'You’re signed in';

  @override
  String get goOn => 'Continue';

  @override
  String codeHint(String phoneNumber) => 'We sent an SMS to ${spacedNumber(phoneNumber)}.';

  @override
  String codeLabel(int codeLength) => '$codeLength-digit code';

  @override
  String resendIn(String duration) => 'Send again in $duration';

  @override
  String expiresIn(String duration) => 'The code is valid for $duration.';

  @override
  String reference(String reference) => 'Reference: $reference';

  @override
  String noSms(String reference) => 'No SMS? Tell support this reference: $reference';

  @override
  String notice(Notice notice, String? wait) {
    switch (notice.reason) {
      case NoticeReason.invalidNumber:
        return 'Enter one mobile number with ten digits that starts with 6, 7, 8 or 9.';
      case NoticeReason.malformedCode:
        return 'There is no code in that, or more than one. Type the digits from the latest SMS.';
      case NoticeReason.expiredCode:
        return 'That code is no longer valid. Ask for a new one.';
      case NoticeReason.unconfirmed:
        return 'The SMS may take a little longer. Type the code when it comes.';
      case NoticeReason.offline:
        return 'You seem to be offline. Check your connection and try again: no second SMS is sent.';
      case NoticeReason.timeout:
        return 'The answer takes too long. Try again: no second SMS is sent.';
      case NoticeReason.captivePortal:
        return 'This network wants you to log in first. Open a web page, or use mobile data.';
      case NoticeReason.busy:
        return 'The server is busy. Try again in a moment: no second SMS is sent.';
      case NoticeReason.blocked:
        return 'This network does not let the app through. Try another network, or mobile data.';
      case NoticeReason.wrongAddress:
        return 'The app does not find its server. Update the app and try again.';
      case NoticeReason.unauthorized:
        return 'Your session has ended. Sign in to the app again.';
      case NoticeReason.appNotAttested:
        return 'This copy of the app could not be verified. Install it from the store.';
      case NoticeReason.serverFault:
        return 'Something went wrong on the server. Try again in a moment.';
      case NoticeReason.invalidRequest:
        return 'The server does not understand this version of the app. Update the app.';
      case NoticeReason.headersFailed:
        return 'The app could not get ready to ask. Check your connection and try again.';
      case NoticeReason.appFault:
        return 'Something went wrong in the app. Try again.';
      case NoticeReason.unknown:
        return 'This did not work. Update the app and try again.';
      case NoticeReason.incorrectCode:
        return 'That code is not right.${_attempts(notice.attemptsRemaining)}';
      case NoticeReason.tooManyRequests:
        return 'Too many codes were asked for. Try again in ${wait ?? 'a moment'}.';
      case NoticeReason.tooManyAttempts:
        return 'Too many wrong codes. Try again in ${wait ?? 'a moment'}.';
      case NoticeReason.unavailable:
        return 'Codes cannot be sent right now. Try again in ${wait ?? 'a moment'}.';
      case NoticeReason.verifyUnavailable:
        return 'The code cannot be checked right now. Try again in ${wait ?? 'a moment'}; no new code is needed.';
    }
  }

  @override
  String duration(int seconds) {
    final hours = seconds ~/ 3600;
    final minutes = seconds % 3600 ~/ 60;
    if (hours == 0) return minutesAndSeconds(seconds);
    return minutes == 0 ? '$hours h' : '$hours h $minutes min';
  }

  String _attempts(int? left) {
    if (left == null) return '';
    if (left == 0) return ' No attempts are left for now.';
    return left == 1 ? ' One attempt is left.' : ' $left attempts are left.';
  }
}
