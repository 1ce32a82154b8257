import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { IconButton } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Copyable } from '@/components/ui/copyable';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import type { SandboxFault } from '@/lib/client/views';
import { type FaultKind, faultKinds } from './fault-draft';

type FaultTableProps = {
  readonly faults: readonly SandboxFault[];
  readonly onLift: (id: string) => void;
};

function isKnown(kind: string): kind is FaultKind {
  return faultKinds.some((known) => known === kind);
}

/** Fields that are clear without their name. */
const plain: ReadonlySet<string> = new Set(['action', 'object', 'instanceId', 'function']);
/** Fields shown elsewhere in the row, or not needed. */
const hidden: ReadonlySet<string> = new Set(['kind', 'seed', 'count', 'probability']);

/** Returns the calls or objects that a fault affects, as injected: `CreateRule · lb-1`. */
function aim({ order }: SandboxFault): string {
  return Object.entries(order)
    .filter(([name, value]) => !hidden.has(name) && value !== false)
    .map(([name, value]) => {
      if (value === true) return name;
      if (plain.has(name)) return String(value);
      return `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`;
    })
    .join(' · ');
}

/** The injected faults, and the number of hits so far. */
export function FaultTable({ faults, onLift }: FaultTableProps) {
  const t = useTranslations('sandbox.fault');
  return (
    <Table>
      <Thead>
        <tr>
          <Th>{t('column.kind')}</Th>
          <Th>{t('column.aim')}</Th>
          <Th className="text-right">{t('column.hits')}</Th>
          <Th>{t('column.left')}</Th>
          <Th>{t('column.last')}</Th>
          <Th>
            <span className="sr-only">{t('column.lift')}</span>
          </Th>
        </tr>
      </Thead>
      <tbody>
        {faults.toReversed().map((fault) => (
          <FaultRow key={fault.id} fault={fault} onLift={onLift} />
        ))}
      </tbody>
    </Table>
  );
}

function FaultRow({
  fault,
  onLift,
}: {
  readonly fault: SandboxFault;
  readonly onLift: (id: string) => void;
}) {
  const t = useTranslations('sandbox.fault');
  const { id, order, left, hits, lastHits, outcome } = fault;
  const name = isKnown(order.kind) ? t(`kinds.${order.kind}`) : order.kind;
  const last = lastHits.at(-1);
  const standing = () => {
    if (order.kind === 'foreignEdit') return t('waiting');
    if (left !== null) return t('left', { left });
    if (typeof order.probability !== 'number') return t('endless');
    return t('share', { percent: Number((order.probability * 100).toFixed(2)) });
  };
  return (
    <Tr>
      <Td label={t('column.kind')} className="font-medium md:whitespace-nowrap">
        {name}
      </Td>
      <Td label={t('column.aim')} className="break-words md:max-w-80">
        {aim(fault)}
      </Td>
      <Td label={t('column.hits')} className="text-right tabular-nums">
        {hits}
      </Td>
      <Td label={t('column.left')}>
        {left === 0 ? <Chip>{t('spent')}</Chip> : <Chip tone="warn">{standing()}</Chip>}
      </Td>
      <Td label={t('column.last')}>
        {outcome !== null ? (
          outcome
        ) : last === undefined ? (
          <span className="text-ink-3">{t('none')}</span>
        ) : (
          <span className="flex flex-wrap items-center gap-x-2 max-md:justify-end">
            {last.action}
            <Copyable value={last.requestId} />
          </span>
        )}
      </Td>
      <Td card="free" className="max-md:hidden">
        <IconButton
          size="sm"
          label={t('lift', { fault: `${name} ${id}` })}
          icon={<X aria-hidden />}
          onClick={() => onLift(id)}
        />
      </Td>
    </Tr>
  );
}
