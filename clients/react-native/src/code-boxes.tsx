/**
 * The input of the code: boxes that show the digits, and one field over them for typing, paste and autofill. A screen
 * reader sees one field. The field has no maximum length, because a user may paste a whole SMS. Its caret is invisible and
 * stays at the end. The field stays editable while the server checks a code; otherwise the keyboard would close after each
 * wrong one.
 */
import { useState } from 'react';
import { Platform, StyleSheet, Text, TextInput, useWindowDimensions, View } from 'react-native';
import { fittingSize } from './fitting-size.ts';
import { leftToRight } from './left-to-right.ts';
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

const gap = 8;

export function CodeBoxes({ code, codeLength, label, isBusy, onType, onSubmit, theme }: CodeBoxesProps) {
  const [isFocused, setIsFocused] = useState(false);
  const [width, setWidth] = useState(0);
  const { fontScale } = useWindowDimensions();
  const boxWidth = width === 0 ? 0 : width / codeLength - gap - 4;
  const fontSize = fittingSize(26, { width: boxWidth, characters: 1, fontScale });
  return (
    <View
      {...leftToRight.props}
      onLayout={({ nativeEvent }) => setWidth(nativeEvent.layout.width)}
      style={leftToRight.style}
    >
      <View aria-hidden importantForAccessibility="no-hide-descendants" style={styles.row}>
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
              <Text style={[styles.digit, { color: theme.ink, fontFamily: theme.fontFamily, fontSize }]}>
                {code[at] ?? ''}
              </Text>
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
        returnKeyType="done"
        selection={{ start: code.length, end: code.length }}
        selectionColor="transparent"
        style={styles.input}
        submitBehavior="submit"
        testID="doorcode-code"
        textContentType="oneTimeCode"
        value={code}
      />
    </View>
  );
}

const styles = StyleSheet.create({
  row: { flexDirection: 'row', gap },
  box: {
    flex: 1,
    minWidth: 0,
    minHeight: 60,
    paddingVertical: 8,
    alignItems: 'center',
    justifyContent: 'center',
  },
  digit: { fontWeight: '600', fontVariant: ['tabular-nums'] },
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
    textAlign: 'left',
  },
});
