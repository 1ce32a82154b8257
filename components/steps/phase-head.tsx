import { useTranslations } from 'next-intl';
import { classes } from '@/components/ui/classes';
import { durationText } from '@/components/ui/duration-text';
import type { Phase } from '@/lib/diversion/phase';
import type { NumberedWave } from '@/lib/diversion/wave';

/** The icon of each phase, the same in plan and run. */
export const phaseLook: Readonly<Record<Phase, string>> = {
  prewarm:
    '[background:radial-gradient(circle_at_2px_2px,var(--scf)_1px,transparent_1.2px)_0_0/5px_5px,var(--scf-soft)]',
  divert: 'bg-ink',
  verify: 'bg-surface shadow-[inset_0_0_0_2px_var(--ink)]',
  hold: 'bg-hatch-scf',
  revert: 'bg-cvm',
  drain: 'bg-hatch-plan shadow-[inset_0_0_0_1px_var(--line-strong)]',
};

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
