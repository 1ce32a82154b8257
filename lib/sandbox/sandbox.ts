import { type ControlPlaneOptions, startControlPlane } from './control-plane';

export type SandboxOptions = ControlPlaneOptions & { readonly dnsPort: number };

/** Where everything is: the one JSON line that the sandbox prints when it stands. The keys open nothing real. */
export type Announcement = {
  readonly api: string;
  /** Of the first account. */
  readonly secretId: string;
  readonly secretKey: string;
  readonly control: { readonly url: string; readonly token: string } | null;
  readonly accounts: readonly { uin: string; name: string; secretId: string; secretKey: string }[];
  readonly vipNetwork: string;
};

export type Sandbox = { readonly announcement: Announcement; stop(): Promise<void> };

/** Starts the whole emulated cloud. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const plane = await startControlPlane(options);
  const accounts = Object.values(plane.store.world.accounts).map(({ uin, name, secretId, secretKey }) => ({
    uin,
    name,
    secretId,
    secretKey,
  }));
  const [first] = accounts;
  if (!first) throw new Error('The world has no account.');
  return {
    announcement: {
      api: plane.api,
      secretId: first.secretId,
      secretKey: first.secretKey,
      control: plane.control,
      accounts,
      vipNetwork: options.vipNetwork,
    },
    stop: plane.stop,
  };
}
