'use client';

import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { useTranslations } from 'next-intl';
import { classes } from '@/components/ui/classes';
import type { TopologyNode } from './group';
import { hostHead, recordHeight } from './measures';
import { NodeBody } from './node-body';
import type { NodeId } from './route';
import { isWalkKey, type WalkKey } from './walk';

export type FlowNodeData = {
  readonly node: TopologyNode;
  readonly look: 'rest' | 'lit' | 'selected';
  /** Only one node at a time is in the tab order; arrow keys reach the others. */
  readonly tabbable: boolean;
  readonly onSelect: (id: NodeId) => void;
  readonly onWalk: (from: NodeId, key: WalkKey) => void;
};
export type FlowNode = Node<FlowNodeData, 'topology'>;

const shapes: Readonly<Record<'host' | 'loadBalancer' | 'listener' | 'rule' | 'cvm' | 'scf', string>> = {
  host: 'rounded-xl px-2.5 pt-1.75',
  loadBalancer: 'rounded-md px-2.5 justify-center',
  listener: 'rounded-md px-2.5 justify-center',
  rule: 'rounded-md px-2.5 justify-center',
  cvm: 'rounded-sm border-l-4 border-l-cvm px-2.5 justify-center gap-0.5',
  scf: 'rounded-l-md rounded-r-2xl pr-2.5 pl-3.25 justify-center gap-0.5 before:absolute before:-inset-y-px before:-left-px before:w-1 before:rounded-l-md before:bg-hatch-scf',
};

const looks: Readonly<Record<FlowNodeData['look'], string>> = {
  rest: 'border-line-strong hover:border-control',
  lit: 'border-accent',
  selected: 'border-accent outline-2 outline-offset-2 outline-accent',
};

/** Handles only mark where lines end; they cannot be dragged. */
const hiddenHandle = 'pointer-events-none! opacity-0';

/** One node of the graph: a button that selects it. */
export function FlowNodeView({ data }: NodeProps<FlowNode>) {
  const { node, look, tabbable, onSelect, onWalk } = data;
  const shape = node.kind === 'backend' ? node.backend.kind : node.kind;
  return (
    <>
      {node.kind === 'host' ? null : (
        <Handle type="target" position={Position.Left} className={hiddenHandle} isConnectable={false} />
      )}
      <button
        type="button"
        data-node={node.id}
        aria-pressed={look === 'selected'}
        tabIndex={tabbable ? 0 : -1}
        onClick={() => onSelect(node.id)}
        onKeyDown={(event) => {
          if (!isWalkKey(event.key)) return;
          event.preventDefault();
          onWalk(node.id, event.key);
        }}
        className={classes(
          'pointer-events-auto relative flex size-full flex-col border bg-surface text-left text-12 transition-colors focus-visible:rounded-[inherit]',
          shapes[shape],
          looks[look],
        )}
      >
        <NodeBody node={node} />
        {node.kind === 'host' ? <RecordRows records={node.records} /> : null}
      </button>
      {node.kind === 'host' ? (
        node.records.map(({ record }, index) => (
          <Handle
            key={record.id}
            id={String(record.id)}
            type="source"
            position={Position.Right}
            isConnectable={false}
            className={hiddenHandle}
            style={{ top: hostHead + (index + 0.5) * recordHeight }}
          />
        ))
      ) : (
        <Handle type="source" position={Position.Right} className={hiddenHandle} isConnectable={false} />
      )}
    </>
  );
}

type Records = (TopologyNode & { kind: 'host' })['records'];

function RecordRows({ records }: { readonly records: Records }) {
  const t = useTranslations('estate');
  return (
    <span className="absolute inset-x-0 block" style={{ top: hostHead - 1 }}>
      {records.map(({ record, leads }) => (
        <span
          key={record.id}
          className="flex items-center gap-2 border-t border-line pr-2 pl-3.25 text-ink-2"
          style={{ height: recordHeight }}
        >
          <span
            aria-hidden
            className={classes(
              'size-2 shrink-0 rounded-full',
              record.enabled && leads ? 'bg-ok' : 'border-[1.5px] border-control',
            )}
          />
          <span className="mono min-w-0 truncate text-11">
            {record.type} {record.value}
          </span>
          {record.enabled ? null : <span className="ml-auto text-11 text-ink-3">{t('off')}</span>}
          {record.enabled && !leads ? (
            <span className="ml-auto text-11 whitespace-nowrap text-ink-3">{t('leadsNowhere')}</span>
          ) : null}
        </span>
      ))}
    </span>
  );
}
