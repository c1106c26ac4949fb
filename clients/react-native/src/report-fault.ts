/** Tells the app's developer that something they handed in failed. The sign-in goes on. */
export function reportFault(part: string, error: unknown): void {
  console.error(`Doorcode: ${part} failed.`, error);
}
