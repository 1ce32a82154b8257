import { useTranslations } from 'next-intl';
import { classes } from '@/components/ui/classes';
import type { Phase } from '@/lib/diversion/phase';

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

/** The heading above the steps of one phase. */
export function PhaseHead({ phase, isFirst }: { readonly phase: Phase; readonly isFirst: boolean }) {
  const t = useTranslations('plan');
  return (
    <h3
      className={classes(
        'flex items-center gap-2 border-b border-line bg-sunken px-4 py-1.5 text-12',
        !isFirst && 'border-t',
      )}
    >
      <span aria-hidden className={classes('h-2.5 w-3.5 shrink-0 rounded-[1px]', phaseLook[phase])} />
      {t(`phase.${phase}`)}
      <span className="font-normal text-ink-3">{t(`phaseNote.${phase}`)}</span>
    </h3>
  );
}
