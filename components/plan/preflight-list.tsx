import { ChevronDown, CircleCheck, CircleHelp, CircleX, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Chip } from '@/components/ui/chip';
import { Panel } from '@/components/ui/panel';
import { AsOf } from '@/components/ui/time';
import type { Finding, FindingStatus } from '@/lib/preflight/model';
import { countByStatus, worstFirst } from './finding-order';
import { FindingText } from './finding-text';

const icons: Readonly<Record<FindingStatus, { icon: typeof CircleX; mark: string }>> = {
  block: { icon: CircleX, mark: 'text-bad' },
  unknown: { icon: CircleHelp, mark: 'text-warn-ink' },
  warn: { icon: TriangleAlert, mark: 'text-warn-ink' },
  pass: { icon: CircleCheck, mark: 'text-ok' },
};

type PreflightListProps = { readonly findings: readonly Finding[]; readonly checkedAt: string };

/** Everything that was checked: what did not pass, the worst first, and what did. */
export function PreflightList({ findings, checkedAt }: PreflightListProps) {
  const t = useTranslations('plan.review');
  const counts = countByStatus(findings);
  return (
    <Panel
      title={t('preflight')}
      flush
      aside={
        <>
          <Chip tone="ok" icon={<CircleCheck aria-hidden />}>
            {t('pass', { count: counts.pass })}
          </Chip>
          {counts.warn > 0 ? (
            <Chip tone="warn" icon={<TriangleAlert aria-hidden />}>
              {t('warn', { count: counts.warn })}
            </Chip>
          ) : null}
          {counts.unknown > 0 ? (
            <Chip tone="warn" icon={<CircleHelp aria-hidden />}>
              {t('unknown', { count: counts.unknown })}
            </Chip>
          ) : null}
          <Chip
            tone={counts.block > 0 ? 'bad' : 'neutral'}
            {...(counts.block > 0 ? { icon: <CircleX aria-hidden /> } : {})}
          >
            {t('block', { count: counts.block })}
          </Chip>
        </>
      }
      footer={<AsOf at={checkedAt} />}
    >
      {findings.length === 0 ? <p className="px-4 py-3 text-12 text-ink-2">{t('noFindings')}</p> : null}
      <CheckRows rows={byCheck(findings.filter(({ status }) => status !== 'pass'))} />
      <Passed rows={byCheck(findings.filter(({ status }) => status === 'pass'))} />
    </Panel>
  );
}

/** What passed is there to be read, and does not stand in the way of the rest. */
function Passed({ rows }: { readonly rows: readonly SameFindings[] }) {
  const t = useTranslations('plan.review');
  if (rows.length === 0) return null;
  return (
    <details className="group border-t border-line first:border-t-0">
      <summary className="flex cursor-pointer list-none items-center gap-2 px-4 py-2 text-12 hover:bg-hover">
        <CircleCheck aria-hidden className="size-3.5 text-ok" />
        {t('passed', { count: rows.length })}
        <ChevronDown
          aria-hidden
          className="ml-auto size-4 text-ink-3 transition-transform group-open:rotate-180"
        />
      </summary>
      <CheckRows rows={rows} />
    </details>
  );
}

function CheckRows({ rows }: { readonly rows: readonly SameFindings[] }) {
  return (
    <ul className="text-12">
      {rows.map((same) => (
        <CheckRow key={`${same[0].check} ${same[0].status}`} findings={same} />
      ))}
    </ul>
  );
}

/** What one check found with one outcome: both lanes stand in one row. */
type SameFindings = readonly [Finding, ...Finding[]];

function byCheck(findings: readonly Finding[]): readonly SameFindings[] {
  const rows = new Map<string, SameFindings>();
  for (const finding of worstFirst(findings)) {
    const key = `${finding.status} ${finding.check}`;
    rows.set(key, [...(rows.get(key) ?? []), finding] as [Finding, ...Finding[]]);
  }
  return [...rows.values()];
}

function CheckRow({ findings }: { readonly findings: SameFindings }) {
  const t = useTranslations('preflight');
  const [{ check, status }] = findings;
  const look = icons[status];
  // Both lanes may have the same said of them.
  const said = new Map(
    findings.map((finding) => [`${finding.why} ${JSON.stringify(finding.values)}`, finding]),
  );
  return (
    <li className="grid grid-cols-[0.875rem_minmax(0,8.5rem)_minmax(0,1fr)] gap-x-3 border-t border-line px-4 py-1.5 first:border-t-0">
      <look.icon aria-hidden className={`mt-px size-3.5 ${look.mark}`} />
      <span className="font-medium">
        {t(`check.${check}`)}
        <span className="sr-only">{`: ${t(`status.${status}`)}`}</span>
      </span>
      <span className="grid gap-1 text-right break-words text-ink-2">
        {[...said].map(([key, finding]) => (
          <span key={key}>
            <FindingText finding={finding} />
          </span>
        ))}
      </span>
    </li>
  );
}
