import { test } from 'tap';
import { HpackDecoder } from '../../../../../gateway/upstream/h2/hpack/decoder.js';

function fields(decoder: HpackDecoder, hex: string): string[] {
  const buf = Buffer.from(hex.replace(/\s/g, ''), 'hex');
  const out: string[] = [];
  decoder.decode(buf, 0, buf.length, (name, value) => out.push(`${name}: ${value}`));
  return out;
}

const REQUESTS = [
  [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'],
  [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com', 'cache-control: no-cache'],
  [':method: GET', ':scheme: https', ':path: /index.html', ':authority: www.example.com', 'custom-key: custom-value'],
];
const RESPONSES = [
  [':status: 302', 'cache-control: private', 'date: Mon, 21 Oct 2013 20:13:21 GMT', 'location: https://www.example.com'],
  [':status: 307', 'cache-control: private', 'date: Mon, 21 Oct 2013 20:13:21 GMT', 'location: https://www.example.com'],
  [
    ':status: 200',
    'cache-control: private',
    'date: Mon, 21 Oct 2013 20:13:22 GMT',
    'location: https://www.example.com',
    'content-encoding: gzip',
    'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
  ],
];

/** RFC 7541, Appendix C: blocks of one connection each, the table size, what they say. */
const vectors: readonly { section: string; table: number; blocks: readonly string[]; say: readonly (readonly string[])[] }[] = [
  {
    section: 'C.2.1',
    table: 4096,
    blocks: ['400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572'],
    say: [['custom-key: custom-header']],
  },
  { section: 'C.2.2', table: 4096, blocks: ['040c 2f73 616d 706c 652f 7061 7468'], say: [[':path: /sample/path']] },
  { section: 'C.2.3', table: 4096, blocks: ['1008 7061 7373 776f 7264 0673 6563 7265 74'], say: [['password: secret']] },
  { section: 'C.2.4', table: 4096, blocks: ['82'], say: [[':method: GET']] },
  {
    section: 'C.3',
    table: 4096,
    blocks: [
      '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
      '8286 84be 5808 6e6f 2d63 6163 6865',
      '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
    ],
    say: REQUESTS,
  },
  {
    section: 'C.4',
    table: 4096,
    blocks: [
      '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
      '8286 84be 5886 a8eb 1064 9cbf',
      '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
    ],
    say: REQUESTS,
  },
  {
    section: 'C.5',
    table: 256,
    blocks: [
      `4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073
       3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d`,
      '4803 3330 37c1 c0bf',
      `88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48
       514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31`,
    ],
    say: RESPONSES,
  },
  {
    section: 'C.6',
    table: 256,
    blocks: [
      `4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae
       43d3`,
      '4883 640e ffc1 c0bf',
      `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af
       2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07`,
    ],
    say: RESPONSES,
  },
];

test('the examples of RFC 7541, Appendix C, decode', async (t) => {
  for (const { section, table, blocks, say } of vectors) {
    const decoder = new HpackDecoder(table, 1000);
    t.same(
      blocks.map((hex) => fields(decoder, hex)),
      say,
      section,
    );
  }
});

const malformed: readonly { what: string; hex: string }[] = [
  { what: 'index 0', hex: '80' },
  { what: 'an index beyond the tables', hex: 'be' },
  { what: 'a name at an index beyond the tables', hex: '7f 00 01 61' },
  { what: 'a block cut inside of an integer', hex: 'ff' },
  { what: 'an integer that never ends', hex: 'ff ff ff ff ff ff ff' },
  { what: 'a string beyond the end of the block', hex: '00 05 61 62' },
  { what: 'a block without the value', hex: '00 01 61' },
  { what: 'a table size over the announced one', hex: '3f e2 1f' },
  { what: 'a table size update behind a field', hex: '82 20' },
  { what: 'Huffman padding of a whole octet', hex: '00 01 61 82 1f ff' },
  { what: 'Huffman padding of zeros', hex: '00 01 61 81 18' },
  { what: 'EOS in a Huffman string', hex: '00 01 61 84 ff ff ff ff' },
  { what: 'a Huffman string over the longest', hex: `00 01 61 9e ${'00'.repeat(30)}` },
];

test('a malformed block is a compression error', async (t) => {
  for (const { what, hex } of malformed) t.throws(() => fields(new HpackDecoder(4096, 40), hex), { name: 'CompressionError' }, what);
});

test('an entry larger than the table empties it, and is no error (RFC 7541, 4.4)', async (t) => {
  const decoder = new HpackDecoder(64, 1000);
  t.same(fields(decoder, '40 01 61 01 62'), ['a: b']);
  t.same(fields(decoder, 'be'), ['a: b']);
  t.same(fields(decoder, `40 01 63 28 ${'64'.repeat(40)}`), [`c: ${'d'.repeat(40)}`]);
  t.throws(() => fields(decoder, 'be'), { name: 'CompressionError' });
});

test('a size update evicts what no longer fits (RFC 7541, 4.3)', async (t) => {
  const decoder = new HpackDecoder(4096, 1000);
  fields(decoder, '40 01 61 01 62 40 01 63 01 64');
  t.same(fields(decoder, '3f 03 be'), ['c: d'], 'room for one of two');
  t.throws(() => fields(decoder, 'bf'), { name: 'CompressionError' });
});

test('a long-lived table keeps its order over many evictions', async (t) => {
  const decoder = new HpackDecoder(34 * 10, 1000);
  for (let i = 0; i < 500; i++) {
    const value = String.fromCharCode(97 + (i % 26));
    fields(decoder, `40 01 78 01 ${Buffer.from(value).toString('hex')}`);
    const back = Math.min(i, 9);
    t.same(fields(decoder, (0x80 + 62 + back).toString(16)), [`x: ${String.fromCharCode(97 + ((i - back) % 26))}`]);
  }
});
