import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Field } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import { Select } from '@/components/ui/select';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { rehearsalQuery } from '@/lib/client/rehearsals/rehearsal-queries';
import type { RehearsalRow } from '@/lib/client/rehearsals/rehearsal-views';
import type { RehearsalReport } from '@/lib/rehearsal/report/report';
import { useFigure } from './use-figure';

type ComparePanelProps = {
  readonly report: RehearsalReport;
  /** Other rehearsals of the plan with a report. */
  readonly others: readonly RehearsalRow[];
};

/** The figures of two rehearsals side by side. */
export function ComparePanel({ report, others }: ComparePanelProps) {
  const t = useTranslations('rehearsal.compare');
  const [chosen, setChosen] = useState('');
  const { data } = useQuery({ ...rehearsalQuery(chosen), enabled: chosen !== '' });
  if (others.length === 0) return null;
  return (
    <Panel title={t('title')} flush>
      <div className="max-w-80 px-4 py-3">
        <Field label={t('with')}>
          {(control) => (
            <Select
              {...control}
              value={chosen}
              onChange={setChosen}
              options={[
                { value: '', label: t('nothing') },
                ...others.map(({ id }) => ({ value: id, label: id })),
              ]}
            />
          )}
        </Field>
      </div>
      {data?.report == null ? null : <CompareTable name={data.id} reports={[report, data.report]} />}
    </Panel>
  );
}

type CompareTableProps = {
  readonly name: string;
  readonly reports: readonly [RehearsalReport, RehearsalReport];
};

type Row = { readonly name: string; readonly values: readonly [string, string] };

function CompareTable({ name, reports: [own, other] }: CompareTableProps) {
  const t = useTranslations('rehearsal');
  const { write } = useFigure();
  const row = (label: string, of: (report: RehearsalReport) => string): Row => ({
    name: label,
    values: [of(own), of(other)],
  });
  const rows: readonly Row[] = [
    row(t('goals.result'), ({ verdict }) => t(`verdict.${verdict}`)),
    row(t('figures.lost'), ({ totals }) => write.share(totals.lostShare)),
    row(t('figures.wait'), ({ totals }) => write.ms(totals.peakWaitP95Ms)),
    row(t('figures.instances'), ({ totals }) => write.count(totals.peakInstances)),
    row(t('figures.cost'), ({ cost }) => write.cost(cost.total, cost.currency)),
    row(t('goals.kind.latenessMs'), ({ run }) =>
      run.latenessMs === null ? t('goals.none') : write.ms(run.latenessMs),
    ),
    row(t('faults.title'), ({ faults }) => write.count(faults.length)),
  ];
  const columns: readonly Column<Row>[] = [
    { name: t('compare.figure'), cell: (each) => each.name },
    { name: t('compare.this'), isNumber: true, cell: ({ values }) => values[0] },
    { name, isNumber: true, cell: ({ values }) => values[1] },
  ];
  return <DataTable label={t('compare.title')} columns={columns} rows={rows} rowKey={(each) => each.name} />;
}
