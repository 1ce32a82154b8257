import { useTranslations } from 'next-intl';
import type { Finding } from '@/lib/preflight/model';

/** A finding in words: first, in bold, what breaks the rule; then the rule. */
export function FindingText({ finding }: { readonly finding: Finding }) {
  const t = useTranslations('preflight.why');
  return t.rich(finding.why, {
    ...finding.values,
    b: (text) => <strong className="font-semibold">{text}</strong>,
  });
}
