import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Field } from '@/components/ui/field';
import { Panel } from '@/components/ui/panel';
import { Select } from '@/components/ui/select';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { rehearsalQuery } from '@/lib/client/rehearsal-queries';
import type { RehearsalView } from '@/lib/contract/rehearsal';
import type { RehearsalReport } from '@/lib/rehearsal/report/report';
import { useFigure } from './use-figure';

type Compared = Pick<RehearsalView, 'id' | 'report' | 'drill'>;

/** The figures of two rehearsals side by side: those of fire drills are of their worst events. */
export function ComparePanel({ own }: { readonly own: Compared & Pick<RehearsalView, 'others'> }) {
  const t = useTranslations('rehearsal.compare');
  const { others } = own;
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
                ...others.map(({ id, events }) => ({
                  value: id,
                  label: events === 1 ? id : t('drill', { id, events }),
                })),
              ]}
            />
          )}
        </Field>
      </div>
      {data === undefined ? null : <CompareTable own={own} other={data} />}
    </Panel>
  );
}

type CompareTableProps = { readonly own: Compared; readonly other: Compared };

type Row = { readonly name: string; readonly values: readonly [string, string] };

function CompareTable({ own, other }: CompareTableProps) {
  const t = useTranslations('rehearsal');
  const { write } = useFigure();
  if (own.report === null || other.report === null) return null;
  const reports = [own.report, other.report] as const;
  const row = (name: string, of: (report: RehearsalReport) => string): Row => ({
    name,
    values: [of(reports[0]), of(reports[1])],
  });
  const sayWell = ({ drill }: Compared) =>
    drill === null ? '–' : t('drill.wellShort', { count: drill.endedWell, total: drill.events.length });
  const sayVerdict = ({ drill }: Compared, report: RehearsalReport) =>
    t(`verdict.${(drill ?? report).verdict}`);
  const drills: readonly Row[] =
    own.drill === null && other.drill === null
      ? []
      : [{ name: t('drill.title'), values: [sayWell(own), sayWell(other)] }];
  const rows: readonly Row[] = [
    { name: t('goals.result'), values: [sayVerdict(own, reports[0]), sayVerdict(other, reports[1])] },
    ...drills,
    row(t('figures.lost'), ({ totals }) => write.share(totals.lostShare)),
    row(t('figures.wait'), ({ totals }) => write.ms(totals.peakWaitP95Ms)),
    row(t('figures.instances'), ({ totals }) => write.count(totals.peakInstances)),
    row(t('figures.cost'), ({ cost }) =>
      cost === null ? t('goals.none') : write.cost(cost.total, cost.currency),
    ),
    row(t('goals.kind.latenessMs'), ({ run }) =>
      run.latenessMs === null ? t('goals.none') : write.ms(run.latenessMs),
    ),
    row(t('faults.title'), ({ faults }) => write.count(faults.length)),
  ];
  const sayName = (name: string, { drill }: Compared) =>
    drill === null ? name : t('compare.worst', { name, seed: String(drill.worstSeed) });
  const columns: readonly Column<Row>[] = [
    { name: t('compare.figure'), cell: (each) => each.name },
    { name: sayName(t('compare.this'), own), isNumber: true, cell: ({ values }) => values[0] },
    { name: sayName(other.id, other), isNumber: true, cell: ({ values }) => values[1] },
  ];
  return <DataTable label={t('compare.title')} columns={columns} rows={rows} rowKey={(each) => each.name} />;
}
