/** The text of an SMS, from the shared route's template. The words are ours; their length is the provider's. */
import type { Profile } from './state.ts';

const sharedTemplateId = '6990f1b1-6a28-4cb4-a8ed-35a450a6b59d';
const shared =
  '{otp} is your {appName} verification code. It is valid for {expiry} minutes. Please do not share it with anybody.';
const fallback = 'Your verification code is {otp}.';

/** Renders the text. An unknown template falls back silently, or is refused: then undefined. */
export function renderText(
  profile: Profile,
  { templateId, variables }: { templateId: string; variables: Readonly<Record<string, unknown>> },
): string | undefined {
  const isKnown = templateId === sharedTemplateId || templateId.startsWith('aaaaaaaa-');
  if (!isKnown && profile === 'documented') return undefined;
  const template = isKnown ? shared : fallback;
  // Observed: a number loses its leading zeros, because it never had any.
  return template.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    String(variables[name] ?? placeholder),
  );
}
