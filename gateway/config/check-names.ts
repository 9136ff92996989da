import { isOfCall, isSingular, neverPasses, type Way } from '../exchange/header-names.js';
import type { Finding } from './problems.js';
import type { Config } from './schema.js';

/** Settings that name headers or metadata of which nothing can ever pass. */
export function checkNames({ metadata, upstreams }: Config): readonly Finding[] {
  return [
    ...metadata.forward.flatMap((name, i) => refuseName(['metadata', 'forward', String(i)], name, 'request')),
    ...metadata.webSocket.flatMap((name, i) => refuseName(['metadata', 'webSocket', String(i)], name, 'request')),
    ...metadata.reply.flatMap((name, i) => refuseName(['metadata', 'reply', String(i)], name, 'reply')),
    ...Object.entries(upstreams).flatMap(([name, { reflection }]) =>
      typeof reflection === 'object' ? checkQuestion(['upstreams', name, 'reflection', 'metadata'], reflection.metadata ?? {}) : [],
    ),
  ];
}

const whoHas = {
  request: 'can never go to the upstream: the connection, the call or the gateway itself says what it is',
  reply: "can never be the upstream's: the connection or the gateway itself says what it is",
} as const satisfies Record<Way, string>;

function refuseName(path: readonly string[], name: string, way: Way): readonly Finding[] {
  return neverPasses(name.toLowerCase(), way) ? [{ path, key: false, reason: `"${name}" ${whoHas[way]}` }] : [];
}

/** Metadata of the question for reflection goes as it stands. */
function checkQuestion(path: readonly string[], metadata: Readonly<Record<string, string>>): readonly Finding[] {
  const names = Object.keys(metadata).map((name) => name.toLowerCase());
  return Object.keys(metadata).flatMap((given, i): readonly Finding[] => {
    const name = given.toLowerCase();
    const isSecond = isSingular(name) && names.indexOf(name) < i;
    if (!isSecond && !isOfCall(name)) return [];
    return [{ path: [...path, given], key: true, reason: isSecond ? 'is given twice' : whoHas.request }];
  });
}
