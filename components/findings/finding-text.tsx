import { useSpoken } from '@/components/steps/use-spoken';
import { useAnyKey } from '@/components/ui/use-message';
import type { Finding } from '@/lib/preflight/model/model';

/** A finding as text: first, in bold, what breaks the rule; then the rule. */
export function FindingText({ finding }: { readonly finding: Pick<Finding, 'why' | 'values'> }) {
  const t = useAnyKey('preflight.why');
  const spoken = useSpoken();
  return t.rich(finding.why, {
    ...spoken(finding.values),
    b: (text) => <strong className="font-semibold">{text}</strong>,
  });
}
