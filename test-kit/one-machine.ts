/** Settings whose limits of rate, address and budget one machine does not meet while it plays every user. */
export const oneMachinePlaysEverybody = {
  requestRatePerSecond: 10_000,
  sendsPerIpv4Address: 1_000_000,
  sendsPerDay: 1_000_000,
  sendsPerHour: 1_000_000,
} as const;
