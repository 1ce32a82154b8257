import served from '@/lib/sandbox/world/served-actions.json';
import { ApiError, missingParameter } from './api-error';

export type ServiceName = keyof typeof served;

/** The service and action that a request addresses. */
export type ApiRoute = { readonly service: ServiceName; readonly action: string };

const services = Object.entries(served).map(([name, entry]) => ({ name: name as ServiceName, ...entry }));

/** The service of each action: no two services have one of the same name, which a test checks. */
const serving = new Map(
  services.flatMap((service) => service.actions.map((action) => [action, service] as const)),
);

function named(label: string): ServiceName | undefined {
  return services.find(({ name }) => name === label)?.name;
}

/**
 * Finds the action. A client of the real cloud names the service by its endpoint (`clb.tencentcloudapi.com`): when the
 * signed scope or the host does, only that service counts. All services may also share one endpoint; then the action
 * decides.
 * @throws ApiError InvalidAction, NoSuchVersion, MissingParameter
 */
export function dispatch(
  headers: Readonly<Record<string, string | undefined>>,
  scopeService: string,
): ApiRoute {
  const action = headers['x-tc-action'] ?? '';
  const version = headers['x-tc-version'] ?? '';
  const only = named(scopeService) ?? named((headers.host ?? '').split('.')[0] ?? '');
  const service = serving.get(action);
  if (service === undefined || (only !== undefined && service.name !== only)) {
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
  if (service.version !== version) {
    throw new ApiError('NoSuchVersion', `The API version \`${version}\` does not exist.`);
  }
  return { service: service.name, action };
}
