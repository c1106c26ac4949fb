/**
 * The React Native example as this page sees it. It is checked against the real types of React Native where those are
 * installed (`npm run client-types`); here it is one component.
 */
declare module 'doorcode-example' {
  import type { Session } from 'doorcode-client';
  import type { ReactElement } from 'react';

  export function ExampleApp(props: {
    session: Session;
    language?: 'en' | 'hi' | undefined;
    smsConsent: (onSms: (text: string) => void) => () => void;
  }): ReactElement;
}
