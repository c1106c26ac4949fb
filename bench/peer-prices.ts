/**
 * What others publish for a month in which a million users sign in once, without the SMS where an adopter can bring a
 * provider. Each rate is quoted from the page that the source names, as it was on the day beside it, and nothing is added.
 * A rate that was not found is not guessed.
 */

/** A rate for each user from the one after `above`. */
interface Rate {
  readonly above: number;
  readonly usd: number;
}

interface PeerPrice {
  readonly name: string;
  /** By rising `above`; empty where no rate for a million users was found. */
  readonly rates: readonly Rate[];
  readonly planUsd?: number;
  readonly terms: string;
  readonly source: string;
  readonly seen: string;
}

const users = 1_000_000;

/** The peers. */
export const peerPrices: readonly PeerPrice[] = [
  {
    name: 'Amazon Cognito, Essentials',
    rates: [{ above: 10_000, usd: 0.015 }],
    terms:
      'each monthly active user; SMS by Amazon SNS apart. The plan Essentials has sign-in without a password',
    source: 'https://aws.amazon.com/cognito/pricing/',
    seen: '2026-09-20, by a public transcript of the page',
  },
  {
    name: 'Firebase phone auth (Google Identity Platform)',
    rates: [
      { above: 50_000, usd: 0.0055 },
      { above: 100_000, usd: 0.0046 },
    ],
    terms: 'each monthly active user; each SMS is Google’s and apart, at a rate for India that was not found',
    source: 'https://cloud.google.com/identity-platform/pricing',
    seen: 'a stored copy without a date',
  },
  {
    name: 'Supabase Auth, Pro',
    rates: [{ above: 100_000, usd: 0.00325 }],
    planUsd: 25,
    terms: 'each monthly active user; SMS by a provider of the adopter’s apart',
    source: 'https://supabase.com/docs/guides/platform/manage-your-usage/monthly-active-users',
    seen: 'a stored copy without a date; the same in a mirror of 2026-06-08',
  },
  {
    name: 'Clerk, Pro',
    rates: [
      { above: 50_000, usd: 0.02 },
      { above: 100_000, usd: 0.018 },
    ],
    planUsd: 25,
    terms: 'each user who comes back after a day; SMS apart, at a rate for India that was not found',
    source: 'https://clerk.com/pricing',
    seen: '2026-09-20, by a public transcript of the page',
  },
  {
    name: 'Twilio Verify',
    rates: [{ above: 0, usd: 0.05 }],
    terms: 'each successful verification; the SMS apart. It gives no token and keeps no session',
    source: 'https://www.github.com/modxcms/twilio/wiki',
    seen: '2022-10-11, second hand: Twilio’s own page was not found',
  },
  {
    name: 'Auth0, Essentials',
    rates: [],
    terms: '35 USD a month for 500 monthly active users; no price for a million was found',
    source: 'https://auth0.com/pricing',
    seen: '2026-09-20, by a public transcript of the page',
  },
];

/** USD for a million users; undefined where no rate was found. */
export function usdOfAMillion({ rates, planUsd = 0 }: PeerPrice): number | undefined {
  if (rates.length === 0) return undefined;
  const usage = rates.map(({ above, usd }, i) => usd * Math.max(0, (rates[i + 1]?.above ?? users) - above));
  return planUsd + usage.reduce((sum, one) => sum + one, 0);
}

/** The comparison; `ours` is the price of a million sign-ins and a month, USD. */
export function peerTable(ours: number): string {
  const rows = peerPrices.map((peer) => {
    const usd = usdOfAMillion(peer);
    const price = usd === undefined ? 'not found' : Math.round(usd).toLocaleString('en-US');
    return `| ${peer.name} | ${price} | ${peer.terms} | ${peer.source} | ${peer.seen} |`;
  });
  return [
    'A month in which a million users sign in once, without the SMS. Theirs includes people who run it, which ours does not:',
    '',
    '| | USD | what for | source | seen |',
    '| --- | ---: | --- | --- | --- |',
    `| Doorcode, defaults | ${Math.round(ours).toLocaleString('en-US')} | the lines below: by traffic, extras and the month | a model | this run |`,
    ...rows,
  ].join('\n');
}
