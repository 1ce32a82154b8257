'use client';

import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { KeyboardEvent } from 'react';
import { classes } from '@/components/ui/classes';
import type { MapNode } from '@/lib/estate/topology/map-model';
import { hostHead, recordHeight } from './measures';
import { MapMarksBadge, NodeBody } from './node-body';
import { isWalkKey, type WalkKey } from './walk';

export type NodeActions = {
  readonly onSelect: (id: string) => void;
  /** Expands or collapses a node. */
  readonly onOpen: (id: string, isOpen: boolean) => void;
  /** Shows the object of a node. */
  readonly onReach: (node: MapNode & { kind: 'more' }) => void;
  readonly onFocus: (id: string) => void;
  readonly onWalk: (from: string, key: WalkKey) => void;
};

export type FlowNodeData = {
  readonly node: MapNode;
  readonly look: 'rest' | 'lit' | 'selected';
  /** Only one node at a time is in the tab order; arrow keys reach the others. */
  readonly tabbable: boolean;
  readonly actions: NodeActions;
};
export type FlowNode = Node<FlowNodeData, 'topology'>;

const shapes: Readonly<
  Record<'host' | 'loadBalancer' | 'listener' | 'rule' | 'cvm' | 'scf' | 'more', string>
> = {
  host: 'rounded-xl px-2.5 pt-1.75',
  loadBalancer: 'rounded-md px-2.5 justify-center',
  listener: 'rounded-md px-2.5 justify-center',
  rule: 'rounded-md px-2.5 justify-center',
  cvm: 'rounded-sm border-l-4 border-l-cvm px-2.5 justify-center gap-0.5',
  scf: 'rounded-l-md rounded-r-2xl pr-2.5 pl-3.25 justify-center gap-0.5 before:absolute before:-inset-y-px before:-left-px before:w-1 before:rounded-l-md before:bg-hatch-scf',
  more: 'rounded-md border-dashed px-2.5 justify-center text-ink-2',
};

const looks: Readonly<Record<FlowNodeData['look'], string>> = {
  rest: 'border-line-strong hover:border-control',
  lit: 'border-accent',
  selected: 'border-accent outline-2 outline-offset-2 outline-accent',
};

/** Handles only mark where lines end; they cannot be dragged. */
const hiddenHandle = 'pointer-events-none! opacity-0';

/** Returns whether a node is expanded; null if it can't be expanded or collapsed. */
function findOpening(node: MapNode): boolean | null {
  if (node.kind !== 'loadBalancer' && node.kind !== 'listener') return null;
  // A node without successors can't be expanded.
  if (
    node.isOpen === false &&
    (node.kind === 'loadBalancer' ? node.counts.listeners : node.counts.targets + node.counts.rules) === 0
  )
    return null;
  return node.isOpen;
}

/** One node of the map: a button that selects it, and one that expands it. */
export function FlowNodeView({ data }: NodeProps<FlowNode>) {
  const { node, look, tabbable, actions } = data;
  const shape = node.kind === 'backend' ? node.backend.kind : node.kind;
  const isOpen = findOpening(node);
  const isLeft = node.kind === 'host' || (node.kind === 'more' && node.column === 'host');
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isWalkKey(event.key)) {
      event.preventDefault();
      // The first press expands the successors, the next one moves to them.
      if (event.key === 'ArrowRight' && isOpen === false) actions.onOpen(node.id, true);
      else actions.onWalk(node.id, event.key);
    } else if ((event.key === '+' || event.key === '-') && isOpen !== null) {
      event.preventDefault();
      actions.onOpen(node.id, event.key === '+');
    } else if (event.key === 'f' && node.kind !== 'more') {
      event.preventDefault();
      actions.onFocus(node.id);
    }
  };
  return (
    <>
      {isLeft ? null : (
        <Handle type="target" position={Position.Left} className={hiddenHandle} isConnectable={false} />
      )}
      <button
        type="button"
        data-node={node.id}
        aria-pressed={node.kind === 'more' ? undefined : look === 'selected'}
        aria-expanded={isOpen ?? undefined}
        aria-keyshortcuts={node.kind === 'more' ? undefined : 'f'}
        tabIndex={tabbable ? 0 : -1}
        onClick={() => (node.kind === 'more' ? actions.onReach(node) : actions.onSelect(node.id))}
        onKeyDown={onKeyDown}
        className={classes(
          'pointer-events-auto relative flex size-full flex-col border bg-surface text-left text-12 transition-colors focus-visible:rounded-[inherit]',
          shapes[shape],
          looks[look],
          isOpen === false && 'pr-9',
        )}
      >
        <NodeBody node={node} />
        {node.kind === 'host' ? <RecordRows node={node} /> : null}
      </button>
      {node.kind === 'more' ? null : <MapMarksBadge marks={node.marks} />}
      {isOpen === null ? null : (
        <OpenButton node={node} isOpen={isOpen} onOpen={() => actions.onOpen(node.id, !isOpen)} />
      )}
      {node.kind === 'host' ? (
        <HostHandles node={node} />
      ) : (
        <Handle type="source" position={Position.Right} className={hiddenHandle} isConnectable={false} />
      )}
    </>
  );
}

