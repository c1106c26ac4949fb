/**
 * The SMS templates of a purpose: a default, others for single platforms, and the same again for each language with texts
 * of its own. The provider holds the approved texts; the settings have only their ids.
 */
import * as v from 'valibot';
import { exactRecord } from './exact-record.ts';

/** The id of a template at StartMessaging. */
export const templateIdSchema = v.pipe(
  v.string(),
  v.regex(
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    'expected the UUID of a StartMessaging template, in lower case',
  ),
);

/**
 * A language tag (BCP 47, RFC 5646): language, and where needed script and region, in the one spelling of section
 * 2.1.1. Variants and extensions say nothing about which text to send.
 */
export const localeSchema = v.pipe(
  v.string(),
  v.regex(
    /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/,
    'expected a language tag such as "hi" or "hi-IN"',
  ),
);

const byPlatform = {
  default: templateIdSchema,
  android: v.optional(templateIdSchema),
  ios: v.optional(templateIdSchema),
  web: v.optional(templateIdSchema),
};

/** The templates of one purpose. */
export const templatesSchema = v.strictObject({
  ...byPlatform,
  locales: v.optional(exactRecord(localeSchema, v.strictObject(byPlatform), 'expected templates by locale')),
});

/** The templates of one purpose. */
export type SmsTemplates = v.InferOutput<typeof templatesSchema>;

/** What selects a template. Both values are the app's own claim. */
export interface Reader {
  readonly platform?: 'android' | 'ios' | 'web' | undefined;
  readonly locale?: string | undefined;
}

/**
 * The template of a platform in a language. A language that is not configured falls back to its tag without the last
 * subtag (RFC 4647, section 3.4), and at last to the templates without a locale. A platform falls back to `default`.
 */
export function templateFor({ locales = {}, ...usual }: SmsTemplates, { platform, locale }: Reader): string {
  const subtags = locale?.split('-') ?? [];
  const tags = subtags.map((_, left) => subtags.slice(0, subtags.length - left).join('-'));
  const known = tags.find((tag) => Object.hasOwn(locales, tag));
  const templates = (known !== undefined && locales[known]) || usual;
  return (platform && templates[platform]) ?? templates.default;
}

/** Every template of a purpose, in all languages, each once. */
export function templateIdsOf({ locales = {}, ...usual }: SmsTemplates): ReadonlySet<string> {
  const ids = [usual, ...Object.values(locales)].flatMap((templates) => Object.values(templates));
  return new Set(ids.filter((id) => id !== undefined));
}
