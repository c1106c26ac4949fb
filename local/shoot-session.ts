/**
 * What may happen to a session, played on the page and photographed: a lost answer in the middle of a refresh, a killed app,
 * forty days, a second device that ends the first, a thief, a locked phone. It is long because it is one story.
 */
import type { Page as Tab } from 'playwright-core';

/** Plays it all in a tab that shows the page; `shoot` takes a picture. */
export async function shootSession(tab: Tab, shoot: (name: string) => Promise<unknown>): Promise<void> {
  const card = tab.getByRole('region', { name: 'The session' });
  const press = (name: string): Promise<void> => tab.getByRole('button', { name, exact: true }).click();
  const jump = (name: string): Promise<void> =>
    Promise.all([tab.waitForResponse((answer) => answer.url().endsWith('/clock')), press(name)]).then(
      () => undefined,
    );
  const signIn = async (): Promise<void> => {
    const messages = tab.getByRole('button', { name: /^Fill in/ });
    await tab.getByLabel('Mobile number').fill('98765 43210');
    const before = await messages.count();
    await press('Send code');
    await messages.nth(before).waitFor();
    await messages.first().click();
    await tab.getByRole('heading', { name: 'You’re signed in' }).waitFor();
  };
  const network = (name: string): Promise<unknown> =>
    tab.getByLabel('Network of this phone').selectOption(name);
  const device = (name: string): Promise<unknown> =>
    tab.getByRole('combobox', { name: 'Device', exact: true }).selectOption(name);

  await signIn();
  await card.getByText(/good for/).waitFor();
  await shoot('session-signed-in');

  await jump('+1 h');
  await card.getByText(/over: the next call/).waitFor();
  await network('answer-lost');
  await press('Call an API of yours');
  await tab.getByText(/GET \/orders was not sent/).waitFor();
  await shoot('session-answer-lost');

  await press('Kill and restart the app');
  await network('good');
  await press('Call an API of yours');
  await tab.getByText('GET /orders: 200').waitFor();
  await shoot('session-restarted');

  await jump('+40 days');
  await press('Call an API of yours');
  await card.getByText(/good for/).waitFor();
  await shoot('session-forty-days');

  await device('second');
  await signIn();
  await press('List the devices');
  await card.getByRole('list').waitFor();
  await shoot('session-devices');
  await press('End the session of First phone');
  await tab.getByText('session.ended').waitFor();

  await device('first');
  await jump('+5 min');
  await press('Refresh');
  await card.getByText('The session is over.').waitFor();
  await shoot('session-ended-elsewhere');

  await device('second');
  await press('Play a thief');
  await card.getByText(/A thief has copied/).waitFor();
  // Less would still pass for a request that came late.
  await jump('+5 min');
  await jump('+30 s');
  await press('Refresh');
  await card.getByText(/Reuse found/).waitFor();
  await shoot('session-reuse');

  await signIn();
  await press('Lock the storage');
  await press('Kill and restart the app');
  await tab.getByText('Waiting for this phone’s secure storage…').waitFor();
  await shoot('session-locked');
  await press('Unlock the phone');
  await press('Sign out everywhere');
  await card.getByText('Signed out.').waitFor();
}
