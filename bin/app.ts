/** The CDK app: the stages and their settings. Copy a stage and change what `lib/doorcode-props.ts` documents. */
import { join } from 'node:path';
import { synthesise } from '../lib/synthesise.ts';

synthesise({
  // The CDK CLI names the directory that it reads.
  outdir: process.env['CDK_OUTDIR'] ?? join(import.meta.dirname, '../cdk.out'),
  stacks: {
    Doorcode: {
      // The region should be near the phones. The account is the one of the person who deploys.
      env: { region: 'ap-south-1' },
      appName: 'Doorcode',
      audience: 'doorcode-app',
    },
  },
});
