import 'dart:async';
import 'dart:io';

import 'package:doorcode/doorcode.dart';
import 'package:flutter/material.dart';
import 'package:flutter_secure_storage/flutter_secure_storage.dart';

void main() => runApp(const ExampleApp());

/// Keychain and Keystore. On iOS items are readable from the first unlock after a start, and stay on this device.
class SecureStorage implements DoorcodeStorage {
  static const _store = FlutterSecureStorage(
    iOptions: IOSOptions(accessibility: KeychainAccessibility.first_unlock_this_device),
  );

  @override
  Future<String?> read(String key) => _store.read(key: key);

  @override
  Future<void> write(String key, String? value) => _store.write(key: key, value: value);
}

/// Your deployment's ApiUrl; or the local stack, where Android's emulator finds this machine at 10.0.2.2.
final Session session = Session(
  baseUrl: Platform.isAndroid ? 'http://10.0.2.2:4010' : 'http://127.0.0.1:4010',
  platform: Platform.isAndroid ? 'android' : 'ios',
  storage: SecureStorage(),
  label: Platform.isAndroid ? 'Android phone' : 'iPhone',
);

class ExampleApp extends StatefulWidget {
  const ExampleApp({super.key});

  @override
  State<ExampleApp> createState() => _ExampleAppState();
}

class _ExampleAppState extends State<ExampleApp> {
  late final AppLifecycleListener _lifecycle;

  @override
  void initState() {
    super.initState();
    unawaited(session.check());
    _lifecycle = AppLifecycleListener(onResume: () => unawaited(session.check()));
  }

  @override
  void dispose() {
    _lifecycle.dispose();
    super.dispose();
  }

  @override
  Widget build(BuildContext context) {
    final isHindi = WidgetsBinding.instance.platformDispatcher.locale.languageCode == 'hi';
    return MaterialApp(
      theme: ThemeData(colorSchemeSeed: Colors.indigo),
      darkTheme: ThemeData(colorSchemeSeed: Colors.indigo, brightness: Brightness.dark),
      home: Scaffold(
        body: ValueListenableBuilder<SessionState>(
          valueListenable: session.state,
          builder: (context, state, _) {
            switch (state) {
              case SessionState.unknown:
                return Center(
                  child: FilledButton(
                      onPressed: () => unawaited(session.check()), child: const Text('Try again')),
                );
              case SessionState.signedOut:
                return OtpSignIn(
                  doorcode: session.doorcode,
                  texts: isHindi ? const HindiTexts() : const EnglishTexts(),
                  onSignedIn: (_) {},
                );
              case SessionState.signedIn:
                return Center(
                  child: FilledButton(
                      onPressed: () => unawaited(session.signOut()), child: const Text('Sign out')),
                );
            }
          },
        ),
      ),
    );
  }
}