/** Expands or collapses a node by pointer. The keyboard does it on the node itself, so it is not in the tab order. */
function OpenButton({
  node,
  isOpen,
  onOpen,
}: {
  readonly node: MapNode;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}) {
  const t = useTranslations('estate');
  const name =
    node.kind === 'loadBalancer'
      ? node.name
      : node.kind === 'listener'
        ? `${node.protocol}:${node.port}`
        : '';
  const Icon = isOpen ? ChevronLeft : ChevronRight;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={t(isOpen ? 'closeNode' : 'openNode', { name })}
      onClick={onOpen}
      className={classes(
        'pointer-events-auto absolute top-1/2 grid size-6 -translate-y-1/2 place-items-center rounded-full border border-line-strong bg-surface text-ink-2 hover:border-control hover:text-ink',
        isOpen ? '-right-3' : 'right-1.5',
      )}
    >
      <Icon aria-hidden className="size-3.5" />
    </button>
  );
}

type Host = MapNode & { readonly kind: 'host' };

/** The ends of a host's lines: one for each record, and one for all without a row. */
function HostHandles({ node: { records, moreRecords } }: { readonly node: Host }) {
  const ids = [...records.map(({ id }) => String(id)), ...(moreRecords > 0 ? ['more'] : [])];
  return ids.map((id, index) => (
    <Handle
      key={id}
      id={id}
      type="source"
      position={Position.Right}
      isConnectable={false}
      className={hiddenHandle}
      style={{ top: hostHead + (index + 0.5) * recordHeight }}
    />
  ));
}

function RecordRows({ node: { records, moreRecords } }: { readonly node: Host }) {
  const t = useTranslations('estate');
  return (
    <span className="absolute inset-x-0 block" style={{ top: hostHead - 1 }}>
      {records.map((record) => (
        <span
          key={record.id}
          className="flex items-center gap-2 border-t border-line pr-2 pl-3.25 text-ink-2"
          style={{ height: recordHeight }}
        >
          <span
            aria-hidden
            className={classes(
              'size-2 shrink-0 rounded-full',
              record.isEnabled && record.leads ? 'bg-ok' : 'border-[1.5px] border-control',
            )}
          />
          <span className="mono min-w-0 truncate text-11">
            {record.type} {record.value}
          </span>
          {record.isEnabled ? null : <span className="ml-auto text-11 text-ink-3">{t('off')}</span>}
          {record.isEnabled && !record.leads ? (
            <span className="ml-auto text-11 whitespace-nowrap text-ink-3">{t('leadsNowhere')}</span>
          ) : null}
        </span>
      ))}
      {moreRecords > 0 ? (
        <span
          className="flex items-center border-t border-line pr-2 pl-3.25 text-11 text-ink-2"
          style={{ height: recordHeight }}
        >
          {t('moreRecords', { count: moreRecords })}
        </span>
      ) : null}
    </span>
  );
}
