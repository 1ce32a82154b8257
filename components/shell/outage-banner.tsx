import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { Banner } from '@/components/ui/banner';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { healthQuery } from '@/lib/client/queries';
import type { HealthView } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import { useRailCounts, useReadFailure } from './rail-counts';

/** Returns whether the dashboard can't use its database. */
export function isDatabaseDown({ checks }: HealthView): boolean {
  return checks.some(({ name, ok }) => name === 'database' && !ok);
}

/**
 * Says on every page, also on those that read nothing while they are open, that dashboard or database does not answer or
 * that no worker runs: what is shown may be old, and what is sent changes nothing.
 */
export function OutageBanner() {
  const failure = useReadFailure();
  const counts = useRailCounts();
  return (
    <div aria-live="polite" className="border-line bg-surface px-3 not-empty:border-b not-empty:py-2 md:px-5">
      {failure !== null ? (
        <Unread {...failure} />
      ) : counts !== null && counts.worker !== 'live' ? (
        <NoWorker worker={counts.worker} />
      ) : null}
    </div>
  );
}

function Unread({ isAnswered, readAt }: NonNullable<ReturnType<typeof useReadFailure>>) {
  const t = useTranslations('shell.outage');
  const { data: health, isPending } = useQuery({ ...healthQuery(), enabled: isAnswered });
  // Which of both it is, is known in a moment.
  if (isAnswered && isPending) return null;
  const part = !isAnswered ? 'dashboard' : health && isDatabaseDown(health) ? 'database' : 'data';
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
      {t.rich('worker.text', {
        settings: (words) => <TextLink href={routes.settings()}>{words}</TextLink>,
      })}
    </Banner>
  );
}
