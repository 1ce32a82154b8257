import { ChevronDown, CircleCheck, CircleHelp, CircleX, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { FindingSource } from '@/components/findings/finding-source';
import { FindingText } from '@/components/findings/finding-text';
import { OutageNote } from '@/components/findings/outage-note';
import { Chip } from '@/components/ui/chip';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import { AsOf } from '@/components/ui/time';
import { IfMay } from '@/lib/client/session/rights';
import { useAnyKey } from '@/lib/messages/use-any-key';
import { countByStatus, worstFirst } from '@/lib/preflight/model/finding-order';
import type { Finding, FindingStatus } from '@/lib/preflight/model/model';
import { FixButton } from './finding-fixes';

const icons: Readonly<Record<FindingStatus, { icon: typeof CircleX; mark: string }>> = {
  block: { icon: CircleX, mark: 'text-bad' },
  unknown: { icon: CircleHelp, mark: 'text-warn-ink' },
  warn: { icon: TriangleAlert, mark: 'text-warn-ink' },
  pass: { icon: CircleCheck, mark: 'text-ok' },
};

/** Links findings to their fields, and applies their fixes. */
export type FindingRepair = {
  /** Returns the name of a finding's field. */
  readonly fieldOf: (finding: Finding) => string;
  /** Returns the address of the editor at that field. */
  readonly hrefOf: (finding: Finding) => string;
  /** Returns the place of a finding among all of the plan. */
  readonly placeOf: (finding: Finding) => number;
};

type PreflightListProps = {
  readonly findings: readonly Finding[];
  readonly checkedAt: string;
  /** The fix and the field of each finding; null = the plan can no longer be changed. */
  readonly repair: FindingRepair | null;
};

/** The results of all checks: what did not pass, the worst first, then what passed. */
export function PreflightList({ findings, checkedAt, repair }: PreflightListProps) {
  const t = useTranslations('plan.review');
  const rows = byCheck(findings);
  const counts = countByStatus(rows.map(([first]) => first));
  return (
    <Panel
      title={t('preflight')}
      flush
      aside={
        <>
          {counts.block > 0 ? (
            <Chip tone="bad" icon={<CircleX aria-hidden />}>
              {t('block', { count: counts.block })}
            </Chip>
          ) : null}
          {counts.unknown > 0 ? (
            <Chip tone="warn" icon={<CircleHelp aria-hidden />}>
              {t('unknown', { count: counts.unknown })}
            </Chip>
          ) : null}
          {counts.warn > 0 ? (
            <Chip tone="warn" icon={<TriangleAlert aria-hidden />}>
              {t('warn', { count: counts.warn })}
            </Chip>
          ) : null}
          {/* With all three others this one would wrap, and the last row of the list also counts passed checks. */}
          {counts.block === 0 || counts.unknown === 0 || counts.warn === 0 ? (
            <Chip tone="ok" icon={<CircleCheck aria-hidden />}>
              {t('pass', { count: counts.pass })}
            </Chip>
          ) : null}
        </>
      }
      footer={<AsOf at={checkedAt} />}
    >
      {findings.length === 0 ? <p className="px-4 py-3 text-12 text-ink-2">{t('noFindings')}</p> : null}
      <ul className="text-12">
        {rows.filter(isWrong).map((same) => (
          <WrongRow key={`${same[0].check} ${same[0].status}`} findings={same} repair={repair} />
        ))}
      </ul>
      <Passed rows={rows.filter((same) => !isWrong(same))} />
    </Panel>
  );
}

/** The passed checks, collapsed so that they do not obscure the rest. */
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
      <ul className="text-12">
        {rows.map((same) => (
          <PassedRow key={same[0].check} findings={same} />
        ))}
      </ul>
    </details>
  );
}

/** The findings of one check with one outcome: both lanes share one row. */
type SameFindings = readonly [Finding, ...Finding[]];

