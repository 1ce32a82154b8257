/** A request as it came in, free of any transport. Header names are lower-case. */
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
 * What goes back: JSON text with HTTP status 200; or, when a fault was ordered, a page of HTML with another status, or
 * nothing but a broken connection.
 */
export type ApiReply =
  | { readonly kind: 'answer'; readonly json: string }
  | { readonly kind: 'page'; readonly status: number; readonly html: string }
  | { readonly kind: 'lost' };
