import { useTranslations } from 'next-intl';
import { KindMark } from '@/components/ui/chip';
import { Panel } from '@/components/ui/panel';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import type { HopBackend } from './route-hops';
import type { RouteRow } from './route-rows';

type NamesPanelProps = { readonly rows: readonly RouteRow[] };

/** The names that are shown at once; the others are folded. */
const shownMost = 12;

/** Each name of a plan in one line: what answers before, and what answers after. */
export function NamesPanel({ rows }: NamesPanelProps) {
  const t = useTranslations('plan.names');
  const names = [...new Set(rows.map(({ record }) => record.name))].map(
    (name) => [name, rows.filter(({ record }) => record.name === name)] as const,
  );
  const rest = names.slice(shownMost);
  return (
    <Panel title={t('title')} aside={<span className="text-12 text-ink-2">{names.length}</span>} flush>
      <NameTable names={names.slice(0, shownMost)} />
      {rest.length === 0 ? null : (
        <details className="border-t border-line">
          <summary className="px-4 py-2">{t('rest', { count: rest.length })}</summary>
          <NameTable names={rest} />
        </details>
      )}
    </Panel>
  );
}

type NameTableProps = { readonly names: readonly (readonly [string, readonly RouteRow[]])[] };

function NameTable({ names }: NameTableProps) {
  const t = useTranslations('plan.names');
  return (
    <Table>
      <Thead>
        <tr>
          <Th>{t('name')}</Th>
          <Th>{t('from')}</Th>
          <Th>{t('to')}</Th>
        </tr>
      </Thead>
      <tbody>
        {names.map(([name, rows]) => (
          <Tr key={name}>
            <Td className="font-semibold">{name}</Td>
            <Td label={t('from')}>
              <Backends rows={rows.filter(({ change }) => change !== 'new')} />
            </Td>
            <Td label={t('to')}>
              <Backends rows={rows.filter(({ change }) => change !== 'gone')} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

/** The backends of some routes, each once. */
function Backends({ rows }: NamesPanelProps) {
  const t = useTranslations('plan.names');
  const known = rows.flatMap(({ backend, loadBalancer }): HopBackend[] =>
    backend.name === '' ? [{ ...loadBalancer, kind: backend.kind }] : [backend],
  );
  if (known.length === 0) return <span className="text-ink-2">{t('nothing')}</span>;
  return (
    <span className="inline-flex flex-wrap gap-x-3">
      {[...new Map(known.map((each) => [each.name, each])).values()].map(({ kind, name }) => (
        <span key={name} className="inline-flex items-center gap-1.5">
          {kind === 'none' ? null : <KindMark kind={kind} />}
          {name}
        </span>
      ))}
    </span>
  );
}
