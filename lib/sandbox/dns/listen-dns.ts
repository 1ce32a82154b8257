import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from 'pino';
import { RCODE } from './answer';
import { refuseMessage } from './message';

export type Transport = 'udp' | 'tcp';

/** Handles one message and returns the response; null if it must not be answered. Must not throw. */
type Respond = (message: Buffer, transport: Transport) => Buffer | null;

export type DnsListener = {
  /** The port for UDP and TCP, on 127.0.0.1. */
  readonly port: number;
  stop(): Promise<void>;
};

/** The idle timeout of a TCP connection, in ms (RFC 7766 §6.2.3 requires some seconds), and the most connections. */
const idleMs = 10_000;
const connectionsMax = 256;
/** The number of attempts to find a free UDP port that is also free for TCP. */
const triesMax = 20;

/**
 * Answers DNS messages on 127.0.0.1, by UDP and TCP on the same port.
 * @param port 0 = any free one
 * @throws Error naming the port that can't be bound
 */
export async function listenDns(port: number, respond: Respond, log: Logger): Promise<DnsListener> {
  for (let attempt = 1; ; attempt += 1) {
    const udp = await bindUdp(port);
    const taken = udp.address().port;
    const tcp = await bindTcp(taken);
    if (tcp instanceof Error) {
      await closed(udp);
      if (port === 0 && attempt < triesMax) continue;
      throw new Error(`DNS: TCP port 127.0.0.1:${taken} can't be bound; is it in use?`, { cause: tcp });
    }
    answerUdp(udp, respond, log);
    const stopTcp = answerTcp(tcp, respond, log);
    const stop = async () => {
      await Promise.all([closed(udp), stopTcp()]);
    };
    return { port: taken, stop };
  }
}

function closed(socket: UdpSocket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}

async function bindUdp(port: number): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  socket.bind(port, '127.0.0.1');
  try {
    await once(socket, 'listening');
  } catch (error) {
    throw new Error(`DNS: UDP port 127.0.0.1:${port} can't be bound; is it in use?`, { cause: error });
  }
  return socket;
}

async function bindTcp(port: number): Promise<Server | Error> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function answerUdp(socket: UdpSocket, respond: Respond, log: Logger): void {
  socket.on('error', (error) => log.error({ err: error }, 'the DNS socket failed'));
  socket.on('message', (message, from) => {
    const reply = respond(message, 'udp');
    if (reply === null) return;
    socket.send(reply, from.port, from.address, (error) => {
      if (error) log.debug({ err: error }, 'a DNS answer was not sent');
    });
  });
}

/** @returns a function that closes the server and its connections */
function answerTcp(server: Server, respond: Respond, log: Logger): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.maxConnections = connectionsMax;
  server.on('error', (error) => log.error({ err: error }, 'the DNS server failed'));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', (error) => log.debug({ err: error }, 'a DNS connection broke off'));
    socket.setTimeout(idleMs, () => socket.destroy());
    serve(socket, respond);
  });
  return () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
}

/**
 * Serves one connection. Messages are preceded by their length, several in a row, in pieces of any size (RFC 1035
 * §4.2.2, RFC 7766).
 */
function serve(socket: Socket, respond: Respond): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      const reply = respond(pending.subarray(2, end), 'tcp');
      pending = pending.subarray(end);
      if (reply === null) continue;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([length, reply]));
    }
  });
}

/** Answers SERVFAIL and logs when handling a query throws: no message may stop the server. */
export function respondSafely(log: Logger, respond: Respond): Respond {
  return (message, transport) => {
    try {
      return respond(message, transport);
    } catch (error) {
      log.error({ err: error }, 'a DNS query broke the server');
      return refuseMessage(message, RCODE.serverFailure);
    }
  };
}
