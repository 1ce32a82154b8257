import { routes } from '@/lib/routes';
import { fetchJson } from './fetch-json';

/**
 * Loads a part of the page lazily. If a server of another build no longer has it, `instead` replaces it, the rest of
 * the page with its input is kept, and the server's build is requested.
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
