import { useTranslations } from 'next-intl';
import type { FunctionRouteDraft } from '@/components/diversion/draft/draft';
import { wholeNumber, wholeText } from '@/components/diversion/draft/whole-number';
import { Input } from '@/components/ui/input';
import { findFunction, findLoadBalancer } from '@/lib/estate/look-up';
import { getOwner } from '@/lib/estate/owner';
import { provisionableVersion } from '@/lib/plan/diff/diff-provisioned';
import { RouteFieldFrame } from './route-field';
import type { RouteProps } from './route-form';

/** The provisioned concurrency of the function from prewarm on; only versions, and aliases of one, support it. */
export function ProvisionedField({ form, index, route }: RouteProps<FunctionRouteDraft>) {
  const t = useTranslations('diversion.provisioned');
  const { provisioned } = route;
  const balancer = findLoadBalancer(form.estate, route.loadBalancerId);
  const choice = { ...route.function, ...getOwner(balancer ?? {}) };
  const field = `routes.${index}.provisioned` as const;
  const version = provisionableVersion(form.estate, choice);
  const isOff = version === null;
  const settings = findFunction(form.estate, choice)?.provisioned;
  // null = unreadable.
  const now = settings ? (settings.find(({ qualifier }) => qualifier === version)?.allocated ?? 0) : null;
  const note = isOff
    ? t(choice.name === '' ? 'functionFirst' : 'notLatest')
    : now === null
      ? t('note', { version })
      : t('noteNow', { version, now });
  const change = (text: string) =>
    form.changeRoute(index, (route) =>
      route.to === 'function'
        ? { ...route, provisioned: text.trim() === '' ? null : wholeNumber(text) }
        : route,
    );
  return (
    <RouteFieldFrame
      field={field}
      label={t('label')}
      side="function"
      note={note}
      onFix={form.fix}
      {...form.stateOf(field)}
    >
      {(control) => (
        <Input
          {...control}
          inputMode="numeric"
          unit={t('unit')}
          disabled={isOff && provisioned === null}
          value={provisioned === null ? '' : wholeText(provisioned)}
          onChange={(event) => change(event.target.value)}
          placeholder={t('asItIs')}
        />
      )}
    </RouteFieldFrame>
  );
}
