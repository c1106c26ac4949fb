/**
 * An ordinary app, for `npx create-expo-app`: this file and `example-app.tsx` in place of its own App. The session is kept by
 * expo-secure-store; on Android the SMS is read with the user's consent.
 */
import { startSmsHandling } from '@eabdullazyanov/react-native-sms-user-consent';
import { createSession, secureStoreStorage } from 'doorcode-client';
import { userConsent } from 'doorcode-react-native';
import * as SecureStore from 'expo-secure-store';
import { Platform } from 'react-native';
import { ExampleApp } from './example-app.tsx';

const session = createSession({
  // Your deployment's ApiUrl; or the local stack: 127.0.0.1 in the iOS simulator, 10.0.2.2 in Android's.
  baseUrl: Platform.OS === 'android' ? 'http://10.0.2.2:4010' : 'http://127.0.0.1:4010',
  platform: Platform.OS === 'android' ? 'android' : 'ios',
  storage: secureStoreStorage(SecureStore),
  label: Platform.OS === 'android' ? 'Android phone' : 'iPhone',
});

const smsConsent = userConsent(startSmsHandling);

// biome-ignore lint/style/noDefaultExport: Expo's entry imports it so.
export default function App() {
  return <ExampleApp session={session} smsConsent={smsConsent} />;
}
