/** The second screen: the code, the notice about the last one, and a button for another SMS once the wait is over. */
import { StyleSheet, Text, View } from 'react-native';
import { Button } from './button.tsx';
import { CodeBoxes } from './code-boxes.tsx';
import type { OtpState } from './flow-state.ts';
import type { Texts } from './language.ts';
import { NoticeLine } from './notice-line.tsx';
import type { Theme } from './theme.ts';

export interface CodeEntryProps {
  readonly state: Extract<OtpState, { readonly tag: 'enter-code' | 'verifying' }>;
  readonly onType: (text: string) => void;
  readonly onSubmit: () => void;
  readonly onResend: () => void;
  readonly onBack: () => void;
  readonly texts: Texts;
  readonly theme: Theme;
}

export function CodeEntry({ state, texts, theme, ...on }: CodeEntryProps) {
  const { challenge, code, countdown } = state;
  const isVerifying = state.tag === 'verifying';
  const isResending = state.tag === 'enter-code' && state.isResending;
  const refusal = state.tag === 'enter-code' ? state.refusal : undefined;
  const { resendInSeconds, expiresInSeconds } = countdown;
  const { fontFamily } = theme;
  return (
    <View style={styles.screen}>
      <View>
        <Text role="heading" aria-level={1} style={[styles.title, { color: theme.ink, fontFamily }]}>
          {texts.codeTitle}
        </Text>
        <Text style={[styles.hint, { color: theme.softInk, fontFamily }]}>
          {texts.codeHint(challenge.phoneNumber)}
        </Text>
      </View>
      <CodeBoxes
        code={code}
        codeLength={challenge.codeLength}
        isBusy={isVerifying}
        label={texts.codeLabel(challenge.codeLength)}
        onSubmit={on.onSubmit}
        onType={on.onType}
        theme={theme}
      />
      <NoticeLine notice={refusal} texts={texts} theme={theme} />
      <Button
        isBusy={isVerifying}
        label={isVerifying ? texts.verifying : texts.verify}
        onPress={on.onSubmit}
        testID="doorcode-verify"
        theme={theme}
      />
      {expiresInSeconds === undefined || refusal?.reason === 'expired-code' ? null : (
        <Text role="timer" aria-live="off" style={[styles.expiry, { color: theme.softInk, fontFamily }]}>
          {expiresInSeconds > 0 ? texts.expiresIn(texts.duration(expiresInSeconds)) : texts.expired}
        </Text>
      )}
      {challenge.reference === undefined || resendInSeconds > 0 || refusal?.reference !== undefined ? null : (
        <Text selectable style={[styles.expiry, { color: theme.softInk, fontFamily }]}>
          {texts.noSms(challenge.reference)}
        </Text>
      )}
      <View style={styles.others}>
        <Button
          isBusy={isResending}
          isDisabled={resendInSeconds > 0 || isVerifying}
          kind="quiet"
          label={resendLabel(texts, { isResending, resendInSeconds })}
          onPress={on.onResend}
          testID="doorcode-resend"
          theme={theme}
        />
        <Button
          isDisabled={isVerifying}
          kind="quiet"
          label={texts.changeNumber}
          onPress={on.onBack}
          testID="doorcode-change-number"
          theme={theme}
        />
      </View>
    </View>
  );
}

function resendLabel(
  texts: Texts,
  { isResending, resendInSeconds }: { isResending: boolean; resendInSeconds: number },
): string {
  if (isResending) return texts.resending;
  return resendInSeconds > 0 ? texts.resendIn(texts.duration(resendInSeconds)) : texts.resend;
}

const styles = StyleSheet.create({
  screen: { gap: 16 },
  title: { fontSize: 28, fontWeight: '700', letterSpacing: -0.4 },
  hint: { fontSize: 16, marginTop: 8 },
  expiry: { fontSize: 14, fontVariant: ['tabular-nums'] },
  others: { flexDirection: 'row', flexWrap: 'wrap', justifyContent: 'space-between', marginHorizontal: -12 },
});
