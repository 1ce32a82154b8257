import { useTranslations } from 'next-intl';
import { FailureCallout } from '@/components/ui/banner';
import { TextLink } from '@/components/ui/text-link';
import { routes } from '@/lib/routes';
import type { Apply } from './use-apply';

type ApplyOutcomeProps = {
  readonly apply: Apply;
  /** The text for a failed action. */
  readonly failed: string;
  /** The text for an unknown outcome, when no response arrived. */
  readonly unknown: string;
};

/** The reason why a plan was not accepted, or that the outcome is unknown. */
export function ApplyOutcome({ apply, failed, unknown }: ApplyOutcomeProps) {
  const t = useTranslations('plan.apply');
  return (
    <>
      {apply.error === null ? null : <FailureCallout title={failed}>{apply.why}</FailureCallout>}
      {apply.isUnknown ? (
        <FailureCallout title={unknown}>
          {t.rich('unknownNote', {
            runs: (text) => <TextLink href={routes.runs()}>{text}</TextLink>,
          })}
        </FailureCallout>
      ) : null}
    </>
  );
}
