import { CircleDollarSign, Gauge, Hourglass, Layers, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Status } from '@/components/ui/chip';
import { Figures, FigureTile } from '@/components/ui/figures';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { TextLink } from '@/components/ui/text-link';
import type { RehearsalView } from '@/lib/contract/rehearsal';
import { useAnyKey } from '@/lib/messages/use-any-key';
import type {
  CommandReport,
  Convergence,
  FaultReport,
  RehearsalChange,
  RehearsalGoalResult,
  RehearsalReport,
  ReportError,
  TimelineEntry,
} from '@/lib/rehearsal/report/report';
import { routes } from '@/lib/routes';
import { ReportCharts } from './report-charts';
import { useFigure } from './use-figure';

type ReportProps = { readonly report: RehearsalReport };

type ReportBodyProps = ReportProps & { readonly view: Pick<RehearsalView, 'planId' | 'diversionId'> };

/** All parts of a report: for the page of a rehearsal, and to print. */
export function ReportBody({ report, view }: ReportBodyProps) {
  return (
    <>
      <Totals report={report} />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <Goals goals={report.goals} currency={report.cost?.currency ?? null} />
        <Changes changes={report.changes} view={view} />
      </div>
      <Notes notes={report.notes} />
      <ReportCharts report={report} />
      <Errors errors={report.errors} />
      <Faults faults={report.faults} />
      <Commands commands={report.commands} />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <ConvergencePanel {...report.convergence} />
        {report.cost === null ? null : <Costs cost={report.cost} />}
      </div>
      <Timeline report={report} />
    </>
  );
}

function Totals({ report: { totals, cost } }: ReportProps) {
  const t = useTranslations('rehearsal.figures');
  const { write } = useFigure();
  const { count, share, ms } = write;
  return (
    <Figures label={t('title')}>
      <FigureTile
        icon={<TriangleAlert aria-hidden />}
        name={t('lost')}
        value={share(totals.lostShare)}
        detail={t('lostOf', { count: count(totals.lost), total: count(totals.offered) })}
      />
      <FigureTile
        icon={<Gauge aria-hidden />}
        name={t('peak')}
        value={count(totals.peakRps)}
        unit={t('peakUnit')}
      />
      <FigureTile icon={<Hourglass aria-hidden />} name={t('wait')} value={ms(totals.peakWaitP95Ms)} />
      <FigureTile
        icon={<Layers aria-hidden />}
        name={t('instances')}
        value={count(totals.peakInstances)}
        detail={t('coldStarts', { count: Math.round(totals.coldStarts) })}
      />
      {cost === null ? null : (
        <FigureTile
          icon={<CircleDollarSign aria-hidden />}
          name={t('cost')}
          value={write.cost(cost.total, cost.currency)}
          detail={t('costRange', {
            low: write.cost(cost.low, cost.currency),
            high: write.cost(cost.high, cost.currency),
          })}
        />
      )}
    </Figures>
  );
}

type GoalsProps = { readonly goals: readonly RehearsalGoalResult[]; readonly currency: string | null };

function Goals({ goals, currency }: GoalsProps) {
  const t = useTranslations('rehearsal.goals');
  const { write } = useFigure();
  const say = (kind: RehearsalGoalResult['kind'], value: number | null) => {
    if (value === null) return kind === 'ended' ? '' : t('none');
    switch (kind) {
      case 'ended':
        return '';
      case 'lostShare':
        return write.share(value);
      case 'waitP95Ms':
      case 'latenessMs':
        return write.ms(value);
      case 'movedWithinS':
        return write.afterT0(value);
      case 'cost':
        return currency === null ? t('none') : write.cost(value, currency);
    }
  };
  const columns: readonly Column<RehearsalGoalResult>[] = [
    { name: t('goal'), cell: ({ kind }) => t(`kind.${kind}`) },
    { name: t('limit'), isNumber: true, cell: ({ kind, limit }) => (limit === null ? '' : say(kind, limit)) },
    { name: t('measured'), isNumber: true, cell: ({ kind, measured }) => say(kind, measured) },
    {
      name: t('result'),
      cell: ({ isMet }) => <Status tone={isMet ? 'ok' : 'bad'}>{t(isMet ? 'met' : 'missed')}</Status>,
    },
  ];
  return (
    <Panel title={t('title')} flush>
      <DataTable label={t('title')} columns={columns} rows={goals} rowKey={({ kind }) => kind} />
    </Panel>
  );
}

