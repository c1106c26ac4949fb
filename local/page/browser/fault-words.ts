/** The provider's faults in plain words; one that is not named here shows its own name. */
const words: Readonly<Record<string, string>> = {
  '400-validation': 'refused: the request is invalid',
  '400-balance': 'refused: no balance (400)',
  '400-number-limit': 'refused: this number has had its SMS (400)',
  '400-carrier': 'refused by the carrier',
  '401': 'refused: the key is wrong',
  '402-balance': 'refused: no balance (402)',
  '403': 'refused: the account may not send',
  '429-throttle': 'refused: too many requests of ours',
  '429-number-limit': 'refused: this number has had its SMS (429)',
  '500': 'an error; the SMS may come',
  '503': 'unavailable; the SMS may come',
  '504': 'a gateway’s time-out; the SMS may come',
  html: 'an error page; the SMS may come',
  empty: 'an empty error',
  truncated: 'an answer cut off',
  trickle: 'an answer that trickles; the SMS comes',
  'reset-before': 'the connection breaks, no SMS',
  'reset-after': 'the connection breaks, the SMS comes',
  'hang-before': 'no answer, no SMS',
  'hang-after': 'no answer, the SMS comes',
};

export function faultWords(name: string): string {
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name;
}
