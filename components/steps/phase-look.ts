import type { Phase } from '@/lib/diversion/phase';

/** The icon of each phase, the same in plan and run. */
export const phaseLook: Readonly<Record<Phase, string>> = {
  prewarm:
    '[background:radial-gradient(circle_at_2px_2px,var(--scf)_1px,transparent_1.2px)_0_0/5px_5px,var(--scf-soft)]',
  divert: 'bg-ink',
  verify: 'bg-surface shadow-[inset_0_0_0_2px_var(--ink)]',
  diverted: 'bg-hatch-scf',
  rollback: 'bg-cvm',
  drain: 'bg-hatch-plan shadow-[inset_0_0_0_1px_var(--line-strong)]',
};
