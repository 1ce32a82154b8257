import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { IconButton } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Copyable } from '@/components/ui/copyable';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import type { SandboxFault } from '@/lib/contract/sandbox';
import { type FaultKind, faultKinds } from './fault-draft';

type FaultTableProps = {
  readonly faults: readonly SandboxFault[];
  /** null = the person may not clear them. */
  readonly onClear: ((id: string) => void) | null;
};

function isKnown(kind: string): kind is FaultKind {
  return faultKinds.some((known) => known === kind);
}

/** Fields that need no label. */
const plain: ReadonlySet<string> = new Set([
  'action',
  'object',
  'account',
  'code',
  'owner',
  'instanceId',
  'function',
]);
/** Fields shown elsewhere in the row, or not needed. */
const hidden: ReadonlySet<string> = new Set(['kind', 'seed', 'count', 'probability']);

/** Returns the calls or objects that a fault affects, as injected: `CreateRule · lb-1`. */
function aim({ spec }: SandboxFault): string {
  return Object.entries(spec)
    .filter(([name, value]) => !hidden.has(name) && value !== false)
    .map(([name, value]) => {
      if (value === true) return name;
      if (plain.has(name)) return String(value);
      return `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`;
    })
    .join(' · ');
}

/** The injected faults, newest first, and the number of hits so far. */
export function FaultTable({ faults, onClear }: FaultTableProps) {
  const t = useTranslations('sandbox.fault');
  const kindName = ({ spec: { kind } }: SandboxFault) => (isKnown(kind) ? t(`kinds.${kind}`) : kind);
  const left = ({ spec, remaining }: SandboxFault) => {
    if (spec.kind === 'foreignEdit') return t('waiting');
    if (remaining !== null) return t('left', { left: remaining });
    if (typeof spec.probability !== 'number') return t('endless');
    return t('share', { percent: Number((spec.probability * 100).toFixed(2)) });
  };
  const columns: readonly Column<SandboxFault>[] = [
    { name: t('column.kind'), className: 'font-medium md:whitespace-nowrap', cell: kindName },
    { name: t('column.aim'), className: 'break-words md:max-w-80', cell: aim },
    { name: t('column.hits'), isNumber: true, cell: ({ hits }) => hits },
    {
      name: t('column.left'),
      cell: (fault) =>
        fault.remaining === 0 ? <Chip>{t('spent')}</Chip> : <Chip tone="warn">{left(fault)}</Chip>,
    },
    { name: t('column.last'), cell: (fault) => <LastHit fault={fault} /> },
    {
      name: t('column.clear'),
      card: 'none',
      cell: (fault) =>
        onClear === null ? null : (
          <IconButton
            size="sm"
            label={t('clear', { fault: `${kindName(fault)} ${fault.id}` })}
            icon={<X aria-hidden />}
            onClick={() => onClear(fault.id)}
          />
        ),
    },
  ];
  return (
    <DataTable
      columns={columns}
      rows={faults.toReversed()}
      rowKey={({ id }) => id}
      none={t('nothing')}
      scroll={{ label: t('list'), className: 'max-h-100' }}
    />
  );
}

function LastHit({ fault: { outcome, lastHits } }: { readonly fault: SandboxFault }) {
  const t = useTranslations('sandbox.fault');
  const last = lastHits.at(-1);
  if (outcome !== null) return outcome;
  if (last === undefined) return <span className="text-ink-3">{t('none')}</span>;
  return (
    <span className="flex flex-wrap items-center gap-x-2 max-md:justify-end">
      {last.action}
      <Copyable value={last.requestId} />
    </span>
  );
}
