import type { Lane } from '../call.js';
import { H2Transport } from './transport.js';

/** The lane on HTTP/2 of our own: frames are written straight to the socket. */
export const h2Lane: Lane = {
  name: 'h2',
  open: (endpoint, options) => new H2Transport(endpoint, options),
};
