import { useTranslations } from 'next-intl';
import { TextLink } from '@/components/ui/text-link';
import type { ExpectedBy } from '@/lib/client/drift-views';
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
