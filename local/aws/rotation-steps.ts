/**
 * The four calls of a rotation, as Secrets Manager makes them. When one fails, Secrets Manager repeats them all from the
 * first, for the same version. AWS does not document how often and when. Here it is one repetition, at once.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html
 */

const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

/** Runs a rotation. Throws the error of the first try, because errors of the repetition only follow from it. */
export async function playRotation(runStep: (step: string) => Promise<unknown>): Promise<void> {
  const all = async (): Promise<void> => {
    for (const step of steps) await runStep(step);
  };
  await all().catch(async (error: unknown) => {
    await all().catch(() => {
      throw error;
    });
  });
}
