import 'dart:async';

import 'package:flutter/material.dart';

import 'doorcode.dart';
import 'handed_in.dart';
import 'notice.dart';
import 'otp_flow.dart';
import 'texts.dart';

/// Number entry and code entry, on an [OtpFlow]. It brings its own Material, so it stands in any page of a MaterialApp.
class OtpSignIn extends StatefulWidget {
  const OtpSignIn({
    required this.doorcode,
    required this.onSignedIn,
    this.purpose,
    this.approves,
    this.texts = const EnglishTexts(),
    this.locale,
    super.key,
  });

  final Doorcode doorcode;

  /// Gets each token once, and again at the user's tap if it failed.
  final FutureOr<void> Function(String accessToken) onSignedIn;
  final String? purpose;

  /// The context: what the code approves, where the deployment asks for it.
  final Map<String, Object>? approves;
  final DoorcodeTexts texts;

  /// The language of the SMS, such as `hi`; null for that of the texts.
  final String? locale;

  @override
  State<OtpSignIn> createState() => _OtpSignInState();
}

class _OtpSignInState extends State<OtpSignIn> {
  late final OtpFlow _flow;
  final TextEditingController _number = TextEditingController();
  final TextEditingController _code = TextEditingController();
  Timer? _timer;
  String? _told;
  bool _isStuck = false;

  /// How long the app may take to show something else before this screen offers to tell it again.
  static const _patience = Duration(seconds: 5);

  @override
  void initState() {
    super.initState();
    _flow = OtpFlow(
        doorcode: widget.doorcode,
        purpose: widget.purpose,
        context: widget.approves,
        locale: () => widget.locale ?? widget.texts.smsLocale);
    _flow.addListener(_follow);
    // Countdowns go on while somebody looks.
    _timer = Timer.periodic(const Duration(seconds: 1), (_) => _redraw());
    unawaited(_flow.start());
  }

  @override
  void dispose() {
    _timer?.cancel();
    _flow.removeListener(_follow);
    _flow.dispose();
    _number.dispose();
    _code.dispose();
    super.dispose();
  }

  void _redraw() {
    if (mounted) setState(() {});
  }

  /// Shows what the flow holds, and tells of a token.
  void _follow() {
    final state = _flow.state;
    if (state is EnterNumber) _put(_number, state.number);
    if (state is EnterCode) _put(_code, state.code);
    if (state is Done && _told != state.accessToken) {
      _told = state.accessToken;
      unawaited(_tell(state.accessToken));
    }
    _redraw();
  }

  /// The caret stays at the end, where the next digit belongs.
  void _put(TextEditingController field, String text) {
    if (field.text == text) return;
    field.value = TextEditingValue(text: text, selection: TextSelection.collapsed(offset: text.length));
  }

  Future<void> _tell(String accessToken) async {
    _isStuck = false;
    final told = await handedIn<void>(() => widget.onSignedIn(accessToken), _patience);
    if (told.isAnswered) return;
    debugPrint('Doorcode: onSignedIn failed. ${told.error ?? 'It took too long.'}');
    _isStuck = true;
    _redraw();
  }

  void _typedCode(String text) {
    unawaited(_flow.typeCode(text));
    // The field drops text that the flow did not take.
    final state = _flow.state;
    if (state is EnterCode) _put(_code, state.code);
  }

  @override
  Widget build(BuildContext context) {
    final state = _flow.state;
    return PopScope<Object?>(
      // Android's back key goes to the number, and does not leave the app.
      canPop: state is! EnterCode,
      onPopInvokedWithResult: (didPop, _) {
        if (!didPop) _flow.back();
      },
      child: Material(
        type: MaterialType.transparency,
        child: SafeArea(
          child: Center(
            child: SingleChildScrollView(
              padding: const EdgeInsets.all(24),
              child: ConstrainedBox(
                constraints: const BoxConstraints(maxWidth: 420),
                child: AutofillGroup(
                  child: Column(
                    crossAxisAlignment: CrossAxisAlignment.stretch,
                    mainAxisSize: MainAxisSize.min,
                    children: _children(context, state),
                  ),
                ),
              ),
            ),
          ),
        ),
      ),
    );
  }

  List<Widget> _children(BuildContext context, OtpState state) {
    if (state is EnterNumber) return _numberEntry(context, state);
    if (state is EnterCode) return _codeEntry(context, state);
    if (state is Done) {
      return [
        Text(widget.texts.signedIn, textAlign: TextAlign.center),
        if (_isStuck)
          FilledButton(
            key: const Key('doorcode-go-on'),
            onPressed: () => unawaited(_tell(state.accessToken)),
            child: Text(widget.texts.goOn),
          ),
      ];
    }
    return [Text(widget.texts.starting, textAlign: TextAlign.center)];
  }

