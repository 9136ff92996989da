import { Type } from 'typebox';

/** The keys of `limits.http2`. */
export const http2Limits = {
  streams: Type.Integer({
    minimum: 1,
    maximum: 10_000,
    default: 100,
    description: 'How many requests may be in progress; more are refused (`REFUSED_STREAM`), and a client may send them again.',
  }),
};
