/** Lays out a code or a number from left to right, as digits run in every script. */
import { Platform } from 'react-native';

/** Browsers need an attribute, phones a style. */
export const leftToRight: { readonly props: object; readonly style: { direction?: 'ltr' } } =
  Platform.OS === 'web' ? { props: { dir: 'ltr' }, style: {} } : { props: {}, style: { direction: 'ltr' } };
