/* All tables. Migrations are generated from this file. */
export * from './schema/alerts';
export * from './schema/api';
export * from './schema/audit';
export * from './schema/connections';
export * from './schema/diversions';
export * from './schema/drift';
export * from './schema/estate';
export * from './schema/functions';
export * from './schema/histories';
export * from './schema/installation';
export * from './schema/passkeys';
export * from './schema/people';
export * from './schema/rehearsals';
export * from './schema/safety';
export * from './schema/sso';
export * from './schema/switches';
export * from './schema/vantage';
