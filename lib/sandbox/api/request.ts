/** A request as received, independent of any transport. Header names are lower-case. */
export type ApiRequest = {
  readonly method: string;
  readonly path: string;
  /** Without the `?`. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** Address of the client. */
  readonly from: string;
};

/**
 * The reply: JSON text with HTTP status 200. With an injected fault it may instead be an HTML page with another status,
 * or only a broken connection.
 */
export type ApiReply =
  | { readonly kind: 'answer'; readonly json: string }
  | { readonly kind: 'page'; readonly status: number; readonly html: string }
  | { readonly kind: 'lost' };
