/** The texts of SMS by their templates. The words are ours. The text of the shared route is as long as the provider's. */
import type { Profile } from './state.ts';

const sharedTemplateId = '6990f1b1-6a28-4cb4-a8ed-35a450a6b59d';
const shared =
  '{otp} is your {appName} verification code. It is valid for {expiry} minutes. Please do not share it with anybody.';
const fallback = 'Your verification code is {otp}.';

/** A template in Hindi, as an adopter has it approved. */
const hindiTemplateId = 'aaaaaaaa-0000-4000-8000-000000000091';
const hindi = '{otp} आपका {appName} कोड है। {expiry} मिनट तक मान्य। किसी को न बताएँ।';

/** Settings for people who try the local stack: an app in Hindi gets its SMS in Hindi. */
export const smsInTwoLanguages = {
  smsTemplates: {
    'sign-in': { default: sharedTemplateId, locales: { hi: { default: hindiTemplateId } } },
  },
  smsTexts: { [sharedTemplateId]: { text: shared }, [hindiTemplateId]: { text: hindi } },
} as const;

/** Renders the text. An unknown template falls back silently, or is refused: then undefined. */
export function renderText(
  profile: Profile,
  { templateId, variables }: { templateId: string; variables: Readonly<Record<string, unknown>> },
): string | undefined {
  const isKnown = templateId === sharedTemplateId || templateId.startsWith('aaaaaaaa-');
  if (!isKnown && profile === 'documented') return undefined;
  const known = templateId === hindiTemplateId ? hindi : shared;
  const template = isKnown ? known : fallback;
  // Observed: a number loses its leading zeros, because it never had any.
  return template.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    String(variables[name] ?? placeholder),
  );
}
