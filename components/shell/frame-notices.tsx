'use client';

import { useQuery } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState, useSyncExternalStore } from 'react';
import { Banner } from '@/components/ui/banner';
import { Person } from '@/components/ui/base/person';
import { Button } from '@/components/ui/button';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { isDatabaseDown } from '@/lib/client/database-down';
import { otherBuild } from '@/lib/client/other-build';
import { healthQuery, liveQuery } from '@/lib/client/queries';
import { useMay } from '@/lib/client/session/rights';
import type { AlertView, OwnAlertView } from '@/lib/contract/alert';
import type { RailView } from '@/lib/contract/overview';
import type { EmergencyStopView } from '@/lib/contract/schedule';
import { routes } from '@/lib/routes';
import { AlertReasonText, subjectHref } from './alert-reason-text';
import { useEmergencyStop } from './emergency-stop-provider';
import { ResumeDialog } from './frame-dialogs';
import { useRailCounts, useReadFailure } from './rail-counts';
import { Reauthentication } from './reauthentication';

type AlertListProps = {
  readonly shown: readonly OwnAlertView[];
  /** The number of those that are not shown. */
  readonly more: number;
  /** Asks for the reason to acknowledge one; null = none can be acknowledged on this page. */
  readonly onAcknowledge: ((alert: AlertView) => void) | null;
};

/** The runs and Switches that need attention: what, why, since when. */
export function AlertList({ shown, more, onAcknowledge }: AlertListProps) {
  const t = useTranslations('shell.alert');
  return (
    <ul className="grid divide-y divide-bad-line rounded-lg border border-bad-line bg-bad-soft">
      {shown.map((alert) => (
        <li
          key={`${alert.subject.id} ${alert.occurrence}`}
          className="flex min-h-11 flex-wrap items-center gap-x-2.5 gap-y-1 py-1.5 pr-3 pl-4"
        >
          <CircleAlert aria-hidden className="size-4 shrink-0 text-bad" />
          <p className="min-w-0 flex-1 basis-56">
            <strong className="font-semibold">
              {alert.name} <TextLink href={subjectHref(alert.subject)}>{alert.subject.id}</TextLink>
            </strong>{' '}
            <AlertReasonText reason={alert.reason} />{' '}
            <span className="text-ink-2">{t.rich('since', { time: () => <Time at={alert.since} /> })}</span>
          </p>
          {onAcknowledge === null || !alert.mayAcknowledge ? null : (
            <Button
              aria-label={t('acknowledgeOf', { id: alert.subject.id })}
              onClick={() => onAcknowledge(alert)}
            >
              {t('acknowledge')}
            </Button>
          )}
        </li>
      ))}
      {more > 0 ? (
        <li className="px-4 py-1.5 text-12">
          {t.rich('more', {
            count: more,
            runs: (words) => <TextLink href={routes.diversions()}>{words}</TextLink>,
            switches: (words) => <TextLink href={routes.switches()}>{words}</TextLink>,
          })}
        </li>
      ) : null}
    </ul>
  );
}

type OutageProps = {
  readonly failure: ReturnType<typeof useReadFailure>;
  readonly worker: RailView['worker'];
};

function Outage({ failure, worker }: OutageProps) {
  return (
    <>
      {failure !== null ? <Unread {...failure} /> : worker !== 'live' ? <NoWorker worker={worker} /> : null}
    </>
  );
}

