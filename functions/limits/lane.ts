/**
 * The lanes: how well a caller is known. A lane with an item of its own has limits of its own. So strangers who use up a
 * number's public limits take nothing from a device that has signed in before.
 *
 * The request's id contains the lane, sealed, so that verify knows it and nobody can change it.
 */

/**
 * `public`: anybody who knows the number. `attested`: the same, from an app that has proved to be the adopter's.
 * `device`: a device that has signed in with this number. `test`: a test number, which never gets an SMS.
 */
export type Lane = 'public' | 'attested' | 'device' | 'test';

/** The prefix of the number's item, by lane. An attested app shares the item, and the limits, of the public. */
export const itemPrefixes = {
  public: 'phone',
  attested: 'phone',
  device: 'device',
  test: 'test',
} as const satisfies Readonly<Record<Lane, string>>;

/** The items of a number, named by lane. The attested lane has no item of its own. */
export type ItemLane = Exclude<Lane, 'attested'>;

/** The items that a number can have, by what they are for, with the prefix of the key. */
export const numberItemPrefixes = {
  public: itemPrefixes.public,
  device: itemPrefixes.device,
  test: itemPrefixes.test,
  sessions: 'sessions',
  /** Those of a test number, so that whoever knows its fixed code reaches none of its owner's. */
  testSessions: `sessions#${itemPrefixes.test}`,
} as const;

export type NumberItem = keyof typeof numberItemPrefixes;

/** The items that hold sends, guesses and codes of a number. */
export const laneItems = ['public', 'device', 'test'] as const satisfies readonly ItemLane[];

/**
 * The items of a number, in the order in which they are deleted: a sign-in that is under way needs an item of a lane before
 * it begins a session. Those of lanes that the settings have closed are among them. Where sessions are off, nobody has a
 * right on sessions.
 */
export function numberItems({ sessions }: { readonly sessions: unknown }): readonly NumberItem[] {
  return [...laneItems, ...(sessions === 'off' ? [] : (['sessions', 'testSessions'] as const))];
}

/** The lanes that the settings use. A function has rights only to the items of these lanes. */
export function openItems({
  devicesPerNumber,
  testNumbersUntil,
}: {
  readonly devicesPerNumber: number;
  readonly testNumbersUntil?: string | undefined;
}): readonly ItemLane[] {
  return [
    'public',
    ...(devicesPerNumber > 0 ? (['device'] as const) : []),
    ...(testNumbersUntil === undefined ? [] : (['test'] as const)),
  ];
}

/** The lane whose item keeps the challenges of `lane`. */
export function itemLaneOf(lane: Lane): ItemLane {
  return lane === 'attested' ? 'public' : lane;
}

/** The byte of each lane in a sealed id. Never renumber them, because open ids survive a deployment. */
export const laneBytes = { public: 0, device: 1, test: 2, attested: 3 } as const satisfies Readonly<
  Record<Lane, number>
>;

/** The lane that a byte stands for. */
export function laneOf(byte: number): Lane | undefined {
  const [lane] = Object.entries(laneBytes).find(([, known]) => known === byte) ?? [];
  return lane as Lane | undefined;
}
