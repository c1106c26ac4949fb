/**
 * Checks the texts of SMS templates at synth, where the adopter states them. They are never deployed. The provider delivers
 * an unknown placeholder literally and bills each segment of a text. Without this check the adopter would see that only in
 * the first SMS or the first invoice.
 */
import * as v from 'valibot';
import { wholeNumber } from '../functions/limits/whole-number.ts';
import { exactRecord } from '../functions/settings/exact-record.ts';
import type { Settings } from '../functions/settings/settings.ts';
import { templateIdSchema, templateIdsOf } from '../functions/settings/sms-templates.ts';
import { type SmsLength, smsLength } from './sms-segments.ts';

/** The approved texts by the template's id. */
const smsTextsSchema = exactRecord(
  templateIdSchema,
  v.pipe(
    v.strictObject({
      text: v.pipe(v.string(), v.maxLength(1000, 'expected at most 1000 characters')),
      segments: v.optional(wholeNumber(1, 6), 1),
    }),
    v.readonly(),
  ),
  'expected texts by the id of their template',
);

export const smsTextEntries = {
  /**
   * The approved texts of templates by their id, with `{otp}`, `{appName}` and `{expiry}` where the provider fills in the
   * values. Only the synth reads them: it refuses a text that costs more than `segments` SMS segments (1, unless you say
   * more). A segment has 160 characters of GSM-7, of which ^ { } \ [ ] ~ | € count twice, or 70 when a single character is
   * of another alphabet, as in every Hindi text; a segment of several has 153 or 67. Unset, nothing of them is checked.
   */
  smsTexts: v.optional(smsTextsSchema),
};

type SmsTexts = v.InferOutput<typeof smsTextsSchema>;
type Filling = Pick<Settings, 'appName' | 'codeLifetimeSeconds' | 'smsTemplates'>;

const placeholders = /\{([^{}]*)\}/g;

/** What is wrong with the texts, a line for each mistake. */
export function smsTextMistakes(settings: Filling, smsTexts: SmsTexts): readonly string[] {
  const ids = new Set(
    Object.values(settings.smsTemplates).flatMap((templates) => [...templateIdsOf(templates)]),
  );
  return Object.entries(smsTexts).flatMap(([id, { text, segments }]) => {
    const names = [...text.matchAll(placeholders)].map(([, name]) => name);
    const known = filling(settings);
    const strange = names.filter((name) => name === undefined || !Object.hasOwn(known, name));
    const length = smsLength(text.replace(placeholders, (whole, name: string) => known[name] ?? whole));
    return [
      ...(ids.has(id) ? [] : ['expected the id of a template that smsTemplates names']),
      ...(names.includes('otp') ? [] : ['expected {otp} in the text: without it no code is sent']),
      ...strange.map(
        (name) =>
          `expected no {${name}} in the text: the provider fills in {otp}, {appName} and {expiry} alone`,
      ),
      ...(length.segments > segments ? [tooLong(length, segments)] : []),
    ].map((mistake) => `smsTexts.${id}: ${mistake}`);
  });
}

/** What the provider puts into the text; every code is as long as this one. */
function filling({ appName, codeLifetimeSeconds }: Filling): Readonly<Record<string, string>> {
  return { otp: '000000', appName, expiry: String(codeLifetimeSeconds / 60) };
}

function tooLong({ alphabet, units, unitsOfOne, segments, foreign }: SmsLength, accepted: number): string {
  const because = foreign === undefined ? '' : `, because of ${JSON.stringify(foreign)}`;
  return (
    `expected a text of ${accepted === 1 ? 'one segment' : `at most ${accepted} segments`}: filled in, this one has ` +
    `${units} characters of ${alphabet}${because}, where one segment has ${unitsOfOne}, and each SMS costs ${segments} ` +
    `segments. Shorten it, or accept the cost with "segments: ${segments}"`
  );
}
