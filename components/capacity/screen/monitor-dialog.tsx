import { useQuery } from '@tanstack/react-query';
import { Activity } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { alignSeries, startWithSeries } from '@/components/capacity/model/with-series';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { WallFields } from '@/components/ui/forms/wall-fields';
import { Picker } from '@/components/ui/pickers/picker';
import { Select } from '@/components/ui/select';
import { useViewerZone } from '@/components/ui/time';
import { ZoneSelect } from '@/components/ui/zone-select';
import { type GapFilling, toHistorySeries } from '@/lib/capacity/demand/history-series';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { type HistoryQuestion, trafficHistoryQuery } from '@/lib/client/capacity-queries';
import type { ConnectionView } from '@/lib/contract/connection';
import { readWall, type WallClock, wallAt, wallNotes } from '@/lib/diversion/wall-clock';
import { HistoryPlace, planHistory, type SpanProblem } from '@/lib/estate/history/traffic-history';
import { HistoryResult, type SeriesPlace } from './history-result';
import { usePlaces } from './use-places';

export type MonitorDialogProps = {
  readonly scenario: CapacityScenario;
  readonly onChange: (scenario: CapacityScenario) => void;
  readonly connections: readonly Pick<ConnectionView, 'id' | 'name'>[];
  /** The account that is chosen at first; null = the first. */
  readonly connectionId: string | null;
  readonly onClose: () => void;
};

type Span = { readonly zone: string; readonly from: WallClock; readonly to: WallClock };

const minuteMs = 60_000;
const spanMs = 3 * 60 * minuteMs;

/** Returns the last whole hours in a zone. */
function lastHours(zone: string): Span {
  const to = Math.floor(Date.now() / (60 * minuteMs)) * 60 * minuteMs;
  return { zone, from: wallAt(to - spanMs, zone), to: wallAt(to, zone) };
}

type SpanErrors = { readonly from?: SpanProblem | 'invalid'; readonly to?: SpanProblem | 'invalid' };

type ReadSpan =
  | { readonly ok: true; readonly from: string; readonly to: string }
  | { readonly ok: false; readonly errors: SpanErrors };

/** Reads the span as instants (ISO), or says at which of its fields something is wrong. */
function readSpan({ zone, from, to }: Span): ReadSpan {
  const [start, end] = [readWall(from, zone), readWall(to, zone)];
  if (start.kind !== 'instant') return { ok: false, errors: { from: 'invalid' } };
  if (end.kind !== 'instant') return { ok: false, errors: { to: 'invalid' } };
  const planned = planHistory({ from: start.at, to: end.at }, Date.now());
  if (planned.ok)
    return { ok: true, from: new Date(start.at).toISOString(), to: new Date(end.at).toISOString() };
  const { problem } = planned;
  const isOfEnd = problem === 'order' || problem === 'tooLong';
  return { ok: false, errors: isOfEnd ? { to: problem } : { from: problem } };
}

/** Reads the requests of a past event from an account's Monitor, and makes them the demand. */
export function MonitorDialog({
  scenario,
  onChange,
  connections,
  connectionId,
  onClose,
}: MonitorDialogProps) {
  const t = useTranslations('capacity.monitor');
  const [connection, setConnection] = useState(connectionId ?? connections[0]?.id ?? '');
  const [place, setPlace] = useState('');
  const viewerZone = useViewerZone();
  const [span, setSpan] = useState(() => lastHours(viewerZone));
  const [errors, setErrors] = useState<SpanErrors & { readonly place?: true }>({});
  const [question, setQuestion] = useState<HistoryQuestion | null>(null);
  const [filling, setFilling] = useState<GapFilling>('zero');
  const [where, setWhere] = useState<SeriesPlace>('event');
  const places = usePlaces(connection);
  const found = useQuery(trafficHistoryQuery(question));
  const view = question === null ? undefined : found.data;
  const content = view !== undefined && view.state === 'done' ? view.content : null;
  const series = content === null ? null : toHistorySeries(content, filling);
  const isBusy = question !== null && !found.isError && (view === undefined || view.state === 'running');

  const read = () => {
    const asked = readSpan(span);
    setErrors({ ...(asked.ok ? {} : asked.errors), ...(place === '' ? { place: true } : {}) });
    if (place === '' || !asked.ok) return;
    const { from, to } = asked;
    if (question === null)
      setQuestion({ connectionId: connection, place: HistoryPlace.parse(JSON.parse(place)), from, to });
    else void found.refetch();
  };
  const change = (part: Partial<Span>) => {
    setSpan({ ...span, ...part });
    setQuestion(null);
    setErrors({});
  };
  const use = () => {
    if (series?.demand == null) return;
    onChange(
      where === 'event'
        ? alignSeries(scenario, series.demand)
        : startWithSeries(scenario, series.demand, series.firstAt),
    );
    onClose();
  };
  const canUse = series !== null && series.demand !== null;
  const toMessage = (problem: SpanProblem | 'invalid' | undefined) =>
    problem === undefined ? undefined : t(`problem.${problem}`);
  return (
    <FormDialog
      title={t('title')}
      description={t('about')}
      icon={<Activity aria-hidden />}
      submitLabel={canUse ? t('use') : t('read')}
      isBusy={isBusy}
      onClose={onClose}
      onSubmit={canUse ? use : read}
      below={
        question === null ? null : (
          <HistoryResult
            {...{ view, series, filling, where }}
            isUnread={found.isError}
            zone={span.zone}
            onFilling={setFilling}
            onPlace={setWhere}
          />
        )
      }
    >
      <Field label={t('account')}>
        {(control) => (
          <Select
            {...control}
            value={connection}
            onChange={(id) => {
              setConnection(id);
              setPlace('');
              setQuestion(null);
            }}
            options={connections.map(({ id, name }) => ({ value: id, label: name }))}
          />
        )}
      </Field>
      <Field label={t('of')} note={t('ofNote')} error={errors.place ? t('problem.place') : undefined}>
        {(control) => (
          <Picker
            {...control}
            options={[]}
            source={places}
            value={place}
            placeholder={t('choose')}
            onChange={(chosen) => {
              setPlace(chosen);
              setQuestion(null);
              setErrors({});
            }}
          />
        )}
      </Field>
      <Field label={t('zone')}>
        {(control) => <ZoneSelect {...control} value={span.zone} onChange={(zone) => change({ zone })} />}
      </Field>
      <WallFields
        name={t('from')}
        value={span.from}
        onChange={(from) => change({ from })}
        error={toMessage(errors.from)}
        {...wallNotes(span.from, span.zone)}
      />
      <WallFields
        name={t('to')}
        value={span.to}
        onChange={(to) => change({ to })}
        error={toMessage(errors.to)}
        {...wallNotes(span.to, span.zone)}
      />
    </FormDialog>
  );
}
