/**
 * `npm run sessions`: ends every session of a number, for support and in an incident. The function of sessions does it, and
 * IAM decides who may invoke that function. The command reads no secret, and the number is in no argument list.
 */
import * as v from 'valibot';
import { sealedPhoneNumberSchema } from '../functions/otp/sealed-phone-number.ts';
import { Advice } from '../terminal/advice.ts';
import { confirm } from './command/confirm.ts';
import type { Deployment } from './command/deployment.ts';
import { invoke } from './command/invoke.ts';
import { readUnseen } from './command/read-unseen.ts';
import { commonOptions, commonUsage, connect, readArguments, run } from './command/run.ts';
import { masked } from './controls/masked.ts';

const usage = `npm run sessions -- [options] <command>
  end                  ends every session of a number, which comes from a pipe, or is typed without being shown

${commonUsage}`;

const resultSchema = v.object({ ended: v.pipe(v.number(), v.integer(), v.minValue(0)) });

async function end(deployment: Deployment, isSure: boolean): Promise<string> {
  const none = 'This deployment has no sessions: they are off, or its version has none yet.';
  const functionName = deployment.functionOf('Session', none);
  const typed = v.safeParse(sealedPhoneNumberSchema, await readUnseen('Type the number'));
  if (!typed.success)
    throw new Advice('Nothing was done: expected +91 and the ten digits of a mobile number, without spaces.');
  const number = masked(typed.output);
  await confirm(isSure, [
    `Every session of ${number} ends. On each of its devices the app asks for a code again.`,
    'Access tokens that it has work until they expire: 15 minutes, or sessions.accessTokenSeconds.',
    'It may sign in again at once. To stop that as well: npm run controls -- deny.',
    'Its limits and devices stay. To delete all that the table has of it: npm run support -- forget.',
  ]);
  console.error(`Ending the sessions of ${number} …`);
  const invoked = await invoke(deployment, functionName, { endSessionsOf: typed.output });
  const result = invoked.tag === 'result' ? v.safeParse(resultSchema, invoked.result) : undefined;
  if (!result?.success) {
    const why = invoked.tag === 'failed' ? invoked.message : 'its answer is of another version';
    throw new Advice(`The function failed: ${why}. Some sessions may have ended. Run the command again.`);
  }
  const { ended } = result.output;
  if (ended === 0) return `${number} has no session.`;
  return `Ended ${ended} ${ended === 1 ? 'session' : 'sessions'} of ${number}.`;
}

run(async () => {
  const { values, positionals } = readArguments(commonOptions, usage);
  if (values.help) return usage;
  if (positionals.length !== 1 || positionals[0] !== 'end') throw new Advice(usage);
  return end(await connect(values), values.yes);
});
