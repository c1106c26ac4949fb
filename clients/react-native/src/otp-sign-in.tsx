/** Both screens on the hook: the whole sign-in as one component. */
import type { Doorcode } from 'doorcode-client';
import { useEffect } from 'react';
import { ScrollView, StyleSheet, Text, useColorScheme, View } from 'react-native';
import { CodeEntry } from './code-entry.tsx';
import type { OtpFlowOptions } from './flow.ts';
import { NumberEntry } from './number-entry.tsx';
import type { SmsConsent } from './sms-consent.ts';
import { english, type Texts } from './texts.ts';
import { darkTheme, lightTheme, type Theme } from './theme.ts';
import { useOtpSignIn } from './use-otp-sign-in.ts';

export interface OtpSignInProps {
  readonly doorcode: Doorcode;
  readonly onSignedIn: (accessToken: string) => void;
  readonly purpose?: string | undefined;
  readonly context?: OtpFlowOptions['context'];
  readonly smsConsent?: SmsConsent | undefined;
  readonly texts?: Texts;
  /** Over the light or dark one that the phone is set to. */
  readonly theme?: Partial<Theme>;
}

export function OtpSignIn({ onSignedIn, texts = english, theme: own, ...options }: OtpSignInProps) {
  const theme = { ...(useColorScheme() === 'dark' ? darkTheme : lightTheme), ...own };
  const { state, ...actions } = useOtpSignIn(options);
  const accessToken = state.tag === 'signed-in' ? state.accessToken : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each token, whoever is told.
  useEffect(() => {
    if (accessToken !== undefined) onSignedIn(accessToken);
  }, [accessToken]);
  return (
    <ScrollView
      contentContainerStyle={styles.page}
      keyboardShouldPersistTaps="handled"
      style={{ backgroundColor: theme.ground }}
    >
      <View style={styles.column}>
        {state.tag === 'idle' || state.tag === 'sending' ? (
          <NumberEntry
            onSend={actions.sendCode}
            onType={actions.typeNumber}
            state={state}
            texts={texts}
            theme={theme}
          />
        ) : state.tag === 'enter-code' || state.tag === 'verifying' ? (
          <CodeEntry
            onBack={actions.back}
            onResend={actions.resend}
            onSubmit={actions.submitCode}
            onType={actions.typeCode}
            state={state}
            texts={texts}
            theme={theme}
          />
        ) : (
          <Text role="status" style={[styles.status, { color: theme.ink }]}>
            {state.tag === 'starting' ? texts.starting : texts.signedIn}
          </Text>
        )}
      </View>
    </ScrollView>
  );
}

const styles = StyleSheet.create({
  page: { flexGrow: 1, justifyContent: 'center', paddingHorizontal: 24, paddingVertical: 32 },
  column: { width: '100%', maxWidth: 420, alignSelf: 'center' },
  status: { fontSize: 18, textAlign: 'center' },
});
