import { Type } from 'typebox';
import { longest } from './terms.js';

const expected = 'HOST:PORT, unix:/PATH or systemd';
const one = { minLength: 1, maxLength: longest, format: 'place' } as const;

/** The key `listen`: one place, or several. */
export const places = Type.Unsafe<string | string[]>({
  type: ['string', 'array'],
  ...one,
  items: { type: 'string', ...one, expected, description: 'Address.' },
  minItems: 1,
  maxItems: 16,
  default: '127.0.0.1:8080',
  expected,
  description:
    'Where to listen, or a list of that: `HOST:PORT` (port 0 takes a free one), `unix:/PATH`, or `systemd` for the sockets that it passes (`LISTEN_FDS`).',
});
