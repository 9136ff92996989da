import { performance } from 'node:perf_hooks';
import type { Incoming, Outgoing } from '../exchange/exchange.js';
import { deadlineOf } from '../transcode/deadline.js';
import type { Forwarded } from '../transcode/metadata.js';
import type { CallOptions, Metadata } from '../upstream/call.js';
import { callOf } from './call-log.js';
import type { Route } from './route.js';

/**
 * What a request says of its call beside the messages: metadata and deadline. Throws `Refusal`.
 *
 * @param key of the API, as the query has it
 */
export function callOptionsOf(route: Route, reply: Outgoing, key: string | undefined): CallOptions {
  const { request } = reply;
  return {
    metadata: metadataOf(route, reply, key),
    deadline: deadlineOf(route.deadlineMs, headerOf(request, 'grpc-timeout'), performance.now()),
  };
}

function metadataOf(route: Route, reply: Outgoing, key: string | undefined): Metadata {
  const dropped = route.dropsHeaders ? tellDropped(route, reply) : undefined;
  return route.readMetadata(headersOf(reply.request, key), forwardedOf(reply.request), dropped);
}

function tellDropped({ binding }: Route, { request, log }: Outgoing): (header: string) => void {
  return (header) => log.info({ ...callOf(binding.method.name, request), header }, 'a header that gRPC cannot carry is left out');
}

function forwardedOf(request: Incoming): Forwarded {
  const hops = request.ips;
  return {
    for: hops === undefined ? request.ip : hops.toReversed().join(', '),
    host: request.host,
    proto: request.protocol,
  };
}

/** An API key in the query (`$key`) stands for a header. */
function headersOf({ rawHeaders }: Incoming, key: string | undefined): readonly string[] {
  return key === undefined ? rawHeaders : [...rawHeaders, 'x-goog-api-key', key];
}

function headerOf(request: Incoming, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
