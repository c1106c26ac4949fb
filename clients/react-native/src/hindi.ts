/** Hindi, in the polite form. */
import { noticesIn, spacedNumber, type Texts } from './language.ts';

/** `0:09`, `4:30`, `1 घंटा`, `1 घंटा 5 मिनट`. */
function duration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const spoken = `${hours} ${hours === 1 ? 'घंटा' : 'घंटे'}`;
  if (hours > 0) return minutes === 0 ? spoken : `${spoken} ${minutes} मिनट`;
  return `${minutes}:${String(seconds % 60).padStart(2, '0')}`;
}

function attempts(left: number | undefined): string {
  if (left === undefined) return '';
  if (left === 0) return ' फ़िलहाल कोई कोशिश नहीं बची है।';
  return left === 1 ? ' एक कोशिश बची है।' : ` ${left} कोशिशें बची हैं।`;
}

const later = (wait: string | undefined): string =>
  wait === undefined ? 'थोड़ी देर बाद फिर कोशिश करें।' : `${wait} बाद फिर कोशिश करें।`;

export const hindi: Texts = {
  sms: { locale: 'hi' },
  numberTitle: 'आपका मोबाइल नंबर?',
  numberHint: 'साइन इन करने के लिए हम आपको SMS से एक कोड भेजेंगे।',
  numberLabel: 'मोबाइल नंबर',
  send: 'कोड भेजें',
  sending: 'भेजा जा रहा है…',
  codeTitle: 'कोड डालें',
  codeHint: (phoneNumber) => `हमने ${spacedNumber(phoneNumber)} पर SMS भेजा है।`,
  codeLabel: (codeLength) => `${codeLength} अंकों का कोड`,
  verify: 'आगे बढ़ें',
  verifying: 'जाँच हो रही है…',
  resend: 'दोबारा भेजें',
  resendIn: (wait) => `${wait} बाद दोबारा भेजें`,
  resending: 'दोबारा भेजा जा रहा है…',
  expiresIn: (left) => `यह कोड ${left} तक मान्य है।`,
  expired: 'शायद कोड की समय-सीमा बीत चुकी है।',
  changeNumber: 'नंबर बदलें',
  starting: 'एक पल…',
  signedIn: 'आप साइन इन हो गए हैं',
  goOn: 'आगे बढ़ें',
  reference: (reference) => `संदर्भ संख्या: ${reference}`,
  noSms: (reference) => `SMS नहीं आया? सहायता टीम को यह संदर्भ संख्या बताएँ: ${reference}`,
  duration,
  notice: noticesIn(
    {
      'invalid-number': '10 अंकों का एक मोबाइल नंबर डालें, जो 6, 7, 8 या 9 से शुरू होता हो।',
      'malformed-code': 'इसमें कोई एक कोड नहीं मिला। सबसे नए SMS में आया कोड डालें।',
      'incorrect-code': ({ attemptsRemaining }) => `यह कोड सही नहीं है।${attempts(attemptsRemaining)}`,
      'expired-code': 'यह कोड अब मान्य नहीं है। नया कोड मँगवाएँ।',
      unconfirmed: 'SMS आने में थोड़ा समय लग सकता है। आने पर कोड डालें।',
      offline: 'लगता है आप ऑफ़लाइन हैं। इंटरनेट कनेक्शन जाँचें और फिर कोशिश करें: दूसरा SMS नहीं भेजा जाएगा।',
      timeout: 'जवाब आने में बहुत समय लग रहा है। फिर कोशिश करें: दूसरा SMS नहीं भेजा जाएगा।',
      'captive-portal': 'इस नेटवर्क पर पहले लॉग इन करना होगा। कोई वेब पेज खोलें या मोबाइल डेटा चालू करें।',
      busy: 'सर्वर व्यस्त है। थोड़ी देर बाद फिर कोशिश करें: दूसरा SMS नहीं भेजा जाएगा।',
      blocked: 'यह नेटवर्क ऐप को सर्वर से जुड़ने नहीं दे रहा है। दूसरा नेटवर्क या मोबाइल डेटा इस्तेमाल करें।',
      'wrong-address': 'ऐप को अपना सर्वर नहीं मिल रहा है। ऐप अपडेट करके फिर कोशिश करें।',
      'too-many-requests': ({ wait }) => `बहुत ज़्यादा कोड मँगवाए गए हैं। ${later(wait)}`,
      'too-many-attempts': ({ wait }) => `कई बार ग़लत कोड डाला गया है। ${later(wait)}`,
      unavailable: ({ wait }) => `अभी कोड नहीं भेजे जा सकते। ${later(wait)}`,
      'verify-unavailable': ({ wait }) => `अभी कोड की जाँच नहीं हो सकती। ${later(wait)} नए कोड की ज़रूरत नहीं है।`,
      unauthorized: 'आपका सेशन ख़त्म हो गया है। ऐप में फिर से साइन इन करें।',
      'app-not-attested': 'इस ऐप की पुष्टि नहीं हो सकी। इसे ऐप स्टोर से इंस्टॉल करें।',
      'server-fault': 'सर्वर पर कोई गड़बड़ी हुई है। थोड़ी देर बाद फिर कोशिश करें।',
      'invalid-request': 'सर्वर ऐप के इस वर्शन को नहीं समझता। ऐप अपडेट करें।',
      'headers-failed': 'ऐप अनुरोध तैयार नहीं कर सका। इंटरनेट कनेक्शन जाँचें और फिर कोशिश करें।',
      'app-fault': 'ऐप में कोई गड़बड़ी हुई है। फिर कोशिश करें।',
      unknown: 'यह नहीं हो सका। ऐप अपडेट करके फिर कोशिश करें।',
    },
    duration,
  ),
};
