import { useFormatter, useTranslations } from 'next-intl';
import { CloudErrorText } from '@/components/cloud-error/cloud-error-text';
import { durationText } from '@/components/ui/duration-text';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { AsOf } from '@/components/ui/time';
import type { TrafficView } from '@/lib/contract/plan';
import type { TrafficReading } from '@/lib/estate/bindings/serving-listeners';
import type { Estate } from '@/lib/estate/model';
import { mixedAnswers } from '@/lib/plan/model/mixed-answers';
import type { Plan } from '@/lib/plan/model/model';
import { type Touched, touchedBy } from '@/lib/plan/model/touched';

type BlastPanelProps = {
  readonly plan: Plan;
  readonly estate: Estate | null;
  readonly traffic: TrafficView | null;
};

/** The number of names up to which the table needs no scroll area of its own. */
const shownAtOnce = 20;

/**
 * The blast radius of a plan: the names whose DNS answers change, how long both answers are served, and the objects it
 * writes to.
 */
export function BlastPanel({ plan, estate, traffic }: BlastPanelProps) {
  const t = useTranslations('plan.blast');
  const back = new Map(mixedAnswers(plan.rollback).map(({ name, seconds }) => [name, seconds]));
  const moved = mixedAnswers(plan.steps);
  const mixed = (seconds: number) =>
    seconds === 0 ? <span className="text-ink-2">{t('noAnswers')}</span> : durationText(seconds);
  const columns: readonly Column<(typeof moved)[number]>[] = [
    { name: t('name'), className: 'font-medium break-all', cell: ({ name }) => name },
    {
      name: t('apply'),
      isNumber: true,
      className: 'whitespace-nowrap',
      cell: ({ seconds }) => mixed(seconds),
    },
    {
      name: t('rollback'),
      isNumber: true,
      className: 'whitespace-nowrap',
      cell: ({ name }) => mixed(back.get(name) ?? 0),
    },
  ];
  return (
    <Panel title={t('title')} flush footer={t('foot')}>
      <DataTable
        columns={columns}
        rows={moved}
        rowKey={({ name }) => name}
        none={t('nothingMoves')}
        // A plan moves 50 names at most. From 100 rows on, a table without a scroll area of its own would render its
        // rows in the browser, which can't get these functions from the server.
        {...(moved.length > shownAtOnce ? { scroll: { label: t('names'), className: 'max-h-96' } } : {})}
      />
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

/** The request rate of the backends of the moved names, from the cloud's monitoring when the plan was made. */
function TrafficLines({ traffic }: { readonly traffic: TrafficView | null }) {
  return (
    <div className="border-t border-line px-4 py-2.5 text-12">
      <Measured traffic={traffic} />
    </div>
  );
}

function Measured({ traffic }: { readonly traffic: TrafficView | null }) {
  const t = useTranslations('plan.blast');
  if (traffic === null) return <p className="text-ink-2">{t('notMeasured')}</p>;
  const { at, readings, unmeasured, error } = traffic;
  if (readings.length === 0) {
    if (error === null) return <p className="text-ink-2">{t('nothingServes')}</p>;
    return (
      <p className="text-warn-ink">
        {t('notMeasurable')} <CloudErrorText error={error} />
      </p>
    );
  }
  return (
    <>
      <div className="mb-1 flex items-center gap-2">
        <h3 className="text-12 font-medium">{t('traffic')}</h3>
        <span className="ml-auto">
          <AsOf at={at} />
        </span>
      </div>
      <ul className="grid gap-1">
        {readings.map((reading) => (
          <Reading key={`${reading.loadBalancerId} ${reading.listenerId}`} reading={reading} />
        ))}
      </ul>
      {unmeasured === 0 ? null : (
        <p className="mt-1 text-warn-ink">
          {t('unmeasured', { count: unmeasured })} {error === null ? null : <CloudErrorText error={error} />}
        </p>
      )}
    </>
  );
}

function Reading({ reading }: { readonly reading: TrafficReading }) {
  const t = useTranslations('plan.blast');
  const format = useFormatter();
  const { perSecond, listener, loadBalancer, names, others } = reading;
  return (
    <li className="flex flex-wrap gap-x-3">
      <span className="font-medium tabular-nums">
        {perSecond === null
          ? t('noData')
          : t('perSecond', { rate: format.number(perSecond, { maximumSignificantDigits: 3 }) })}
      </span>
      <span className="text-ink-2">
        {t('serves', { listener, loadBalancer, names: format.list(names), others })}
      </span>
    </li>
  );
}
