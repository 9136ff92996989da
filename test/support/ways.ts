import type { ConfigInput } from '../../gateway/index.js';

/** Configurations by the way on which a request is served then. */
export const ways: Readonly<Record<string, ConfigInput>> = { 'on the direct way': {}, 'through Fastify': { trustProxy: ['192.0.2.1'] } };
