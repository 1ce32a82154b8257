'use client';

import { Focus, MapPin, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Glyph } from '@/components/topology/glyph';
import { Button, IconButton } from '@/components/ui/button';
import { Chip, KindMark } from '@/components/ui/chip';
import { Copyable } from '@/components/ui/copyable';
import { FactRow, Facts } from '@/components/ui/facts';
import type { ConnectionView } from '@/lib/contract/connection';
import { findLoadBalancer, listRules } from '@/lib/estate/look-up';
import type { Listener } from '@/lib/estate/model';
import { poolName } from '@/lib/estate/pool-name';
import { backendName } from '@/lib/estate/topology/find-routes';
import type { TopologyNode } from '@/lib/estate/topology/node';
import type { NodeDetail } from '@/lib/estate/topology/node-detail';
import { unreachable } from '@/lib/invariant';
import { BalancerDetail } from './detail-balancer';
import { DetailDrift } from './detail-drift';
import { FunctionDetailPanel } from './detail-function';
import { HostDetail } from './detail-host';
import { type DetailProps, DetailSection, NodeLink, ProbeNote } from './detail-parts';
import { RuleDetail } from './detail-rule';
import { EstateAge } from './estate-age';
import { probeHint } from './probe-hint';
import { TargetList } from './target-list';

type DetailPanelProps = {
  readonly detail: NodeDetail;
  readonly connection: ConnectionView;
  readonly onSelect: (id: string | null) => void;
  /** Filters by the routes through it; null = the filter is already active. */
  readonly onFocus: (() => void) | null;
};

/** All facts about the selected node, with links to available actions. */
export function DetailPanel({ detail, connection, onSelect, onFocus }: DetailPanelProps) {
  const t = useTranslations('estate');
  const { node, piece: estate, moreRules } = detail;
  const kind = node.kind === 'backend' ? (node.backend.kind === 'scf' ? 'function' : 'pool') : node.kind;
  return (
    <aside
      aria-label={t('detailLabel')}
      className="flex min-w-0 flex-col border-line-strong bg-surface max-xl:border-t xl:min-h-0 xl:border-l"
    >
      <div className="flex items-center gap-3 pt-3 pr-3 pb-2 pl-4">
        <Glyph kind={node.kind === 'backend' ? node.backend.kind : node.kind} large />
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
          {onFocus === null ? null : (
            <Button size="sm" icon={<Focus aria-hidden />} onClick={onFocus}>
              {t('focus.start')}
            </Button>
          )}
          <span className="ml-auto">
            <EstateAge estate={estate} />
          </span>
        </div>
        <DetailDrift node={node} connectionId={connection.id} />
        <DetailBody subject={node} estate={estate} connection={connection} onSelect={onSelect} />
        {moreRules > 0 ? <p className="text-12 text-ink-2">{t('moreRules', { count: moreRules })}</p> : null}
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

/** The facts about one node from the latest snapshot. */
function DetailBody({ subject: node, ...context }: DetailProps<TopologyNode>) {
  switch (node.kind) {
    case 'host':
      return <HostDetail subject={node} {...context} />;
    case 'loadBalancer':
      return <BalancerDetail subject={node.loadBalancer} {...context} />;
    case 'listener':
      return <ListenerDetail subject={node.listener} {...context} />;
    case 'rule':
      return <RuleDetail subject={node.rule} {...context} />;
    case 'backend':
      return node.backend.kind === 'scf' ? (
        <FunctionDetailPanel subject={node.backend} {...context} />
      ) : (
        <TargetList targets={node.backend.targets} estate={context.estate} />
      );
    default:
      return unreachable(node);
  }
}

/** A listener: protocol, port, certificate, and its rules or its targets. */
function ListenerDetail({ subject, estate, connection, onSelect }: DetailProps<Listener>) {
  const t = useTranslations('estate');
  const loadBalancer = findLoadBalancer(estate, subject.loadBalancerId);
  const rules = listRules(estate, subject.id);
  return (
    <>
      <Facts>
        <FactRow name={t('field.id')}>
          <Copyable value={subject.id} />
        </FactRow>
        <FactRow name={t('field.name')}>{subject.name}</FactRow>
        {loadBalancer ? (
          <FactRow name={t('field.loadBalancer')}>
            <NodeLink id={`lb:${loadBalancer.id}`} onSelect={onSelect}>
              {loadBalancer.name}
            </NodeLink>
          </FactRow>
        ) : null}
        {subject.certificateId === null ? null : (
          <FactRow name={t('field.certificate')}>
            <Copyable value={subject.certificateId} />
          </FactRow>
        )}
      </Facts>
      {loadBalancer ? (
        <ProbeNote
          hint={probeHint(loadBalancer, subject, rules[0], connection)}
          protocol={subject.protocol}
        />
      ) : null}
      {rules.length > 0 ? (
        <DetailSection title={t('ruleCount', { count: rules.length })}>
          <ul className="grid gap-1 text-12">
            {rules.map((rule) => (
              <li key={rule.id} className="min-w-0 truncate">
                <NodeLink id={`ru:${rule.id}`} onSelect={onSelect}>
                  {rule.domain}
                  {rule.url}
                </NodeLink>
              </li>
            ))}
          </ul>
        </DetailSection>
      ) : null}
      {subject.targets.length > 0 ? <TargetList targets={subject.targets} estate={estate} /> : null}
    </>
  );
}
