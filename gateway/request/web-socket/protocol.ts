import { badRequest, type GatewayError } from '../../exchange/errors.js';

/** What the messages of a WebSocket are, and whether metadata comes before them. */
export interface Subprotocol {
  /** As it was offered; undefined: none was, and JSON is what is spoken. */
  readonly name: string | undefined;
  readonly form: 'json' | 'proto';
  readonly metadata: boolean;
}

const known: ReadonlyMap<string, Subprotocol> = new Map(
  (['json', 'proto'] as const).flatMap((form) =>
    [false, true].map((metadata) => {
      const name = `protogate.${form}${metadata ? '+metadata' : ''}`;
      return [name, { name, form, metadata }] as const;
    }),
  ),
);

const unnamed: Subprotocol = { name: undefined, form: 'json', metadata: false };

/** The first of those that a client offers that is known. Throws 400 if it offers others only, which it would not get to speak. */
export function chooseProtocol(offered: readonly string[]): Subprotocol {
  if (offered.length === 0) return unnamed;
  for (const name of offered) {
    const protocol = known.get(name);
    if (protocol !== undefined) return protocol;
  }
  throw badRequest('sec-websocket-protocol', `names none of ${[...known.keys()].join(', ')}`);
}

/** A WebSocket's closing code and reason (RFC 6455 section 7.4). */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** The call has ended with OK. */
export const CLOSE_OK: Closing = { code: 1000, reason: '' };
/** Something that nobody expected. */
export const CLOSE_FAULT: Closing = { code: 1011, reason: 'Internal error.' };

/** Codes from 4000 on are an application's own (RFC 6455 section 7.4.2). */
const OWN = 4000;
/** Of a closing frame's 125 bytes two are the code. */
const LONGEST_REASON = 123;

/** How a WebSocket is closed whose call has failed: its code by that of the google.rpc.Status, and as much of its message as there is room for. */
export function closingOf({ code, message }: GatewayError): Closing {
  return { code: OWN + code, reason: clip(message) };
}

/** No character is cut in two. */
function clip(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= LONGEST_REASON) return bytes.toString();
  let end = LONGEST_REASON;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}
