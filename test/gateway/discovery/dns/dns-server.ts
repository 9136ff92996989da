import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import type { Test } from 'tap';

const A = 1;
const NXDOMAIN = 3;
const SERVFAIL = 2;

/** A DNS server on a free port, whose records a test changes. */
export interface DnsServer {
  /** `ADDRESS:PORT`. */
  readonly address: string;
  /** IPv4 and IPv6 addresses by name, without the last dot; a name that is not there is NXDOMAIN. */
  readonly records: Map<string, readonly string[]>;
  /** Of every record, seconds. */
  ttl: number;
  /** `fails`: SERVFAIL. `silent`: no answer at all. */
  mood: 'well' | 'fails' | 'silent';
  /** Names that were asked for, for their IPv4 addresses. */
  readonly asked: string[];
}

export async function serveDns(t: Test): Promise<DnsServer> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.teardown(() => socket.close());
  const server: DnsServer = { address: `127.0.0.1:${socket.address().port}`, records: new Map(), ttl: 1, mood: 'well', asked: [] };
  socket.on('message', (query, from) => {
    const { name, type, end } = question(query);
    if (type === A) server.asked.push(name);
    if (server.mood !== 'silent') socket.send(answer(server, query.subarray(0, end), name, type), from.port, from.address);
  });
  return server;
}

/** RFC 1035, 4.1.2. */
function question(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answer({ records, ttl, mood }: DnsServer, asked: Buffer, name: string, type: number): Buffer {
  const known = records.get(name);
  const fitting = mood === 'well' ? (known ?? []).filter((address) => isIPv4(address) === (type === A)) : [];
  const head = Buffer.from(asked);
  head.writeUInt16BE(0x8180 | (mood === 'fails' ? SERVFAIL : known === undefined ? NXDOMAIN : 0), 2);
  head.writeUInt16BE(fitting.length, 6);
  head.fill(0, 8, 12);
  return Buffer.concat([head, ...fitting.map((address) => record(type, ttl, bytes(address)))]);
}

/** RFC 1035, 4.1.3; the name is that of the question. */
function record(type: number, ttl: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

/** IPv6 with all its eight groups. */
function bytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  return Buffer.from(
    address
      .split(':')
      .map((group) => group.padStart(4, '0'))
      .join(''),
    'hex',
  );
}
