import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';
import type { Binding, Match, RouteTable } from '../../annotations/binding.js';
import { originForm } from '../../annotations/target.js';
import type { Handshake } from '../exchange/handshake.js';
import { isForm } from '../transcode/content.js';

/** Where a request has its match. */
export const kMatch: unique symbol = Symbol('protogate.match');

/** A request as far as it is matched. */
export interface Target {
  /** As the request line has it. */
  readonly url?: string | undefined;
}

type Routed = Target & { [kMatch]?: Match | undefined; handshake?: Handshake | undefined };

/** What the route table said of a request. */
export function matchOf(raw: Target): Match {
  return (raw as Routed)[kMatch] ?? { kind: 'none' };
}

/** Notes for {@link matchOf} what the route table said. */
export function hangMatch(raw: Target, match: Match): void {
  (raw as Routed)[kMatch] = match;
}

/** The handshake that a request is, which the listener hangs on it. */
export function handshakeOf(raw: IncomingMessage): Handshake | undefined {
  return (raw as Routed).handshake;
}

/** What the route table says of a request. */
export function findMatch(table: RouteTable, raw: IncomingMessage): Match {
  const target = raw.url ?? '/';
  return handshakeOf(raw) === undefined ? table.match(raw.method ?? 'GET', target) : table.upgrade(target);
}

/** The query string of a request as it came, without `?`; '' if there is none. */
export function queryOf(raw: Target): string {
  const url = raw.url ?? '';
  const mark = url.indexOf('?');
  return mark === -1 ? '' : url.slice(mark + 1);
}

/** The path of a request as it came. */
export function pathOf(raw: Target): string {
  const url = raw.url ?? '';
  const mark = url.indexOf('?');
  return mark === -1 ? url : url.slice(0, mark);
}

/** Where the Fastify route of a binding is registered. No request target reaches it unless the table's match hangs on the request. */
export function internalPath(methodPath: string, id: number): string {
  return `${methodPath}/${id}`;
}

/** A path that no route has. */
const NOWHERE = '/.protogate';

/**
 * Makes Fastify's `rewriteUrl` of a table: matches the raw target once, hangs the match on the request and leads Fastify's router to the
 * binding's own route, query kept. Must not throw, which `RouteTable.match` promises.
 *
 * @param takesForms whether a GET binding serves a POST of a form, too, where its path has no POST
 */
export function createRewrite(table: RouteTable, takesForms: (binding: Binding) => boolean): (raw: IncomingMessage) => string {
  const matchForm = ({ headers }: IncomingMessage, target: string, denied: Match): Match => {
    // Who asks for another method by header must not be served by GET instead.
    if (!isForm(headers['content-type']) || (headers['x-http-method-override'] ?? 'GET') !== 'GET') return denied;
    const match = table.match('GET', target);
    return match.kind === 'hit' && takesForms(match.binding) ? match : denied;
  };
  return function rewrite(raw) {
    const target = raw.url ?? '/';
    let match = findMatch(table, raw);
    if (match.kind === 'method' && raw.method === 'POST') match = matchForm(raw, target, match);
    hangMatch(raw, match);
    if (match.kind === 'bad') return NOWHERE;
    if (match.kind !== 'hit') return originForm(target) ?? NOWHERE;
    nameType(raw.headers);
    const mark = target.indexOf('?');
    const path = internalPath(match.binding.method.path, match.binding.id);
    return mark === -1 ? path : path + target.slice(mark);
  };
}

const mediaType = /^[ \t]*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+[ \t]*(?:;|$)/;

/**
 * A `Content-Type` that is no media type (RFC 9110, section 8.3.1) is that of unknown bytes, and an empty one is none. Fastify refuses both, whatever
 * the route takes, and where there is no body, too.
 */
function nameType(headers: IncomingHttpHeaders): void {
  const type = headers['content-type'];
  if (type === undefined || mediaType.test(type)) return;
  if (type === '') delete headers['content-type'];
  else headers['content-type'] = 'application/octet-stream';
}

/** Name of the route constraint below. */
export const MATCHED = 'protogate';

type Strategy = NonNullable<NonNullable<FastifyHttpOptions<Server>['routerOptions']>['constraints']>[string];
type Store = ReturnType<Strategy['storage']>;

/** Fastify constraint strategy that holds only for requests whose match is a hit. */
export const matchedConstraint: Strategy = {
  name: MATCHED,
  mustMatchWhenDerived: false,
  storage() {
    let handler: ReturnType<Store['get']> = null;
    return {
      get: (matched) => ((matched as unknown) === true ? handler : null),
      set: (_value, store) => {
        handler = store;
      },
    };
  },
  deriveConstraint: (raw) => ((raw as Routed)[kMatch]?.kind === 'hit') as unknown as string,
  validate() {},
};
