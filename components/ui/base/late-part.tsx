'use client';

import { useTranslations } from 'next-intl';
import {
  Activity,
  type ReactNode,
  Suspense,
  useDeferredValue,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { type OnDemand, usePart } from './on-demand';

type LatePartProps<Part> = {
  readonly part: OnDemand<Part>;
  /** Shown if the part can't be loaded. */
  readonly instead?: ReactNode;
  readonly children: (part: Part) => ReactNode;
};

type AwaitedPartProps<Part> = LatePartProps<Part> & {
  /**
   * True for a part that others are below: it is always shown together with them, so that it does not move them. A
   * navigation in the browser ends when it is loaded.
   */
  readonly isAwaited?: boolean;
};

/**
 * Shows a part of a page whose code is loaded apart. The server renders it, so that it is there from the start and
 * nothing moves: only what it does for input waits for its code.
 */
export function LatePart<Part>({ part, instead, isAwaited = false, children }: AwaitedPartProps<Part>) {
  // An urgent update of a boundary whose code is missing would replace what the server rendered by the fallback. A
  // deferred one waits for the code. A part that is shown is updated at once: a late value would move the cursor of its
  // fields.
  const [isShown, setShown] = useState(false);
  const late = useDeferredValue(children);
  const lateInstead = useDeferredValue(instead);
  const shown = isShown ? children : late;
  const missing = isShown ? instead : lateInstead;
  return useMemo(() => {
    const loaded = (
      <Loaded part={part} instead={missing} onShown={setShown}>
        {shown}
      </Loaded>
    );
    // The server sends the content of a large page's boundary after the page, which would then move. That of an
    // `Activity` stays in its place, and waits for its code as well.
    return isAwaited ? <Activity>{loaded}</Activity> : <Suspense fallback={null}>{loaded}</Suspense>;
  }, [isAwaited, part, missing, shown]);
}

type LoadedProps<Part> = LatePartProps<Part> & { readonly onShown: (isShown: true) => void };

function Loaded<Part>({ part, instead = <PartMissing />, onShown, children }: LoadedProps<Part>) {
  const { load, watch, current } = part;
  const loaded = useSyncExternalStore(watch, current, current);
  useEffect(() => onShown(true), [onShown]);
  // Not `use`: React requires that in each render or in none, and a loaded part is shown without a wait.
  if (loaded === null) throw load();
  return loaded === 'missing' ? instead : children(loaded);
}

type BrowserPartProps<Part> = LatePartProps<Part> & {
  /** Shown until the part is loaded. */
  readonly loading: ReactNode;
};

/** Shows a part that only a browser renders: the server renders what is shown while it is loaded. */
export function BrowserPart<Part>(props: BrowserPartProps<Part>) {
  const { part, loading, instead = <PartMissing />, children } = props;
  const loaded = usePart(part, true);
  return loaded === null ? loading : loaded === 'missing' ? instead : children(loaded);
}

/** Says that a part could not be loaded, in its place. */
function PartMissing() {
  const t = useTranslations('ui');
  return <p className="px-4 py-2 text-12 text-ink-2">{t('partMissing')}</p>;
}
