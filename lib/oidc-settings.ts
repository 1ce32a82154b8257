import { z } from 'zod';
import { DomainPattern } from './domain-pattern';
import { regionCode } from './region-code';

/* The settings of single sign-on by OpenID Connect. */

/** The roles of `lib/policy/roles.ts`, which this folder may not import; a test compares them. */
export const oidcRoles = ['viewer', 'operator', 'approver', 'administrator'] as const;
type OidcRole = (typeof oidcRoles)[number];

const isLoopback = (host: string) => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host);

const listNames = (text: string) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);

/** The limits of `lib/policy/access.ts`, with messages for whoever sets them. */
const limit = (value: z.ZodType<string>) =>
  z
    .array(value, 'must be a list; leave it out for no limit')
    .min(1, 'must name something; leave it out for no limit')
    .max(50, 'must have at most 50 values')
    .readonly()
    .nullable()
    .default(null);

/** A role for the members of a group of the provider, within its limits. */
const GroupRole = z.strictObject({
  group: z.string('must be the name of a group').min(1, 'must be the name of a group'),
  role: z.enum(oidcRoles, `must be one of ${oidcRoles.join(', ')}`),
  connections: limit(
    z.string('must be the id of a connection').min(1, 'must be the id of a connection').max(100),
  ),
  regions: limit(regionCode('must be a region such as ap-jakarta')),
  domains: limit(z.string('must be a domain or a pattern such as *.example.co.id').pipe(DomainPattern)),
});
export type GroupRole = z.infer<typeof GroupRole>;
/** A role with its limits, as people have them (`RoleGrant`). null = no limit of that kind. */
type OidcGrant = Omit<GroupRole, 'group'>;

const noLimits = { connections: null, regions: null, domains: null };

/** The maximum number of roles that groups have. */
const groupRolesMax = 500;

