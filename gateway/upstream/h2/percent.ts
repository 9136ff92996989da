/** Text of a `grpc-message`: percent-encoded UTF-8 in which broken escapes stand for themselves (gRPC over HTTP/2, "Responses"). */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return /^[\x20-\x7e]*$/.test(text) ? text : Buffer.from(text, 'latin1').toString();
  const octets = Buffer.from(text, 'latin1');
  let length = 0;
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i] ?? 0;
    const escaped = octet === PERCENT ? hex(octets[i + 1]) * 16 + hex(octets[i + 2]) : Number.NaN;
    octets[length++] = Number.isNaN(escaped) ? octet : escaped;
    if (!Number.isNaN(escaped)) i += 2;
  }
  return octets.toString('utf8', 0, length);
}

const PERCENT = 0x25;

function hex(octet: number | undefined): number {
  if (octet === undefined) return Number.NaN;
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const letter = octet | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN;
}
