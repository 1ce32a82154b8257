import served from '@/lib/sandbox/world/served-actions.json';
import { ApiError, missingParameter } from './api-error';

export type ServiceName = keyof typeof served;

/** The service and action that a request addresses. */
export type ApiRoute = { readonly service: ServiceName; readonly action: string };

const services = Object.entries(served).map(([name, entry]) => ({ name: name as ServiceName, ...entry }));

const byName = new Map<string, (typeof services)[number]>(services.map((service) => [service.name, service]));

const serving = new Map<string, { readonly name: ServiceName; readonly version: string }[]>();
for (const { name, version, actions } of services) {
  for (const action of actions) serving.set(action, [...(serving.get(action) ?? []), { name, version }]);
}

function named(label: string): ServiceName | undefined {
  return byName.get(label)?.name;
}

/**
 * Finds the action. A client of the real cloud names the service by its endpoint (`clb.tencentcloudapi.com`): when the
 * signed scope or the host does, only that service counts. All services may also share one endpoint; then action and
 * version decide.
 * @throws ApiError InvalidAction, NoSuchVersion, MissingParameter
 */
export function dispatch(
  headers: Readonly<Record<string, string | undefined>>,
  scopeService: string,
): ApiRoute {
  const action = headers['x-tc-action'] ?? '';
  const version = headers['x-tc-version'] ?? '';
  const only = named(scopeService) ?? named((headers.host ?? '').split('.')[0] ?? '');
  const having = serving.get(action) ?? [];
  const among = only === undefined ? having : having.filter((service) => service.name === only);
  if (among.length === 0) {
    throw new ApiError(
      'InvalidAction',
      action === ''
        ? 'The request header `X-TC-Action` is missing.'
        : `The action \`${action}\` is not found${only ? ` in the service ${only}` : ''}.`,
    );
  }
  if (version === '') {
    throw missingParameter('The request is missing a required parameter `Version`.');
  }
  const service = among.find((candidate) => candidate.version === version);
  if (!service) throw new ApiError('NoSuchVersion', `The API version \`${version}\` does not exist.`);
  return { service: service.name, action };
}
