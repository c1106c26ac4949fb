/**
 * Keeps the main button visible. A keyboard takes half of a small phone, and large text needs the rest. Whenever the page's
 * size or content changes, the page scrolls until the button is visible.
 */
import {
  type ComponentRef,
  createContext,
  type ReactNode,
  type RefObject,
  useCallback,
  useContext,
  useMemo,
  useRef,
} from 'react';
import {
  KeyboardAvoidingView,
  type LayoutChangeEvent,
  Platform,
  ScrollView,
  StyleSheet,
  View,
} from 'react-native';

interface MainAction {
  readonly ref: RefObject<ComponentRef<typeof View> | null>;
  readonly onLayout: () => void;
}

const nowhere: MainAction = { ref: { current: null }, onLayout: () => undefined };
const Reveal = createContext<MainAction>(nowhere);

/** The main button reports here where it is, and that it moved. */
export function useMainAction(): MainAction {
  return useContext(Reveal);
}

/** Points between the button and the keyboard. */
const gap = 16;

interface RevealMainActionProps {
  readonly children: ReactNode;
  readonly ground: string;
}

/** The page that scrolls. */
export function RevealMainAction({ children, ground }: RevealMainActionProps) {
  const scroller = useRef<ComponentRef<typeof ScrollView>>(null);
  const content = useRef<ComponentRef<typeof View>>(null);
  const button = useRef<ComponentRef<typeof View>>(null);
  const room = useRef(0);
  const reveal = useCallback((): void => {
    if (content.current === null || room.current === 0) return;
    button.current?.measureLayout(content.current, (_x, y, _width, height) => {
      const hidden = y + height + gap - room.current;
      if (hidden > 0) scroller.current?.scrollTo({ y: hidden, animated: false });
    });
  }, []);
  const action = useMemo<MainAction>(() => ({ ref: button, onLayout: reveal }), [reveal]);

  const onRoom = ({ nativeEvent }: LayoutChangeEvent): void => {
    room.current = nativeEvent.layout.height;
    reveal();
  };
  return (
    <KeyboardAvoidingView
      // In the edge-to-edge layout of Android 15, nothing else makes room for the keyboard.
      behavior={Platform.OS === 'web' ? undefined : 'padding'}
      style={[styles.whole, { backgroundColor: ground }]}
    >
      <ScrollView
        contentContainerStyle={styles.page}
        keyboardShouldPersistTaps="handled"
        onContentSizeChange={reveal}
        onLayout={onRoom}
        ref={scroller}
        testID="doorcode-page"
      >
        <View ref={content} collapsable={false} style={styles.content}>
          <Reveal.Provider value={action}>{children}</Reveal.Provider>
        </View>
      </ScrollView>
    </KeyboardAvoidingView>
  );
}

const styles = StyleSheet.create({
  whole: { flex: 1 },
  page: { flexGrow: 1 },
  content: { flexGrow: 1, justifyContent: 'center', paddingHorizontal: 24, paddingVertical: 24 },
});
