import 'notice.dart';
import 'texts.dart';

/// Hindi, in the polite form.
class HindiTexts extends DoorcodeTexts {
  const HindiTexts();

  @override
  String get smsLocale => 'hi';

  @override
  String get numberTitle => 'आपका मोबाइल नंबर?';

  @override
  String get numberHint => 'साइन इन करने के लिए हम आपको SMS से एक कोड भेजेंगे।';

  @override
  String get numberLabel => 'मोबाइल नंबर';

  @override
  String get send => 'कोड भेजें';

  @override
  String get sending => 'भेजा जा रहा है…';

  @override
  String get codeTitle => 'कोड डालें';

  @override
  String get verify => 'आगे बढ़ें';

  @override
  String get verifying => 'जाँच हो रही है…';

  @override
  String get resend => 'दोबारा भेजें';

  @override
  String get resending => 'दोबारा भेजा जा रहा है…';

  @override
  String get expired => 'शायद कोड की समय-सीमा बीत चुकी है।';

  @override
  String get changeNumber => 'नंबर बदलें';

  @override
  String get starting => 'एक पल…';

  @override
  String get signedIn => 'आप साइन इन हो गए हैं';

  @override
  String get goOn => 'आगे बढ़ें';

  @override
  String codeHint(String phoneNumber) => 'हमने ${spacedNumber(phoneNumber)} पर SMS भेजा है।';

  @override
  String codeLabel(int codeLength) => '$codeLength अंकों का कोड';

  @override
  String resendIn(String duration) => '$duration बाद दोबारा भेजें';

  @override
  String expiresIn(String duration) => 'यह कोड $duration तक मान्य है।';

  @override
  String reference(String reference) => 'संदर्भ संख्या: $reference';

  @override
  String noSms(String reference) => 'SMS नहीं आया? सहायता टीम को यह संदर्भ संख्या बताएँ: $reference';

  @override
  String notice(Notice notice, String? wait) {
    switch (notice.reason) {
      case NoticeReason.invalidNumber:
        return '10 अंकों का एक मोबाइल नंबर डालें, जो 6, 7, 8 या 9 से शुरू होता हो।';
      case NoticeReason.malformedCode:
        return 'इसमें कोई एक कोड नहीं मिला। सबसे नए SMS में आया कोड डालें।';
      case NoticeReason.expiredCode:
        return 'यह कोड अब मान्य नहीं है। नया कोड मँगवाएँ।';
      case NoticeReason.unconfirmed:
        return 'SMS आने में थोड़ा समय लग सकता है। आने पर कोड डालें।';
      case NoticeReason.offline:
        return 'लगता है आप ऑफ़लाइन हैं। इंटरनेट कनेक्शन जाँचें और फिर कोशिश करें: दूसरा SMS नहीं भेजा जाएगा।';
      case NoticeReason.timeout:
        return 'जवाब आने में बहुत समय लग रहा है। फिर कोशिश करें: दूसरा SMS नहीं भेजा जाएगा।';
      case NoticeReason.captivePortal:
        return 'इस नेटवर्क पर पहले लॉग इन करना होगा। कोई वेब पेज खोलें या मोबाइल डेटा चालू करें।';
      case NoticeReason.busy:
        return 'सर्वर व्यस्त है। थोड़ी देर बाद फिर कोशिश करें: दूसरा SMS नहीं भेजा जाएगा।';
      case NoticeReason.blocked:
        return 'यह नेटवर्क ऐप को सर्वर से जुड़ने नहीं दे रहा है। दूसरा नेटवर्क या मोबाइल डेटा इस्तेमाल करें।';
      case NoticeReason.wrongAddress:
        return 'ऐप को अपना सर्वर नहीं मिल रहा है। ऐप अपडेट करके फिर कोशिश करें।';
      case NoticeReason.unauthorized:
        return 'आपका सेशन ख़त्म हो गया है। ऐप में फिर से साइन इन करें।';
      case NoticeReason.appNotAttested:
        return 'इस ऐप की पुष्टि नहीं हो सकी। इसे ऐप स्टोर से इंस्टॉल करें।';
      case NoticeReason.serverFault:
        return 'सर्वर पर कोई गड़बड़ी हुई है। थोड़ी देर बाद फिर कोशिश करें।';
      case NoticeReason.invalidRequest:
        return 'सर्वर ऐप के इस वर्शन को नहीं समझता। ऐप अपडेट करें।';
      case NoticeReason.headersFailed:
        return 'ऐप अनुरोध तैयार नहीं कर सका। इंटरनेट कनेक्शन जाँचें और फिर कोशिश करें।';
      case NoticeReason.appFault:
        return 'ऐप में कोई गड़बड़ी हुई है। फिर कोशिश करें।';
      case NoticeReason.unknown:
        return 'यह नहीं हो सका। ऐप अपडेट करके फिर कोशिश करें।';
      case NoticeReason.incorrectCode:
        return 'यह कोड सही नहीं है।${_attempts(notice.attemptsRemaining)}';
      case NoticeReason.tooManyRequests:
        return 'बहुत ज़्यादा कोड मँगवाए गए हैं। ${wait ?? 'थोड़ी देर'} बाद फिर कोशिश करें।';
      case NoticeReason.tooManyAttempts:
        return 'कई बार ग़लत कोड डाला गया है। ${wait ?? 'थोड़ी देर'} बाद फिर कोशिश करें।';
      case NoticeReason.unavailable:
        return 'अभी कोड नहीं भेजे जा सकते। ${wait ?? 'थोड़ी देर'} बाद फिर कोशिश करें।';
      case NoticeReason.verifyUnavailable:
        return 'अभी कोड की जाँच नहीं हो सकती। ${wait ?? 'थोड़ी देर'} बाद फिर कोशिश करें। नए कोड की ज़रूरत नहीं है।';
    }
  }

  @override
  String duration(int seconds) {
    final hours = seconds ~/ 3600;
    if (hours == 0) return minutesAndSeconds(seconds);
    final minutes = seconds % 3600 ~/ 60;
    final spoken = '$hours ${hours == 1 ? 'घंटा' : 'घंटे'}';
    return minutes == 0 ? spoken : '$spoken $minutes मिनट';
  }

  String _attempts(int? left) {
    if (left == null) return '';
    if (left == 0) return ' फ़िलहाल कोई कोशिश नहीं बची है।';
    return left == 1 ? ' एक कोशिश बची है।' : ' $left कोशिशें बची हैं।';
  }
}
