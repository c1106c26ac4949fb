/** The example: sign in, stay signed in, see the devices, sign out. The local stack's page shows this very file in a browser. */
import type { Session } from 'doorcode-client';
import {
  Devices,
  darkTheme,
  english,
  englishDevices,
  hindi,
  hindiDevices,
  lightTheme,
  OtpSignIn,
  type OtpSignInProps,
  useSession,
} from 'doorcode-react-native';
import { useState } from 'react';
import { Pressable, StyleSheet, Text, useColorScheme, View } from 'react-native';

export interface ExampleAppProps extends Pick<OtpSignInProps, 'smsConsent'> {
  readonly session: Session;
  readonly language?: keyof typeof words | undefined;
}

/** What the app itself says, beside the sign-in. */
const words = {
  en: {
    texts: english,
    deviceTexts: englishDevices,
    kept: 'You stay signed in, also after a restart. Each call of your own API gets a token that is still good.',
    devices: 'Your devices',
    back: 'Back',
    signOut: 'Sign out',
    unknown: 'Waiting for this phone’s secure storage…',
    again: 'Try again',
  },
  hi: {
    texts: hindi,
    deviceTexts: hindiDevices,
    kept: 'आप साइन इन बने रहेंगे, ऐप दोबारा खोलने पर भी। आपके API के हर कॉल को मान्य टोकन मिलता है।',
    devices: 'आपके डिवाइस',
    back: 'वापस',
    signOut: 'साइन आउट करें',
    unknown: 'इस फ़ोन की सुरक्षित स्टोरेज का इंतज़ार है…',
    again: 'फिर कोशिश करें',
  },
} as const;

export function ExampleApp({ session, language = 'en', smsConsent }: ExampleAppProps) {
  const { texts, deviceTexts, kept, devices, back, signOut, unknown, again } = words[language];
  const theme = useColorScheme() === 'dark' ? darkTheme : lightTheme;
  const { state, check, signOut: end } = useSession(session);
  const [isAtDevices, setIsAtDevices] = useState(false);
  const action = (label: string, onPress: () => void) => (
    <Pressable role="button" onPress={onPress} style={styles.button}>
      <Text style={[styles.buttonText, { color: theme.accent }]}>{label}</Text>
    </Pressable>
  );
  switch (state) {
    case 'signed-out':
      return <OtpSignIn doorcode={session} smsConsent={smsConsent} texts={texts} />;
    case 'unknown':
      return (
        <View style={[styles.page, { backgroundColor: theme.ground }]}>
          <Text role="status" style={[styles.hint, { color: theme.softInk }]}>
            {unknown}
          </Text>
          {action(again, check)}
        </View>
      );
    case 'signed-in':
  }
  if (isAtDevices) {
    return (
      <View style={[styles.devices, { backgroundColor: theme.ground }]}>
        <Devices session={session} texts={deviceTexts} />
        {action(back, () => setIsAtDevices(false))}
      </View>
    );
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
      {action(devices, () => setIsAtDevices(true))}
      {action(signOut, end)}
    </View>
  );
}

const styles = StyleSheet.create({
  page: { flex: 1, justifyContent: 'center', alignItems: 'center', padding: 32 },
  tick: { width: 72, height: 72, borderRadius: 36, alignItems: 'center', justifyContent: 'center' },
  tickText: { fontSize: 36, fontWeight: '700' },
  title: { fontSize: 26, fontWeight: '700', marginTop: 20, letterSpacing: -0.4, textAlign: 'center' },
  hint: { fontSize: 16, lineHeight: 23, marginTop: 8, textAlign: 'center', maxWidth: 300 },
  devices: { flex: 1 },
  button: { minHeight: 44, justifyContent: 'center', paddingHorizontal: 16, marginTop: 16 },
  buttonText: { fontSize: 16, fontWeight: '600' },
});
