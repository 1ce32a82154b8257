import { useFormatter, useTranslations } from 'next-intl';
import { Mono } from '@/components/ui/copyable';
import { formatDuration } from '@/components/ui/format-time';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { RunConvergenceView } from '@/lib/contract/run-convergence';
import {
  type ConvergencePoint,
  getConvergence,
  getLastConvergence,
  milestones,
} from '@/lib/run/model/convergence';
import { RecordSection } from './record-section';

/** The most lines of the printed table. */
const linesMax = 40;

/** Returns the first point, and those at which a count has changed, thinned out to the lines of the table. */
function listChanges(points: readonly ConvergencePoint[]): readonly ConvergencePoint[] {
  const changed = points.filter((point, index) => {
    const before = points[index - 1];
    if (before === undefined) return true;
    return (['current', 'stale', 'other'] as const).some((verdict) => before[verdict] !== point[verdict]);
  });
  const size = Math.max(1, Math.ceil(changed.length / linesMax));
  return changed.filter((_, index) => index % size === 0 || index === changed.length - 1);
}

/** The answers of resolvers and agents about the names that a run moved. */
export function RecordedConvergence({ view }: { readonly view: RunConvergenceView }) {
  const t = useTranslations('run.convergence');
  const format = useFormatter();
  const floor = (share: number) => format.number(Math.floor(share * 10) / 10);
  const percent = (point: ConvergencePoint) => {
    const share = getConvergence(point);
    return share === null ? '–' : t('percent', { value: floor(share) });
  };
  const points = listChanges(view.points);
  const last = getLastConvergence(view.points);
  return (
    <RecordSection title={t('title')}>
      {points.length === 0 ? (
        <p>{t('none')}</p>
      ) : (
        <>
          <ul className="grid gap-1 text-12">
            {view.reached.map(({ direction, reachedMs }) => (
              <li key={direction}>
                {t('reached', {
                  direction,
                  times: milestones
                    .map((share) => {
                      const ms = reachedMs[share];
                      return ms === null
                        ? t('notReached', { percent: share })
                        : t('reachedAfter', { percent: share, time: formatDuration(ms) });
                    })
                    .join(', '),
                })}
              </li>
            ))}
          </ul>
          {last === null ? null : <p className="text-12">{t('last', { share: floor(last) })}</p>}
          <p className="text-12">
            {t('vantages')}:{' '}
            {view.vantages.map(({ kind, name, address }, index) => (
              <span key={`${kind} ${name}`}>
                {index === 0 ? '' : ', '}
                {t(`kind.${kind}`)} {kind === 'own' ? '' : `${name} `}
                {address === null ? null : <Mono>{address}</Mono>}
              </span>
            ))}
          </p>
          <Table aria-label={t('title')}>
            <Thead>
              <tr>
                <Th>{t('time')}</Th>
                <Th className="text-right">{t('share')}</Th>
                <Th className="text-right">{t('counts')}</Th>
              </tr>
            </Thead>
            <tbody>
              {points.map((point) => (
                <Tr key={point.at}>
                  <Td label={t('time')}>
                    <Time at={point.at} hasDay />
                  </Td>
                  <Td label={t('share')} className="text-right tabular-nums">
                    {percent(point)}
                  </Td>
                  <Td label={t('counts')} className="text-right tabular-nums">
                    {t('count', point)}
                  </Td>
                </Tr>
              ))}
            </tbody>
          </Table>
        </>
      )}
    </RecordSection>
  );
}
