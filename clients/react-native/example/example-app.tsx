/** The example: sign in, see that you are, sign out. The local stack's page shows this very file in a browser. */
import type { Doorcode } from 'doorcode-client';
import { darkTheme, english, hindi, lightTheme, OtpSignIn, type OtpSignInProps } from 'doorcode-react-native';
import { useEffect, useState } from 'react';
import { Pressable, StyleSheet, Text, useColorScheme, View } from 'react-native';

export interface ExampleAppProps extends Pick<OtpSignInProps, 'smsConsent'> {
  readonly doorcode: Doorcode;
  readonly language?: keyof typeof words | undefined;
  /** Told of each token, and of undefined after a sign-out. */
  readonly onToken?: (accessToken: string | undefined) => void;
}

/** What the app itself says, beside the sign-in. */
const words = {
  en: {
    texts: english,
    kept: 'The token is in this phone’s secure storage. Send it to your own API as a Bearer token.',
    signOut: 'Sign out',
  },
  hi: {
    texts: hindi,
    kept: 'टोकन इस फ़ोन की सुरक्षित स्टोरेज में है। इसे अपने API को Bearer टोकन के रूप में भेजें।',
    signOut: 'साइन आउट करें',
  },
} as const;

export function ExampleApp({ doorcode, language = 'en', onToken, smsConsent }: ExampleAppProps) {
  const { texts, kept, signOut } = words[language];
  const theme = useColorScheme() === 'dark' ? darkTheme : lightTheme;
  const [token, setToken] = useState<string | undefined>();
  const become = (next: string | undefined): void => {
    setToken(next);
    onToken?.(next);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once: the token of an earlier run.
  useEffect(() => {
    doorcode.accessToken().then((earlier) => {
      if (earlier !== undefined) become(earlier);
    });
  }, [doorcode]);
  if (token === undefined) {
    return <OtpSignIn doorcode={doorcode} onSignedIn={become} smsConsent={smsConsent} texts={texts} />;
  }
  return (
    <View style={[styles.page, { backgroundColor: theme.ground }]}>
      <View aria-hidden style={[styles.tick, { backgroundColor: theme.accent }]}>
        <Text style={[styles.tickText, { color: theme.accentInk }]}>✓</Text>
      </View>
      <Text role="heading" aria-level={1} style={[styles.title, { color: theme.ink }]}>
        {texts.signedIn}
      </Text>
      <Text role="status" style={[styles.hint, { color: theme.softInk }]}>
        {kept}
      </Text>
      <Pressable
        role="button"
        onPress={() => doorcode.signOut().then(() => become(undefined))}
        style={styles.button}
      >
        <Text style={[styles.buttonText, { color: theme.accent }]}>{signOut}</Text>
      </Pressable>
    </View>
  );
}

const styles = StyleSheet.create({
  page: { flex: 1, justifyContent: 'center', alignItems: 'center', padding: 32 },
  tick: { width: 72, height: 72, borderRadius: 36, alignItems: 'center', justifyContent: 'center' },
  tickText: { fontSize: 36, fontWeight: '700' },
  title: { fontSize: 26, fontWeight: '700', marginTop: 20, letterSpacing: -0.4, textAlign: 'center' },
  hint: { fontSize: 16, lineHeight: 23, marginTop: 8, textAlign: 'center', maxWidth: 300 },
  button: { minHeight: 44, justifyContent: 'center', paddingHorizontal: 16, marginTop: 16 },
  buttonText: { fontSize: 16, fontWeight: '600' },
});
