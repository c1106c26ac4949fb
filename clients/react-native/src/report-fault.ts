/** Tells the app's developer that one of their functions failed. The sign-in goes on. */
export function reportFault(part: string, error: unknown): void {
  console.error(`Doorcode: ${part} failed.`, error);
}
