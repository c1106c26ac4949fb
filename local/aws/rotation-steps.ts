/**
 * The four calls of a rotation, as Secrets Manager makes them. When one fails it makes them all again, from the first
 * and for the same version; how often and when, AWS does not say. Here that is once and at once.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html
 */

const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

/** Runs a rotation; throws what the first try threw, because what a repetition meets is a consequence. */
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
