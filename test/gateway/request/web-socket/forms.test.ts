import { test } from 'tap';
import type { BidiHandler } from '../../../support/backend.js';
import { Client, type Frame, refusedBy } from '../../../support/web-socket.js';
import type { Service } from '../../service.js';
import { startTalk } from '../../talk.js';

interface Row {
  readonly path: string;
  readonly protocols?: string | string[];
  readonly send?: readonly Frame[];
  readonly frames: readonly unknown[];
}

/** A `Line` of `talk.v1`, in wire form. */
const line = (backend: Service['backend'], message: object): Buffer => {
  const type = backend.root.lookupType('talk.v1.Line');
  return Buffer.from(type.encode(type.fromObject(message)).finish());
};

const rows: Readonly<Record<string, Row>> = {
  'a server stream with a body begins with the one message of its client': {
    path: '/v1/lobby:ask',
    send: ['{"text":"x","n":2}'],
    frames: ['{"room":"lobby","text":"x","n":1}', '{"room":"lobby","text":"x","n":2}'],
  },
  'a server stream begins without a message when its client has none': {
    path: '/v1/lobby:ask',
    send: [''],
    frames: ['{"room":"lobby","text":"","n":1}'],
  },
  'a client stream without a body is one message, of path and query': { path: '/v1/lobby/x:once', frames: ['{"lines":1,"texts":"x"}'] },
  'a client stream of nothing': { path: '/v1/lobby:count', send: [''], frames: ['{"lines":0,"texts":""}'] },
  'path and query are in each message': {
    path: '/v1/lobby:texts?n=7',
    send: ['"a"', '"b"', ''],
    frames: ['"a 7"', '"b 7"'],
  },
  'system parameters shape the replies': {
    path: '/v1/lobby:chat?$fields=text&$alt=json',
    send: ['{"text":"a"}', ''],
    frames: ['{"text":"a"}'],
  },
  'a rule is chosen by $method where HTTP methods alone tell two apart': {
    path: '/v1/tie?$method=GET&text=x',
    frames: ['{"room":"","text":"x","n":1}'],
  },
  'the other one, its parameter encoded': {
    path: '/v1/tie?%24method=post',
    send: ['{"text":"y"}'],
    frames: ['{"room":"","text":"y","n":1}'],
  },
  'of subprotocols the first is spoken that is known': {
    path: '/v1/lobby:count',
    protocols: ['mqtt', 'protogate.json', 'protogate.proto'],
    send: ['{"text":"a"}', ''],
    frames: ['{"lines":1,"texts":"a"}'],
  },
};

/** Says what number came with each text. */
const texts: BidiHandler = async (_call, messages, out) => {
  for await (const { room, text, n } of messages) out.write({ room, text: `${text} ${n}` });
};

test('what a WebSocket says and is told:', async (t) => {
  const { url } = await startTalk(t, { bidi: { Texts: texts } });
  for (const [name, { path, protocols = [], send = [], frames }] of Object.entries(rows)) {
    const client = await Client.open(url, path, protocols);
    client.send(...send);
    t.strictSame([await client.end(), client.frames], [[1000, ''], frames], name);
  }
});

test('messages of protogate.proto are binary, in wire form, and end with an empty text', async (t) => {
  const { url, backend } = await startTalk(t);
  const client = await Client.open(url, '/v1/lobby:chat', 'protogate.proto');
  client.send(line(backend, { text: 'a' }), Buffer.alloc(0));
  t.strictSame(await client.until(2), [line(backend, { text: 'a', room: 'lobby' }), line(backend, { room: 'lobby' })]);
  client.send('');
  t.strictSame(await client.end(), [1000, '']);
});

test('the bytes of a google.api.HttpBody are binary, whatever they come as', async (t) => {
  const { url } = await startTalk(t);
  const client = await Client.open(url, '/v1/pipe');
  client.send(Buffer.from([0, 255]), 'text', '');
  t.strictSame(await client.end(), [1000, '']);
  t.strictSame(client.frames, [Buffer.from([0, 255]), Buffer.from('text')]);
});

test('a policy opens unary methods to WebSockets, or closes all', async (t) => {
  const policies = [
    { select: 'talk.v1.Talk.Say', webSocket: 'always' as const },
    { select: 'talk.v1.Talk.Chat', webSocket: 'never' as const },
  ];
  const { url } = await startTalk(t, {}, { policies });
  for (const [path, messages] of [['/v1/lines', ['{"text":"a","room":"x"}']] as const, ['/v1/lines/x?text=a', []] as const]) {
    const client = await Client.open(url, path);
    client.send(...messages);
    t.strictSame([await client.end(), client.frames], [[1000, ''], ['{"room":"x","text":"a","n":1}']], path);
  }
  t.match(await refusedBy(url, '/v1/lobby:chat'), { status: 400, text: /not served over WebSocket/ });
});

const refusals: Readonly<Record<string, readonly [path: string, status: number, message: string, protocols?: string[]]>> = {
  'no route': ['/v1/nowhere', 404, 'Not found.'],
  'two rules that only their HTTP methods tell apart': [
    '/v1/tie',
    400,
    '$method: has to say which rule is meant, by its HTTP method: GET, POST',
  ],
  'a $method that none has': ['/v1/tie?$method=PUT', 404, 'Not found.'],
  'unknown subprotocols': [
    '/v1/lobby:chat',
    400,
    'sec-websocket-protocol: names none of protogate.json, protogate.json+metadata, protogate.proto, protogate.proto+metadata',
    ['mqtt'],
  ],
  'a query that is wrong': ['/v1/lobby:texts?n=x', 400, 'n: an integer is expected'],
  'a field that is not there': ['/v1/lobby:hear?nothing=1', 400, 'nothing: unknown query parameter'],
  'a form that only HTTP has': [
    '/v1/lobby:chat?$alt=proto',
    400,
    '$alt: can only be json: what a WebSocket carries is said by its subprotocol',
  ],
  'a body that is no message, in wire form': [
    '/v1/lobby:texts',
    400,
    'The body of this method is no message: use protogate.json.',
    ['protogate.proto'],
  ],
};

test('a handshake that cannot be is answered as every other request:', async (t) => {
  const { url } = await startTalk(t);
  for (const [name, [path, status, message, protocols]] of Object.entries(refusals)) {
    const refused = await refusedBy(url, path, protocols);
    t.strictSame([refused.status, refused.type, JSON.parse(refused.text).message], [status, 'application/json', message], name);
  }
});
