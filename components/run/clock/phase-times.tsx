import { useTranslations } from 'next-intl';
import { formatCountdown } from '@/components/ui/format-time';
import { Time } from '@/components/ui/time';
import { useNow } from '@/components/ui/use-now';
import type { RunPhase } from './run-phases';

type PhaseTimesProps = { readonly phase: RunPhase; readonly zone: string | undefined };

/** The actual or scheduled start of a phase; for a hold, its end and the time left until then. */
export function PhaseTimes({ phase, zone }: PhaseTimesProps) {
  const t = useTranslations('run');
  const at = phase.startedAt ?? phase.dueAt;
  const { untilAt } = phase;
  return (
    <>
      {at === null ? null : <Time at={at} zone={zone} />}
      {untilAt === null ? null : (
        <span>{t.rich('until', { time: () => <Time at={untilAt} zone={zone} /> })}</span>
      )}
      {untilAt !== null && phase.state === 'live' ? <Left until={untilAt} /> : null}
    </>
  );
}

function Left({ until }: { readonly until: string }) {
  const t = useTranslations('run');
  const now = useNow(1000);
  const leftMs = now === null ? 0 : Date.parse(until) - now;
  if (leftMs <= 0) return null;
  return <span className="ml-auto tabular-nums">{t('left', { time: formatCountdown(leftMs) })}</span>;
}
