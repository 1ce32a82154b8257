import type { Draft } from './draft';

/** Instances that an address asks for: `namespace/name:count`. */
const askedWarm = /^([\w-]{1,60})\/([\w-]{1,60}):(\d{1,6})$/;

/** Writes the instances of a function for the address of the editor. */
export function writeWarm(name: string, instances: number): string {
  return `${name}:${instances}`;
}

/**
 * Sets the provisioned concurrency of the routes to some functions, as an address asks for it. What is malformed, or
 * about a function that the draft does not use, is left out.
 */
export function setWarm(draft: Draft, warm: readonly string[]): Draft {
  const wanted = new Map(
    warm.flatMap((text) => {
      const [, namespace, name, count] = askedWarm.exec(text) ?? [];
      return count === undefined ? [] : [[`${namespace}/${name}`, Number(count)] as const];
    }),
  );
  const routes = draft.routes.map((route) => {
    if (route.to !== 'function') return route;
    const instances = wanted.get(`${route.function.namespace}/${route.function.name}`);
    return instances === undefined || instances < 1 ? route : { ...route, provisioned: instances };
  });
  return { ...draft, routes };
}