type ChangesProps = { readonly changes: readonly RehearsalChange[]; readonly view: ReportBodyProps['view'] };

function Changes({ changes, view }: ChangesProps) {
  const t = useTranslations('rehearsal.changes');
  const any = useAnyKey('rehearsal.changes.code');
  const problem = useAnyKey('run.problem');
  const { write } = useFigure();
  const links: Readonly<Partial<Record<RehearsalChange['place'], readonly [string, string]>>> = {
    diversion: [routes.diversion(view.diversionId), t('diversion')],
    schedule: [routes.plan(view.planId), t('schedule')],
  };
  return (
    <Panel title={t('title')}>
      {changes.length === 0 ? <p className="text-12 text-ink-2">{t('none')}</p> : null}
      <ol className="grid list-decimal gap-2 pl-4">
        {changes.map(({ code, place, values }) => {
          const link = links[place];
          const counts = Object.entries(values).map(([name, value]) => [
            name,
            typeof value === 'number' ? write.count(value) : value,
          ]);
          return (
            <li key={`${code} ${values.rule ?? values.problem ?? ''} ${values.object ?? ''}`}>
              {code === 'clearProblem' && problem.has(`${values.problem}`)
                ? problem(`${values.problem}`, values)
                : any(code, Object.fromEntries(counts))}{' '}
              {link === undefined ? null : <TextLink href={link[0]}>{link[1]}</TextLink>}
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

const tones = { todo: 'info', warning: 'warn', stops: 'bad' } as const;

/** The reasons why a real run would not start; nothing if there are none. */
function Notes({ notes }: Pick<RehearsalReport, 'notes'>) {
  const t = useTranslations('rehearsal.notes');
  const code = useAnyKey('rehearsal.notes.code');
  if (notes.length === 0) return null;
  return (
    <Panel title={t('title')}>
      <p className="text-12 text-ink-2">{t('text')}</p>
      <ul className="mt-2 grid gap-2">
        {notes.map((note) => (
          <li key={JSON.stringify(note)} className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
            <Status tone={tones[note.severity]}>{t(`severity.${note.severity}`)}</Status>
            <span className="min-w-0">{code(note.code, note.values)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

type ConvergenceProps = RehearsalReport['convergence'];
type Followed = { readonly name: string; readonly apply: string; readonly rollback: string };

/** Times after which clients follow changes of DNS, in both directions. */
function ConvergencePanel({ apply, rollback }: ConvergenceProps) {
  const t = useTranslations('rehearsal.convergence');
  const { write, writeUntil } = useFigure();
  if (apply.changedAtS === null && rollback.changedAtS === null)
    return (
      <Panel title={t('title')}>
        <p className="text-12 text-ink-2">{t('none')}</p>
      </Panel>
    );
  const after = ({ changedAtS, moved }: Convergence, share: number) =>
    changedAtS === null ? '–' : writeUntil(moved.find((each) => each.share === share)?.afterS ?? null);
  const drained = ({ changedAtS, drainedAtS }: Convergence) => {
    if (changedAtS === null) return '–';
    return drainedAtS === null ? t('never') : write.afterT0(drainedAtS);
  };
  const shares = [...new Set([...apply.moved, ...rollback.moved].map(({ share }) => share))];
  const rows: readonly Followed[] = [
    ...shares.map((share) => ({
      name: t('share', { share: write.share(share) }),
      apply: after(apply, share),
      rollback: after(rollback, share),
    })),
    { name: t('drained'), apply: drained(apply), rollback: drained(rollback) },
  ];
  const columns: readonly Column<Followed>[] = [
    { name: t('what'), cell: ({ name }) => name },
    { name: t('apply'), isNumber: true, cell: (row) => row.apply },
    { name: t('rollback'), isNumber: true, cell: (row) => row.rollback },
  ];
  return (
    <Panel title={t('title')} flush>
      <DataTable label={t('title')} columns={columns} rows={rows} rowKey={({ name }) => name} />
    </Panel>
  );
}

function Errors({ errors }: { readonly errors: readonly ReportError[] }) {
  const t = useTranslations('rehearsal.errors');
  const cause = useAnyKey('rehearsal.cause');
  const { write } = useFigure();
  const columns: readonly Column<ReportError>[] = [
    // The run and probes name the cloud's codes.
    {
      name: t('cause'),
      className: 'wrap-anywhere',
      cell: (error) => (cause.has(error.cause) ? cause(error.cause) : error.cause),
    },
    { name: t('seenBy'), cell: ({ seenBy }) => t(`by.${seenBy}`) },
    { name: t('count'), isNumber: true, cell: ({ count }) => write.count(count) },
    { name: t('share'), isNumber: true, cell: ({ share }) => write.share(share) },
    { name: t('first'), isNumber: true, cell: ({ firstAtS }) => write.afterT0(firstAtS) },
    { name: t('last'), isNumber: true, cell: ({ lastAtS }) => write.afterT0(lastAtS) },
    { name: t('where'), className: 'wrap-anywhere', cell: ({ where }) => where },
  ];
  return (
    <Panel title={t('title')} flush>
      <DataTable
        label={t('title')}
        columns={columns}
        rows={errors}
        rowKey={({ cause: of, seenBy }) => `${of} ${seenBy}`}
        none={t('none')}
      />
    </Panel>
  );
}

function Faults({ faults }: { readonly faults: readonly FaultReport[] }) {
  const t = useTranslations('rehearsal.faults');
  const { write } = useFigure();
  const columns: readonly Column<FaultReport>[] = [
    { name: t('fault'), cell: ({ kind }) => t(`kind.${kind}`) },
    { name: t('at'), isNumber: true, cell: ({ atS }) => write.afterT0(atS) },
    { name: t('object'), className: 'wrap-anywhere', cell: ({ object }) => object ?? '–' },
    { name: t('answer'), cell: ({ answer }) => t(`answers.${answer}`) },
    { name: t('requests'), isNumber: true, cell: ({ failedRequests }) => write.count(failedRequests) },
  ];
  return (
    <Panel title={t('title')} flush>
      <DataTable
        label={t('title')}
        columns={columns}
        rows={faults}
        rowKey={({ kind, atS }) => `${kind} ${atS}`}
        none={t('none')}
      />
    </Panel>
  );
}

/** The commands of operators with their answers; nothing if there were none. */
function Commands({ commands }: { readonly commands: readonly CommandReport[] }) {
  const t = useTranslations('rehearsal.commands');
  const states = useTranslations('run.state');
  const { write, writeUntil } = useFigure();
  if (commands.length === 0) return null;
  const rows = commands.map((command, index) => ({ ...command, index }));
  const columns: readonly Column<(typeof rows)[number]>[] = [
    { name: t('command'), cell: ({ kind }) => t(`kind.${kind}`) },
    { name: t('at'), isNumber: true, cell: ({ atS }) => write.afterT0(atS) },
    { name: t('state'), cell: ({ state }) => states(state) },
    { name: t('answer'), cell: ({ answer }) => t(`answers.${answer}`) },
    { name: t('after'), isNumber: true, cell: ({ afterS }) => (afterS === null ? '–' : writeUntil(afterS)) },
    {
      name: t('complete'),
      isNumber: true,
      cell: ({ answer, completeAfterS }) => (answer === 'rolledBack' ? writeUntil(completeAfterS) : '–'),
    },
    { name: t('requests'), isNumber: true, cell: ({ failedRequests }) => write.count(failedRequests) },
  ];
  return (
    <Panel title={t('title')} flush>
      <DataTable label={t('title')} columns={columns} rows={rows} rowKey={({ index }) => index} />
    </Panel>
  );
}

const isInstant = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value);

/** The places of words for the values of an event that are codes, by their names. */
const codes: Readonly<Record<string, string>> = {
  command: 'rehearsal.commands.kind',
  kind: 'rehearsal.faults.kind',
  state: 'run.state',
};

/** Returns how the values of an event are written in words: instants as the time after T0. */
function useDetails(t0: string) {
  const any = useAnyKey();
  const named = useAnyKey('rehearsal.timeline.detail');
  const amounts = useAnyKey('rehearsal.faults.amount');
  const problem = useAnyKey('run.problem');
  const { write } = useFigure();
  const writeValue = (name: string, value: string | number) => {
    const code = `${codes[name]}.${value}`;
    if (any.has(code)) return any(code);
    const written = isInstant(value)
      ? write.afterT0((Date.parse(value) - Date.parse(t0)) / 1000)
      : typeof value === 'number' && name.endsWith('Ms')
        ? write.ms(value)
        : value;
    return named.has(name) ? named(name, { value: written }) : `${name}: ${written}`;
  };
  /** Writes the amount of a fault with the unit of its kind; nothing if the kind has none. */
  const writeAmount = (kind: string, amount: string | number): readonly string[] =>
    amounts.has(kind)
      ? [amounts(kind, { value: kind === 'clockJump' ? write.afterT0(Number(amount)) : amount })]
      : [];
  const writeAll = (values: TimelineEntry['values']): readonly string[] =>
    Object.entries(values)
      .filter(([, value]) => value !== '' && value !== 0)
      .flatMap(([name, value]) =>
        name === 'amount' ? writeAmount(`${values.kind}`, value) : [writeValue(name, value)],
      );
  return (values: TimelineEntry['values']): string => {
    const { measure, value, ...others } = values;
    if (problem.has(`${values.problem}`)) {
      // The other values are the problem's own.
      const { reason = '' } = values;
      return [...writeAll({ reason }), problem(`${values.problem}`, values)].join(': ');
    }
    const name = `run.measure.name.${measure}`;
    if (value === undefined || !any.has(name)) return writeAll(values).join(', ');
    const measured = any(`run.measure.value.${measure}`, { value });
    return [...writeAll(others), named('measured', { measure: any(name), value: measured })].join(', ');
  };
}

function Timeline({ report: { timeline, omitted, t0 } }: ReportProps) {
  const sayValues = useDetails(t0);
  const t = useTranslations('rehearsal.timeline');
  const code = useAnyKey('rehearsal.timeline.code');
  const { write } = useFigure();
  const left = Object.values(omitted).reduce((sum, each) => sum + each, 0);
  const rows = timeline.map((entry, index) => ({ ...entry, index }));
  const columns: readonly Column<(typeof rows)[number]>[] = [
    { name: t('time'), isNumber: true, cell: ({ atS }) => write.afterT0(atS) },
    { name: t('event'), cell: (entry) => (code.has(entry.code) ? code(entry.code) : entry.code) },
    { name: t('step'), cell: ({ stepId }) => stepId ?? '' },
    { name: t('details'), className: 'break-words', cell: ({ values }) => sayValues(values) },
  ];
  return (
    <Panel title={t('title')} flush {...(left === 0 ? {} : { footer: t('omitted', { count: left }) })}>
      <DataTable
        label={t('title')}
        columns={columns}
        rows={rows}
        rowKey={({ index }) => index}
        scroll={{ label: t('title'), className: 'max-h-96 print:max-h-none' }}
      />
    </Panel>
  );
}

type Cost = NonNullable<RehearsalReport['cost']>;

function Costs({ cost }: { readonly cost: Cost }) {
  const t = useTranslations('rehearsal.cost');
  const items = useAnyKey('rehearsal.cost.items');
  const units = useAnyKey('rehearsal.cost.quantities');
  const { write } = useFigure();
  const columns: readonly Column<Cost['lines'][number]>[] = [
    {
      name: t('item'),
      cell: ({ item, name, region }) =>
        [items.has(item) ? items(item) : item, name, region].filter(Boolean).join(', '),
    },
    {
      name: t('quantity'),
      isNumber: true,
      cell: ({ item, quantity }) => (units.has(item) ? units(item, { quantity }) : write.count(quantity)),
    },
    { name: t('amount'), isNumber: true, cell: ({ amount }) => write.cost(amount, cost.currency) },
  ];
  return (
    <Panel title={t('title')} flush>
      <DataTable
        label={t('title')}
        columns={columns}
        rows={cost.lines}
        rowKey={({ item, name, region }) => `${item} ${name} ${region}`}
        none={t('none')}
      />
    </Panel>
  );
}
