'use client';

import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { LatePart } from '@/components/ui/base/late-part';
import { onDemand, usePart } from '@/components/ui/base/on-demand';
import { otherBuild } from '@/lib/client/other-build';
import { liveQuery } from '@/lib/client/queries';
import { useEmergencyStop } from './emergency-stop-provider';
import { useRailCounts, useReadFailure } from './rail-counts';

/** The notices of the frame, loaded when the page is idle, because they can't be loaded when the dashboard is down. */
export const lateNotices = onDemand(() => import('./frame-notices'));

/**
 * Reports on every page, even on those without live reads, that the dashboard or the database does not respond or that
 * no worker is running: data may be stale, and commands have no effect.
 */
export function OutageBanner() {
  const failure = useReadFailure();
  const worker = useRailCounts()?.worker ?? 'live';
  return (
    <div aria-live="polite" className="border-line bg-surface px-3 not-empty:border-b not-empty:py-2 md:px-5">
      {failure === null && worker === 'live' ? null : (
        <LatePart part={lateNotices}>{({ Outage }) => <Outage failure={failure} worker={worker} />}</LatePart>
      )}
    </div>
  );
}

/** The banner on every page while all changes are paused: actor, reason, time, and how to resume them. */
export function StopBanner() {
  const stop = useEmergencyStop()?.stop ?? null;
  return stop === null ? null : (
    <LatePart part={lateNotices}>{({ Stopped }) => <Stopped stop={stop} />}</LatePart>
  );
}

/**
 * Notifies a page that was left open across an upgrade. Nothing reloads automatically, so that no input is lost. Asks for
 * a recent sign-in, too, when a command needs one.
 */
export function UpdateNotice() {
  const late = usePart(lateNotices, false);
  useQuery(liveQuery());
  const isOutdated = useSyncExternalStore(otherBuild.watch, otherBuild.isSeen, () => false);
  return (
    <>
      <div aria-live="polite">
        {isOutdated ? <LatePart part={lateNotices}>{({ Outdated }) => <Outdated />}</LatePart> : null}
      </div>
      {late && late !== 'missing' ? <late.Reauthentication /> : null}
    </>
  );
}
