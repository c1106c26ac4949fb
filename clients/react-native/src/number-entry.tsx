/** The first screen: the number. It takes what people type and paste; the flow reads the number in it. */
import { StyleSheet, Text, TextInput, View } from 'react-native';
import { Button } from './button.tsx';
import type { OtpState } from './flow-state.ts';
import { NoticeLine } from './notice-line.tsx';
import type { Texts } from './texts.ts';
import type { Theme } from './theme.ts';

export interface NumberEntryProps {
  readonly state: Extract<OtpState, { readonly tag: 'idle' | 'sending' }>;
  readonly onType: (text: string) => void;
  readonly onSend: () => void;
  readonly texts: Texts;
  readonly theme: Theme;
}

export function NumberEntry({ state, onType, onSend, texts, theme }: NumberEntryProps) {
  const isSending = state.tag === 'sending';
  const refusal = state.tag === 'idle' ? state.refusal : undefined;
  return (
    <View style={styles.screen}>
      <View>
        <Text role="heading" aria-level={1} style={[styles.title, { color: theme.ink }]}>
          {texts.numberTitle}
        </Text>
        <Text style={[styles.hint, { color: theme.softInk }]}>{texts.numberHint}</Text>
      </View>
      <View
        style={[
          styles.field,
          { backgroundColor: theme.field, borderColor: theme.fieldEdge, borderRadius: theme.radius },
        ]}
      >
        <Text style={[styles.prefix, { color: theme.softInk }]}>+91</Text>
        <TextInput
          aria-label={texts.numberLabel}
          autoComplete="tel"
          autoFocus
          inputMode="tel"
          onChangeText={onType}
          onSubmitEditing={onSend}
          placeholder="98765 43210"
          placeholderTextColor={theme.softInk}
          readOnly={isSending}
          returnKeyType="send"
          style={[styles.input, { color: theme.ink }]}
          textContentType="telephoneNumber"
          value={state.number}
        />
      </View>
      <NoticeLine notice={refusal} texts={texts} theme={theme} />
      <Button
        isBusy={isSending}
        label={isSending ? texts.sending : texts.send}
        onPress={onSend}
        theme={theme}
      />
    </View>
  );
}

const styles = StyleSheet.create({
  screen: { gap: 20 },
  title: { fontSize: 28, lineHeight: 34, fontWeight: '700', letterSpacing: -0.4 },
  hint: { fontSize: 16, lineHeight: 23, marginTop: 8 },
  field: { flexDirection: 'row', alignItems: 'center', borderWidth: 1, paddingLeft: 16 },
  prefix: { fontSize: 20 },
  input: { flex: 1, minWidth: 0, minHeight: 56, paddingHorizontal: 10, fontSize: 20 },
});
