import { Globe, Network, Plug, Route, Server, SquareFunction } from 'lucide-react';
import { classes } from '@/components/ui/classes';
import type { MapColumn } from '@/lib/estate/topology/map-model';

type GlyphKind = Exclude<MapColumn, 'backend'> | 'cvm' | 'scf';

/** The glyph of a node's kind: CVM square and solid, SCF round, the rest outlined. */
export function Glyph({ kind, large = false }: { readonly kind: GlyphKind; readonly large?: boolean }) {
  const Icon = {
    host: Globe,
    loadBalancer: Network,
    listener: Plug,
    rule: Route,
    cvm: Server,
    scf: SquareFunction,
  }[kind];
  const look =
    kind === 'cvm'
      ? 'rounded-sm border-cvm bg-cvm text-on-cvm'
      : kind === 'scf'
        ? 'rounded-full border-scf bg-scf text-on-scf'
        : 'rounded-md border-line-strong bg-surface text-ink-2';
  return (
    <span
      aria-hidden
      className={classes(
        'grid shrink-0 place-items-center border',
        look,
        large ? 'size-8 [&_svg]:size-4.5' : 'size-5 [&_svg]:size-3.25',
      )}
    >
      <Icon strokeWidth={2} />
    </span>
  );
}
