/** The main button of a screen, and the secondary one. A changed label shows progress in place of a spinner. */
import { Pressable, StyleSheet, Text } from 'react-native';
import { useMainAction } from './reveal.tsx';
import type { Theme } from './theme.ts';

interface ButtonProps {
  readonly label: string;
  /** What a screen reader says, where the label alone does not tell enough. */
  readonly name?: string;
  readonly onPress: () => void;
  readonly theme: Theme;
  readonly testID: string;
  readonly isBusy?: boolean;
  readonly isDisabled?: boolean;
  readonly kind?: 'main' | 'quiet';
}

export function Button({
  label,
  name,
  onPress,
  theme,
  testID,
  isBusy = false,
  isDisabled = false,
  kind = 'main',
}: ButtonProps) {
  const isMain = kind === 'main';
  const reveal = useMainAction();
  const ink = isMain ? theme.accentInk : isDisabled ? theme.softInk : theme.accent;
  return (
    <Pressable
      ref={isMain ? reveal.ref : undefined}
      role="button"
      aria-label={name}
      aria-busy={isBusy}
      aria-disabled={isDisabled}
      disabled={isBusy || isDisabled}
      onLayout={isMain ? reveal.onLayout : undefined}
      onPress={onPress}
      testID={testID}
      style={({ pressed }) => [
        isMain ? styles.main : styles.quiet,
        { borderRadius: theme.radius },
        isMain ? { backgroundColor: theme.accent } : null,
        pressed ? styles.pressed : null,
      ]}
    >
      <Text
        style={[isMain ? styles.mainText : styles.quietText, { color: ink, fontFamily: theme.fontFamily }]}
      >
        {label}
      </Text>
    </Pressable>
  );
}

const styles = StyleSheet.create({
  // At least 44 points high, so that a thumb hits it (WCAG 2.2, 2.5.8 asks for 24).
  main: {
    minHeight: 52,
    alignItems: 'center',
    justifyContent: 'center',
    paddingHorizontal: 20,
    paddingVertical: 12,
  },
  quiet: {
    minHeight: 44,
    alignItems: 'center',
    justifyContent: 'center',
    paddingHorizontal: 12,
    paddingVertical: 8,
  },
  mainText: { fontSize: 17, fontWeight: '600', textAlign: 'center' },
  quietText: { fontSize: 16, fontWeight: '500', textAlign: 'center' },
  pressed: { opacity: 0.75 },
});
