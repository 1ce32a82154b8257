import { Plus, X } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useId } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { durationText } from '@/components/ui/duration-text';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { useMessage } from '@/components/ui/use-message';
import {
  defaultGuards,
  type Guard,
  type GuardMeasure,
  guardMeasures,
  suggestedGuards,
} from '@/lib/diversion/cutover';
import {
  type FigureSources,
  findUnreadReason,
  fitGuard,
  laggingMeasures,
  type MeasureLags,
  shortestGuardS,
  storedMeasures,
} from '@/lib/diversion/guard-lag';
import { shortestJudgedS } from '@/lib/estate/measure';
import { draftGuard, type GuardDraft } from './guard-draft';

type GuardFieldsProps = {
  readonly guards: readonly GuardDraft[];
  /** The initial values of an added guard, if its measure is among them. */
  readonly usual: readonly Guard[];
  /** The lags of monitoring when the plan was made; absent if there is no plan. */
  readonly lags?: MeasureLags;
  /** The sources of their figures; absent = they are checked when the guards are sent. */
  readonly sources?: FigureSources;
  readonly onChange: (guards: readonly GuardDraft[]) => void;
  /** Returns the error of a field of the guard at an index. */
  readonly errorOf: (
    index: number,
    field: 'measure' | 'limit' | 'forS',
    value: unknown,
  ) => string | undefined;
};

/** Returns a new guard on a measure, with its usual values. */
function newGuard(measure: GuardMeasure, usual: readonly Guard[], lags: MeasureLags): GuardDraft {
  const found = [...usual, ...defaultGuards, ...suggestedGuards].find((guard) => guard.measure === measure);
  return draftGuard(fitGuard(found ?? { measure, limit: 0, forS: 30, outcome: 'stop' }, lags));
}

/** The guards watched once traffic has moved, one line each. */
export function GuardFields({ guards, usual, lags, sources, onChange, errorOf }: GuardFieldsProps) {
  const t = useTranslations('plan.schedule.guard');
  const measures = useTranslations('run.measure.name');
  const format = useFormatter();
  const message = useMessage('ui.refusal');
  const free = guardMeasures.filter((measure) => guards.every((guard) => guard.measure !== measure));
  const whyUnread = (measure: GuardMeasure) =>
    sources === undefined ? null : findUnreadReason(measure, sources);
  // In a policy, nothing is left out.
  const left =
    lags === undefined ? [] : usual.map(({ measure }) => measure).filter((each) => free.includes(each));
  const next = free.find((measure) => whyUnread(measure) === null);
  const describeUnread = (measure: GuardMeasure) => {
    const reason = whyUnread(measure);
    return reason === null ? undefined : message(`guard.${reason}`);
  };
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-12 font-medium text-ink-2">{t('title')}</legend>
      {guards.length === 0 ? <p className="text-12 text-ink-2">{t('none')}</p> : null}
      {guards.map((guard, index) => (
        <GuardRow
          key={guard.measure}
          guard={guard}
          lags={lags}
          unread={describeUnread(guard.measure) ?? errorOf(index, 'measure', guard.measure)}
          error={errorOf(index, 'limit', guard.limit) ?? errorOf(index, 'forS', guard.forS)}
          onChange={(part) => onChange(guards.map((each) => (each === guard ? { ...each, ...part } : each)))}
          onRemove={() => onChange(guards.filter((each) => each !== guard))}
        />
      ))}
      {left.length === 0 ? null : (
        <p className="text-12 text-warn-ink">
          {t('leftOut', { measures: format.list(left.map((each) => measures(each))) })}
        </p>
      )}
      {next === undefined ? null : (
        <div>
          <Button
            size="sm"
            icon={<Plus aria-hidden />}
            onClick={() => onChange([...guards, newGuard(next, usual, lags ?? {})])}
          >
            {t('add', { measure: measures(next) })}
          </Button>
        </div>
      )}
      {sources === undefined ? null : <Unavailable measures={free} sources={sources} />}
    </fieldset>
  );
}

