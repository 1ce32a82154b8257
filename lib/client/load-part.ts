import { routes } from '@/lib/routes';
import { fetchJson } from './fetch-json';

/**
 * Loads a part of the page that comes by itself. A server of another build may not have it any more: then `instead` takes
 * its place, and the page around it stays as it is, with all that was entered; and the server is asked which build it is.
 */
export async function loadPart<Part>(part: Promise<Part>, instead: Part): Promise<Part> {
  try {
    return await part;
  } catch {
    // Its answer tells; without one there is nothing to tell.
    void fetchJson(routes.api.live(), new AbortController().signal).catch(() => {});
    return instead;
  }
}
