// Phone sign-in with your own Doorcode: what an app may use.

export 'src/challenge.dart' show Challenge;
export 'src/digits.dart' show asciiDigits, codeIn, codeTyped, phoneNumberIn;
export 'src/doorcode.dart';
export 'src/hindi.dart';
export 'src/notice.dart';
export 'src/otp_flow.dart';
export 'src/otp_sign_in.dart';
export 'src/result.dart';
export 'src/resumed.dart';
export 'src/session.dart' show Session, SessionEntry, SessionList;
export 'src/session_access.dart';
export 'src/session_interceptor.dart';
export 'src/storage.dart';
export 'src/texts.dart';
