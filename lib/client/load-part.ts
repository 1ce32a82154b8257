import { routes } from '@/lib/routes';
import { fetchJson } from './fetch-json';

/**
 * Loads a part of the page that is fetched separately. A server of another build may no longer have it: then `instead`
 * replaces it, the rest of the page stays as it is, including everything that was entered, and the server is asked for
 * its build.
 */
export async function loadPart<Part>(part: Promise<Part>, instead: Part): Promise<Part> {
  try {
    return await part;
  } catch {
    // The response itself reports the build; without a response there is nothing to report.
    void fetchJson(routes.api.live(), new AbortController().signal).catch(() => {});
    return instead;
  }
}