function Unread({ status, readAt }: NonNullable<OutageProps['failure']>) {
  const t = useTranslations('shell.outage');
  const isSignedOut = status === 401;
  const { data: health, isPending } = useQuery({
    ...healthQuery(),
    enabled: status !== null && !isSignedOut,
  });
  // The health check determines which of the two it is.
  if (isSignedOut)
    return (
      <Banner tone="warn" title={t('session.title')}>
        {t.rich('session.text', {
          // Another tab, so that the input on this page stays.
          link: (words) => (
            <TextLink href={routes.signIn()} target="_blank" prefetch={false}>
              {words}
            </TextLink>
          ),
        })}
      </Banner>
    );
  if (status !== null && isPending) return null;
  const part = status === null ? 'dashboard' : health && isDatabaseDown(health) ? 'database' : 'data';
  return (
    <Banner tone="warn" title={t(`${part}.title`)}>
      {readAt === null ? null : t.rich('shown', { time: () => <Time at={new Date(readAt).toISOString()} /> })}{' '}
      {t(`${part}.text`)}
    </Banner>
  );
}

function NoWorker({ worker }: { readonly worker: 'none' | 'otherVersion' }) {
  const t = useTranslations('shell.outage');
  return (
    <Banner tone="warn" title={t(`worker.${worker}`)}>
      {t.rich('worker.text', { settings: (words) => <TextLink href={routes.settings()}>{words}</TextLink> })}
    </Banner>
  );
}

type StoppedProps = { readonly stop: EmergencyStopView };

function Stopped({ stop }: StoppedProps) {
  const t = useTranslations('shell.pause');
  const emergencyStop = useEmergencyStop();
  const mayResume = useMay('respond', 'everywhere');
  const paused = emergencyStop?.paused ?? null;
  const [isAsking, setIsAsking] = useState(false);
  return (
    <section aria-label={t('stopped')} className="grid gap-2 px-3 pt-3 md:px-5">
      <Banner
        tone="warn"
        title={t.rich('stoppedBy', { actor: () => <Person address={stop.actor} at={stop.at} /> })}
        actions={
          mayResume ? (
            <Button size="sm" className="max-md:min-h-11" onClick={() => setIsAsking(true)}>
              {t('release')}
            </Button>
          ) : null
        }
      >
        {t.rich('stoppedWhy', { reason: stop.reason, time: () => <Time at={stop.at} /> })}{' '}
        {paused === null ? null : t('paused', { count: paused })}
      </Banner>
      {isAsking && emergencyStop !== null ? (
        <ResumeDialog
          resumeChanges={emergencyStop.resumeChanges}
          onClose={() => setIsAsking(false)}
          onResumed={() => {
            setIsAsking(false);
            return emergencyStop.reread();
          }}
        />
      ) : null}
    </section>
  );
}

function Outdated() {
  return <UpdateBanner />;
}

function UpdateBanner() {
  const t = useTranslations('shell.updated');
  return (
    <Banner
      tone="warn"
      title={t('title')}
      actions={
        <Button variant="primary" onClick={() => location.reload()}>
          {t('action')}
        </Button>
      }
    >
      {t('text')}
    </Banner>
  );
}

/**
 * Reports on every page, even on those without live reads, that the dashboard or the database does not respond or that
 * no worker is running: data may be stale, and commands have no effect.
 */
export function OutageBanner() {
  const failure = useReadFailure();
  const worker = useRailCounts()?.worker ?? 'live';
  return (
    <div aria-live="polite" className="border-line bg-surface px-3 not-empty:border-b not-empty:py-2 md:px-5">
      {failure === null && worker === 'live' ? null : <Outage failure={failure} worker={worker} />}
    </div>
  );
}

/** The banner on every page while all changes are paused: actor, reason, time, and how to resume them. */
export function StopBanner() {
  const stop = useEmergencyStop()?.stop ?? null;
  return stop === null ? null : <Stopped stop={stop} />;
}

/**
 * Notifies a page that was left open across an upgrade. Nothing reloads automatically, so that no input is lost. Asks for
 * a recent sign-in, too, when a command needs one.
 */
export function UpdateNotice() {
  useQuery(liveQuery());
  const isOutdated = useSyncExternalStore(otherBuild.watch, otherBuild.isSeen, () => false);
  return (
    <>
      <div aria-live="polite">{isOutdated ? <Outdated /> : null}</div>
      <Reauthentication />
    </>
  );
}
