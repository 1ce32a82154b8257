import { useTranslations } from 'next-intl';
import { type Column, DataTable } from '@/components/ui/data-table';
import { durationText } from '@/components/ui/duration-text';
import { Panel } from '@/components/ui/panel';
import type { TrafficView } from '@/lib/client/views';
import type { Estate } from '@/lib/estate/model';
import { mixedAnswers } from '@/lib/plan/model/mixed-answers';
import type { Plan } from '@/lib/plan/model/model';
import { type Touched, touchedBy } from '@/lib/plan/model/touched';
import { TrafficLines } from './traffic-lines';

type BlastPanelProps = {
  readonly plan: Plan;
  readonly estate: Estate | null;
  readonly traffic: TrafficView | null;
};

/**
 * The blast radius of a plan: the names whose DNS answers change, how long both answers are served, and the objects it
 * writes to.
 */
export function BlastPanel({ plan, estate, traffic }: BlastPanelProps) {
  const t = useTranslations('plan.blast');
  const back = new Map(mixedAnswers(plan.revert).map(({ name, seconds }) => [name, seconds]));
  const moved = mixedAnswers(plan.steps);
  const mixed = (seconds: number) =>
    seconds === 0 ? <span className="text-ink-2">{t('nobody')}</span> : durationText(seconds);
  const columns: readonly Column<(typeof moved)[number]>[] = [
    { name: t('name'), className: 'font-medium break-all', cell: ({ name }) => name },
    {
      name: t('there'),
      isNumber: true,
      className: 'whitespace-nowrap',
      cell: ({ seconds }) => mixed(seconds),
    },
    {
      name: t('back'),
      isNumber: true,
      className: 'whitespace-nowrap',
      cell: ({ name }) => mixed(back.get(name) ?? 0),
    },
  ];
  return (
    <Panel title={t('title')} flush footer={t('foot')}>
      <DataTable columns={columns} rows={moved} rowKey={({ name }) => name} none={t('nothingMoves')} />
      <TrafficLines traffic={traffic} />
      <TouchedList touched={touchedBy(plan.steps, estate)} />
    </Panel>
  );
}

function TouchedList({ touched }: { readonly touched: readonly Touched[] }) {
  const t = useTranslations('plan.blast');
  return (
    <ul
      aria-label={t('objects')}
      className="flex flex-wrap gap-x-6 gap-y-1 border-t border-line px-4 py-2.5 text-12"
    >
      {touched.map(({ kind, made, changed, all }) => (
        <li key={kind}>
          <span className="font-medium">{t(`object.${kind}`, { count: made + changed })}</span>{' '}
          <span className="text-ink-2">
            {t('made', { made, changed })}
            {all === null ? '' : t('of', { all })}
          </span>
        </li>
      ))}
    </ul>
  );
}
