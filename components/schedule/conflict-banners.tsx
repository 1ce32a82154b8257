import { useTranslations } from 'next-intl';
import { Banner } from '@/components/ui/banner';
import { TextLink } from '@/components/ui/text-link';
import type { ScheduleView } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import type { RunId } from '@/lib/run/model/model';

/** Objects that two open runs would both change at one time, with links to both. */
export function ConflictBanners({ conflicts, cutovers }: Pick<ScheduleView, 'conflicts' | 'cutovers'>) {
  const t = useTranslations('schedule.conflict');
  if (conflicts.length === 0) return null;
  // A run that was applied at once can be in conflict, too, and is not on the schedule.
  const runName = (runId: RunId) => {
    const name = cutovers.find((cutover) => cutover.runId === runId)?.name;
    return name === undefined ? runId : `${name} (${runId})`;
  };
  const link = (runId: RunId) => <TextLink href={routes.run(runId)}>{runName(runId)}</TextLink>;
  return (
    <Banner tone="bad" title={t('title', { count: conflicts.length })}>
      {conflicts.map(({ runIds: [a, b], object }) => (
        <span key={`${a} ${b} ${object}`} className="block">
          {t.rich('text', { a: () => link(a), b: () => link(b), object })}
        </span>
      ))}
    </Banner>
  );
}
