'use client';

import { Clock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import {
  createContext,
  type ReactNode,
  use,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { type BrowserZone, formatCookie, formatZoneCookie } from '@/lib/browser-cookies';
import { formatInstant } from './format-time';

const never = () => () => {};
const getOwnZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

type Zones = {
  /** The zone of the browser itself. */
  readonly own: string;
  /** The selected zone for all times; null = none. */
  readonly chosen: string | null;
  readonly choose: (zone: string | null) => void;
  /** The instant of the server's render, in epoch ms; null = unknown. */
  readonly renderedAt: number | null;
};
const ZonesContext = createContext<Zones | null>(null);

type ZoneProviderProps = {
  /** The zone in the request's cookie; null = the browser's first visit. */
  readonly initial: BrowserZone | null;
  /** The time of the server's render, in epoch ms: the first render in the browser must match it. */
  readonly renderedAt?: number | null;
  readonly children: ReactNode;
};

/** Provides the time zone of all times. It is kept in a cookie, so that the server renders the same times. */
export function ZoneProvider({ initial, renderedAt = null, children }: ZoneProviderProps) {
  const own = useSyncExternalStore(never, getOwnZone, () => initial?.zone ?? 'UTC');
  const [chosen, choose] = useState(initial?.isChosen ? initial.zone : null);
  const isServerRender = useIsServerRender();
  useEffect(() => {
    if (isServerRender) return;
    const zone: BrowserZone =
      chosen === null ? { zone: own, isChosen: false } : { zone: chosen, isChosen: true };
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing from Firefox before 140
    document.cookie = formatCookie('zone', formatZoneCookie(zone));
  }, [own, chosen, isServerRender]);
  // The same value in each render: a new one updates every part of the page, even one whose code is still loading.
  const zones = useMemo(() => ({ own, chosen, choose, renderedAt }), [own, chosen, renderedAt]);
  return <ZonesContext value={zones}>{children}</ZonesContext>;
}

/** Returns the zone of the browser, the one selected for all times, and the function that selects it. */
export function useZones(): Zones {
  const provided = use(ZonesContext);
  // Reading the browser's zone is slow, and a page shows many times: only the provider reads it.
  const getOwn = provided === null ? getOwnZone : () => provided.own;
  const own = useSyncExternalStore(never, getOwn, () => provided?.own ?? 'UTC');
  return provided ?? { own, chosen: null, choose: () => {}, renderedAt: null };
}

/** Returns the display time zone: the one selected for all times, the given one, or the browser's own. */
export function useViewerZone(agreed?: string): string {
  const { own, chosen } = useZones();
  return chosen ?? agreed ?? own;
}

/** Returns whether this is the first render, which must match the server's. */
function useIsServerRender(): boolean {
  return useSyncExternalStore(
    never,
    () => false,
    () => true,
  );
}

/**
 * Returns when the server rendered the page, in epoch ms, during the render that must match it; null in any other
 * render, or if it is not known.
 */
export function useServerTime(): number | null {
  const renderedAt = use(ZonesContext)?.renderedAt ?? null;
  return useIsServerRender() ? renderedAt : null;
}

type TimeProps = {
  readonly at: string;
  /** The IANA time zone of the subject, such as that of a cutover; one selected for all times takes precedence. */
  readonly zone?: string | undefined;
  /** The zone for all times on this page, which overrides the given and the selected ones. */
  readonly pageZone?: string | null | undefined;
  /** Shows the day even if it is today, for printed pages. */
  readonly hasDay?: boolean;
};

/** An instant (ISO 8601) as `21:14:02 WIB`, with the day if it is not today in that zone. */
export function Time({ at, zone: agreed, pageZone, hasDay = false }: TimeProps) {
  const viewer = useViewerZone(agreed);
  const zone = pageZone ?? viewer;
  const isServerRender = useIsServerRender();
  const serverTime = useServerTime();
  const now = isServerRender ? serverTime : Date.now();
  const isElsewhere = agreed !== undefined && agreed !== zone;
  return (
    <time
      dateTime={at}
      title={isElsewhere ? `${at} · ${formatInstant(at, agreed, null)}` : at}
      className="whitespace-nowrap"
    >
      {formatInstant(at, zone, hasDay || now === null ? null : new Date(now))}
    </time>
  );
}

/** The age of the data beside it: every figure has a time. */
export function AsOf({ at }: { readonly at: string }) {
  const t = useTranslations('ui');
  return (
    <span className="inline-flex items-center gap-1 text-11 whitespace-nowrap text-ink-3">
      <Clock aria-hidden className="size-3" />
      {t.rich('asOf', { time: () => <Time at={at} /> })}
    </span>
  );
}
