/** One sentence that screen readers announce when it appears, but not again for each second of its wait. */
import { useEffect } from 'react';
import { AccessibilityInfo, Platform, StyleSheet, Text, View } from 'react-native';
import type { Texts } from './language.ts';
import type { Notice } from './notice.ts';
import type { Theme } from './theme.ts';

interface NoticeLineProps {
  readonly notice: Notice | undefined;
  readonly texts: Texts;
  readonly theme: Theme;
}

export function NoticeLine({ notice, texts, theme }: NoticeLineProps) {
  const reason = notice?.reason;
  const text = notice === undefined ? '' : texts.notice(notice);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each reason, not for each second of its wait.
  useEffect(() => {
    // Android and browsers have live regions. On iOS the app must announce the text.
    if (Platform.OS === 'ios' && reason !== undefined) AccessibilityInfo.announceForAccessibility(text);
  }, [reason]);
  const ink = { color: theme.noticeInk, fontFamily: theme.fontFamily };
  const isCounting = notice?.until !== undefined;
  return (
    <View
      role={isCounting ? 'timer' : 'status'}
      aria-live={isCounting ? 'off' : 'polite'}
      testID="doorcode-notice"
    >
      {notice === undefined ? null : (
        <View style={[styles.line, { backgroundColor: theme.noticeGround, borderRadius: theme.radius }]}>
          <Text style={[styles.text, ink]}>{text}</Text>
          {notice.reference !== undefined ? (
            <Text selectable style={[styles.reference, ink]}>
              {texts.reference(notice.reference)}
            </Text>
          ) : null}
        </View>
      )}
    </View>
  );
}

const styles = StyleSheet.create({
  line: { paddingVertical: 12, paddingHorizontal: 14 },
  text: { fontSize: 15, lineHeight: 21 },
  reference: { fontSize: 13, lineHeight: 18, marginTop: 4 },
});
