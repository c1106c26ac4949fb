/** How the app looks: its language, direction, text size, and whether it fills the page. The URL keeps these. */
import { useEffect, useState } from 'react';
import { Choice } from './choice.tsx';
import { setTextScale } from './scaled-native.js';

export interface Look {
  readonly language: 'en' | 'hi';
  readonly direction: 'ltr' | 'rtl';
  /** Of the text, in percent. */
  readonly textSize: number;
  /** The app without the rest of the page, as on a phone. */
  readonly isAlone: boolean;
}

const sizes = [100, 130, 200];

function lookIn(search: string): Look {
  const wanted = new URLSearchParams(search);
  const textSize = Number(wanted.get('text'));
  return {
    language: wanted.get('lang') === 'hi' ? 'hi' : 'en',
    direction: wanted.get('dir') === 'rtl' ? 'rtl' : 'ltr',
    textSize: sizes.includes(textSize) ? textSize : 100,
    isAlone: wanted.has('alone'),
  };
}

/** The look, and how to change it. */
export function useLook(): readonly [Look, (change: Partial<Look>) => void] {
  const [look, setLook] = useState(() => lookIn(location.search));
  useEffect(() => {
    setTextScale(look.textSize / 100);
    const { language: lang, direction: dir, textSize, isAlone } = look;
    const wanted = new URLSearchParams({
      lang,
      dir,
      text: String(textSize),
      ...(isAlone ? { alone: '' } : {}),
    });
    history.replaceState(null, '', `?${wanted}`);
  }, [look]);
  return [look, (change) => setLook((now) => ({ ...now, ...change }))];
}

interface LookSwitchesProps {
  readonly look: Look;
  readonly onChange: (change: Partial<Look>) => void;
}

export function LookSwitches({ look, onChange }: LookSwitchesProps) {
  return (
    <section aria-labelledby="look-title" className="card">
      <h2 id="look-title">How it looks</h2>
      <div className="fields">
        <Choice
          label="Language"
          onChange={(language) => onChange({ language: language === 'hi' ? 'hi' : 'en' })}
          options={{ en: 'English', hi: 'हिन्दी' }}
          value={look.language}
        />
        <Choice
          label="Direction"
          onChange={(direction) => onChange({ direction: direction === 'rtl' ? 'rtl' : 'ltr' })}
          options={{ ltr: 'left to right', rtl: 'right to left' }}
          value={look.direction}
        />
        <Choice
          label="Text size"
          onChange={(size) => onChange({ textSize: Number(size) })}
          options={Object.fromEntries(sizes.map((size) => [size, `${size} %`]))}
          value={String(look.textSize)}
        />
      </div>
    </section>
  );
}
