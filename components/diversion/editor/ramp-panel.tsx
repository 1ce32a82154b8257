import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { fieldId } from '@/components/diversion/draft/field-id';
import { wholeNumber, wholeText } from '@/components/diversion/draft/whole-number';
import { Button, IconButton } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import { buildRamp, rampShapeNames } from '@/lib/diversion/ramp';
import type { RampStep, SwitchSide } from '@/lib/diversion/switch';
import { FormRow } from './form-row';
import type { DiversionForm } from './use-diversion-form';

/** The default bake time of a share, in seconds. Spillway's choice. */
const bakeDefaultS = 300;

/**
 * Returns a ramp with one more step, before the last one and half-way up to it: shares only rise, and the last one is
 * the Switch's final share. If no whole share fits between, the new step is added at the end, to be filled in.
 */
function nextStep(ramp: readonly RampStep[]): readonly RampStep[] {
  const last = ramp.at(-1) ?? { percent: 100, bakeS: 0 };
  const before = ramp.at(-2)?.percent ?? 0;
  const half = Math.floor((before + last.percent) / 2);
  if (half <= before || half >= last.percent || Number.isNaN(half))
    return [...ramp, { percent: Number.NaN, bakeS: bakeDefaultS }];
  return [...ramp.slice(0, -1), { percent: half, bakeS: bakeDefaultS }, last];
}

const toward = ['function', 'cvm'] as const satisfies readonly SwitchSide[];

/** The direction of a Switch and the shares of its ramp. */
export function RampRow({ form }: { readonly form: DiversionForm }) {
  const t = useTranslations('diversion.ramp');
  const sides = useTranslations('diversion.ramp.side');
  const shapes = useTranslations('diversion.ramp.shape');
  const { draft } = form;
  const { ramp } = draft;
  const { errors } = form.stateOf('ramp');
  const setRamp = (next: readonly RampStep[]) => form.change({ ramp: next });
  const rows = ramp.map((step, nth) => ({ step, nth, number: nth + 1, isLast: nth === ramp.length - 1 }));
  const change = (nth: number, next: Partial<RampStep>) =>
    setRamp(ramp.map((step, other) => (other === nth ? { ...step, ...next } : step)));
  const errorsId = `${fieldId('ramp')}-message`;
  return (
    <FormRow title={t('title')}>
      <div>
        <Segmented
          label={t('toward')}
          value={draft.toward}
          onChange={(side) => form.change({ toward: side })}
          options={toward.map((value) => ({ value, label: t('to', { side: sides(value) }) }))}
        />
      </div>
      <div className="flex flex-wrap items-center gap-2 text-12 max-md:hidden">
        <span className="text-ink-2">{t('presets')}</span>
        {rampShapeNames.map((shape) => (
          <Button
            key={shape}
            size="sm"
            onClick={() => setRamp(buildRamp(shape, { share: 0, bakeS: bakeDefaultS }))}
          >
            {shapes(shape)}
          </Button>
        ))}
      </div>
      <ol className="grid gap-2" aria-describedby={errors.length > 0 ? errorsId : undefined}>
        {rows.map(({ step, nth, number, isLast }) => (
          <li key={number} className="flex flex-wrap items-center gap-2 text-12">
            <span className="w-12 text-ink-3">{t('step', { number })}</span>
            <Input
              {...(nth === 0 ? { id: fieldId('ramp') } : {})}
              aria-label={t('percent', { number })}
              aria-invalid={errors.length > 0 || undefined}
              className="w-22"
              size="sm"
              inputMode="numeric"
              unit="%"
              value={wholeText(step.percent)}
              onChange={(event) => change(nth, { percent: wholeNumber(event.target.value) })}
            />
            {isLast ? (
              <span className="text-ink-2">{t('stays')}</span>
            ) : (
              <>
                <span className="text-ink-2">{t('then')}</span>
                <Input
                  aria-label={t('bake', { number })}
                  className="w-24"
                  size="sm"
                  inputMode="numeric"
                  unit={t('minutes')}
                  value={wholeText(step.bakeS / 60)}
                  onChange={(event) => change(nth, { bakeS: wholeNumber(event.target.value) * 60 })}
                />
              </>
            )}
            {ramp.length > 1 ? (
              <span className="max-md:hidden">
                <IconButton
                  size="sm"
                  label={t('remove', { number })}
                  icon={<X aria-hidden />}
                  onClick={() => setRamp(ramp.filter((_, other) => other !== nth))}
                />
              </span>
            ) : null}
          </li>
        ))}
      </ol>
      <div className="max-md:hidden">
        <Button size="sm" variant="ghost" icon={<Plus aria-hidden />} onClick={() => setRamp(nextStep(ramp))}>
          {t('add')}
        </Button>
      </div>
      <div id={errorsId} className="grid gap-1 text-12">
        {errors.map((error) => (
          <p key={error} className="text-bad-ink">
            {error}
          </p>
        ))}
        <p className="text-ink-2">{t('note')}</p>
      </div>
    </FormRow>
  );
}
