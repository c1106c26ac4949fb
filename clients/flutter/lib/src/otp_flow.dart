import 'package:flutter/foundation.dart';

import 'challenge.dart';
import 'digits.dart';
import 'doorcode.dart';
import 'handed_in.dart';
import 'notice.dart';
import 'result.dart';
import 'resumed.dart';

/// The state of a sign-in, as plain data. It holds everything that a screen shows.
sealed class OtpState {
  const OtpState();
}

/// Reading what was under way before a restart.
class Starting extends OtpState {
  const Starting();
}

class EnterNumber extends OtpState {
  const EnterNumber(this.number, {this.notice, this.isSending = false});

  /// As it was typed; the flow reads the number in it.
  final String number;
  final Notice? notice;
  final bool isSending;
}

class EnterCode extends OtpState {
  const EnterCode(this.challenge, this.code, {this.notice, this.isVerifying = false, this.isResending = false});

  final Challenge challenge;

  /// ASCII digits, at most as many as the code has.
  final String code;
  final Notice? notice;
  final bool isVerifying;
  final bool isResending;
}

class Done extends OtpState {
  const Done(this.accessToken);
  final String accessToken;
}

/// The sign-in as a state machine, without widgets. The flow never asks for an SMS unless the user taps. Asking again for
/// a number whose code is on its way finds that code. No action throws. Whatever the app's own functions do, each action
/// ends in a state that the user can leave.
class OtpFlow extends ChangeNotifier {
  OtpFlow({required this.doorcode, this.purpose, this.context, this.locale});

  final Doorcode doorcode;
  final String? purpose;

  /// What the code approves, where the deployment asks for it.
  final Map<String, Object>? context;

  /// The language of the SMS, asked for at each request: the screens can change theirs meanwhile.
  final String? Function()? locale;

  OtpState _state = const Starting();
  bool _isDisposed = false;

  OtpState get state => _state;

  /// Longer than all tries of a client with its usual settings, storage and headers included.
  static const _maxAction = Duration(minutes: 2);
  static const _appFault = Notice(NoticeReason.appFault);

  @override
  void dispose() {
    _isDisposed = true;
    super.dispose();
  }

  void _become(OtpState next) {
    if (_isDisposed) return;
    _state = next;
    notifyListeners();
  }

  /// The result of a call; null if it failed or never ended.
  Future<T?> _ended<T>(Future<T> Function() call) async {
    final result = await handedIn(call, _maxAction);
    final error = result.error;
    if (error != null) debugPrint('Doorcode: a call failed. $error');
    return result.value;
  }

  void _enterCode(Challenge challenge, [Notice? notice]) {
    final unconfirmed = challenge.isUnconfirmed ? const Notice(NoticeReason.unconfirmed) : null;
    _become(EnterCode(challenge, '', notice: notice ?? unconfirmed));
  }

  /// Finds what was under way for this purpose and context, also from before a restart.
  Future<void> start() async {
    if (_state is! Starting) return;
    final resumed = await _ended<Resumed?>(() => doorcode.resume(purpose: purpose, context: context));
    if (_state is! Starting) return;
    final challenge = resumed?.challenge;
    if (challenge != null) {
      _enterCode(challenge);
    } else {
      _become(EnterNumber(resumed?.unansweredNumber ?? ''));
    }
  }

  void typeNumber(String number) {
    final state = _state;
    if (state is EnterNumber && !state.isSending && state.number != number) _become(EnterNumber(number));
  }

  Future<void> sendCode() async {
    final state = _state;
    if (state is! EnterNumber || state.isSending) return;
    final number = state.number;
    final phoneNumber = phoneNumberIn(number);
    if (phoneNumber == null) {
      _become(EnterNumber(number, notice: const Notice(NoticeReason.invalidNumber)));
      return;
    }
    _become(EnterNumber(number, isSending: true));
    final result = await _ended<OtpResult>(() async {
      final present = await doorcode.resume(phoneNumber: phoneNumber, purpose: purpose, context: context);
      final challenge = present?.challenge;
      if (challenge != null) return Sent(challenge);
      return doorcode.requestOtp(phoneNumber, purpose: purpose, context: context, locale: locale?.call());
    });
    if (_entered(result)) return;
    _become(EnterNumber(number, notice: result == null ? _appFault : noticeOf(result, isVerify: false)));
  }

  /// Goes to the code if the result has one whose SMS comes or may come.
  bool _entered(OtpResult? result) {
    if (result is Sent) {
      _enterCode(result.challenge);
      return true;
    }
    final challenge = result is Wait ? result.challenge : null;
    if (challenge == null) return false;
    _enterCode(challenge, Notice(NoticeReason.unconfirmed, reference: result?.reference));
    return true;
  }

  /// Takes one more digit, a paste, or a whole SMS. The last digit submits the code.
  Future<void> typeCode(String text) async {
    final state = _state;
    if (state is! EnterCode || state.isVerifying) return;
    final challenge = state.challenge;
    final code = codeTyped(text, before: state.code, codeLength: challenge.codeLength);
    if (code == null) {
      _become(EnterCode(challenge, state.code,
          notice: const Notice(NoticeReason.malformedCode), isResending: state.isResending));
      return;
    }
    final isNew = code != state.code;
    _become(EnterCode(challenge, code, notice: isNew ? null : state.notice, isResending: state.isResending));
    if (isNew && code.length == challenge.codeLength) await submitCode();
  }

  Future<void> submitCode() async {
    final state = _state;
    if (state is! EnterCode || state.isVerifying) return;
    final challenge = state.challenge;
    final code = state.code;
    if (code.length != challenge.codeLength) {
      _become(EnterCode(challenge, code,
          notice: const Notice(NoticeReason.malformedCode), isResending: state.isResending));
      return;
    }
    _become(EnterCode(challenge, code, isVerifying: true));
    final result = await _ended<OtpResult>(() => doorcode.verifyOtp(challenge, code));
    if (result is SignedIn) {
      _become(Done(result.accessToken));
      return;
    }
    // A code that the server has refused is cleared. A code that never arrived stays, for another try.
    final isSeen = result is IncorrectCode || result is ExpiredCode;
    _become(EnterCode(challenge, isSeen ? '' : code,
        notice: result == null ? _appFault : noticeOf(result, isVerify: true)));
  }

  Future<void> resend() async {
    final state = _state;
    if (state is! EnterCode || state.isVerifying || state.isResending) return;
    final challenge = state.challenge;
    if (challenge.resendInSeconds(doorcode.now()) > 0) return;
    _become(EnterCode(challenge, state.code, isResending: true));
    final result = await _ended<OtpResult>(() => doorcode.resendOtp(challenge, locale: locale?.call()));
    // Meanwhile the user may have typed a code that won, or whose check is under way.
    final now = _state;
    if (now is! EnterCode || now.isVerifying || now.challenge.requestId != challenge.requestId) return;
    if (_entered(result)) return;
    final waited = result is Wait ? challenge.withResendAt(result.retryAtMs) : challenge;
    _become(EnterCode(waited, now.code, notice: result == null ? _appFault : noticeOf(result, isVerify: false)));
  }

  /// Goes back to the number. Sends nothing.
  void back() {
    final state = _state;
    if (state is EnterCode && !state.isVerifying) {
      _become(EnterNumber(state.challenge.phoneNumber.replaceFirst('+91', '')));
    }
  }

  /// Signs out, and starts again.
  Future<void> restart() async {
    await _ended<bool>(doorcode.signOut);
    _become(const EnterNumber(''));
  }
}
