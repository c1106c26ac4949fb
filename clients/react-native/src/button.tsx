/** The one button of a screen, and its quieter sibling. No spinner: its words say what is going on. */
import { Pressable, StyleSheet, Text } from 'react-native';
import type { Theme } from './theme.ts';

interface ButtonProps {
  readonly label: string;
  readonly onPress: () => void;
  readonly theme: Theme;
  readonly isBusy?: boolean;
  readonly isDisabled?: boolean;
  readonly kind?: 'main' | 'quiet';
}

export function Button({
  label,
  onPress,
  theme,
  isBusy = false,
  isDisabled = false,
  kind = 'main',
}: ButtonProps) {
  const isMain = kind === 'main';
  const ink = isMain ? theme.accentInk : isDisabled ? theme.softInk : theme.accent;
  return (
    <Pressable
      role="button"
      aria-busy={isBusy}
      aria-disabled={isDisabled}
      disabled={isBusy || isDisabled}
      onPress={onPress}
      style={({ pressed }) => [
        isMain ? styles.main : styles.quiet,
        { borderRadius: theme.radius },
        isMain ? { backgroundColor: theme.accent } : null,
        pressed ? styles.pressed : null,
      ]}
    >
      <Text style={[isMain ? styles.mainText : styles.quietText, { color: ink }]}>{label}</Text>
    </Pressable>
  );
}

const styles = StyleSheet.create({
  // At least 44 points high: a thumb has to hit it (WCAG 2.2, 2.5.8 asks for 24).
  main: { minHeight: 52, alignItems: 'center', justifyContent: 'center', paddingHorizontal: 20 },
  quiet: { minHeight: 44, alignItems: 'center', justifyContent: 'center', paddingHorizontal: 12 },
  mainText: { fontSize: 17, fontWeight: '600' },
  quietText: { fontSize: 16, fontWeight: '500' },
  pressed: { opacity: 0.75 },
});
