'use client';

import { CalendarX, Repeat } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { signed } from '@/components/ui/base/signed';
import { Button } from '@/components/ui/button';
import { Chip, Status } from '@/components/ui/chip';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import { useMessage } from '@/components/ui/use-message';
import { useMay } from '@/lib/client/session/rights';
import type { DiversionView, OccurrenceView, RecurrenceView } from '@/lib/contract/diversion';
import type { SetRecurrenceAction, StopRecurrenceAction } from '@/lib/contract/recurrence';
import { routes } from '@/lib/routes';
import { RepeatDialog } from './repeat-dialog';
import { RuleText } from './rule-text';
import { StateChip } from './state-chip';
import { StopRecurrenceDialog } from './stop-recurrence-dialog';

type RecurrencePanelProps = {
  readonly diversion: DiversionView;
  readonly setRecurrence: SetRecurrenceAction;
  readonly stopRecurrence: StopRecurrenceAction;
};

/** The rule by which a diversion repeats, with its created occurrences; for an occurrence, its series. */
export function RecurrencePanel({ diversion, setRecurrence, stopRecurrence }: RecurrencePanelProps) {
  const t = useTranslations('diversions.repeat');
  const router = useRouter();
  const mayOperate = useMay('operate');
  const [open, setOpen] = useState<'set' | 'stop' | null>(null);
  const { id, series, recurrence, newest, discarded } = diversion;
  const close = () => {
    setOpen(null);
    router.refresh();
  };
  if (series?.kind === 'occurrence') return <OccurrencePanel diversion={diversion} />;
  const isActive = recurrence !== null && recurrence.stopped === null;
  return (
    <Panel
      title={t('title')}
      aside={
        <span className="flex gap-2 max-md:hidden">
          {!mayOperate || newest === null || discarded !== null ? null : (
            <Button size="sm" icon={<Repeat aria-hidden />} onClick={() => setOpen('set')}>
              {t(isActive ? 'change' : 'repeat')}
            </Button>
          )}
          {mayOperate && isActive ? (
            <Button size="sm" icon={<CalendarX aria-hidden />} onClick={() => setOpen('stop')}>
              {t('stop')}
            </Button>
          ) : null}
        </span>
      }
      flush
    >
      {recurrence === null ? (
        <p className="px-4 py-3 text-12 text-ink-2">{t(newest === null ? 'noneNoPlan' : 'none')}</p>
      ) : (
        <Recurrence recurrence={recurrence} />
      )}
      {open === 'set' ? <RepeatDialog {...{ diversion, setRecurrence }} onClose={close} /> : null}
      {open === 'stop' && recurrence !== null ? (
        <StopRecurrenceDialog {...{ id, recurrence, stopRecurrence }} onClose={close} />
      ) : null}
    </Panel>
  );
}

function OccurrencePanel({ diversion: { series } }: Pick<RecurrencePanelProps, 'diversion'>) {
  const t = useTranslations('diversions.repeat');
  const message = useMessage('ui.refusal');
  if (series?.kind !== 'occurrence') return null;
  const { of, t0, zone, problems } = series;
  return (
    <Panel title={t('title')}>
      <p className="text-12">
        {t.rich('occurrenceOf', {
          series: () => <TextLink href={routes.diversion(of, { tab: 'activity' })}>{of}</TextLink>,
          time: () => <Time at={t0} zone={zone} hasDay />,
        })}
      </p>
      {problems.map((problem) => (
        <Status key={problem.message} tone="bad">
          <span className="whitespace-normal">{message(problem.message, problem.values)}</span>
        </Status>
      ))}
    </Panel>
  );
}

function Recurrence({ recurrence }: { readonly recurrence: RecurrenceView }) {
  const t = useTranslations('diversions.repeat');
  const message = useMessage('ui.refusal');
  const { rule, problem, setBy, setAt, stopped, occurrences, waitsFor } = recurrence;
  const outdated = occurrences.filter(({ isReplaceable, isCurrent }) => isReplaceable && !isCurrent).length;
  return (
    <>
      <div className="grid gap-1 px-4 py-3 text-12">
        <p className="flex flex-wrap items-center gap-2 text-14">
          {stopped === null ? null : <Chip>{t('stopped')}</Chip>}
          {rule === null ? (
            <Status tone="bad">
              <span className="whitespace-normal">{message(problem.message, problem.values)}</span>
            </Status>
          ) : (
            <span>
              <RuleText rule={rule} />
            </span>
          )}
        </p>
        {rule === null && stopped === null ? null : (
          <p className="text-ink-2">
            {t.rich(stopped === null ? 'setBy' : 'stoppedBy', {
              days: rule?.aheadDays ?? 0,
              ...signed(stopped?.by ?? setBy, stopped?.at ?? setAt),
            })}
          </p>
        )}
        {waitsFor === null ? null : (
          <Status tone="info">
            <span className="whitespace-normal">
              {t.rich(waitsFor.left.length === 0 ? 'waitsFor' : 'waitsForLeft', {
                diversion: () => (
                  <TextLink href={routes.diversion(waitsFor.diversionId)}>{waitsFor.diversionId}</TextLink>
                ),
                objects: waitsFor.left.join(', '),
              })}
            </span>
          </Status>
        )}
        {outdated === 0 || stopped !== null ? null : (
          <Status tone="warn">
            <span className="whitespace-normal">{t('outdated', { count: outdated })}</span>
          </Status>
        )}
      </div>
      <OccurrenceTable occurrences={occurrences} zone={rule?.zone ?? 'UTC'} />
    </>
  );
}

type OccurrenceTableProps = { readonly occurrences: readonly OccurrenceView[]; readonly zone: string };

function OccurrenceTable({ occurrences, zone }: OccurrenceTableProps) {
  const t = useTranslations('diversions.repeat');
  const message = useMessage('ui.refusal');
  const columns: readonly Column<OccurrenceView>[] = [
    {
      name: t('column.diversion'),
      cell: ({ diversionId }) => <TextLink href={routes.diversion(diversionId)}>{diversionId}</TextLink>,
    },
    {
      name: t('column.t0'),
      cell: ({ t0 }) => <Time at={new Date(t0).toISOString()} zone={zone} hasDay />,
    },
    {
      name: t('column.t1'),
      cell: ({ t1 }) => <Time at={new Date(t1).toISOString()} zone={zone} hasDay />,
    },
    { name: t('column.state'), cell: ({ state }) => <StateChip state={state} hasOutage={false} /> },
    {
      name: t('column.problem'),
      cell: ({ problems }) =>
        problems.length === 0 ? (
          <span className="text-ink-3">{t('noProblem')}</span>
        ) : (
          problems.map(({ message: key, values }) => (
            <Status key={key} tone="bad">
              <span className="whitespace-normal">{message(key, values)}</span>
            </Status>
          ))
        ),
    },
  ];
  return (
    <DataTable
      label={t('table')}
      columns={columns}
      rows={occurrences}
      rowKey={({ diversionId }) => diversionId}
      none={t('noOccurrences')}
      scroll={{ label: t('table'), className: 'max-h-96' }}
    />
  );
}
