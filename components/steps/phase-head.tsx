import { useTranslations } from 'next-intl';
import { classes } from '@/components/ui/classes';
import { durationText } from '@/components/ui/duration-text';
import type { Phase } from '@/lib/diversion/phase';
import type { NumberedWave } from '@/lib/diversion/wave';
import { phaseLook } from './phase-look';

type PhaseHeadProps = {
  readonly phase: Phase;
  readonly isFirst: boolean;
  /** The wave that moves, if the phase is divided into waves, and its duration in ms. */
  readonly wave?: (NumberedWave & { readonly forecastMs: number }) | null;
};

/** The heading above the steps of one phase, or of one wave of it. */
export function PhaseHead({ phase, isFirst, wave = null }: PhaseHeadProps) {
  const t = useTranslations('plan');
  return (
    <h3
      className={classes(
        'flex flex-wrap items-center gap-x-2 border-b border-line bg-sunken px-4 py-1.5 text-12',
        !isFirst && 'border-t',
      )}
    >
      <span aria-hidden className={classes('h-2.5 w-3.5 shrink-0 rounded-[1px]', phaseLook[phase])} />
      {t(`phase.${phase}`)}
      {wave === null ? (
        <span className="font-normal text-ink-3">{t(`phaseNote.${phase}`)}</span>
      ) : (
        <>
          <span>{t('wave.number', { number: wave.number, all: wave.all })}</span>
          <span className="min-w-0 truncate font-normal text-ink-2" title={wave.names.join(', ')}>
            {t('wave.names', { count: wave.names.length, names: wave.names.slice(0, 3).join(', ') })}
          </span>
          <span className="ml-auto font-normal text-ink-3">
            {t('wave.duration', { duration: durationText(Math.ceil(wave.forecastMs / 1000)) })}
          </span>
        </>
      )}
    </h3>
  );
}