  List<Widget> _numberEntry(BuildContext context, EnterNumber state) {
    final texts = widget.texts;
    return [
      _title(context, texts.numberTitle),
      Text(texts.numberHint),
      const SizedBox(height: 16),
      _leftToRight(
        TextField(
          key: const Key('doorcode-number'),
          controller: _number,
          autofocus: true,
          autofillHints: const [AutofillHints.telephoneNumber],
          decoration: InputDecoration(labelText: texts.numberLabel, prefixText: '+91 '),
          keyboardType: TextInputType.phone,
          onChanged: _flow.typeNumber,
          // Without this the keyboard closes after each refused number.
          onEditingComplete: () => unawaited(_flow.sendCode()),
          scrollPadding: const EdgeInsets.only(bottom: 160),
        ),
      ),
      ..._notice(state.notice),
      const SizedBox(height: 16),
      FilledButton(
        key: const Key('doorcode-send'),
        onPressed: state.isSending ? null : () => unawaited(_flow.sendCode()),
        child: Text(state.isSending ? texts.sending : texts.send),
      ),
    ];
  }

  List<Widget> _codeEntry(BuildContext context, EnterCode state) {
    final texts = widget.texts;
    final challenge = state.challenge;
    final now = widget.doorcode.now();
    final wait = challenge.resendInSeconds(now);
    final expires = challenge.expiresInSeconds(now);
    final reference = challenge.reference;
    return [
      _title(context, texts.codeTitle),
      Text(texts.codeHint(challenge.phoneNumber)),
      const SizedBox(height: 16),
      _leftToRight(
        TextField(
          key: const Key('doorcode-code'),
          controller: _code,
          autofocus: true,
          autofillHints: const [AutofillHints.oneTimeCode],
          decoration: InputDecoration(labelText: texts.codeLabel(challenge.codeLength)),
          keyboardType: TextInputType.number,
          onChanged: _typedCode,
          onEditingComplete: () => unawaited(_flow.submitCode()),
          scrollPadding: const EdgeInsets.only(bottom: 160),
          style: const TextStyle(fontSize: 24, letterSpacing: 8),
        ),
      ),
      ..._notice(state.notice),
      const SizedBox(height: 16),
      FilledButton(
        key: const Key('doorcode-verify'),
        onPressed: state.isVerifying ? null : () => unawaited(_flow.submitCode()),
        child: Text(state.isVerifying ? texts.verifying : texts.verify),
      ),
      if (expires != null && state.notice?.reason != NoticeReason.expiredCode)
        Padding(
          padding: const EdgeInsets.only(top: 8),
          child: Text(expires > 0 ? texts.expiresIn(texts.duration(expires)) : texts.expired),
        ),
      if (reference != null && wait <= 0 && state.notice?.reference == null)
        Padding(
          padding: const EdgeInsets.only(top: 8),
          child: SelectableText(texts.noSms(reference)),
        ),
      Wrap(
        alignment: WrapAlignment.spaceBetween,
        children: [
          TextButton(
            key: const Key('doorcode-resend'),
            onPressed:
                state.isVerifying || state.isResending || wait > 0 ? null : () => unawaited(_flow.resend()),
            child: Text(_resendLabel(state, wait)),
          ),
          TextButton(
            key: const Key('doorcode-change-number'),
            onPressed: state.isVerifying ? null : _flow.back,
            child: Text(texts.changeNumber),
          ),
        ],
      ),
    ];
  }

  String _resendLabel(EnterCode state, int waitSeconds) {
    final texts = widget.texts;
    if (state.isResending) return texts.resending;
    return waitSeconds > 0 ? texts.resendIn(texts.duration(waitSeconds)) : texts.resend;
  }

  Widget _title(BuildContext context, String text) => Semantics(
        header: true,
        child: Text(text, style: Theme.of(context).textTheme.headlineSmall),
      );

  /// Digits run from left to right in every script.
  Widget _leftToRight(Widget child) => Directionality(textDirection: TextDirection.ltr, child: child);

  List<Widget> _notice(Notice? notice) {
    if (notice == null) return const [];
    final until = notice.untilMs;
    final seconds = until == null ? null : ((until - widget.doorcode.now()) / 1000).ceil();
    // A notice whose wait is over is gone.
    if (seconds != null && seconds <= 0) return const [];
    final texts = widget.texts;
    final reference = notice.reference;
    return [
      const SizedBox(height: 16),
      Semantics(
        // Announced when it comes, not for each second of its wait.
        liveRegion: seconds == null,
        child: Text(texts.notice(notice, seconds == null ? null : texts.duration(seconds))),
      ),
      if (reference != null) SelectableText(texts.reference(reference)),
    ];
  }
}
