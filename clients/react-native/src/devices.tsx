/** The devices screen: who is signed in with the user's number, and a button to end each. */
import type { Session, SessionEntry } from 'doorcode-client';
import { ScrollView, StyleSheet, Text, useColorScheme, View } from 'react-native';
import { Button } from './button.tsx';
import { type DeviceTexts, englishDevices } from './device-texts.ts';
import { darkTheme, lightTheme, type SchemeThemes, type Theme } from './theme.ts';
import { useDevices } from './use-devices.ts';

export interface DevicesProps {
  readonly session: Session;
  readonly texts?: DeviceTexts;
  /** Overrides members of the phone's light or dark theme. */
  readonly theme?: Partial<Theme>;
  /** Overrides members of one of them alone. */
  readonly themes?: SchemeThemes;
}

/** Once this device is signed out too, `useSession` says so, and the app shows the sign-in. */
export function Devices({ session, texts = englishDevices, theme: own, themes }: DevicesProps) {
  const isDark = useColorScheme() === 'dark';
  const theme = { ...(isDark ? darkTheme : lightTheme), ...own, ...(isDark ? themes?.dark : themes?.light) };
  const { devices, isBusy, hasFailed, reference, reload, end, endOthers, endAll } = useDevices(session);
  const ink = { color: theme.ink, fontFamily: theme.fontFamily };
  const soft = { color: theme.softInk, fontFamily: theme.fontFamily };
  const button = { kind: 'quiet', isDisabled: isBusy, theme } as const;
  return (
    <ScrollView contentContainerStyle={styles.page} style={{ backgroundColor: theme.ground }}>
      <Text role="heading" aria-level={1} style={[styles.title, ink]}>
        {texts.title}
      </Text>
      <Text role="status" style={[styles.text, soft]}>
        {isBusy ? texts.loading : texts.hint}
      </Text>
      {hasFailed ? (
        <View role="alert" style={[styles.notice, { backgroundColor: theme.noticeGround }]}>
          <Text style={[styles.text, { color: theme.noticeInk, fontFamily: theme.fontFamily }]}>
            {texts.failed}
            {reference === undefined ? '' : `\n${texts.reference(reference)}`}
          </Text>
        </View>
      ) : null}
      <View role="list">
        {(devices ?? []).map((device) => (
          <View key={device.id} role="listitem" style={[styles.device, { borderColor: theme.fieldEdge }]}>
            <View style={styles.words}>
              <Text style={[styles.label, ink]}>{device.label || texts.unnamed}</Text>
              <Text style={[styles.small, soft]}>{aboutIn(texts, device)}</Text>
            </View>
            {device.current ? null : (
              <Button
                {...button}
                label={texts.end}
                name={texts.endOf(device.label || texts.unnamed)}
                onPress={() => end(device.id)}
                testID={`doorcode-end-${device.id}`}
              />
            )}
          </View>
        ))}
      </View>
      {hasFailed ? (
        <Button {...button} label={texts.again} onPress={reload} testID="doorcode-devices-again" />
      ) : null}
      {devices !== undefined && devices.length > 1 ? (
        <Button {...button} label={texts.endOthers} onPress={endOthers} testID="doorcode-end-others" />
      ) : null}
      {devices === undefined ? null : (
        <Button {...button} label={texts.endAll} onPress={endAll} testID="doorcode-end-all" />
      )}
    </ScrollView>
  );
}

function aboutIn(texts: DeviceTexts, { begun, lastUsed, current }: SessionEntry): string {
  const since = texts.since(begun, lastUsed);
  return current ? `${texts.current} · ${since}` : since;
}

const styles = StyleSheet.create({
  page: { flexGrow: 1, gap: 16, padding: 24 },
  title: { fontSize: 26, fontWeight: '700', letterSpacing: -0.4 },
  text: { fontSize: 16, lineHeight: 23 },
  notice: { borderRadius: 10, padding: 12 },
  device: {
    alignItems: 'center',
    borderBottomWidth: StyleSheet.hairlineWidth,
    flexDirection: 'row',
    flexWrap: 'wrap',
    gap: 8,
    minHeight: 64,
    paddingVertical: 8,
  },
  // Wide enough for words; with large text the button goes below.
  words: { flexBasis: 180, flexGrow: 1, flexShrink: 1, gap: 2 },
  label: { fontSize: 17, fontWeight: '600' },
  small: { fontSize: 14, lineHeight: 20 },
});
