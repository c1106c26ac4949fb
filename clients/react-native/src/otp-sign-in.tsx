/** Both screens on the hook: the whole sign-in as one component. */
import { handedIn } from 'doorcode-client';
import { useEffect, useRef } from 'react';
import { BackHandler, StyleSheet, Text, useColorScheme, View } from 'react-native';
import { CodeEntry } from './code-entry.tsx';
import type { Texts } from './language.ts';
import { NumberEntry } from './number-entry.tsx';
import { RevealMainAction } from './reveal.tsx';
import { type OnSignedIn, SignedIn } from './signed-in.tsx';
import { english } from './texts.ts';
import { darkTheme, lightTheme, type SchemeThemes, type Theme } from './theme.ts';
import { type OtpSignInOptions, useOtpSignIn } from './use-otp-sign-in.ts';

export interface OtpSignInProps extends OtpSignInOptions {
  /** Gets each token once, and again at the user's tap if it failed. */
  readonly onSignedIn?: OnSignedIn | undefined;
  /**
   * Android's Phone Number Hint: offers the numbers of this phone's SIMs when the field gets the focus, once. Such as
   * `showPhoneNumberHint` of `@shayrn/react-native-android-phone-number-hint`, given on Android alone.
   */
  readonly numberHint?: (() => Promise<string | null | undefined>) | undefined;
  /** The texts of the screens. The SMS comes in the same language, unless `locale` names another. */
  readonly texts?: Texts;
  /** Overrides members of the phone's light or dark theme. */
  readonly theme?: Partial<Theme>;
  /** Overrides members of one of them alone. */
  readonly themes?: SchemeThemes;
}

/** The longest wait for the sheet with the user's numbers, which they may look at for a while. */
const maxHintMs = 60_000;

const ignore = (): void => undefined;

export function OtpSignIn({ onSignedIn = ignore, texts = english, ...props }: OtpSignInProps) {
  const { theme: own, themes, numberHint, ...options } = props;
  const isDark = useColorScheme() === 'dark';
  const scheme = isDark ? themes?.dark : themes?.light;
  const theme = { ...(isDark ? darkTheme : lightTheme), ...own, ...scheme };
  const { state, ...actions } = useOtpSignIn({ locale: texts.sms.locale, ...options });
  const isAtCode = state.tag === 'enter-code' || state.tag === 'verifying';
  const { back } = actions;
  useEffect(() => {
    if (!isAtCode) return undefined;
    // Android's back key goes to the number, and does not leave the app.
    const subscription = BackHandler.addEventListener('hardwareBackPress', () => {
      back();
      return true;
    });
    return () => subscription.remove();
  }, [isAtCode, back]);
  const isHinted = useRef(false);
  const number = state.tag === 'idle' ? state.number : undefined;
  const offerNumber = (): void => {
    if (numberHint === undefined || isHinted.current || number !== '') return;
    isHinted.current = true;
    handedIn(numberHint, maxHintMs).then((hint) => {
      if (hint.ok && typeof hint.value === 'string') actions.typeNumber(hint.value);
    });
  };
  return (
    <RevealMainAction ground={theme.ground}>
      <View style={styles.column}>
        {state.tag === 'idle' || state.tag === 'sending' ? (
          <NumberEntry
            onFocus={offerNumber}
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
        ) : state.tag === 'signed-in' ? (
          <SignedIn accessToken={state.accessToken} onSignedIn={onSignedIn} texts={texts} theme={theme} />
        ) : (
          <Text role="status" style={[styles.status, { color: theme.ink, fontFamily: theme.fontFamily }]}>
            {texts.starting}
          </Text>
        )}
      </View>
    </RevealMainAction>
  );
}

const styles = StyleSheet.create({
  column: { width: '100%', maxWidth: 420, alignSelf: 'center' },
  status: { fontSize: 18, textAlign: 'center' },
});
