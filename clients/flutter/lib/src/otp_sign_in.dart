import 'dart:async';

import 'package:flutter/material.dart';

import 'challenge.dart';
import 'digits.dart';
import 'doorcode.dart';
import 'result.dart';

/// Number entry and code entry. It never asks for an SMS by itself; going back and asking again for the same number
/// finds the code that is on its way.
class OtpSignIn extends StatefulWidget {
  const OtpSignIn({required this.doorcode, required this.onSignedIn, this.purpose, super.key});

  final Doorcode doorcode;
  final ValueChanged<String> onSignedIn;
  final String? purpose;

  @override
  State<OtpSignIn> createState() => _OtpSignInState();
}

class _OtpSignInState extends State<OtpSignIn> {
  final _number = TextEditingController();
  final _code = TextEditingController();
  Challenge? _onItsWay;
  bool _isAtCode = false;
  bool _isBusy = false;
  String? _notice;
  Timer? _timer;

  @override
  void initState() {
    super.initState();
    _timer = Timer.periodic(const Duration(seconds: 1), (_) {
      if (_isAtCode) setState(() {});
    });
    unawaited(_resume());
  }

  @override
  void dispose() {
    _timer?.cancel();
    _number.dispose();
    _code.dispose();
    super.dispose();
  }

  Future<void> _resume() async {
    final challenge = await widget.doorcode.resume();
    if (mounted && challenge != null) _show(challenge);
  }

  void _show(Challenge challenge) {
    setState(() {
      _onItsWay = challenge;
      _isAtCode = true;
      _notice = challenge.isUnconfirmed ? 'The SMS may take a little longer. Type the code when it comes.' : null;
      _code.clear();
    });
  }

  Future<void> _run(Future<OtpResult> Function() call) async {
    if (_isBusy) return;
    setState(() {
      _isBusy = true;
      _notice = null;
    });
    final result = await call();
    if (!mounted) return;
    setState(() => _isBusy = false);
    if (result is SignedIn) {
      _onItsWay = null;
      widget.onSignedIn(result.accessToken);
      return;
    }
    final challenge = result is Sent
        ? result.challenge
        : result is Wait
            ? result.challenge
            : null;
    if (challenge != null) {
      _show(challenge);
      return;
    }
    // A code that the server has seen is of no use; one that never arrived is tried again as it is.
    if (result is IncorrectCode || result is ExpiredCode) _code.clear();
    if (result is ExpiredCode) _onItsWay = null;
    _say(result);
  }

  void _say(OtpResult result) => setState(() => _notice = noticeOf(result));

  Future<void> _sendCode() async {
    final phoneNumber = phoneNumberIn(_number.text);
    if (phoneNumber == null) {
      setState(() => _notice = _invalidNumber);
      return;
    }
    final live = _onItsWay;
    if (live != null && live.phoneNumber == phoneNumber && live.expiresInSeconds != 0) {
      _show(live);
      return;
    }
    await _run(() => widget.doorcode.requestOtp(phoneNumber, purpose: widget.purpose));
  }

  Future<void> _verify(Challenge challenge) => _run(() => widget.doorcode.verifyOtp(challenge, _code.text));

  void _typed(Challenge challenge, String text) {
    if (codeIn(text, challenge.codeLength) != null) unawaited(_verify(challenge));
  }

  @override
  Widget build(BuildContext context) {
    final challenge = _onItsWay;
    return SafeArea(
      child: SingleChildScrollView(
        padding: const EdgeInsets.all(24),
        child: AutofillGroup(
          child: Column(
            crossAxisAlignment: CrossAxisAlignment.stretch,
            children: [
              ...(_isAtCode && challenge != null ? _codeEntry(context, challenge) : _numberEntry(context)),
              if (_notice != null)
                Semantics(
                  liveRegion: true,
                  child: Padding(padding: const EdgeInsets.only(top: 16), child: Text(_notice!)),
                ),
            ],
          ),
        ),
      ),
    );
  }

  List<Widget> _numberEntry(BuildContext context) => [
        Text('What’s your number?', style: Theme.of(context).textTheme.headlineSmall),
        const SizedBox(height: 16),
        TextField(
          controller: _number,
          autofocus: true,
          autofillHints: const [AutofillHints.telephoneNumber],
          decoration: const InputDecoration(labelText: 'Mobile number', prefixText: '+91 '),
          keyboardType: TextInputType.phone,
          onSubmitted: (_) => unawaited(_sendCode()),
        ),
        const SizedBox(height: 16),
        FilledButton(
          onPressed: _isBusy ? null : () => unawaited(_sendCode()),
          child: Text(_isBusy ? 'Sending…' : 'Send code'),
        ),
      ];

  List<Widget> _codeEntry(BuildContext context, Challenge challenge) {
    final wait = challenge.resendInSeconds;
    return [
      Text('Enter the code', style: Theme.of(context).textTheme.headlineSmall),
      Text('We sent an SMS to ${challenge.phoneNumber}.'),
      const SizedBox(height: 16),
      TextField(
        controller: _code,
        autofocus: true,
        autofillHints: const [AutofillHints.oneTimeCode],
        decoration: InputDecoration(labelText: '${challenge.codeLength}-digit code'),
        keyboardType: TextInputType.number,
        onChanged: (text) => _typed(challenge, text),
        onSubmitted: (_) => unawaited(_verify(challenge)),
        style: const TextStyle(fontSize: 24, letterSpacing: 8),
      ),
      const SizedBox(height: 16),
      FilledButton(
        onPressed: _isBusy ? null : () => unawaited(_verify(challenge)),
        child: Text(_isBusy ? 'Checking…' : 'Continue'),
      ),
      TextButton(
        onPressed: _isBusy || wait > 0 ? null : () => unawaited(_run(() => widget.doorcode.resendOtp(challenge))),
        child: Text(wait > 0 ? 'Send again in $wait s' : 'Send again'),
      ),
      TextButton(
        onPressed: _isBusy
            ? null
            : () => setState(() {
                  _isAtCode = false;
                  _notice = null;
                }),
        child: const Text('Change number'),
      ),
    ];
  }
}

/// What to say about a result. (In ifs, because the grammar that checks this file knows no empty patterns.)
String noticeOf(OtpResult result) {
  if (result is NoAnswer) return _noAnswer[result.reason]!;
  if (result is Wait) return '${_wait[result.reason]!} Try again in ${result.retryAfterSeconds} s.';
  if (result is MalformedCode) return 'There is no code in that. Type the digits from the SMS.';
  if (result is IncorrectCode) return 'That code is not right. Attempts left: ${result.attemptsRemaining}.';
  if (result is ExpiredCode) return 'That code is no longer valid. Ask for a new one.';
  if (result is InvalidRequest) return _invalidNumber;
  return 'This did not work. Update the app and try again.';
}

const _invalidNumber = 'Enter a mobile number with ten digits that starts with 6, 7, 8 or 9.';

const _noAnswer = {
  NoAnswerReason.offline: 'You seem to be offline. Try again: no second SMS is sent.',
  NoAnswerReason.timeout: 'The answer takes too long. Try again: no second SMS is sent.',
  NoAnswerReason.captivePortal: 'This network wants you to log in first. Open a web page, or use mobile data.',
  NoAnswerReason.busy: 'The server is busy. Try again in a moment: no second SMS is sent.',
};

const _wait = {
  WaitReason.tooManyRequests: 'Too many codes were asked for.',
  WaitReason.tooManyAttempts: 'Too many wrong codes.',
  WaitReason.unavailable: 'Codes cannot be sent right now.',
};
