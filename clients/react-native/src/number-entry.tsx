/** The first screen: the number. It takes what people type and paste; the flow reads the number in it. */
import { useState } from 'react';
import { Platform, StyleSheet, Text, TextInput, useWindowDimensions, View } from 'react-native';
import { Button } from './button.tsx';
import { fittingSize } from './fitting-size.ts';
import type { OtpState } from './flow-state.ts';
import type { Texts } from './language.ts';
import { leftToRight } from './left-to-right.ts';
import { NoticeLine } from './notice-line.tsx';
import type { Theme } from './theme.ts';

export interface NumberEntryProps {
  readonly state: Extract<OtpState, { readonly tag: 'idle' | 'sending' }>;
  readonly onType: (text: string) => void;
  readonly onSend: () => void;
  /** Called when the field gets the focus, which is the moment to offer the phone's own number. */
  readonly onFocus?: (() => void) | undefined;
  readonly texts: Texts;
  readonly theme: Theme;
}

/** `+91 98765 43210` and the padding around it. */
const characters = 15;
const padding = 38;

export function NumberEntry({ state, onType, onSend, onFocus, texts, theme }: NumberEntryProps) {
  const [isFocused, setIsFocused] = useState(false);
  const [width, setWidth] = useState(0);
  const { fontScale } = useWindowDimensions();
  const isSending = state.tag === 'sending';
  const refusal = state.tag === 'idle' ? state.refusal : undefined;
  const room = Math.max(0, width - padding);
  const font = {
    fontSize: fittingSize(20, { width: room, characters, fontScale }),
    fontFamily: theme.fontFamily,
  };
  return (
    <View style={styles.screen}>
      <View>
        <Text
          role="heading"
          aria-level={1}
          style={[styles.title, { color: theme.ink, fontFamily: theme.fontFamily }]}
        >
          {texts.numberTitle}
        </Text>
        <Text style={[styles.hint, { color: theme.softInk, fontFamily: theme.fontFamily }]}>
          {texts.numberHint}
        </Text>
      </View>
      <View
        {...leftToRight.props}
        onLayout={({ nativeEvent }) => setWidth(nativeEvent.layout.width)}
        style={[
          styles.field,
          leftToRight.style,
          {
            backgroundColor: theme.field,
            borderColor: isFocused ? theme.accent : theme.fieldEdge,
            borderRadius: theme.radius,
          },
          isFocused ? styles.focused : null,
        ]}
      >
        <Text style={[font, { color: theme.softInk }]}>+91</Text>
        <TextInput
          aria-label={texts.numberLabel}
          autoComplete="tel"
          autoFocus
          inputMode="tel"
          onBlur={() => setIsFocused(false)}
          onChangeText={onType}
          onFocus={() => {
            setIsFocused(true);
            onFocus?.();
          }}
          onSubmitEditing={onSend}
          placeholder="98765 43210"
          placeholderTextColor={theme.softInk}
          returnKeyType="send"
          style={[styles.input, font, { color: theme.ink }, Platform.OS === 'web' ? styles.noRing : null]}
          submitBehavior="submit"
          testID="doorcode-number"
          textContentType="telephoneNumber"
          value={state.number}
        />
      </View>
      <NoticeLine notice={refusal} texts={texts} theme={theme} />
      <Button
        isBusy={isSending}
        label={isSending ? texts.sending : texts.send}
        onPress={onSend}
        testID="doorcode-send"
        theme={theme}
      />
    </View>
  );
}

const styles = StyleSheet.create({
  screen: { gap: 20 },
  title: { fontSize: 28, fontWeight: '700', letterSpacing: -0.4 },
  hint: { fontSize: 16, marginTop: 8 },
  // The margin keeps the field in its place when its edge grows.
  field: {
    flexDirection: 'row',
    alignItems: 'center',
    borderWidth: 1,
    margin: 1,
    paddingLeft: 16,
  },
  focused: { borderWidth: 2, margin: 0 },
  input: { flex: 1, minWidth: 0, minHeight: 56, paddingHorizontal: 10, textAlign: 'left' },
  // The frame around the field shows the focus.
  noRing: { outlineWidth: 0 },
});
