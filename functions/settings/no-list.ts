import * as v from 'valibot';

/** Goes before a schema of an object without required members: valibot takes `[]` for such an object. */
export const noList = v.check<unknown, string>((value) => !Array.isArray(value), 'expected an object');
