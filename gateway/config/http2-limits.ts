import { Type } from 'typebox';

/** The keys of `limits.http2`. */
export const http2Limits = {
  streams: Type.Integer({
    minimum: 1,
    maximum: 10_000,
    default: 100,
    description: 'How many requests may be in progress; more are refused (`REFUSED_STREAM`), and a client may send them again.',
  }),
  resets: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 500,
    description: 'How many requests may be given up, or end by a fault of the client, within 10 seconds; more end the connection.',
  }),
  controls: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 500,
    description: 'How many PING and SETTINGS frames a client may send within 10 seconds; more end the connection.',
  }),
};
