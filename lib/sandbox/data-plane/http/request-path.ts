/** A path that needs no normalization: no escapes, no dot segments, no empty segments. */
const plain = /^(?:\/[\w~!$&'()*+,;=:@-][\w~!$&'()*+,;=:@.-]*)*\/?$/;

/**
 * Returns the path that rules are matched with: decoded, dot segments resolved, as nginx does before it looks for a
 * location (https://nginx.org/en/docs/http/ngx_http_core_module.html#location); and the query with its question mark,
 * or ''. Takes the origin form of a request target: `/a?b`.
 */
export function requestPath(target: string): { readonly path: string; readonly query: string } {
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  if (plain.test(path)) return { path, query: question < 0 ? '' : target.slice(question) };
  const absolute = `http://vip${target.startsWith('/') ? '' : '/'}${target}`;
  if (!URL.canParse(absolute)) return { path: '/', query: '' };
  const { pathname, search } = new URL(absolute);
  // Consecutive slashes are merged, as by nginx's merge_slashes.
  return { path: decodePath(pathname).replace(/\/{2,}/g, '/'), query: search };
}

/** Decodes a path; one with an invalid escape is matched as it was sent. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}
