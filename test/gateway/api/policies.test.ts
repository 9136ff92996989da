import { test } from 'tap';
import type { ConfigInput } from '../../../gateway/index.js';
import { startGateway } from '../../../gateway/index.js';
import { type Message, startBackend } from '../../support/backend.js';
import { send } from '../../support/http.js';
import { deskConfig, deskProto, startDesk } from '../desk.js';

type Ask = readonly [method: string, path: string, body?: string, accept?: string];

interface Row {
  readonly sentence: string;
  readonly policies: NonNullable<ConfigInput['policies']>;
  /** Requests to the selected method and to others, and what is answered. */
  readonly answers: readonly (readonly [ask: Ask, status: number, text: string | RegExp])[];
}

const Desk = 'desk.v1.Desk';
const note = (title: string) => `{"name":"","title":"${title}","words":"0","tags":[],"labels":{}}`;
const text = (length: number) => 'x'.repeat(length);
/** `{"title":"..."}` of so many bytes. */
const body = (bytes: number) => JSON.stringify({ title: text(bytes - 12) });
const tooLarge = '{"code":13,"message":"The reply of the upstream is too large.","details":[]}';
const tooMany = '{"code":13,"message":"The stream has too many items.","details":[]}';

/** A note in the wire has 2 bytes more than its title, up to 127 of them. */
const rows: readonly Row[] = [
  {
    sentence: 'expose: a method that is not exposed has no routes',
    policies: [{ select: `${Desk}.GetNote`, expose: false }],
    answers: [
      [['GET', '/v1/by-tag/x'], 404, /"code":5/],
      [['GET', '/v1/notes/x'], 405, /"code":12/],
      [['POST', '/v1/notes/x:pin'], 200, '"x"'],
    ],
  },
  {
    sentence: 'unbound: a method without a rule has a route',
    policies: [{ select: `${Desk}.Hidden`, unbound: true }],
    answers: [[['POST', `/${Desk}/Hidden`, '{"title":"a"}'], 200, note('a')]],
  },
  {
    sentence: 'unknown: names that are not known are skipped',
    policies: [{ select: `${Desk}.CreateNote`, unknown: 'ignore' }],
    answers: [
      [['POST', '/v1/notes', '{"titel":"a"}'], 200, note('')],
      [['PATCH', '/v1/notes/x', '{"titel":"a"}'], 400, /titel/],
    ],
  },
  {
    sentence: 'pathConflict: the path wins',
    policies: [{ select: `${Desk}.UpdateNote`, pathConflict: 'override' }],
    answers: [
      [['PATCH', '/v1/notes/x', '{"name":"notes/y","title":"a"}'], 200, note('a').replace('""', '"notes/x"')],
      [['GET', '/v1/notes/x?name=notes/y'], 400, /name/],
    ],
  },
  {
    sentence: 'maxBody: a body of that many bytes is taken, a larger one is not',
    policies: [{ select: `${Desk}.CreateNote`, maxBody: 100 }],
    answers: [
      [['POST', '/v1/notes', body(100)], 200, note(text(88))],
      [['POST', '/v1/notes', body(101)], 413, /"code":8/],
      [['PATCH', '/v1/notes/x', body(101)], 200, /x{89}/],
    ],
  },
  {
    sentence: 'maxReply: a message of that many bytes is taken, a larger one is not',
    policies: [{ select: `${Desk}.CreateNote`, maxReply: 102 }],
    answers: [
      [['POST', '/v1/notes', body(112), 'application/protobuf'], 200, /^.dx{100}$/s],
      [['POST', '/v1/notes', body(113), 'application/protobuf'], 500, tooLarge],
    ],
  },
  {
    sentence: 'maxReply: JSON of that many bytes is sent, more is not',
    policies: [{ select: `${Desk}.CreateNote`, maxReply: note(text(100)).length }],
    answers: [
      [['POST', '/v1/notes', body(112)], 200, note(text(100))],
      [['POST', '/v1/notes', body(113)], 500, tooLarge],
      [['PATCH', '/v1/notes/x', body(113)], 200, /x{101}/],
    ],
  },
  {
    sentence: 'maxItem: an item of that many bytes of JSON is sent, a larger one ends the stream',
    policies: [
      { select: '*', maxReply: 20 },
      { select: `${Desk}.StreamNotes`, maxItem: note(text(100)).length },
    ],
    answers: [
      [['GET', `/v1/notes:stream?count=1&fault=${text(100)}`], 200, `${note(text(100))}\n`],
      [['GET', `/v1/notes:stream?count=1&fault=${text(101)}`], 500, tooLarge],
      [['GET', `/v1/reports:stream?fault=${text(8)}`], 200, /x{8}/],
      [['GET', `/v1/reports:stream?fault=${text(9)}`], 500, /too large/],
    ],
  },
  {
    sentence: 'maxItems: that many items are sent, one more ends the stream',
    policies: [{ select: `${Desk}.StreamNotes`, maxItems: 2 }],
    answers: [
      [['GET', '/v1/notes:stream?count=2&fault=a'], 200, `${note('a')}\n`.repeat(2)],
      [['GET', '/v1/notes:stream?count=3&fault=a'], 200, `${note('a')}\n`.repeat(2).concat(`{"error":${tooMany}}\n`)],
      [['GET', '/v1/reports:stream?count=3'], 200, /^(?:.*\n){3}$/],
    ],
  },
  {
    sentence: 'errors: bodies are those of Google',
    policies: [{ select: `${Desk}.GetNote`, errors: 'google' }],
    answers: [
      [['GET', '/v1/notes/x?page_size=a'], 400, /^\{"error":\{"code":400,.*"status":"INVALID_ARGUMENT"/],
      [['PATCH', '/v1/notes/x', '1'], 400, /^\{"code":3,/],
    ],
  },
  {
    sentence: 'successStatus: the status of good answers',
    policies: [{ select: `${Desk}.CreateNote`, successStatus: 201 }],
    answers: [
      [['POST', '/v1/notes', '{}'], 201, note('')],
      [['PATCH', '/v1/notes/x', '{}'], 200, /notes\/x/],
    ],
  },
  {
    sentence: 'streamForm: what a stream is when nobody asks',
    policies: [{ select: `${Desk}.StreamNotes`, streamForm: 'array' }],
    answers: [
      [['GET', '/v1/notes:stream?count=2&fault=a'], 200, `[${note('a')},\n${note('a')}]`],
      [['GET', '/v1/notes:stream?count=1&fault=a', '', 'application/x-ndjson'], 200, `${note('a')}\n`],
      [['GET', '/v1/reports:stream?count=1'], 200, '{"result":{"error":""}}\n'],
    ],
  },
  {
    sentence: 'streamEnvelope: items stand in an envelope',
    policies: [{ select: `${Desk}.StreamNotes`, streamEnvelope: 'always' }],
    answers: [[['GET', '/v1/notes:stream?count=1&fault=a'], 200, `{"result":${note('a')}}\n`]],
  },
  {
    sentence: 'deadlineMs: the time of a call; streamDeadlineMs: that of a stream',
    policies: [
      { select: `${Desk}.GetNote`, deadlineMs: 5000 },
      { select: `${Desk}.StreamNotes`, streamDeadlineMs: 5000 },
      { select: `${Desk}.StreamReports`, deadlineMs: 5000 },
    ],
    answers: [
      [['GET', '/v1/notes/time'], 200, /"words":"5"/],
      [['DELETE', '/v1/notes/time'], 200, '{}'],
      [['GET', '/v1/notes:stream?fault=time'], 200, /"words":"5"/],
      [['GET', '/v1/reports:stream?fault=time'], 200, /Infinity/],
    ],
  },
];

const seconds = (ms: number) => (Number.isFinite(ms) ? Math.ceil(ms / 1000) : 0);

for (const { sentence, policies, answers } of rows) {
  test(sentence, async (t) => {
    const { url } = await startDesk(
      t,
      {
        unary: {
          GetNote: ({ timeLeftMs }) => ({ words: seconds(timeLeftMs) }),
          CreateNote: ({ request }) => request,
          Hidden: ({ request }) => request,
          UpdateNote: ({ request }) => request.note as Message,
          DeleteNote: () => ({}),
          PinNote: ({ request }) => ({ title: String(request.name).slice('notes/'.length) }),
        },
        stream: {
          StreamNotes: async ({ request: { count = 1, fault }, timeLeftMs }, out) => {
            const item = fault === 'time' ? { words: seconds(timeLeftMs) } : { title: fault };
            for (let i = 0; i < Number(count); i += 1) out.write(item);
          },
          StreamReports: async ({ request: { count = 1, fault }, timeLeftMs }, out) => {
            for (let i = 0; i < Number(count); i += 1) out.write({ error: fault === 'time' ? String(timeLeftMs) : fault });
          },
        },
      },
      { policies },
    );
    for (const [[method, path, body, accept = '*/*'], status, expected] of answers) {
      const answer = await send(url, method, path, body, { 'content-type': 'application/json', accept });
      t.equal(answer.status, status, `${method} ${path.slice(0, 60)}`);
      if (typeof expected === 'string') t.equal(answer.text, expected);
      else t.match(answer.text, expected);
    }
  });
}

test('maxItem: a stream may have larger messages than any reply', async (t) => {
  const size = 17 * 2 ** 20;
  const policies = [{ select: `${Desk}.StreamNotes`, maxItem: size + 5 }];
  const stream = async ({ request }: { readonly request: { readonly count?: unknown } }, out: { write(m: object): boolean }) => {
    out.write({ title: text(size + Number(request.count ?? 0)) });
  };
  const { url } = await startDesk(t, { stream: { StreamNotes: stream } }, { policies, streams: { headerDelayMs: 60_000 } });
  t.equal((await send(url, 'GET', '/v1/notes:stream?count=0&$fields=words')).text, '{"words":"0"}\n');
  t.equal((await send(url, 'GET', '/v1/notes:stream?count=1')).status, 500);
});

test('upstream: a method goes to the server that is named', async (t) => {
  const [one, other] = await Promise.all(
    ['one', 'other'].map((title) =>
      startBackend(deskProto, { unary: { [`${Desk}.GetNote`]: () => ({ title }), [`${Desk}.CreateNote`]: () => ({ title }) } }),
    ),
  );
  t.teardown(() => [one?.close(), other?.close()]);
  const config = {
    ...deskConfig(one?.target ?? ''),
    upstreams: { default: { target: one?.target ?? '' }, other: { target: other?.target ?? '' } },
    policies: [{ select: `${Desk}.CreateNote`, upstream: 'other' }],
  };
  const { url, close } = await startGateway(config);
  t.teardown(() => close({ graceMs: 0 }));
  t.equal((await send(url, 'GET', '/v1/notes/x')).text, note('one'));
  t.equal((await send(url, 'POST', '/v1/notes', '{}', { 'content-type': 'application/json' })).text, note('other'));
});