type UnavailableProps = {
  readonly measures: readonly GuardMeasure[];
  readonly sources: FigureSources;
};

/** The measures that have no value with the server's settings, by reason. */
function Unavailable({ measures, sources }: UnavailableProps) {
  const t = useTranslations('plan.schedule.guard.unavailable');
  const names = useTranslations('run.measure.name');
  const format = useFormatter();
  const reasons = new Set(measures.flatMap((measure) => findUnreadReason(measure, sources) ?? []));
  return [...reasons].map((reason) => {
    const own = measures.filter((measure) => findUnreadReason(measure, sources) === reason);
    return (
      <p key={reason} className="text-12 text-ink-2">
        {t(reason, { measures: format.list(own.map((each) => names(each))), trafficS: sources.trafficS })}
      </p>
    );
  });
}

type GuardRowProps = {
  readonly guard: GuardDraft;
  readonly lags: MeasureLags | undefined;
  /** The reason why it has no value with the server's settings. */
  readonly unread: string | undefined;
  readonly error: string | undefined;
  readonly onChange: (part: Partial<GuardDraft>) => void;
  readonly onRemove: () => void;
};

function GuardRow({ guard, lags, unread, error, onChange, onRemove }: GuardRowProps) {
  const t = useTranslations('plan.schedule.guard');
  const measures = useTranslations('run.measure.name');
  const measure = measures(guard.measure);
  const unreadId = useId();
  const invalid = error === undefined ? {} : { 'aria-invalid': true as const };
  return (
    <div className="grid gap-1">
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)_2rem] items-center gap-2 text-12 md:grid-cols-[minmax(0,1fr)_6.5rem_5.5rem_7rem_2rem]">
        <span className="col-span-full md:col-span-1">{t('above', { measure })}</span>
        <Input
          {...invalid}
          aria-label={t('limit', { measure })}
          inputMode="decimal"
          unit={t(`unit.${guard.measure}`)}
          value={guard.limit}
          onChange={(event) => onChange({ limit: event.target.value })}
        />
        <Input
          {...invalid}
          aria-label={t('forS', { measure })}
          inputMode="numeric"
          unit="s"
          value={guard.forS}
          onChange={(event) => onChange({ forS: event.target.value })}
        />
        <Select
          aria-label={t('outcome', { measure })}
          value={guard.outcome}
          onChange={(outcome) => onChange({ outcome })}
          options={[
            { value: 'rollback', label: t('rollback') },
            { value: 'stop', label: t('stop') },
          ]}
        />
        <IconButton
          label={t('remove', { measure })}
          aria-describedby={unread === undefined ? undefined : unreadId}
          icon={<X aria-hidden />}
          onClick={onRemove}
        />
      </div>
      {error === undefined ? null : <p className="text-12 text-bad-ink">{error}</p>}
      {unread === undefined ? null : (
        <p id={unreadId} className="text-12 text-bad-ink">
          {unread}
        </p>
      )}
      {lags === undefined || unread !== undefined || !laggingMeasures.has(guard.measure) ? null : (
        <LagNote lagMs={lags[guard.measure]} isStored={storedMeasures.has(guard.measure)} />
      )}
    </div>
  );
}

type LagNoteProps = {
  readonly lagMs: number | undefined;
  /** True for figures of stored traffic. */
  readonly isStored: boolean;
};

/** The lag of a guard's figures, and what it means for the guard's time. */
function LagNote({ lagMs, isStored }: LagNoteProps) {
  const t = useTranslations('plan.schedule.guard.lag');
  const note = () => {
    if (lagMs === undefined) return t('unknown');
    if (lagMs === 0) return t('none');
    const lag = durationText(lagMs / 1000);
    const judgedS = shortestJudgedS(lagMs);
    const shortestS = shortestGuardS(lagMs);
    if (judgedS > shortestS) return t('late', { lag, time: durationText(judgedS) });
    return t(isStored ? 'stored' : 'behind', { lag, seconds: shortestS });
  };
  return <p className="text-12 text-ink-2">{note()}</p>;
}
