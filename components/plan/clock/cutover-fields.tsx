import { useTranslations } from 'next-intl';
import { phaseLook } from '@/components/steps/phase-look';
import { classes } from '@/components/ui/classes';
import { Field } from '@/components/ui/field';
import { TextField } from '@/components/ui/forms/text-field';
import { WallFields } from '@/components/ui/forms/wall-fields';
import { Select } from '@/components/ui/select';
import { ZoneSelect } from '@/components/ui/zone-select';
import type { Guard } from '@/lib/diversion/cutover';
import type { FigureSources, MeasureLags } from '@/lib/diversion/guard-lag';
import type { Phase } from '@/lib/diversion/phase';
import { wallNotes } from '@/lib/diversion/wall-clock';
import type { CutoverDraft } from './cutover-draft';
import { GuardFields } from './guard-fields';
import { MissedFields } from './missed-fields';
import { ReadinessFields } from './readiness-fields';

type CutoverFieldsProps = {
  readonly draft: CutoverDraft;
  /** The guards of the policy. */
  readonly usualGuards: readonly Guard[];
  /** The lags of monitoring when the plan was made. */
  readonly lags: MeasureLags;
  /** The sources of the figures of guards. */
  readonly sources: FigureSources;
  readonly onChange: (part: Partial<CutoverDraft>) => void;
  /** Returns the error of a field, by its path below `cutover.`. */
  readonly errorOf: (path: string, value: unknown) => string | undefined;
  /** The forecast duration of the prewarm steps, as text. */
  readonly prewarmForecast: string;
  /** The lead of prewarm that the diversion asks for, as text; null = none. */
  readonly prewarmAsked: string | null;
};

const Mark = ({ phase }: { readonly phase: Phase }) => (
  <span aria-hidden className={classes('h-2.5 w-3.5 shrink-0 rounded-[1px]', phaseLook[phase])} />
);

/** The form of a cutover: the start of each phase, the behaviour if T0 is missed, and the guards. */
export function CutoverFields({
  draft,
  usualGuards,
  lags,
  sources,
  onChange,
  errorOf,
  prewarmForecast,
  prewarmAsked,
}: CutoverFieldsProps) {
  const t = useTranslations('plan.schedule');
  return (
    <div className="grid gap-3">
      <div className="grid items-start gap-3 md:grid-cols-2">
        <Field label={t('zone')} error={errorOf('zone', draft.zone)}>
          {(control) => (
            <ZoneSelect {...control} value={draft.zone} onChange={(zone) => onChange({ zone })} />
          )}
        </Field>
        <TextField
          label={
            <>
              <Mark phase="prewarm" />
              {t('prewarm')}
            </>
          }
          note={
            prewarmAsked === null
              ? t('prewarmNote', { forecast: prewarmForecast })
              : t('prewarmAsked', { forecast: prewarmForecast, asked: prewarmAsked })
          }
          error={errorOf('prewarmS', draft.prewarm)}
          value={draft.prewarm}
          onType={(prewarm) => onChange({ prewarm })}
        />
      </div>
      <div className="grid items-start gap-3 md:grid-cols-2">
        <WallFields
          seconds
          name={t('t0')}
          mark={<Mark phase="divert" />}
          value={draft.t0}
          onChange={(t0) => onChange({ t0 })}
          error={errorOf('t0', draft.t0)}
          {...wallNotes(draft.t0, draft.zone)}
        />
        <div className="grid gap-2">
          <Field label={t('after')}>
            {(control) => (
              <Select
                {...control}
                value={draft.comesBack ? 'back' : 'stays'}
                onChange={(after) => onChange({ comesBack: after === 'back' })}
                options={[
                  { value: 'back', label: t('comesBack') },
                  { value: 'stays', label: t('stays') },
                ]}
              />
            )}
          </Field>
          {draft.comesBack ? (
            <WallFields
              seconds
              name={t('t1')}
              mark={<Mark phase="rollback" />}
              value={draft.t1}
              onChange={(t1) => onChange({ t1 })}
              error={errorOf('t1', draft.t1)}
              {...wallNotes(draft.t1, draft.zone)}
            />
          ) : null}
        </div>
      </div>
      <MissedFields draft={draft} onChange={onChange} lateError={errorOf('missedT0.withinS', draft.late)} />
      {draft.readiness === null ? null : (
        <ReadinessFields
          draft={draft.readiness}
          onChange={(readiness) => onChange({ readiness })}
          errorOf={(field, value) => errorOf(`readiness.${field}`, value)}
        />
      )}
      <GuardFields
        guards={draft.guards}
        usual={usualGuards}
        lags={lags}
        sources={sources}
        onChange={(guards) => onChange({ guards })}
        errorOf={(index, field, value) => errorOf(`guards.${index}.${field}`, value)}
      />
    </div>
  );
}
