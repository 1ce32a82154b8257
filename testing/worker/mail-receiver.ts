import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { selfSigned } from '@/testing/launch/self-signed';

/** A message as a server got it. */
export type ReceivedMail = {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly isSecure: boolean;
  /** The whole message: headers, an empty line, the body. */
  readonly raw: string;
};

type MailReceiverOptions = {
  /** TLS from the start, by STARTTLS, or none at all. */
  readonly tls: 'always' | 'startTls' | 'none';
  /** The password of each user; none = no sign-in. */
  readonly passwords?: Readonly<Record<string, string>>;
  /** Recipients that it refuses, with the code of the reply. */
  readonly refused?: Readonly<Record<string, number>>;
};

export type MailReceiver = {
  readonly port: number;
  /** The certificate, for `localhost`. PEM. */
  readonly certificate: string;
  readonly received: ReceivedMail[];
  stop(): Promise<void>;
};

/** Starts an SMTP server on loopback that keeps what it gets. */
export async function startMailReceiver(options: MailReceiverOptions): Promise<MailReceiver> {
  const { tls, passwords = {}, refused = {} } = options;
  const received: ReceivedMail[] = [];
  const { content: cert, key } = await selfSigned('localhost');
  const server = new SMTPServer({
    key,
    cert,
    secure: tls === 'always',
    hideSTARTTLS: tls === 'none',
    disabledCommands: [
      ...(tls === 'none' ? ['STARTTLS'] : []),
      ...(options.passwords === undefined ? ['AUTH'] : []),
    ],
    onAuth({ username = '', password }, _session, done) {
      if (passwords[username] === password) return done(null, { user: username });
      return done(Object.assign(new Error('Bad credentials'), { responseCode: 535 }));
    },
    onRcptTo({ address }, _session, done) {
      const code = refused[address];
      return code === undefined ? done() : done(Object.assign(new Error('Not here'), { responseCode: code }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: session.user,
          isSecure: session.secure,
          raw: Buffer.concat(chunks).toString('utf8'),
        });
        done();
      });
    },
  });
  // A client that refuses the certificate ends the connection.
  server.on('error', () => {});
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return {
    port,
    certificate: cert,
    received,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
