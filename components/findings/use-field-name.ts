import type { Draft, EditorField } from '@/lib/draft/draft';
import { parseRouteField } from '@/lib/draft/draft-fields';
import { useAnyKey } from '@/lib/messages/use-any-key';

/** Returns the label of a field: "shop.example.co.id: Listener", with several routes "shop.example.co.id, route 2: Listener". */
export function useFieldName({
  kind,
  routes,
}: Pick<Draft, 'kind' | 'routes'>): (field: EditorField) => string {
  const t = useAnyKey('diversion');
  return (field) => {
    const ofRoute = parseRouteField(field);
    const route = ofRoute === null ? undefined : routes[ofRoute.index];
    if (ofRoute === null || route === undefined) return t(`field.${field}`);
    const own = routes.filter(({ to, domain }) => to === route.to && domain === route.domain);
    const side = route.domain === '' || kind === 'switch' ? t(`side.${kind}.${route.to}`) : route.domain;
    const name = t(`field.${ofRoute.choice}`);
    return own.length === 1
      ? t('fieldOf', { side, field: name })
      : t('fieldOfRoute', { side, number: own.indexOf(route) + 1, field: name });
  };
}
