import { useTranslations } from 'next-intl';
import { Chip } from '@/components/ui/chip';
import type { Diversion } from '@/lib/diversion/diversion';
import type { Draft, DraftSide } from '@/lib/draft/draft';
import { parseRouteField } from '@/lib/draft/draft-fields';
import type { Preview } from '@/lib/draft/preview-model';
import { getHostName } from '@/lib/estate/look-up';
import type { WriteStep } from '@/lib/plan/model/model';
import { stops } from '@/lib/preflight/model/stops';

type SideCountsProps = {
  readonly draft: Draft;
  readonly preview: Pick<Preview, 'plan' | 'findings'>;
  readonly side: DraftSide;
};

/** The summary in a side's head: its blocks, otherwise its number of steps. */
export function SideCounts({ draft, preview, side }: SideCountsProps) {
  const t = useTranslations('diversion.side');
  const { steps, blocked } = countForSide(draft, preview, side);
  if (blocked > 0) return <Chip tone="bad">{t('blocked', { count: blocked })}</Chip>;
  if (steps === null) return null;
  return <Chip tone={steps > 0 ? 'accent' : 'neutral'}>{t('steps', { count: steps })}</Chip>;
}

/** Returns whether a write belongs to the routes of a side. */
function isFor({ object }: WriteStep, diversion: Diversion, side: DraftSide): boolean {
  const own = diversion.routes.filter(({ to }) => to === side);
  switch (object.kind) {
    case 'recordSet': {
      const isGaining = diversion.kind !== 'switch' || diversion.toward === side;
      return isGaining && own.some(({ domain }) => domain === getHostName(object));
    }
    case 'rule':
      return own.some((route) => route.listenerId === object.listenerId && object.domain === route.domain);
    case 'provisioned':
      return side === 'function';
    case 'listener':
      return own.some(({ loadBalancerId }) => loadBalancerId === object.loadBalancerId);
    case 'loadBalancer': {
      const made = diversion.creates.loadBalancers.find(({ name }) => name === object.name);
      return own.some(({ loadBalancerId }) => loadBalancerId === made?.id);
    }
  }
}

/** Returns the counts in a side's head: its number of writes (null = no plan yet) and of blocks. */
function countForSide(
  draft: Draft,
  { plan, findings }: SideCountsProps['preview'],
  side: DraftSide,
): { readonly steps: number | null; readonly blocked: number } {
  const isOwn = (field: string) => draft.routes[parseRouteField(field)?.index ?? -1]?.to === side;
  const blocked = findings.filter((f) => stops(f) && isOwn(f.field)).length;
  if (plan.state !== 'ready') return { steps: null, blocked };
  const { diversion, steps } = plan.plan;
  const own = steps.filter((step) => step.kind === 'write' && isFor(step, diversion, side));
  return { steps: own.length, blocked };
}
