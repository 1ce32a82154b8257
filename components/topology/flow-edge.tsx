'use client';

import { type Edge, EdgeLabelRenderer, type EdgeProps, getBezierPath, Position } from '@xyflow/react';
import { useFormatter, useTranslations } from 'next-intl';
import { classes } from '@/components/ui/classes';
import type { MapLink } from '@/lib/estate/topology/map-model';

export type FlowEdge = Edge<{ readonly link: MapLink; readonly look: 'rest' | 'lit' }, 'topology'>;

const strength = { rest: 'opacity-60', lit: 'opacity-100' };

/** Returns the position of a label: near the start of its line, before lines converge. */
function labelPoint(line: { sourceX: number; sourceY: number; targetX: number; targetY: number }) {
  const width = line.targetX - line.sourceX;
  // A long line starts horizontally, and passes behind the nodes of the columns that it skips.
  if (width > 80) return { x: line.sourceX + 16, y: line.sourceY };
  return { x: line.sourceX + width * 0.34, y: line.sourceY + (line.targetY - line.sourceY) * 0.22 };
}

/** A line of the graph: CVM solid, SCF dashed, both side by side if both serve, thin if neither does. */
export function FlowEdgeView(props: EdgeProps<FlowEdge>) {
  const { sourceX, sourceY, targetX, targetY, data } = props;
  const t = useTranslations('estate');
  const format = useFormatter();
  if (data === undefined) return null;
  const { link, look } = data;
  const drawn = link.kinds.length === 0 ? (['idle'] as const) : link.kinds;
  const ends = {
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition: Position.Right,
    targetPosition: Position.Left,
  };
  const label = labelPoint(ends);
  return (
    <>
      {drawn.map((kind, index) => {
        const offset = (index - (drawn.length - 1) / 2) * 6;
        const [path] = getBezierPath({ ...ends, sourceY: sourceY + offset, targetY: targetY + offset });
        return (
          <path
            key={kind}
            d={path}
            fill="none"
            className={classes(
              strokes[kind],
              strength[look],
              look === 'lit' && kind !== 'idle' && 'stroke-4!',
            )}
          />
        );
      })}
      {link.perSecond === null ? null : (
        <EdgeLabelRenderer>
          <span
            title={t('measuredTraffic')}
            className="absolute z-1 rounded-sm border border-line-strong bg-surface px-1 text-11 leading-4 whitespace-nowrap text-ink-2 tabular-nums"
            style={{ transform: `translate(-50%, -50%) translate(${targetX - 14}px, ${targetY - 14}px)` }}
          >
            {t('perSecond', { rate: format.number(link.perSecond, { maximumFractionDigits: 1 }) })}
          </span>
        </EdgeLabelRenderer>
      )}
      {link.label === null ? null : (
        <EdgeLabelRenderer>
          <span
            className={classes(
              'absolute z-1 h-4.5 min-w-5.5 rounded-full border bg-surface px-1.25 text-center text-11 leading-4 font-semibold',
              link.kinds.length === 1 ? labels[link.kinds[0] ?? 'idle'] : labels.idle,
              look === 'lit' && 'border-accent',
            )}
            style={{ transform: `translate(-50%, -50%) translate(${label.x}px, ${label.y}px)` }}
          >
            {link.label.kind === 'weight' ? link.label.text : t(link.label.kind)}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
}

const strokes = {
  cvm: 'stroke-cvm stroke-3',
  scf: 'stroke-scf stroke-3 [stroke-dasharray:9_3]',
  idle: 'stroke-control stroke-[1.5]',
};

const labels = {
  cvm: 'border-cvm-line text-cvm-ink',
  scf: 'border-scf-line text-scf-ink',
  idle: 'border-line-strong text-ink-2',
};
