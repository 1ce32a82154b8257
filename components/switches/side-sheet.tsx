import { useTranslations } from 'next-intl';
import { type ReactNode, useId } from 'react';
import { RouteGlyph } from '@/components/plan/route-glyph';
import { classes } from '@/components/ui/classes';
import type { SwitchSide } from '@/lib/diversion/switch';

/** One side of a new Switch: CVM with a solid top edge, SCF with a hatched one. */
export function SideSheet({ side, children }: { readonly side: SwitchSide; readonly children: ReactNode }) {
  const t = useTranslations(`switch.add.${side}`);
  const titleId = useId();
  return (
    <section
      aria-labelledby={titleId}
      className="relative flex min-w-0 flex-col rounded-lg border border-line bg-surface"
    >
      <span
        aria-hidden
        className={classes(
          'absolute -inset-x-px -top-px h-1 rounded-t-lg',
          side === 'cvm' ? 'bg-cvm' : 'bg-hatch-scf',
        )}
      />
      <div className="flex items-center gap-3 border-b border-line px-4 pt-4 pb-3">
        <RouteGlyph part={side === 'cvm' ? 'cvm' : 'scf'} size="lg" />
        <div className="min-w-0">
          <h2 id={titleId}>{t('title')}</h2>
          <p className="text-12 text-ink-2">{t('sub')}</p>
        </div>
      </div>
      <div className="px-4 pt-3.5 pb-1.5">{children}</div>
      <div className="mt-auto border-t border-line px-4 py-2.5 text-12 text-ink-2">{t('foot')}</div>
    </section>
  );
}
