/**
 * The code: boxes to look at, and one field over them to type, paste and autofill into. To a screen reader it is one
 * field. It has no maximal length, because a whole SMS may be pasted.
 */
import { useState } from 'react';
import { Platform, StyleSheet, Text, TextInput, View } from 'react-native';
import type { Theme } from './theme.ts';

interface CodeBoxesProps {
  readonly code: string;
  readonly codeLength: number;
  readonly label: string;
  readonly isBusy: boolean;
  readonly onType: (text: string) => void;
  readonly onSubmit: () => void;
  readonly theme: Theme;
}

export function CodeBoxes({ code, codeLength, label, isBusy, onType, onSubmit, theme }: CodeBoxesProps) {
  const [isFocused, setIsFocused] = useState(false);
  return (
    <View>
      <View aria-hidden style={styles.row}>
        {Array.from({ length: codeLength }, (_, at) => {
          const isNext = isFocused && !isBusy && at === Math.min(code.length, codeLength - 1);
          return (
            <View
              // biome-ignore lint/suspicious/noArrayIndexKey: a box is its place.
              key={at}
              style={[
                styles.box,
                {
                  backgroundColor: theme.field,
                  borderColor: isNext ? theme.accent : theme.fieldEdge,
                  borderRadius: theme.radius,
                  borderWidth: isNext ? 2 : 1,
                },
              ]}
            >
              <Text style={[styles.digit, { color: theme.ink }]}>{code[at] ?? ''}</Text>
            </View>
          );
        })}
      </View>
      <TextInput
        aria-label={label}
        autoComplete={Platform.OS === 'android' ? 'sms-otp' : 'one-time-code'}
        autoFocus
        caretHidden
        importantForAutofill="yes"
        inputMode="numeric"
        onBlur={() => setIsFocused(false)}
        onChangeText={onType}
        onFocus={() => setIsFocused(true)}
        onSubmitEditing={onSubmit}
        readOnly={isBusy}
        returnKeyType="done"
        selectionColor="transparent"
        style={styles.input}
        textContentType="oneTimeCode"
        value={code}
      />
    </View>
  );
}

const styles = StyleSheet.create({
  row: { flexDirection: 'row', gap: 8 },
  box: { flex: 1, minWidth: 0, height: 60, alignItems: 'center', justifyContent: 'center' },
  digit: { fontSize: 26, fontWeight: '600', fontVariant: ['tabular-nums'] },
  input: {
    position: 'absolute',
    top: 0,
    right: 0,
    bottom: 0,
    left: 0,
    color: 'transparent',
    backgroundColor: 'transparent',
    borderWidth: 0,
    fontSize: 26,
  },
});
