import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, IconButton } from '@/components/ui/button';
import { durationText } from '@/components/ui/duration-text';
import { Input } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import type { Guard } from '@/lib/diversion/cutover';
import { laggingMeasures, type MeasureLags } from '@/lib/diversion/guard-lag';
import { defaultGuards, guardMeasures, suggestedGuards } from '@/lib/diversion/guards';
import { shortestJudgedS } from '@/lib/estate/measure';
import { draftGuard, type GuardDraft } from './guard-draft';

type GuardFieldsProps = {
  readonly guards: readonly GuardDraft[];
  /** The initial values of an added guard, if its measure is among them. */
  readonly usual: readonly Guard[];
  /** The lags of monitoring when the plan was made; absent if there is no plan. */
  readonly lags?: MeasureLags;
  readonly onChange: (guards: readonly GuardDraft[]) => void;
  /** Returns the error of a field of the guard at an index. */
  readonly errorOf: (index: number, field: 'limit' | 'forS', value: unknown) => string | undefined;
};

/** Returns the next guard that is not in the list yet, with its usual values. */
function nextGuard(guards: readonly GuardDraft[], usual: readonly Guard[]): GuardDraft | null {
  const measure = guardMeasures.find((each) => guards.every((guard) => guard.measure !== each));
  if (measure === undefined) return null;
  const found = [...usual, ...defaultGuards, ...suggestedGuards].find((guard) => guard.measure === measure);
  return draftGuard(found ?? { measure, limit: 0, forS: 30, outcome: 'hold' });
}

/** The guards watched once traffic has moved, one line each. */
export function GuardFields({ guards, usual, lags, onChange, errorOf }: GuardFieldsProps) {
  const t = useTranslations('plan.schedule.guard');
  const measures = useTranslations('run.measure.name');
  const next = nextGuard(guards, usual);
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-12 font-medium text-ink-2">{t('title')}</legend>
      {guards.length === 0 ? <p className="text-12 text-ink-2">{t('none')}</p> : null}
      {guards.map((guard, index) => (
        <GuardRow
          key={guard.measure}
          guard={guard}
          lags={lags}
          error={errorOf(index, 'limit', guard.limit) ?? errorOf(index, 'forS', guard.forS)}
          onChange={(part) => onChange(guards.map((each) => (each === guard ? { ...each, ...part } : each)))}
          onRemove={() => onChange(guards.filter((each) => each !== guard))}
        />
      ))}
      {next === null ? null : (
        <div>
          <Button size="sm" icon={<Plus aria-hidden />} onClick={() => onChange([...guards, next])}>
            {t('add', { measure: measures(next.measure) })}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

type GuardRowProps = {
  readonly guard: GuardDraft;
  readonly lags: MeasureLags | undefined;
  readonly error: string | undefined;
  readonly onChange: (part: Partial<GuardDraft>) => void;
  readonly onRemove: () => void;
};

function GuardRow({ guard, lags, error, onChange, onRemove }: GuardRowProps) {
  const t = useTranslations('plan.schedule.guard');
  const measures = useTranslations('run.measure.name');
  const measure = measures(guard.measure);
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
            { value: 'revert', label: t('revert') },
            { value: 'hold', label: t('hold') },
          ]}
        />
        <IconButton label={t('remove', { measure })} icon={<X aria-hidden />} onClick={onRemove} />
      </div>
      {error === undefined ? null : <p className="text-12 text-bad-ink">{error}</p>}
      {lags === undefined || !laggingMeasures.has(guard.measure) ? null : (
        <LagNote lagMs={lags[guard.measure]} />
      )}
    </div>
  );
}

/** The lag of a guard's figures, and what it means for the guard's time. */
function LagNote({ lagMs }: { readonly lagMs: number | undefined }) {
  const t = useTranslations('plan.schedule.guard.lag');
  return (
    <p className="text-12 text-ink-2">
      {lagMs === undefined
        ? t('unknown')
        : lagMs === 0
          ? t('none')
          : t('behind', { lag: durationText(lagMs / 1000), seconds: shortestJudgedS(lagMs) })}
    </p>
  );
}
