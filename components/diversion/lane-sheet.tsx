import { useTranslations } from 'next-intl';
import { type ReactNode, useId } from 'react';
import { RouteGlyph } from '@/components/plan/route-glyph';
import { Chip } from '@/components/ui/chip';
import { classes } from '@/components/ui/classes';
import type { LaneName } from './split-draft';

type LaneSheetProps = {
  readonly lane: LaneName;
  /** null = the plan can't be made yet. */
  readonly steps: number | null;
  readonly blocked: number;
  readonly foot: ReactNode;
  readonly children: ReactNode;
};

/** One lane of a Split: CVM with a solid top edge, SCF with a hatched one. */
export function LaneSheet({ lane, steps, blocked, foot, children }: LaneSheetProps) {
  const t = useTranslations('diversion.lane');
  const titleId = useId();
  const isCvm = lane === 'laneA';
  return (
    <section
      aria-labelledby={titleId}
      className="relative flex min-w-0 flex-col rounded-lg border border-line bg-surface"
    >
      <span
        aria-hidden
        className={classes(
          'absolute -top-px -right-px -left-px h-1 rounded-t-lg',
          isCvm ? 'bg-cvm' : 'bg-hatch-scf',
        )}
      />
      <div className="flex items-center gap-3 border-b border-line px-4 pt-4 pb-3">
        <RouteGlyph part={isCvm ? 'cvm' : 'scf'} size="lg" />
        <div className="min-w-0 flex-1">
          <h2 id={titleId}>{t(`${lane}.title`)}</h2>
          <p className="text-12 text-ink-2">{t(`${lane}.sub`)}</p>
        </div>
        {blocked > 0 ? (
          <Chip tone="bad">{t('blocked', { count: blocked })}</Chip>
        ) : steps === null ? null : (
          <Chip tone={steps > 0 ? 'accent' : 'neutral'}>{t('steps', { count: steps })}</Chip>
        )}
      </div>
      <div className="px-4 pt-3.5 pb-1.5">{children}</div>
      <div className="mt-auto border-t border-line px-4 py-2.5 text-12 text-ink-2">{foot}</div>
    </section>
  );
}
