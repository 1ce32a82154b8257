import { type ReactNode, useId } from 'react';
import { RouteGlyph } from '@/components/steps/route-glyph';
import { classes } from '@/components/ui/classes';
import type { DraftSide } from '@/lib/draft/draft';

type SideFrameProps = {
  readonly side: DraftSide;
  readonly title: string;
  readonly sub: string;
  /** At the right of the head. */
  readonly aside?: ReactNode;
  readonly foot: ReactNode;
  readonly children: ReactNode;
};

/** One side of a diversion: CVM with a solid top edge, SCF with a hatched one. */
export function SideFrame({ side, title, sub, aside, foot, children }: SideFrameProps) {
  const titleId = useId();
  const isCvm = side === 'cvm';
  return (
    <section
      aria-labelledby={titleId}
      className="relative flex min-w-0 flex-col rounded-lg border border-line bg-surface"
    >
      <span
        aria-hidden
        className={classes(
          'absolute -inset-x-px -top-px h-1 rounded-t-lg',
          isCvm ? 'bg-cvm' : 'bg-hatch-scf',
        )}
      />
      <div className="flex items-center gap-3 border-b border-line px-4 pt-4 pb-3">
        <RouteGlyph part={isCvm ? 'cvm' : 'scf'} size="lg" />
        <div className="min-w-0 flex-1">
          <h2 id={titleId}>{title}</h2>
          <p className="text-12 text-ink-2">{sub}</p>
        </div>
        {aside}
      </div>
      <div className="px-4 pt-3.5 pb-1.5">{children}</div>
      <div className="mt-auto border-t border-line px-4 py-2.5 text-12 text-ink-2">{foot}</div>
    </section>
  );
}
