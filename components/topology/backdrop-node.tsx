'use client';

import type { Node, NodeProps } from '@xyflow/react';
import { MapPin } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { scfBindingSupport } from '@/lib/estate/facts/regions';
import type { MapColumn } from '@/lib/estate/topology/map-model';

export type RegionNode = Node<{ readonly region: string }, 'region'>;

/** The box around a region, which shows whether functions can be bound there. */
export function RegionNodeView({ data }: NodeProps<RegionNode>) {
  const t = useTranslations('estate');
  return (
    <div className="size-full rounded-lg border border-line-strong bg-surface/45">
      <p className="flex items-center gap-1 px-3.5 pt-1.75 text-11 font-semibold text-ink-2">
        <MapPin aria-hidden className="size-3" />
        {data.region}
        <span className="ml-1 font-normal text-ink-3">{t(`binding.${scfBindingSupport(data.region)}`)}</span>
      </p>
    </div>
  );
}

export type HeadingNode = Node<{ readonly column: MapColumn }, 'heading'>;

/** The heading of a column. */
export function HeadingNodeView({ data }: NodeProps<HeadingNode>) {
  const t = useTranslations('estate');
  return (
    <p className="pt-2.5 text-12 font-medium whitespace-nowrap text-ink-2">{t(`column.${data.column}`)}</p>
  );
}
