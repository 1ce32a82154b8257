/** Access data: the account's sub-users and their policies (CAM). Times are epoch milliseconds. */

export type WorldUser = {
  name: string;
  uin: string;
  /** Ids of policies. */
  policyIds: number[];
  createdAt: number;
};

export type WorldGroup = {
  id: number;
  name: string;
  userNames: string[];
  /** Ids of policies. */
  policyIds: number[];
};

/** A role that users of an account can assume: https://www.tencentcloud.com/document/product/598/19420 */
export type WorldRole = {
  /** The number that the cloud gives it. */
  id: string;
  name: string;
  /** Ids of policies. */
  policyIds: number[];
  /** UINs of the accounts whose users may assume it. */
  trustedUins: string[];
  /** Required to assume it; null = none. */
  externalId: string | null;
};

export type WorldPolicy = {
  id: number;
  name: string;
  description: string;
  /** Created by the customer, or one of the cloud's own. */
  kind: 'User' | 'QCS';
  /** In CAM's policy syntax: https://www.tencentcloud.com/document/product/598/10604 */
  document: {
    version: '2.0';
    statement: { effect: 'allow' | 'deny'; action: string[]; resource: string[] }[];
  };
  createdAt: number;
};

/** One call that changed something, as CloudAudit shows it. */
export type WorldAuditEvent = {
  id: string;
  at: number;
  service: string;
  action: string;
  region: string;
  userUin: string;
  userName: string;
  sourceIp: string;
  requestId: string;
  /** Id or name of the object, '' when there is no single one. */
  resource: string;
  /** '' = it was accepted. */
  errorCode: string;
};

/** A certificate of the SSL certificate service; the sandbox's own authority signs the served one. */
export type WorldCertificate = {
  id: string;
  alias: string;
  kind: 'SVR' | 'CA';
  /** Common name; '' for a CA that names none. */
  domain: string;
  /** Further names, including `*.` wildcards. */
  furtherDomains: string[];
  /**
   * The algorithm of its key, such as `RSA 2048`. A listener accepts several server certificates if their kinds of key
   * differ.
   */
  algorithm: string;
  issuedAt: number;
  expiresAt: number;
  /** PEM of an uploaded CA that clients are checked against; null = the sandbox's authority is used instead. */
  uploaded: string | null;
};
