import { useTranslations } from 'next-intl';
import { formatDuration } from '@/components/ui/format-time';
import { type ConvergenceTimes, milestones } from '@/lib/run/model/convergence';

/** The times after which shares of the answers were current. */
export function Reached({ reached }: { readonly reached: readonly ConvergenceTimes[] }) {
  const t = useTranslations('run.convergence');
  if (reached.length === 0) return null;
  const describe = ({ reachedMs }: ConvergenceTimes) =>
    milestones.map((percent) => {
      const ms = reachedMs[percent];
      return ms === null
        ? t('notReached', { percent })
        : t('reachedAfter', { percent, time: formatDuration(ms) });
    });
  return (
    <ul className="grid gap-1 text-12 tabular-nums">
      {reached.map((each) => (
        <li key={each.direction}>
          {t('reached', { direction: each.direction, times: describe(each).join(', ') })}
        </li>
      ))}
    </ul>
  );
}
