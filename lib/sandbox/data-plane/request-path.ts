/** A path that means itself: no escapes, no dot segments, no empty segments that would have to be looked at. */
const plain = /^(?:\/[\w~!$&'()*+,;=:@-][\w~!$&'()*+,;=:@.-]*)*\/?$/;

/**
 * The path that rules are matched with: decoded, dot segments resolved, as nginx does before it looks for a location
 * (https://nginx.org/en/docs/http/ngx_http_core_module.html#location); and the query with its question mark, or ''.
 * Takes the origin form of a request target: `/a?b`.
 */
export function requestPath(target: string): { readonly path: string; readonly query: string } {
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  if (plain.test(path)) return { path, query: question < 0 ? '' : target.slice(question) };
  const absolute = `http://vip${target.startsWith('/') ? '' : '/'}${target}`;
  if (!URL.canParse(absolute)) return { path: '/', query: '' };
  const { pathname, search } = new URL(absolute);
  // Slashes in a row are one, as nginx's merge_slashes has it.
  return { path: decodePath(pathname).replace(/\/{2,}/g, '/'), query: search };
}

/** A path with a broken escape is matched as it was sent. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}
