import { Type } from 'typebox';
import { reflection } from './reflection.js';
import { count, list, millis, oneOf, path, section, serviceSelector, text } from './terms.js';

const upstreamLimits = {
  connections: count(
    'Connections at a time. Only `h2` opens more than one, when the streams that the server allows on each are taken.',
    16,
    1000,
  ),
  inFlight: count('Calls in progress, those that wait included; more are 503 at once, with `Retry-After`.', 10_000, 1_000_000),
  pending: count('Calls that wait for a connection, or for a place on one; more are 503 at once, with `Retry-After`.', 1000, 1_000_000, 0),
  pendingMs: millis('Longest wait for a connection, or for a place on one; then 503, with `Retry-After`.', 1000),
};

/** An upstream: `upstreams.NAME`. */
export const upstream = Type.Object(
  {
    target: text(
      'Where the server is: `HOST:PORT` (plaintext), `grpcs://HOST:PORT` (TLS), `dns://NAME:PORT` for a server at each address of a name, or `etcd://HOST:PORT/PREFIX` for those whose addresses stand under a prefix of etcd (TLS with `tls`, even an empty one).',
      { format: 'target' },
    ),
    tls: Type.Optional(
      Type.Object(
        {
          ca: Type.Optional(path('Certificates to trust, PEM. Unset: those that Node.js trusts.')),
          cert: Type.Optional(path('Client certificate, PEM. Needs `key`.')),
          key: Type.Optional(path('Private key of the client certificate, PEM. Needs `cert`.')),
          serverName: Type.Optional(text("Name to verify in the server's certificate instead of the target's host.")),
        },
        {
          additionalProperties: false,
          dependentRequired: { cert: ['key'], key: ['cert'] },
          description: 'Only with a `grpcs://`, `dns://` or `etcd://` target.',
        },
      ),
    ),
    services: list(
      'Services that go to this upstream: `pkg.Service`, `pkg.*` or `*`. The most specific claim wins, and the `upstream` of a policy wins over all.',
      serviceSelector(),
    ),
    lane: oneOf(
      'HTTP/2 client that talks to the server: `h2`, the own one, which needs far less CPU, or `grpc-js`. `auto` takes `h2` for every target that there is.',
      ['auto', 'h2', 'grpc-js'],
    ),
    connectTimeoutMs: millis('Longest time to establish a connection; calls that wait for it then fail with 503.', 5000),
    keepAlive: Type.Optional(
      Type.Object(
        {
          intervalMs: millis('Time without a sign of the server after which it is sent a PING.', 300_000),
          timeoutMs: millis('How long the answer may take before the connection is given up and its calls fail with 503.', 20_000),
        },
        {
          additionalProperties: false,
          description:
            'HTTP/2 PINGs while calls are open, to notice a server that is gone without a word. Servers must allow the interval: many refuse less than five minutes. Unset: none.',
        },
      ),
    ),
    idleTimeoutMs: millis('A connection without calls for that long is closed; the next call opens another.', 600_000),
    limits: section('Bounds of what goes to the server. A reload with others cuts no call.', upstreamLimits),
    reflection: Type.Optional(reflection),
  },
  { additionalProperties: false, description: 'One upstream.' },
);
