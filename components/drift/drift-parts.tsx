import { useTranslations } from 'next-intl';
import { ObjectDetail } from '@/components/steps/step-detail';
import { signed } from '@/components/ui/base/signed';
import { Chip } from '@/components/ui/chip';
import { TextLink } from '@/components/ui/text-link';
import type { AcceptanceView, ExpectedBy } from '@/lib/contract/drift';
import type { ObjectRef } from '@/lib/estate/object';
import { refName } from '@/lib/estate/ref-name';
import { routes } from '@/lib/routes';

/** The applied plan and its run. */
export function ByLine({ by }: { readonly by: ExpectedBy }) {
  const t = useTranslations('drift');
  return t.rich('by', {
    name: by.name,
    plan: () => <TextLink href={routes.plan(by.planId)}>{by.planId}</TextLink>,
    run: () => <TextLink href={routes.run(by.runId)}>{by.runId}</TextLink>,
  });
}

/** The actor, time and reason of accepted drift. */
export function AcceptanceLine({ accepted }: { readonly accepted: AcceptanceView }) {
  const t = useTranslations('drift');
  const { actor, reason, at } = accepted;
  return (
    <p className="text-12 break-words text-ink-2">{t.rich('acceptedBy', { reason, ...signed(actor, at) })}</p>
  );
}

/** An object's kind, name and location. */
export function ObjectHead({ object }: { readonly object: ObjectRef }) {
  const t = useTranslations('drift.kind');
  return (
    <div className="flex min-w-0 flex-wrap items-baseline gap-x-2 gap-y-1">
      <Chip>{t(object.kind)}</Chip>
      <h3 className="min-w-0 break-all">{refName(object)}</h3>
      <span className="text-12 text-ink-2">
        <ObjectDetail object={object} />
      </span>
    </div>
  );
}
