import { useTranslations } from 'next-intl';
import { durationText } from '@/components/ui/duration-text';
import { Panel } from '@/components/ui/panel';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
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
  return (
    <Panel title={t('title')} flush footer={t('foot')}>
      {moved.length === 0 ? (
        <p className="px-4 py-3 text-12 text-ink-2">{t('nothingMoves')}</p>
      ) : (
        <Table>
          <Thead>
            <tr>
              <Th>{t('name')}</Th>
              <Th className="text-right">{t('there')}</Th>
              <Th className="text-right">{t('back')}</Th>
            </tr>
          </Thead>
          <tbody>
            {moved.map(({ name, seconds }) => (
              <Tr key={name}>
                <Td label={t('name')} className="font-medium break-all">
                  {name}
                </Td>
                <MixedCell label={t('there')} seconds={seconds} />
                <MixedCell label={t('back')} seconds={back.get(name) ?? 0} />
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      <TrafficLines traffic={traffic} />
      <TouchedList touched={touchedBy(plan.steps, estate)} />
    </Panel>
  );
}

function MixedCell({ label, seconds }: { readonly label: string; readonly seconds: number }) {
  const t = useTranslations('plan.blast');
  return (
    <Td label={label} className="text-right tabular-nums whitespace-nowrap">
      {seconds === 0 ? <span className="text-ink-2">{t('nobody')}</span> : durationText(seconds)}
    </Td>
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
