/**
 * React Native for the web with the text size of a phone's settings, which browsers lack. It scales fonts and line heights
 * alone. The bundle uses it in place of `react-native`.
 */
import { createElement, forwardRef, useSyncExternalStore } from 'react';
import {
  Text as PlainText,
  TextInput as PlainTextInput,
  StyleSheet,
  useWindowDimensions as usePlainDimensions,
} from 'react-native-web';

export * from 'react-native-web';

/** The font size of text that names none. */
const usualFontSize = 14;

let scale = 1;
const listeners = new Set();

/** 1 is the usual size, 2 is 200 %. */
export function setTextScale(next) {
  scale = next;
  for (const listener of listeners) listener();
}

function useTextScale() {
  return useSyncExternalStore(
    (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    () => scale,
  );
}

function scaled(Component) {
  return forwardRef((props, ref) => {
    const factor = useTextScale();
    const style = StyleSheet.flatten(props.style) ?? {};
    const { fontSize = usualFontSize, lineHeight } = style;
    const fonts = {
      fontSize: fontSize * factor,
      ...(lineHeight === undefined ? {} : { lineHeight: lineHeight * factor }),
    };
    return createElement(Component, { ...props, ref, style: [style, fonts] });
  });
}

export const Text = scaled(PlainText);
export const TextInput = scaled(PlainTextInput);

export function useWindowDimensions() {
  const fontScale = useTextScale();
  return { ...usePlainDimensions(), fontScale };
}
