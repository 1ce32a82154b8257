'use client';

import { MapPin, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Glyph } from '@/components/topology/glyph';
import type { TopologyNode } from '@/components/topology/group';
import type { NodeId } from '@/components/topology/route';
import { IconButton } from '@/components/ui/button';
import { Chip, KindMark } from '@/components/ui/chip';
import type { ConnectionView } from '@/lib/client/views';
import type { Estate } from '@/lib/estate/model';
import { poolName } from '@/lib/estate/pool-name';
import { DetailBody } from './detail-body';
import { DetailDrift } from './detail-drift';
import { EstateAge } from './estate-age';
import { backendName } from './route-columns';

type DetailPanelProps = {
  readonly node: TopologyNode;
  readonly estate: Estate;
  readonly connection: ConnectionView;
  readonly onSelect: (id: NodeId | null) => void;
};

/** All facts about the selected node, with links to what can be done with it. */
export function DetailPanel({ node, estate, connection, onSelect }: DetailPanelProps) {
  const t = useTranslations('estate');
  const kind = node.kind === 'backend' ? (node.backend.kind === 'scf' ? 'function' : 'pool') : node.kind;
  return (
    <aside
      aria-label={t('detailLabel')}
      className="flex min-w-0 flex-col border-line-strong bg-surface max-xl:border-t xl:min-h-0 xl:border-l"
    >
      <div className="flex items-center gap-3 pt-3 pr-3 pb-2 pl-4">
        <Glyph node={node} large />
        <div className="min-w-0 flex-1">
          <h2 className="truncate">{nodeTitle(node, t('pool'))}</h2>
          <p className="text-12 text-ink-2">{t(`kind.${kind}`)}</p>
        </div>
        <IconButton
          label={t('closePanel')}
          size="sm"
          icon={<X aria-hidden />}
          onClick={() => onSelect(null)}
        />
      </div>
      <div className="flex flex-1 flex-col gap-3.5 border-t border-line px-4 py-3.5 lg:max-xl:grid lg:max-xl:grid-cols-2 lg:max-xl:content-start lg:max-xl:items-start lg:max-xl:gap-x-6 xl:overflow-y-auto">
        <div className="flex flex-wrap items-center gap-1.5 lg:max-xl:col-span-2">
          {node.kind === 'backend' ? (
            <Chip tone={node.backend.kind} icon={<KindMark kind={node.backend.kind} />}>
              {t(`backendKind.${node.backend.kind}`)}
            </Chip>
          ) : null}
          {node.kind === 'host' ? null : <Chip icon={<MapPin aria-hidden />}>{node.region}</Chip>}
          <span className="ml-auto">
            <EstateAge estate={estate} />
          </span>
        </div>
        <DetailDrift node={node} connectionId={connection.id} />
        <DetailBody subject={node} estate={estate} connection={connection} onSelect={onSelect} />
      </div>
    </aside>
  );
}

function nodeTitle(node: TopologyNode, unnamedPool: string): string {
  switch (node.kind) {
    case 'host':
      return node.host;
    case 'loadBalancer':
      return node.loadBalancer.name;
    case 'listener':
      return `${node.listener.protocol}:${node.listener.port}`;
    case 'rule':
      return `${node.rule.domain}${node.rule.url}`;
    case 'backend':
      return node.backend.kind === 'cvm'
        ? (poolName(node.backend.targets) ?? unnamedPool)
        : (backendName(node.backend) ?? '');
  }
}