/** Parses `GROUP=ROLE,…`. A group may contain `=`, but no comma. */
function parsePairs(text: string): unknown {
  return listNames(text).map((pair) => {
    const at = pair.lastIndexOf('=');
    return { group: pair.slice(0, Math.max(0, at)).trim(), role: pair.slice(at + 1).trim() };
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Returns what a role of a group must be, without its values, and for a name that is no field, which those are. */
function describeIssue({ code, message }: z.core.$ZodIssue): string {
  if (code === 'unrecognized_keys') return 'may have group, role, connections, regions and domains';
  // A key of the messages of the dashboard.
  return message === 'domainPattern.invalid'
    ? 'must be a domain or a pattern such as *.example.co.id'
    : message;
}

/** The roles of groups: `GROUP=ROLE,…`, or a JSON list of `GroupRole`, whose roles may have limits. */
const GroupRoles = z.string().transform((text, context): readonly GroupRole[] => {
  const isJson = text.trimStart().startsWith('[');
  const parsed = z
    .array(GroupRole, 'is no valid JSON')
    .min(1, 'must name a group')
    .max(groupRolesMax, `must have at most ${groupRolesMax} roles`)
    .safeParse(isJson ? parseJson(text) : parsePairs(text));
  if (parsed.success) return parsed.data;
  if (isJson) {
    for (const issue of parsed.error.issues)
      context.addIssue({ code: 'custom', path: [...issue.path], message: describeIssue(issue) });
  } else {
    context.addIssue({
      code: 'custom',
      message: `must be GROUP=ROLE, separated by commas, with the roles ${oidcRoles.join(', ')}, or a JSON list of {"group","role"} with limits`,
    });
  }
  return z.NEVER;
});

const Hosts = z
  .string()
  .transform((text) => listNames(text.toLowerCase()))
  .refine(
    (hosts) => hosts.every((host) => /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/.test(host)),
    'must be host names, separated by commas',
  );

/** The settings by name; all are optional. */
export const oidcShape = {
  /** The issuer's identifier, below which its configuration is. Single sign-on is on if it is set. */
  SPILLWAY_OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as https://login.example.com' })
    .refine((text) => {
      const { protocol, hostname, search, hash } = new URL(text);
      return (protocol === 'https:' || isLoopback(hostname)) && search === '' && hash === '';
    }, 'must be an https URL without a query')
    .optional(),
  SPILLWAY_OIDC_CLIENT_ID: z.string().min(1).optional(),
  SPILLWAY_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  /** A file with the secret, which is read at each discovery. */
  SPILLWAY_OIDC_CLIENT_SECRET_FILE: z.string().min(1).optional(),
  /** The name of the provider on screens. */
  SPILLWAY_OIDC_NAME: z.string().trim().min(1).max(40).optional(),
  SPILLWAY_OIDC_SCOPES: z
    .string()
    .refine((text) => text.split(' ').includes('openid'), 'must contain openid, separated by spaces')
    .optional(),
  SPILLWAY_OIDC_GROUPS_CLAIM: z.string().min(1).optional(),
  SPILLWAY_OIDC_ROLES: GroupRoles.optional(),
  /** Only people with a verified address in these domains may sign in. */
  SPILLWAY_OIDC_DOMAINS: Hosts.optional(),
  /** The role of people in these domains who are in no group with a role. */
  SPILLWAY_OIDC_DOMAIN_ROLE: z.enum(oidcRoles).optional(),
  /** `verifiedEmail`: an existing account is linked by its address. */
  SPILLWAY_OIDC_LINK: z.enum(['subject', 'verifiedEmail']).optional(),
  /** `on`: passwords and passkeys sign in administrators alone. */
  SPILLWAY_OIDC_ONLY: z.enum(['off', 'on']).optional(),
  /** The end of a session that began at the provider, in hours after its beginning. */
  SPILLWAY_OIDC_SESSION_HOURS: z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((hours) => hours >= 1 && hours <= 168, 'must be between 1 and 168')
    .optional(),
  /** Further hosts that the provider's endpoints may be on. */
  SPILLWAY_OIDC_HOSTS: Hosts.optional(),
};

/** The names of these settings, for the environment of the dashboard. */
export const oidcNames = Object.keys(oidcShape);

const Parsed = z.object(oidcShape);
type Parsed = z.infer<typeof Parsed>;

/** Lists what is missing among settings of single sign-on, by name. */
export function listOidcIssues(s: Parsed): readonly { readonly path: string; readonly message: string }[] {
  const isAnySet = Object.values(Parsed.keyof().enum).some((name) => s[name] !== undefined);
  if (!isAnySet) return [];
  const rules = [
    {
      path: 'SPILLWAY_OIDC_ISSUER',
      isMet: s.SPILLWAY_OIDC_ISSUER !== undefined,
      message: 'is needed for single sign-on',
    },
    {
      path: 'SPILLWAY_OIDC_CLIENT_ID',
      isMet: s.SPILLWAY_OIDC_CLIENT_ID !== undefined,
      message: 'is needed for single sign-on',
    },
    {
      path: 'SPILLWAY_OIDC_CLIENT_SECRET',
      isMet:
        (s.SPILLWAY_OIDC_CLIENT_SECRET === undefined) !== (s.SPILLWAY_OIDC_CLIENT_SECRET_FILE === undefined),
      message: 'is needed, or SPILLWAY_OIDC_CLIENT_SECRET_FILE, and not both',
    },
    {
      path: 'SPILLWAY_OIDC_ROLES',
      isMet: s.SPILLWAY_OIDC_ROLES !== undefined || s.SPILLWAY_OIDC_DOMAIN_ROLE !== undefined,
      message: 'is needed, or SPILLWAY_OIDC_DOMAIN_ROLE: without them no one may sign in',
    },
    {
      path: 'SPILLWAY_OIDC_DOMAINS',
      isMet: s.SPILLWAY_OIDC_DOMAIN_ROLE === undefined || (s.SPILLWAY_OIDC_DOMAINS ?? []).length > 0,
      message: 'goes with SPILLWAY_OIDC_DOMAIN_ROLE',
    },
  ];
  return rules.filter(({ isMet }) => !isMet);
}

/**
 * A session that began at the provider ends after 12 hours, so that the groups are read again each day: the limit of NIST SP
 * 800-63B, 4.2.3, for two factors.
 */
const SESSION_HOURS = 12;

/** Single sign-on as it is set. */
export type OidcSettings = {
  readonly issuer: string;
  readonly clientId: string;
  readonly secret: { readonly text: string } | { readonly file: string };
  readonly name: string;
  readonly scopes: string;
  readonly groupsClaim: string;
  readonly groupRoles: readonly GroupRole[];
  readonly domains: readonly string[] | null;
  readonly domainRole: OidcRole | null;
  readonly linksByEmail: boolean;
  readonly isOnly: boolean;
  /** The limit of a session that began at the provider, in s. */
  readonly sessionS: number;
  readonly hosts: readonly string[];
};

/** Returns single sign-on as it is set, with defaults; null = it is off. */
export function getOidcSettings(s: Parsed): OidcSettings | null {
  const { SPILLWAY_OIDC_ISSUER: issuer, SPILLWAY_OIDC_CLIENT_ID: clientId } = s;
  if (issuer === undefined || clientId === undefined) return null;
  const { SPILLWAY_OIDC_CLIENT_SECRET: text, SPILLWAY_OIDC_CLIENT_SECRET_FILE: file = '' } = s;
  return {
    issuer,
    clientId,
    secret: text === undefined ? { file } : { text },
    name: s.SPILLWAY_OIDC_NAME ?? 'single sign-on',
    scopes: s.SPILLWAY_OIDC_SCOPES ?? 'openid email profile',
    groupsClaim: s.SPILLWAY_OIDC_GROUPS_CLAIM ?? 'groups',
    groupRoles: s.SPILLWAY_OIDC_ROLES ?? [],
    domains: s.SPILLWAY_OIDC_DOMAINS ?? null,
    domainRole: s.SPILLWAY_OIDC_DOMAIN_ROLE ?? null,
    linksByEmail: s.SPILLWAY_OIDC_LINK === 'verifiedEmail',
    isOnly: s.SPILLWAY_OIDC_ONLY === 'on',
    sessionS: (s.SPILLWAY_OIDC_SESSION_HOURS ?? SESSION_HOURS) * 3600,
    hosts: [new URL(issuer).host, ...(s.SPILLWAY_OIDC_HOSTS ?? [])],
  };
}

/**
 * Returns the roles of a person of the provider: those of all groups in `SPILLWAY_OIDC_ROLES` that they are in, each with its
 * limits; without any, the one of their domain.
 * @param email an address that the provider has verified; '' = there is none
 * @returns an empty list if they may not sign in
 */
export function chooseGrants(
  { groupRoles, domains, domainRole }: OidcSettings,
  groups: readonly string[],
  email: string,
): readonly OidcGrant[] {
  const domain = email.slice(email.lastIndexOf('@') + 1);
  if (domains !== null && !domains.includes(domain)) return [];
  const grants = groupRoles
    .filter(({ group }) => groups.includes(group))
    .map(({ role, connections, regions, domains }) => ({ role, connections, regions, domains }));
  if (grants.length === 0) return domainRole === null ? [] : [{ role: domainRole, ...noLimits }];
  // Two groups may have the same role.
  return [...new Map(grants.map((grant) => [JSON.stringify(grant), grant])).values()];
}
