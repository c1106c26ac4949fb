/**
 * Gives the token to the app, once. If the app's `onSignedIn` fails, the screen shows a button that gives it again.
 */
import { handedIn } from 'doorcode-client';
import { useCallback, useEffect, useState } from 'react';
import { StyleSheet, Text, View } from 'react-native';
import { Button } from './button.tsx';
import type { Texts } from './language.ts';
import { reportFault } from './report-fault.ts';
import type { Theme } from './theme.ts';

export type OnSignedIn = (accessToken: string) => void | Promise<void>;

/** How long the app may take to show another screen. After that, this screen offers to give the token again. */
const patienceMs = 5_000;

interface SignedInProps {
  readonly accessToken: string;
  readonly onSignedIn: OnSignedIn;
  readonly texts: Texts;
  readonly theme: Theme;
}

export function SignedIn({ accessToken, onSignedIn, texts, theme }: SignedInProps) {
  const [isStuck, setIsStuck] = useState(false);
  const tell = useCallback(() => {
    setIsStuck(false);
    handedIn(() => onSignedIn(accessToken), patienceMs).then((told) => {
      if (told.ok) return;
      reportFault('onSignedIn', told.error);
      setIsStuck(true);
    });
  }, [accessToken, onSignedIn]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each token, whoever is told.
  useEffect(tell, [accessToken]);
  return (
    <View style={styles.screen}>
      <Text role="status" style={[styles.status, { color: theme.ink, fontFamily: theme.fontFamily }]}>
        {texts.signedIn}
      </Text>
      {isStuck ? <Button label={texts.goOn} onPress={tell} testID="doorcode-go-on" theme={theme} /> : null}
    </View>
  );
}

const styles = StyleSheet.create({
  screen: { gap: 20 },
  status: { fontSize: 18, textAlign: 'center' },
});
