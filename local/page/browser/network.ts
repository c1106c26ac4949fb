/** The states of a phone's network, by name, with the words for each. */
export const networks = {
  good: 'good',
  slow: 'slow: 4 s each way',
  offline: 'offline',
  'answer-lost': 'the answer gets lost',
  portal: 'a log-in page in between',
} as const;

export type Network = keyof typeof networks;

const slowMs = 4_000;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A `fetch` over a network in this state. */
export async function fetchOver(network: Network, url: string, init: RequestInit): Promise<Response> {
  switch (network) {
    case 'good':
      return fetch(url, init);
    case 'slow': {
      await wait(slowMs);
      const response = await fetch(url, init);
      await wait(slowMs);
      return response;
    }
    case 'offline':
      throw new TypeError('offline, by the switch on this page');
    case 'answer-lost':
      await (await fetch(url, init)).text();
      throw new TypeError('the answer got lost, by the switch on this page');
    case 'portal':
      return new Response('<!doctype html><title>Welcome to Airport WiFi</title>', {
        headers: { 'content-type': 'text/html' },
      });
  }
}
