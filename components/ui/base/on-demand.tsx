'use client';

import {
  type ComponentProps,
  type Ref,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';

/**
 * A part of a control that the page can render without: it is loaded once the page is idle, or as soon as it is needed.
 * `missing`: it could not be loaded; a server of another build may no longer have it.
 */
export type OnDemand<Part> = {
  readonly load: () => Promise<void>;
  readonly watch: (listener: () => void) => () => void;
  readonly current: () => Part | 'missing' | null;
};

/** Parts that a test can load all at once. */
const all: OnDemand<unknown>[] = [];

/** Loads every part, and the parts of those, for tests of a complete page. */
export async function loadAllParts(): Promise<void> {
  for (const part of all) await part.load();
}

/**
 * Defines a part. It is loaded once the page is idle, even if it is closed: a dialog must open even after the server
 * has changed to another build. After a failure it is loaded again on demand.
 * @param from `use`: a large part that few visits need is loaded when it is first needed
 */
export function onDemand<Part>(
  fetchPart: () => Promise<Part>,
  from: 'idle' | 'use' = 'idle',
): OnDemand<Part> {
  let part: Part | 'missing' | null = null;
  let loading: Promise<void> | null = null;
  const listeners = new Set<() => void>();
  const change = (next: typeof part) => {
    part = next;
    for (const listener of listeners) listener();
  };
  const made: OnDemand<Part> = {
    load() {
      if (loading !== null) return loading;
      loading = fetchPart()
        .then(async (fetched) => {
          await pressEnd();
          change(fetched);
        })
        .catch(() => {
          loading = null;
          change('missing');
        });
      return loading;
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    current: () => part,
  };
  all.push(made);
  if (typeof window !== 'undefined' && from === 'idle') whenIdle(made.load);
  return made;
}

/** A press on a button that is replaced before it ends would be lost. */
function pressEnd(): Promise<void> | undefined {
  if (typeof document === 'undefined') return;
  if (document.querySelector(':is(button, input):active') === null) return;
  return new Promise((resolve) => {
    const end = () => setTimeout(resolve);
    addEventListener('pointerup', end, { once: true });
    addEventListener('keyup', end, { once: true });
  });
}

/** Calls `act` when the page has loaded and is idle. */
function whenIdle(act: () => void): void {
  const wait = () => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(act, { timeout: 2000 });
    else setTimeout(act, 200);
  };
  if (document.readyState === 'complete') wait();
  else addEventListener('load', wait, { once: true });
}

/**
 * Returns a part, or null until it is loaded.
 * @param isNeeded loads it now, not when the page is idle
 */
export function usePart<Part>(part: OnDemand<Part>, isNeeded: boolean): Part | 'missing' | null {
  const { load, watch, current } = part;
  useEffect(() => {
    if (isNeeded) void load();
  }, [isNeeded, load]);
  return useSyncExternalStore(watch, current, () => null);
}

/** The state that the part inherits from its placeholder. */
type TakeOver<E> = {
  /** The placeholder was pressed: the part opens. */
  readonly isOpen: boolean;
  /** Takes the focus, if the placeholder had it. */
  readonly focus: RefObject<E | null>;
};

/** Returns a part, and its placeholder until the part is loaded. */
export function useStandIn<Part, E extends HTMLElement = HTMLButtonElement>(onDemandPart: OnDemand<Part>) {
  const [isOpen, setOpen] = useState(false);
  const part = usePart(onDemandPart, isOpen);
  const focus = useRef<E>(null);
  const hadFocus = useRef<FocusedText | null>(null);
  const isReady = part !== null && part !== 'missing';
  // The placeholder reports in the same commit whether it had the focus.
  useLayoutEffect(() => {
    if (!isReady || hadFocus.current === null) return;
    focus.current?.focus({ preventScroll: true });
    if (focus.current instanceof HTMLInputElement) focus.current.setSelectionRange(...hadFocus.current);
    hadFocus.current = null;
  }, [isReady]);
  return {
    part: isReady ? part : null,
    takeOver: { isOpen, focus } satisfies TakeOver<E>,
    standIn: {
      onLeave: (text: FocusedText) => {
        hadFocus.current = text;
      },
    },
    load: onDemandPart.load,
    open: () => {
      setOpen(true);
      void onDemandPart.load();
    },
  };
}

/** Selection of a focused text field; 0 and 0 for a button. */
type FocusedText = readonly [start: number, end: number];

type OnLeave = {
  /** Called if it has the focus when it is replaced. */
  readonly onLeave: (text: FocusedText) => void;
};

function useLeave<E extends HTMLButtonElement | HTMLInputElement>(onLeave: OnLeave['onLeave']): Ref<E> {
  const ref = useRef<E>(null);
  const leave = useRef(onLeave);
  useLayoutEffect(() => {
    const element = ref.current;
    return () => {
      if (element === null || element !== document.activeElement) return;
      leave.current(
        element instanceof HTMLInputElement
          ? [element.selectionStart ?? 0, element.selectionEnd ?? 0]
          : [0, 0],
      );
    };
  }, []);
  return ref;
}

/** The placeholder of a button that opens a popup. Arrow keys press it, too, if they open the real one. */
export function StandInButton({ onLeave, ...props }: ComponentProps<'button'> & OnLeave) {
  return (
    <button
      type="button"
      ref={useLeave<HTMLButtonElement>(onLeave)}
      aria-expanded={false}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
        event.preventDefault();
        event.currentTarget.click();
      }}
      {...props}
    />
  );
}

/** The placeholder of a text field with suggestions. */
export function StandInInput({ onLeave, ...props }: ComponentProps<'input'> & OnLeave) {
  return <input ref={useLeave<HTMLInputElement>(onLeave)} {...props} />;
}
