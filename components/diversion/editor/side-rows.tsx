import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { DomainField } from '@/components/diversion/routes/domain-field';
import { FunctionFields, RouteFields } from '@/components/diversion/routes/route-fields';
import type { RouteForm } from '@/components/diversion/routes/route-form';
import { Button, IconButton } from '@/components/ui/button';
import type { Draft, DraftSide, RouteDraft } from '@/lib/draft/draft';
import { parseRouteField } from '@/lib/draft/draft-fields';
import { addName, addRoute, removeRoutes } from '@/lib/draft/edit-routes';
import type { FieldFinding } from '@/lib/draft/field-findings';
import { findListener, findLoadBalancer } from '@/lib/estate/look-up';
import { useAnyKey } from '@/lib/messages/use-any-key';
import { stops } from '@/lib/preflight/model/stops';
import { Fold, FormRow } from './form-row';

type SideRowsProps = {
  readonly side: DraftSide;
  readonly form: RouteForm;
  readonly findings: readonly FieldFinding[];
  /** False while the last change is being checked. */
  readonly isCurrent: boolean;
  /** True if targets can be added to the CVM side. */
  readonly canAddTargets?: boolean;
  /** Shown below the function. */
  readonly children?: ReactNode;
};

/** A route of a name, with its index in the draft. */
type Indexed = { readonly route: RouteDraft; readonly index: number };

/** Returns the routes of a side by their names; all names of a Switch have those of the first one. */
function groupByName({ kind, routes }: Draft, side: DraftSide): readonly (readonly Indexed[])[] {
  const groups = new Map<string, Indexed[]>();
  for (const [index, route] of routes.entries()) {
    if (route.to !== side) continue;
    const name = kind === 'switch' ? '' : route.domain === '' ? route.key : route.domain;
    groups.set(name, [...(groups.get(name) ?? []), { route, index }]);
  }
  return [...groups.values()];
}

/** The names of one side, a line each with its route folded, and on the side of the function its function. */
export function SideRows({ side, children, ...row }: SideRowsProps) {
  const { form } = row;
  const { draft } = form;
  const t = useTranslations('diversion.side');
  // An Access has no CVM side, which the types can't express.
  const texts = useAnyKey('diversion.side');
  const groups = groupByName(draft, side);
  const [first] = groups[0] ?? [];
  return (
    <FormRow title={texts(`${draft.kind}.${side}`)}>
      {groups.map((group) => (
        <NameRow
          key={group[0]?.route.key}
          {...row}
          group={group}
          isOnly={groups.length === 1}
          nameIndex={draft.kind === 'switch' ? 0 : (group[0]?.index ?? 0)}
        />
      ))}
      {draft.kind === 'switch' ? null : (
        <div className="-mt-2 max-md:hidden">
          <Button
            size="sm"
            variant="ghost"
            icon={<Plus aria-hidden />}
            onClick={() => form.edit((now) => addName(now, side))}
          >
            {t('addName')}
          </Button>
        </div>
      )}
      {first?.route.to === 'function' ? (
        <>
          <FunctionFields form={form} index={first.index} route={first.route} />
          {children}
        </>
      ) : null}
    </FormRow>
  );
}

type NameRowProps = Omit<SideRowsProps, 'side' | 'children'> & {
  readonly group: readonly Indexed[];
  readonly isOnly: boolean;
  /** The index of the route that has the field of the name. */
  readonly nameIndex: number;
};

/** One name, and its routes in short; their fields are folded unless something is missing or blocked. */
function NameRow({ form, group, isOnly, nameIndex, ...row }: NameRowProps) {
  const t = useTranslations('diversion.side');
  const { draft } = form;
  const [first] = group;
  if (first === undefined) return null;
  const { domain } = first.route;
  const indexes = group.map(({ index }) => index);
  const isWrong = row.findings.some((finding) => {
    const place = parseRouteField(finding.field);
    return (
      place !== null &&
      indexes.includes(place.index) &&
      foldedChoices.includes(place.choice) &&
      stops(finding)
    );
  });
  const isMissing = group.some(({ route }) => route.loadBalancerId === '' || route.listenerId === '');
  const shared = draft.routes.find(({ to }) => to === 'function');
  return (
    <div className="grid gap-1.5">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          {nameIndex === first.index ? (
            <DomainField form={form} index={first.index} route={first.route} />
          ) : null}
        </div>
        {isOnly ? null : (
          <span className="pt-0.5 max-md:hidden">
            <IconButton
              label={t('removeName', { name: domain })}
              icon={<X aria-hidden />}
              onClick={() => form.edit((now) => removeRoutes(now, indexes))}
            />
          </span>
        )}
      </div>
      <Fold
        isNeeded={row.isCurrent && domain !== '' && (isMissing || isWrong)}
        className="text-12"
        summary={
          <>
            <span className="min-w-0 text-ink-2 wrap-anywhere">
              <RouteText {...{ form, group }} />
            </span>
            <span className="ml-auto text-accent underline underline-offset-2 max-md:hidden">
              {t('edit')}
            </span>
          </>
        }
      >
        <div className="mt-2 grid gap-3 border-l-2 border-line pl-4">
          {group.map(({ route, index }, nth) => {
            const fields = (
              <RouteFields
                form={form}
                index={index}
                canAddTargets={row.canAddTargets ?? true}
                elsewhere={route === shared ? ['domain', 'function'] : ['domain']}
              />
            );
            if (group.length === 1) return <div key={route.key}>{fields}</div>;
            const number = nth + 1;
            return (
              <section key={route.key} aria-label={t('route', { number })}>
                <div className="flex min-h-8 items-center">
                  <h3 className="text-12 font-semibold text-ink-2">{t('route', { number })}</h3>
                  <span className="ml-auto max-md:hidden">
                    <IconButton
                      size="sm"
                      label={t('remove', { number })}
                      icon={<X aria-hidden />}
                      onClick={() => form.edit((now) => removeRoutes(now, [index]))}
                    />
                  </span>
                </div>
                {fields}
              </section>
            );
          })}
          <div className="max-md:hidden">
            <Button
              size="sm"
              variant="ghost"
              icon={<Plus aria-hidden />}
              onClick={() => form.edit((now) => addRoute(now, indexes.at(-1) ?? first.index))}
            >
              {t('add')}
            </Button>
          </div>
        </div>
      </Fold>
    </div>
  );
}

/** The choices whose fields are folded. */
const foldedChoices: readonly string[] = ['loadBalancerId', 'listenerId', 'rule', 'addTargets'];

/** The routes of a name in short: their load balancer, listeners and rules. */
function RouteText({ form: { estate }, group }: Pick<NameRowProps, 'form' | 'group'>) {
  const t = useTranslations('diversion.side');
  const [first] = group;
  const balancer = findLoadBalancer(estate, first?.route.loadBalancerId ?? '');
  if (balancer === undefined) return t('noRoute');
  const listeners = group.flatMap(({ route: { loadBalancerId, listenerId } }) => {
    const found = findListener(estate, loadBalancerId, listenerId);
    return found === undefined ? [] : `${found.protocol}:${found.port}`;
  });
  const added = new Set(group.flatMap(({ route: { rule } }) => (rule.kind === 'new' ? rule.url : [])));
  return t('routeText', {
    balancer: balancer.name === '' ? balancer.id : balancer.name,
    listeners: [...new Set(listeners)].join(' + '),
    count: added.size,
    paths: [...added].join(', '),
  });
}
