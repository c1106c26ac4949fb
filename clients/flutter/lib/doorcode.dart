/// Phone sign-in with your own Doorcode.
library doorcode;

export 'src/challenge.dart';
export 'src/digits.dart' show codeIn, phoneNumberIn;
export 'src/doorcode.dart';
export 'src/otp_sign_in.dart';
export 'src/result.dart';
export 'src/storage.dart';
