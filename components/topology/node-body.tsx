'use client';

import { CornerDownRight, Globe, Network } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { LoadBalancer } from '@/lib/estate/model';
import { poolName } from '@/lib/estate/pool-name';
import { unreachable } from '@/lib/invariant';
import { Glyph } from './glyph';
import type { TopologyNode } from './group';

/** The text on a node. */
export function NodeBody({ node }: { readonly node: TopologyNode }) {
  const t = useTranslations('estate');
  const kind = <span className="sr-only">{t(`kind.${node.kind}`)} </span>;
  switch (node.kind) {
    case 'host':
      return (
        <>
          <Title icon={<Globe aria-hidden className="size-3.5" />}>
            {kind}
            {node.host}
          </Title>
          <p className="truncate pl-5 text-11 text-ink-2">{t('ttlLine', { ttl: formatTtls(node) })}</p>
        </>
      );
    case 'loadBalancer':
      return (
        <>
          <Title icon={<Network aria-hidden className="size-3.5" />}>
            {kind}
            {node.loadBalancer.name}
          </Title>
          <p className="mono truncate text-11 text-ink-2">{getShownAddress(node.loadBalancer)}</p>
          <p className="flex gap-1.5 truncate text-11 text-ink-3">
            <span className="mono truncate">{node.loadBalancer.id}</span>
            {node.loadBalancer.generation === 'classic' ? <span>{t('generation.classic')}</span> : null}
          </p>
        </>
      );
    case 'listener':
      return (
        <>
          <p className="mono truncate text-12 font-semibold">
            {kind}
            {node.listener.protocol}
          </p>
          <p className="mono text-11 text-ink-2">:{node.listener.port}</p>
        </>
      );
    case 'rule':
      return (
        <>
          <p className="mono flex items-center gap-1 text-12 font-semibold">
            {kind}
            <span className="truncate">{node.rule.url}</span>
            {node.rule.redirectsTo === null ? null : (
              <CornerDownRight aria-label={t('redirect')} className="ml-auto size-3 shrink-0 text-ink-3" />
            )}
          </p>
          <p className="truncate text-11 text-ink-2">{node.rule.domain}</p>
        </>
      );
    case 'backend':
      return <BackendBody node={node} />;
    default:
      return unreachable(node);
  }
}

function BackendBody({ node }: { readonly node: TopologyNode & { kind: 'backend' } }) {
  const t = useTranslations('estate');
  const { backend } = node;
  if (backend.kind === 'cvm') {
    const ports = [...new Set(backend.targets.map((target) => target.port))].sort((a, b) => a - b);
    return (
      <>
        <Title icon={<Glyph node={node} />}>
          <span className="sr-only">{t('kind.pool')} </span>
          {poolName(backend.targets) ?? t('pool')}
        </Title>
        <p className="truncate pl-6.5 text-11 text-ink-2">
          {t('poolLine', { count: backend.targets.length, ports: ports.join(', ') })}
        </p>
      </>
    );
  }
  return (
    <>
      <Title icon={<Glyph node={node} />}>
        <span className="sr-only">{t('kind.function')} </span>
        {backend.namespace}/{backend.name}
        {backend.binding === null ? '' : `:${backend.binding.qualifier}`}
      </Title>
      <p className="truncate pl-6.5 text-11 text-ink-2">
        {backend.binding === null
          ? t('unbound')
          : backend.function === null
            ? t('functionUnknown')
            : t('functionLine', { type: backend.function.type, runtime: backend.function.runtime })}
      </p>
    </>
  );
}

function Title({ icon, children }: { readonly icon: React.ReactNode; readonly children: React.ReactNode }) {
  return (
    <p className="flex min-w-0 items-center gap-1.5 text-ink-3">
      {icon}
      <span className="truncate font-semibold text-ink">{children}</span>
    </p>
  );
}

/** Returns the display address of a load balancer. */
export function getShownAddress(loadBalancer: LoadBalancer): string {
  return loadBalancer.domain ?? loadBalancer.vips[0] ?? loadBalancer.ipv6 ?? '';
}

/** Formats the TTLs of a name's records; one number if they agree. */
function formatTtls(node: TopologyNode & { kind: 'host' }): string {
  const ttls = new Set(node.records.map(({ record }) => record.ttlS));
  return [...ttls].sort((a, b) => a - b).join(', ');
}
