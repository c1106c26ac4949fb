/** An entry that has an optional feature, as the functions have theirs. */
import { openFeature } from './optional-feature.ts';

const feature = process.env['LEFT_OUT_FEATURE'] ? undefined : openFeature();

/** Says whether the feature is there. */
export async function handler(): Promise<string> {
  return feature === undefined ? 'without' : 'with';
}
