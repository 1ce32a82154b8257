/**
 * The path that rules are matched with: decoded, dot segments resolved, as nginx does before it looks for a location
 * (https://nginx.org/en/docs/http/ngx_http_core_module.html#location); and the query with its question mark, or ''.
 * Takes the origin form (`/a?b`) and the absolute form (`http://host/a?b`) of a request target.
 */
export function requestPath(target: string): { readonly path: string; readonly query: string } {
  const absolute = /^https?:\/\//i.test(target)
    ? target
    : `http://vip${target.startsWith('/') ? '' : '/'}${target}`;
  if (!URL.canParse(absolute)) return { path: '/', query: '' };
  const { pathname, search } = new URL(absolute);
  return { path: decodePath(pathname), query: search };
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
