import { useTranslations } from 'next-intl';
import { FindingText } from '@/components/findings/finding-text';
import { Callout } from '@/components/ui/banner';
import type { Finding } from '@/lib/preflight/model/model';

/** Facts that could not be checked although nothing blocks the plan; whoever applies it should know. */
export function UnreadFacts({ findings }: { readonly findings: readonly Finding[] }) {
  const t = useTranslations('plan.apply');
  const check = useTranslations('preflight.check');
  const findingKey = (finding: Finding) => `${finding.check} ${finding.why} ${finding.objects.join()}`;
  const unknown = findings.filter((finding) => finding.status === 'unknown');
  // Both lanes may need the same fact.
  const unread = [...new Map(unknown.map((finding) => [findingKey(finding), finding])).values()];
  if (unread.length === 0) return null;
  return (
    <Callout tone="warn" title={t('unread', { count: unread.length })}>
      <ul className="list-disc space-y-1 pl-5">
        {unread.map((finding) => (
          <li key={findingKey(finding)}>
            {check(finding.check)}: <FindingText finding={finding} />
          </li>
        ))}
      </ul>
    </Callout>
  );
}
