import { useTranslations } from 'next-intl';
import { useSpoken } from '@/components/steps/use-spoken';
import { useAnyKey } from '@/lib/messages/use-any-key';
import type { Finding } from '@/lib/preflight/model/model';
import { OutageNote } from './outage-note';

/** A finding as text: first, in bold, the violation; then the rule. */
export function FindingText({ finding }: { readonly finding: Pick<Finding, 'why' | 'values'> }) {
  const t = useAnyKey('preflight.why');
  const spoken = useSpoken();
  return t.rich(finding.why, {
    ...spoken(finding.values),
    b: (text) => <strong className="font-semibold">{text}</strong>,
  });
}

/** Findings as a list, each with the name of its check. */
export function FindingTexts({ findings }: { readonly findings: readonly Finding[] }) {
  const check = useTranslations('preflight.check');
  return (
    <ul className="list-disc space-y-1 pl-5">
      {findings.map((finding) => (
        <li key={`${finding.why} ${finding.objects.join()} ${JSON.stringify(finding.values)}`}>
          {check(finding.check)}: <FindingText finding={finding} />
          <OutageNote finding={finding} />
        </li>
      ))}
    </ul>
  );
}
