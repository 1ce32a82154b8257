import { Globe, Network, Plug, Quote, Route, Server, SquareFunction } from 'lucide-react';
import { classes } from '@/components/ui/classes';

/** The parts of a route in order; the graph, the editor and the plan use the same glyphs. */
export type RoutePart = 'record' | 'loadBalancer' | 'listener' | 'rule' | 'cvm' | 'scf' | 'answer';

const icons = {
  record: Globe,
  loadBalancer: Network,
  listener: Plug,
  rule: Route,
  cvm: Server,
  scf: SquareFunction,
  answer: Quote,
};

const looks: Readonly<Partial<Record<RoutePart, string>>> = {
  cvm: 'rounded-sm border-cvm bg-cvm text-on-cvm',
  scf: 'rounded-full border-scf bg-scf text-on-scf',
};

type RouteGlyphProps = { readonly part: RoutePart; readonly size?: 'md' | 'lg' };

/** The glyph of one part of a route: CVM a solid square, SCF a circle, the rest plain. */
export function RouteGlyph({ part, size = 'md' }: RouteGlyphProps) {
  const Icon = icons[part];
  return (
    <span
      aria-hidden
      className={classes(
        'grid shrink-0 place-items-center border',
        size === 'lg' ? 'size-8 [&_svg]:size-4.5' : 'size-5.5 [&_svg]:size-3.25 [&_svg]:stroke-2',
        looks[part] ?? 'rounded-sm border-line-strong bg-surface text-ink-2',
      )}
    >
      <Icon />
    </span>
  );
}
