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

/** What goes back: JSON text, always with HTTP status 200, or (a fault) nothing but a broken connection. */
export type ApiReply = { readonly kind: 'answer'; readonly json: string } | { readonly kind: 'lost' };
