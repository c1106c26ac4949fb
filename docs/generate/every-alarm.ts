/** Settings with every option that has an alarm of its own, so that the table of alarms is whole. */
import type { DoorcodeStackProps } from '../../lib/doorcode-stack-props.ts';

/** Beside these a stack needs `appName` and `audience`. */
export const everyAlarm = {
  testNumbersUntil: '2099-12-31',
  cloudTrailLogGroupName: 'trail',
  session: {
    issuer: 'https://issuer.example',
    audience: 'doorcode',
    jwksUrl: 'https://issuer.example/jwks.json',
    algorithms: ['ES256'],
    purposes: ['sign-in'],
  },
} satisfies Partial<DoorcodeStackProps>;