function byCheck(findings: readonly Finding[]): readonly SameFindings[] {
  const rows = new Map<string, SameFindings>();
  for (const finding of worstFirst(findings)) {
    const key = `${finding.status} ${finding.check}`;
    const [first, ...others] = rows.get(key) ?? [];
    rows.set(key, first === undefined ? [finding] : [first, ...others, finding]);
  }
  return [...rows.values()];
}

const isWrong = ([{ status }]: SameFindings) => status !== 'pass';

type WrongRowProps = { readonly findings: SameFindings; readonly repair: FindingRepair | null };

/** A finding that did not pass uses the whole width, because it has more text, including its fix. */
function WrongRow({ findings, repair }: WrongRowProps) {
  const outages = findings.filter(({ acknowledgement }) => acknowledgement !== undefined);
  return (
    <li className="grid grid-cols-[0.875rem_minmax(0,1fr)] gap-x-2 gap-y-0.5 border-t border-line px-4 py-2 first:border-t-0">
      <CheckName finding={findings[0]} />
      <span className="col-start-2 grid gap-1 break-words text-ink-2">
        <Said findings={findings} />
        {outages.map((outage) => (
          <OutageNote key={`${outage.why} ${outage.acknowledgement?.loss}`} finding={outage} />
        ))}
        <Repairs findings={findings} repair={repair} />
        <FindingSource finding={findings[0]} />
      </span>
    </li>
  );
}

/** The fixes of findings, each once, and the fields that they are about. */
function Repairs({ findings, repair }: WrongRowProps) {
  const t = useAnyKey('preflight');
  const review = useTranslations('plan.review');
  const fixes = new Map(
    findings.flatMap((finding) =>
      finding.fix ? [[t(`fix.${finding.fix.label}`, finding.fix.values), finding] as const] : [],
    ),
  );
  const fields = new Map(findings.map((finding) => [repair?.fieldOf(finding), finding]));
  return (
    <>
      {[...fixes].map(([text, finding]) =>
        repair === null || finding.fix?.patch == null ? (
          <span key={text} className="text-ink-3">
            {text}
          </span>
        ) : (
          <span key={text} className="max-md:hidden">
            <FixButton finding={repair.placeOf(finding)}>{text}</FixButton>
          </span>
        ),
      )}
      {repair === null ? null : (
        <IfMay right="operate">
          <span className="flex flex-wrap gap-x-3 max-md:hidden">
            {[...fields].map(([field, finding]) => (
              <TextLink key={field} href={repair.hrefOf(finding)}>
                {review('editField', { field: field ?? '' })}
              </TextLink>
            ))}
          </span>
        </IfMay>
      )}
    </>
  );
}

function PassedRow({ findings }: { readonly findings: SameFindings }) {
  return (
    <li className="grid grid-cols-[0.875rem_minmax(0,7.5rem)_minmax(0,1fr)] gap-x-2 border-t border-line px-4 py-1.5">
      <CheckName finding={findings[0]} />
      <span className="grid gap-1 break-words text-ink-2">
        <Said findings={findings} />
        <FindingSource finding={findings[0]} />
      </span>
    </li>
  );
}

function CheckName({ finding: { check, status } }: { readonly finding: Finding }) {
  const t = useTranslations('preflight');
  const look = icons[status];
  return (
    <>
      <look.icon aria-hidden className={`mt-px size-3.5 ${look.mark}`} />
      <span className="font-medium">
        {t(`check.${check}`)}
        <span className="sr-only">{`: ${t(`status.${status}`)}`}</span>
      </span>
    </>
  );
}

/** A text that applies to both lanes is shown once. */
function Said({ findings }: { readonly findings: SameFindings }) {
  const said = new Map(
    findings.map((finding) => [`${finding.why} ${JSON.stringify(finding.values)}`, finding]),
  );
  return [...said].map(([key, finding]) => (
    <span key={key}>
      <FindingText finding={finding} />
    </span>
  ));
}
