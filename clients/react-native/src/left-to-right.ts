/** Digits run from left to right in every script: for the rows of a code and of a number. */
import { Platform } from 'react-native';

/** Browsers take an attribute, phones a style. */
export const leftToRight: { readonly props: object; readonly style: { direction?: 'ltr' } } =
  Platform.OS === 'web' ? { props: { dir: 'ltr' }, style: {} } : { props: {}, style: { direction: 'ltr' } };
