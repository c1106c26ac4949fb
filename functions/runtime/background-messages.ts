/**
 * Every message of the functions that no app waits for: well-known and the rotations. Their bundles have these and no
 * others: `#messages` in package.json names this file for each.
 */
import {
  byDependency,
  byReport,
  commonMessages,
  error,
  info,
  type Message,
  none,
  warn,
} from './common-messages.ts';

export const messages = {
  'well-known.no-keys': error('Run the rotation of the signing secret: it publishes the keys.'),
  'well-known.unavailable': error(byDependency),
  'well-known.fault': error(byReport),
  'rotate-provider-key.done': info(none),
  'rotate-provider-key.failed': error(
    'no-candidate: store the candidate first. malformed or refused: store the right key. no-answer: start again later. Any other reason: see docs/security-team.md.',
  ),
  'rotate-provider-key.candidate-forgotten': warn(
    'Promote it (npm run keys -- promote), or revoke that key in the StartMessaging dashboard and remove the label CANDIDATE.',
  ),
  'rotate-code-secret.done': info(none),
  'rotate-code-secret.failed': error(
    'If it goes on, check whether the function lost a right. RotateSecret starts the rotation again.',
  ),
  'rotate-session-secret.done': info(none),
  'rotate-session-secret.failed': error(
    'too-soon: somebody started it, or the secret was replaced by hand; wait for the next one. too-late: start it again. Otherwise, if it goes on, check whether the function lost a right.',
  ),
  'rotate-signing-key.done': info(none),
  'rotate-signing-key.replaced': warn(
    'Nothing, if you did it. Otherwise find out who may invoke the function.',
  ),
  'rotate-signing-key.failed': error('Read the error beside it. RotateSecret starts the rotation again.'),
  ...commonMessages,
} satisfies Readonly<Record<string, Message>>;
