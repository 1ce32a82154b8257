'use client';

import { Clock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSyncExternalStore } from 'react';
import { formatInstant } from './format-time';

const never = () => () => {};

/** Returns the viewer's time zone; UTC while the server renders, so that both first renders are the same. */
export function useViewerZone(): string {
  return useSyncExternalStore(
    never,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => 'UTC',
  );
}

/** Returns whether this is the first render, which must match the server's. */
function useIsServerRender(): boolean {
  return useSyncExternalStore(
    never,
    () => false,
    () => true,
  );
}

type TimeProps = {
  readonly at: string;
  /** An agreed IANA time zone; otherwise the viewer's own. */
  readonly zone?: string | undefined;
};

/** An instant (ISO 8601) as `21:14:02 WIB`, with the day if it is not today in that zone. */
export function Time({ at, zone: agreed }: TimeProps) {
  const own = useViewerZone();
  const zone = agreed ?? own;
  const serverRender = useIsServerRender();
  return (
    <time dateTime={at} title={at} className="whitespace-nowrap">
      {formatInstant(at, zone, serverRender ? null : new Date())}
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
