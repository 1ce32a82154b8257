import { useTranslations } from 'next-intl';
import { RunStateMark } from '@/components/run/list/run-state-chip';
import { Status } from '@/components/ui/chip';
import { Mono } from '@/components/ui/copyable';
import { formatDuration } from '@/components/ui/format-time';
import { Panel } from '@/components/ui/panel';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { ScheduledCutover } from '@/lib/client/views';
import { routes } from '@/lib/routes';

type CutoverTableProps = {
  readonly title: string;
  readonly cutovers: readonly ScheduledCutover[];
  readonly zone: string;
  /** The text shown if there is none. */
  readonly none: string;
};

/** Cutovers as rows: the content of the week view for keyboards, screen readers and small screens. */
export function CutoverTable({ title, cutovers, zone, none }: CutoverTableProps) {
  const t = useTranslations('schedule.list');
  return (
    <Panel title={title} flush>
      {cutovers.length === 0 ? (
        <p className="px-4 py-3 text-12 text-ink-2">{none}</p>
      ) : (
        <Table aria-label={title}>
          <Thead>
            <tr>
              <Th>{t('name')}</Th>
              <Th>{t('state')}</Th>
              <Th>{t('connection')}</Th>
              <Th>{t('prewarm')}</Th>
              <Th>{t('t0')}</Th>
              <Th>{t('t1')}</Th>
              <Th>{t('late')}</Th>
              <Th className="text-right">{t('writes')}</Th>
            </tr>
          </Thead>
          <tbody>
            {cutovers.map((cutover) => (
              <CutoverRow key={cutover.runId} cutover={cutover} zone={zone} />
            ))}
          </tbody>
        </Table>
      )}
    </Panel>
  );
}

function CutoverRow({ cutover, zone }: { readonly cutover: ScheduledCutover; readonly zone: string }) {
  const t = useTranslations('schedule.list');
  const { t0, t1 } = cutover.cutover;
  const { latenessMs, problems } = cutover;
  return (
    <Tr>
      <Td label={t('name')}>
        <TextLink href={routes.run(cutover.runId)}>{cutover.name}</TextLink> <Mono>{cutover.runId}</Mono>
      </Td>
      <Td label={t('state')}>
        <span className="inline-flex flex-wrap items-center gap-2">
          <RunStateMark state={cutover.state} />
          {problems.length === 0 ? null : (
            <Status tone="warn">{t('problems', { count: problems.length })}</Status>
          )}
        </span>
      </Td>
      <Td label={t('connection')}>{cutover.connectionName}</Td>
      <Td label={t('prewarm')}>
        <Time at={cutover.prewarmAt} zone={zone} />
      </Td>
      <Td label={t('t0')}>
        <Time at={t0} zone={zone} />
      </Td>
      <Td label={t('t1')}>{t1 === null ? t('stays') : <Time at={t1} zone={zone} />}</Td>
      <Td label={t('late')} className="tabular-nums">
        {latenessMs === null ? <span className="text-ink-3">{t('notYet')}</span> : formatDuration(latenessMs)}
      </Td>
      <Td label={t('writes')} className="text-right tabular-nums">
        {cutover.writes}
      </Td>
    </Tr>
  );
}
