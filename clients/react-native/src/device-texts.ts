/** The texts of the devices screen. A language is an object of this type. */

export interface DeviceTexts {
  readonly title: string;
  readonly hint: string;
  readonly loading: string;
  /** A device whose app named it not. */
  readonly unnamed: string;
  readonly current: string;
  /** Days such as `2026-11-26`. */
  readonly since: (begun: string, lastUsed: string) => string;
  readonly end: string;
  /** What a screen reader says for `end`, which stands once for each device. */
  readonly endOf: (label: string) => string;
  readonly endOthers: string;
  readonly endAll: string;
  readonly failed: string;
  readonly again: string;
  readonly reference: (reference: string) => string;
}

/** `26 Nov 2026`; what is no day is shown as it is. */
function dayIn(months: readonly string[]): (day: string) => string {
  return (day) => {
    const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
    const name = months[Number(month) - 1];
    return name === undefined ? day : `${Number(date)} ${name} ${year}`;
  };
}

const englishDay = dayIn('Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' '));
const hindiDay = dayIn('जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्तूबर नवंबर दिसंबर'.split(' '));

export const englishDevices: DeviceTexts = {
  title: 'Your devices',
  hint: 'These are signed in with your number. Sign out the ones that you do not know.',
  loading: 'One moment…',
  unnamed: 'A device without a name',
  current: 'This device',
  since: (begun, lastUsed) => `Signed in on ${englishDay(begun)}, last used on ${englishDay(lastUsed)}`,
  end: 'Sign out',
  endOf: (label) => `Sign out: ${label}`,
  endOthers: 'Sign out all others',
  endAll: 'Sign out everywhere',
  failed: 'This did not work, and nothing has changed. Check your connection and try again.',
  again: 'Try again',
  reference: (reference) => `Reference: ${reference}`,
};

/** Hindi, in the polite form. */
export const hindiDevices: DeviceTexts = {
  title: 'आपके डिवाइस',
  hint: 'ये आपके नंबर से साइन इन हैं। जिन्हें आप नहीं पहचानते, उन्हें साइन आउट करें।',
  loading: 'एक पल…',
  unnamed: 'बिना नाम का डिवाइस',
  current: 'यह डिवाइस',
  since: (begun, lastUsed) => `${hindiDay(begun)} को साइन इन, आख़िरी बार ${hindiDay(lastUsed)} को इस्तेमाल`,
  end: 'साइन आउट करें',
  endOf: (label) => `साइन आउट करें: ${label}`,
  endOthers: 'बाकी सभी से साइन आउट करें',
  endAll: 'सभी डिवाइस से साइन आउट करें',
  failed: 'यह नहीं हो सका, और कुछ भी नहीं बदला। इंटरनेट कनेक्शन जाँचें और फिर कोशिश करें।',
  again: 'फिर कोशिश करें',
  reference: (reference) => `संदर्भ संख्या: ${reference}`,
};
