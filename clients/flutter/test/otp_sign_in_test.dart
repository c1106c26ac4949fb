import 'dart:async';

import 'package:doorcode/doorcode.dart';
import 'package:flutter/material.dart';
import 'package:flutter_test/flutter_test.dart';

import 'scripted_phone.dart';

const number = Key('doorcode-number');
const code = Key('doorcode-code');

/// The widget as a page of its own, without a Scaffold or any other Material around it.
Widget page(Doorcode doorcode,
        {FutureOr<void> Function(String)? onSignedIn,
        DoorcodeTexts texts = const EnglishTexts(),
        TextDirection direction = TextDirection.ltr,
        double textScale = 1}) =>
    MaterialApp(
      builder: (context, child) => MediaQuery(
        data: MediaQuery.of(context).copyWith(textScaler: TextScaler.linear(textScale)),
        child: Directionality(textDirection: direction, child: child!),
      ),
      home: OtpSignIn(doorcode: doorcode, onSignedIn: onSignedIn ?? (_) {}, texts: texts),
    );

/// Lets answers come; not `pumpAndSettle`, because a countdown never settles.
Future<void> settle(WidgetTester tester) async {
  for (var turn = 0; turn < 5; turn += 1) {
    await tester.pump(const Duration(milliseconds: 2));
  }
}

Future<void> ask(WidgetTester tester, ScriptedPhone phone) async {
  await settle(tester);
  phone.answer = answerNamed('sent');
  await tester.enterText(find.byKey(number), '98765 43210');
  await tester.tap(find.byKey(const Key('doorcode-send')));
  await settle(tester);
}

void main() {
  testWidgets('signs in from the number to the token', (tester) async {
    final phone = ScriptedPhone();
    String? token;
    await tester.pumpWidget(page(phone.doorcode, onSignedIn: (value) => token = value));
    await ask(tester, phone);
    phone.answer = answerNamed('signed in');
    await tester.enterText(find.byKey(code), '123456');
    await settle(tester);
    expect(token, 'session-token');
  });

  testWidgets('offers to tell the app again when onSignedIn throws', (tester) async {
    final phone = ScriptedPhone();
    var told = 0;
    await tester.pumpWidget(page(phone.doorcode, onSignedIn: (_) {
      told += 1;
      throw StateError('the app is not ready');
    }));
    await ask(tester, phone);
    phone.answer = answerNamed('signed in');
    await tester.enterText(find.byKey(code), '123456');
    await settle(tester);
    await tester.tap(find.byKey(const Key('doorcode-go-on')));
    expect(told, 2);
  });

  testWidgets('goes to the number with the back key, and finds the code again', (tester) async {
    final phone = ScriptedPhone();
    await tester.pumpWidget(page(phone.doorcode));
    await ask(tester, phone);
    await tester.binding.handlePopRoute();
    await settle(tester);
    expect(find.byKey(number), findsOneWidget);
    await tester.tap(find.byKey(const Key('doorcode-send')));
    await settle(tester);
    expect(find.byKey(code), findsOneWidget);
    expect(phone.calls, hasLength(1));
  });

  for (final direction in TextDirection.values) {
    testWidgets('has room for large text and shows Hindi, $direction', (tester) async {
      tester.view.physicalSize = const Size(360, 640);
      tester.view.devicePixelRatio = 1;
      addTearDown(tester.view.reset);
      final phone = ScriptedPhone();
      await tester.pumpWidget(
          page(phone.doorcode, texts: const HindiTexts(), direction: direction, textScale: 2));
      await ask(tester, phone);
      expect(find.text(const HindiTexts().codeTitle), findsOneWidget);
      expect(tester.takeException(), isNull);
    });
  }
}
