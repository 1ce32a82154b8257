import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { FindingText } from '@/components/findings/finding-text';
import { Callout } from '@/components/ui/banner';
import { clockChecksQuery } from '@/lib/client/queries';
import type { Cutover } from '@/lib/diversion/cutover';
import type { PlanId } from '@/lib/plan/model/model';
import type { Finding } from '@/lib/preflight/model/model';
import { stops } from '@/lib/preflight/preflight';

type ClockFindingsProps = { readonly planId: PlanId; readonly cutover: Cutover };

/** Findings against a plan at the chosen times, in addition to those of its review. */
export function ClockFindings({ planId, cutover }: ClockFindingsProps) {
  const t = useTranslations('plan.schedule');
  const { data } = useQuery({ ...clockChecksQuery(planId, cutover), placeholderData: keepPreviousData });
  const findings = data?.findings ?? [];
  const stopping = findings.filter(stops);
  const others = findings.filter((finding) => !stops(finding));
  return (
    <>
      {stopping.length === 0 ? null : (
        <Callout tone="bad" title={t('clockStops', { count: stopping.length })}>
          <Findings findings={stopping} />
        </Callout>
      )}
      {others.length === 0 ? null : (
        <Callout tone="warn" title={t('clockSays', { count: others.length })}>
          <Findings findings={others} />
        </Callout>
      )}
    </>
  );
}

function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const check = useTranslations('preflight.check');
  return (
    <ul className="list-disc space-y-1 pl-5">
      {findings.map((finding) => (
        <li key={`${finding.why} ${finding.objects.join()} ${JSON.stringify(finding.values)}`}>
          {check(finding.check)}: <FindingText finding={finding} />
        </li>
      ))}
    </ul>
  );
}
