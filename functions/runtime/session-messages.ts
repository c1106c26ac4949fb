/** Every message that session logs. Its bundle has these and no others: `#messages` in package.json names this file for it. */
import {
  byReport,
  bySignerOrDependency,
  bySignIn,
  commonMessages,
  error,
  info,
  type Message,
  none,
  warn,
} from './common-messages.ts';

export const messages = {
  'session.replayed': info(none),
  'session.late': warn(
    'Nothing, unless it is frequent: then look for an app that does not wait for its own refresh.',
  ),
  'session.over': info(none),
  'session.reuse': warn(
    'Nothing for a few. If there are many, look at docs/on-call.md: somebody copied the storage of many phones, or a client keeps its tokens wrongly.',
  ),
  'session.forged': warn(bySignIn),
  'session.denied': warn('Nothing. npm run controls -- status lists the denied numbers and prefixes.'),
  'session.invalid': info(bySignIn),
  'session.revoked': info(none),
  'session.nothing-to-revoke': info(none),
  'session.listed': info(none),
  'session.ended': info(none),
  'session.ended-by-operator': warn(
    'Nothing, if you did it. Otherwise find out who may invoke the function.',
  ),
  'session.secret-outdated': error(
    'Check whether Secrets Manager has an incident or the function lost its right to the session secret.',
  ),
  'session.controls-unreadable': error(
    'Run npm run controls -- status: it says what is wrong. npm run controls -- previous restores the version before.',
  ),
  'session.damaged': error('Find out who writes to the table by hand.'),
  'session.unavailable': error(bySignerOrDependency),
  'session.fault': error(byReport),
  ...commonMessages,
} satisfies Readonly<Record<string, Message>>;
