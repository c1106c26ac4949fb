/** A failure that the person at the terminal can fix. Its message says what to do. */
export class Advice extends Error {}
